import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Call, type CreateKit, makeCalls } from "./calls.ts";
import { isDocument, type Json, readDocument, type SourceDocument, type SourceOperation } from "./document.ts";
import { createJudge } from "./judge.ts";
import { modes, sampleArguments } from "./sample.ts";
import { checkStrictTool, type Finding, type ToolLike } from "./strict-rules.ts";

export interface Task {
  readonly file: string;
  /** The built compiler. */
  readonly compiler: string;
  /** Where the kit goes. */
  readonly folder: string;
  /** Whether a grammar engine is asked, too. */
  readonly grammar: boolean;
}

/** All that is known of a document; absent where it did not come that far. */
export interface DocumentReport {
  readonly file: string;
  /** Why our own reader cannot read it. */
  readonly unreadable?: string;
  /** Why there is no kit, and whether that was said in the proper way. */
  readonly refused?: { readonly message: string; readonly proper: boolean };
  readonly kit?: string;
  readonly sameBytes?: boolean;
  readonly warnings?: number;
  /** As our own reader counts them. */
  readonly operations?: number;
  /** Operations without a tool, and the warning that names them. */
  readonly missing?: readonly { readonly operation: string; readonly warning: string | undefined }[];
  readonly tools?: readonly CheckedTool[];
  readonly calls?: readonly Call[];
  /** What went wrong with the kit as a whole. */
  readonly broken?: string;
  readonly milliseconds: number;
}

/** A tool and what the checkers have against it. */
export interface CheckedTool {
  readonly name: string;
  readonly strict: boolean;
  readonly findings: readonly Finding[];
  /** Where a grammar engine was asked: its answer. */
  readonly grammar?: { readonly problem: string | undefined };
}

/** Compiles a document, and checks its kit in every way but for its types. */
export async function checkDocument(task: Task): Promise<DocumentReport> {
  const start = performance.now();
  const report = await check(task).catch((error) => ({ broken: textOf(error) }));
  return { file: task.file, ...report, milliseconds: Math.round(performance.now() - start) };
}

interface Generated {
  readonly code: string;
  readonly tools: readonly {
    readonly name: string;
    readonly operation: { readonly method: string; readonly path: string };
  }[];
  readonly diagnostics: readonly { readonly code: string; readonly pointer: string; readonly message: string }[];
}

type Checked = Omit<DocumentReport, "file" | "milliseconds">;

async function check({ file, compiler, folder, grammar }: Task): Promise<Checked> {
  const { generate } = (await import(pathToFileURL(compiler).href)) as {
    generate(options: object): Promise<Generated>;
  };
  const source = attempt(() => readDocument(file));
  const known =
    source instanceof Error
      ? { unreadable: source.message.slice(0, 300), operations: 0 }
      : { operations: source.operations.length };

  let first: Generated;
  try {
    first = await generate({ input: file });
  } catch (error) {
    const proper = error instanceof Error && error.name === "DocumentError";
    return { ...known, refused: { message: textOf(error), proper } };
  }
  const second = await generate({ input: file });
  const sameBytes = first.code === second.code;
  const kit = join(folder, "kit.gen.ts");
  mkdirSync(folder, { recursive: true });
  writeFileSync(kit, first.code);
  const compiled = { ...known, kit, sameBytes, warnings: first.diagnostics.length };
  if (source instanceof Error) return compiled;
  try {
    return { ...compiled, ...(await checkKit(source, first, kit, grammar)) };
  } catch (error) {
    return { ...compiled, broken: textOf(error) };
  }
}

async function checkKit(
  document: SourceDocument,
  { code, tools, diagnostics }: Generated,
  kit: string,
  grammar: boolean,
): Promise<Checked> {
  // Node strips no types below node_modules.
  const module = kit.replace(/\.ts$/, ".js");
  writeFileSync(module, stripTypeScriptTypes(code));
  const exported = (await import(pathToFileURL(module).href)) as { tools: ToolLike[]; createKit: CreateKit } & Json;
  const routes = new Map(tools.map(({ name, operation }) => [name, `${operation.method} ${operation.path}`]));
  const judge = createJudge(document);
  const auth = credentialsOf(code);
  const calls: Call[] = [];
  const covered = new Set<SourceOperation>();
  for (const tool of exported.tools) {
    const operation = document.operations.find((one) => `${one.method} ${one.path}` === routes.get(tool.function.name));
    if (operation === undefined) continue;
    covered.add(operation);
    calls.push(...(await makeCalls({ document, operation, tool, createKit: exported.createKit, auth, judge })));
  }
  const checked: CheckedTool[] = [];
  for (const tool of exported.tools) checked.push(await checkTool(tool, grammar));
  const missing = document.operations.filter((operation) => !covered.has(operation));
  return {
    missing: missing.map((one) => ({ operation: `${one.method} ${one.path}`, warning: warningOf(one, diagnostics) })),
    tools: checked,
    calls,
  };
}

async function checkTool(tool: ToolLike, grammar: boolean): Promise<CheckedTool> {
  const { name, strict, parameters } = tool.function;
  const checked = { name, strict: strict === true, findings: checkStrictTool(tool) };
  if (!grammar || !checked.strict) return checked;
  const { grammarProblem } = await import("./grammar.ts");
  const samples = modes.map(
    (mode) => sampleArguments(parameters as Json, () => ({ in: "body", schemas: [] }), mode, name).args,
  );
  return { ...checked, grammar: { problem: await grammarProblem(parameters as Json, samples) } };
}

/** A credential for every key of the kit's `Auth`. */
function credentialsOf(text: string): Json {
  const [, block = ""] = /\nexport interface Auth \{\n([\s\S]*?)\n\}/.exec(text) ?? [];
  const keys = [...block.matchAll(/^ {2}(?:"((?:[^"\\]|\\.)*)"|([\w$]+))\?: (.*)/gm)];
  return Object.fromEntries(
    keys.map(([, quoted, plain, type = ""]) => [
      quoted === undefined ? plain : JSON.parse(`"${quoted}"`),
      /username/.test(type) && !/string \|/.test(type) ? { username: "ada", password: "secret" } : "credential",
    ]),
  );
}

/** The warning that stands at the operation or somewhere in it, or at its path. */
function warningOf({ path, method }: SourceOperation, diagnostics: Generated["diagnostics"]): string | undefined {
  const item = `#/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const own = `${item}/${method.toLowerCase()}`;
  const isAbout = (pointer: string) => pointer === item || pointer === own || pointer.startsWith(`${own}/`);
  return diagnostics.find(({ pointer }) => isAbout(pointer))?.message;
}

/** The documents among files. */
export function isTask(file: string): boolean {
  return /\.(?:json|ya?ml)$/i.test(file) && isDocument(readFileSync(file, "utf8"));
}

function textOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}\n${(error.stack ?? "").split("\n").slice(1, 4).join("\n")}`
    : String(error);
}

function attempt<Result>(make: () => Result): Result | Error {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
