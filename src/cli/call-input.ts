import type { Schema } from "../compiler/api.ts";
import { UsageError } from "../compiler/errors.ts";
import type { Tool } from "../compiler/tool.ts";
import type { Dispatcher, Kit } from "../runtime/kit-types.ts";
import { checkNatural } from "../runtime/natural-args.ts";
import { nearest } from "../runtime/nearest.ts";
import { injectFrom, variableOf } from "./environment.ts";

/** Arguments as code writes them. */
export type Given = { readonly [name: string]: unknown };

/** Throws `UsageError` where a name is unknown or missing. */
export function readArgs(text: string, { name, operation }: Tool): Given {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const example = text.startsWith("@") ? `"$(cat ${text.slice(1)})"` : `'${exampleFor(operation.args)}'`;
    throw new UsageError(`--args is not valid JSON: ${reason}`, `Write it like --args ${example}`);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new UsageError("--args must be a JSON object", `Write it like --args '${exampleFor(operation.args)}'`);
  }
  const known = [...operation.args, ...(operation.injected ?? []).map(({ arg }) => arg)].map((arg) => arg.name);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const likely = nearest(unknown, known);
    const all = known.length === 0 ? "It takes none." : `It takes ${known.join(", ")}.`;
    throw new UsageError(
      `${name} takes no argument ${JSON.stringify(unknown)}`,
      likely ? `Did you mean ${likely}?` : all,
    );
  }
  const missing = operation.args.find((arg) => arg.required && !Object.hasOwn(given, arg.name));
  if (missing !== undefined) {
    throw new UsageError(
      `${name} needs the argument ${missing.name}`,
      `Write it like --args '${exampleFor(operation.args)}'`,
    );
  }
  return given as Given;
}

function exampleFor(args: Tool["operation"]["args"]): string {
  const needed = args.filter(({ required }) => required);
  const shown = (needed.length > 0 ? needed : args).slice(0, 4);
  const parts = shown.map(({ name, schema }) => `${JSON.stringify(name)}: ${exampleOf(schema)}`);
  return `{${parts.join(", ")}}`;
}

function exampleOf(schema: Schema): string {
  if (schema.kind === "number") return "1";
  if (schema.kind === "boolean") return "true";
  if (schema.kind === "enum") return JSON.stringify(schema.values[0]);
  if (schema.kind === "array") return "[…]";
  return schema.kind === "string" ? '"…"' : "…";
}

/** Nothing else holds them to their types, as the compiler does where code is written. */
export function checkArgs(kit: Kit<Dispatcher>, { name, operation }: Tool, given: Given): void {
  const executor = kit.dispatcher[name];
  const injected = Object.fromEntries((operation.injected ?? []).map(({ arg }) => [arg.name, true]));
  if (executor !== undefined) checkNatural(executor, given, injected);
}

/** Injected values of the environment. A call that is only looked at has variables, behind a mark, for those not set. */
export function injectFor(tool: Tool, given: Given, mark: string | undefined): { readonly [key: string]: unknown } {
  const found = injectFrom([tool], process.env);
  const missing = (tool.operation.injected ?? []).filter(
    ({ key, arg }) => arg.required && !Object.hasOwn(given, arg.name) && !Object.hasOwn(found, key),
  );
  const variables = missing.map(({ key }) => [key, variableOf(key, "FCTOOL_INJECT")] as const);
  const [first] = missing;
  if (first === undefined || mark !== undefined) {
    return { ...found, ...Object.fromEntries(variables.map(([key, variable]) => [key, mark + variable])) };
  }
  const fix = `Set ${variables.map(([, variable]) => variable).join(" and ")}, or give it in --args.`;
  throw new UsageError(`${tool.name} needs ${first.arg.name}, which is injected`, fix);
}

export function readHeaders(headers: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(
    headers.map((header) => {
      const colon = header.indexOf(":");
      const [name, value] = [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
      if (colon > 0 && isHeader(name, value)) return [name, value];
      const problem = colon > 0 ? "is no legal header" : "has no colon";
      throw new UsageError(`--header ${JSON.stringify(header)} ${problem}`, 'Write it like --header "X-Trace: 1"');
    }),
  );
}

function isHeader(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}
