import type { Api, Operation } from "./api.ts";
import { type Compiled, needsOf, ParametersCompiler } from "./compile-parameters.ts";
import { type DescriptionLevel, Descriptions } from "./describe.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { operationKey } from "./names.ts";
import { sayNeeds } from "./notes.ts";
import { routeOf } from "./route.ts";
import { DanglingReference } from "./strict.ts";
import { cutText } from "./text.ts";
import type { Names, Tool } from "./tool.ts";

export interface CompileOptions {
  /** Default: `concise`. */
  readonly descriptions?: DescriptionLevel | undefined;
}

/** Every operation as a tool. One that cannot be compiled is left out, with a warning. */
export function compileTools(
  api: Api,
  names: Names,
  diagnostics: Diagnostics,
  { descriptions: level = "concise" }: CompileOptions = {},
): Tool[] {
  const descriptions = new Descriptions(api, level);
  const parameters = new ParametersCompiler(api, names, descriptions);
  const toolOf = (operation: Operation) => names.operations.get(operationKey(operation))?.tool as string;
  const words = descriptions.ofOperations(api.operations, toolOf);
  return api.operations.flatMap((operation) => {
    try {
      const name = toolOf(operation);
      const compiled = parameters.compile(operation);
      report(operation, compiled, diagnostics);
      return {
        operation,
        name,
        description: describeTool(operation, compiled, words.get(operation) as string),
        strict: compiled.strict,
        parameters: compiled.parameters,
        codec: compiled.codec,
        route: routeOf(operation),
      };
    } catch (error) {
      const [reason, fix] = whyNot(error);
      const what = `${operation.method} ${operation.path} is left out: ${reason}`;
      diagnostics.warn("FC104", operation.pointer, what, fix);
      return [];
    }
  });
}

function whyNot(error: unknown): [reason: string, fix: string] {
  if (error instanceof DanglingReference) return [error.message, "Correct the reference, or add what it names."];
  if (error instanceof RangeError) return ["it is nested too deeply", "Make the schema flatter."];
  throw error;
}

function report({ method, path, pointer }: Operation, { strict, reasons }: Compiled, diagnostics: Diagnostics): void {
  if (reasons.length === 0) return;
  const what = `${method} ${path}: ${reasons.join(", and ")}`;
  const fix = "Make the schema flatter or smaller.";
  if (strict) diagnostics.warn("FC301", pointer, `${what}; parts of it are passed as JSON text`, fix);
  else diagnostics.warn("FC302", pointer, `${what}; the tool is not strict`, fix);
}

const MOST_CHARACTERS = 1024;

/** What the tool does, and how null is meant where it could be sent. */
function describeTool(operation: Operation, { codec, strict }: Compiled, words: string): string {
  const needs = needsOf(operation);
  const written = JSON.stringify(codec);
  const clears = new Set([...written.matchAll(/"clear":"(set_to_*)"/g)].map(([, key]) => `{"${key}":"null"}`));
  const notes = [
    ...(operation.deprecated ? ["Deprecated."] : []),
    ...(needs === undefined ? [] : [`It ${sayNeeds(needs)}.`]),
    ...(operation.body?.notes ?? []).map((note) => `${cutText(note, 200)}.`),
    ...(strict && operation.body !== undefined && /:"optional"|"optional":true/.test(written)
      ? ["null leaves a field out."]
      : []),
    ...(clears.size > 0 ? [`${[...clears].join(" or ")} clears a field.`] : []),
  ].join(" ");
  const text = words === "" ? `${operation.method} ${operation.path}.` : words;
  return `${cutText(text, Math.max(MOST_CHARACTERS - notes.length - 1, 200))} ${notes}`.trim();
}
