import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction, constants } from "node:vm";
import type { Json } from "./document.ts";

interface Grammar {
  dispose(): void;
}

interface XGrammar {
  readonly Grammar: { fromJSONSchema(schema: string, anyWhitespace: boolean): Promise<Grammar> };
  readonly Testings: { isGrammarAcceptString(grammar: Grammar, text: string): Promise<boolean> };
}

let engine = load();

/**
 * What a grammar engine, such as inference servers use, has against a strict schema: that it cannot be compiled, or
 * refuses arguments that fit the schema.
 */
export async function grammarProblem(schema: Json, args: readonly Json[]): Promise<string | undefined> {
  const messages: string[] = [];
  const { error } = console;
  console.error = (...parts: unknown[]) => messages.push(parts.join(" "));
  try {
    const grammar = await engine.Grammar.fromJSONSchema(JSON.stringify(schema), true);
    try {
      for (const each of args) {
        const text = JSON.stringify(each);
        if (!(await engine.Testings.isGrammarAcceptString(grammar, text))) return `does not take ${text.slice(0, 300)}`;
      }
    } finally {
      grammar.dispose();
    }
    return undefined;
  } catch (problem) {
    // It aborts, and is of no use afterwards.
    engine = load();
    return `${messages[0] ?? problem}`.replace(/^\[FATAL\] \S+ /, "").slice(0, 300);
  } finally {
    console.error = error;
  }
}

/** The package is CommonJS that calls itself a module. */
function load(): XGrammar {
  const require = createRequire(import.meta.url);
  const filename = require.resolve("@mlc-ai/web-xgrammar");
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const parameters = ["exports", "require", "module", "__filename", "__dirname"];
  const run = compileFunction(readFileSync(filename, "utf8"), parameters, { filename, importModuleDynamically });
  const module = { exports: {} };
  run(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports as XGrammar;
}
