import type { Effect } from "../runtime/types.ts";
import type { Api, Arg, Operation } from "./api.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { Document } from "./load.ts";
import { operationKey } from "./names.ts";
import { checkPicks, isFieldPath } from "./pick.ts";
import { joinPointer, splitPointer, valueAt } from "./pointer.ts";
import { isRawObject, type RawObject, References } from "./references.ts";
import { type Matches, matcher } from "./select.ts";

/** How an operation is offered, where that is not what its document says. */
export interface OperationSettings {
  /** Makes no tool of it. */
  readonly exclude?: boolean | undefined;
  /** The tool's name. */
  readonly name?: string | undefined;
  /** What the model reads instead of the document's summary and description. */
  readonly description?: string | undefined;
  readonly effect?: Effect | undefined;
  /** Whether a person is asked before each call. Default: for destructive calls. */
  readonly approval?: "always" | "never" | undefined;
  /** Arguments that the kit fills in from its `inject` option: argument → key there. The model does not see them. */
  readonly inject?: { readonly [argument: string]: string } | undefined;
  /**
   * The fields of a JSON answer that the model reads: `["id", "owner.login"]`. Lists are walked through, `*` is any name, and a
   * backslash stands before a dot that belongs to a name. Code gets the whole answer.
   */
  readonly result?: { readonly pick: readonly string[] } | undefined;
}

/** By an operationId, a tool name or `METHOD /path/glob`. */
export type SettingsByOperation = { readonly [operation: string]: OperationSettings };

/** What an `x-fctool` at a parameter may say. */
interface ParameterSettings {
  readonly exclude?: boolean | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** The key in the kit's `inject` option. */
  readonly inject?: string | undefined;
}

/** What is wrong with a value that stands where settings do; undefined where it is right. */
type Check = (value: unknown) => string | undefined;

const isText: Check = (value) => (typeof value === "string" && value.trim() !== "" ? undefined : "must be a text");
const isFlag: Check = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string) ? undefined : `must be one of ${choices.join(", ")}`;

/** What OpenAI, and others after it, take as a function's name. */
const isToolName: Check = (value) =>
  typeof value === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(value)
    ? undefined
    : "must be 1 to 64 letters, digits, _ or -";

const isMapOfTexts: Check = (value) =>
  isRawObject(value) && Object.values(value).every((key) => isText(key) === undefined)
    ? undefined
    : "must be a map from arguments to keys of the kit's inject option";

const isPick: Check = (value) => {
  const isRight =
    isRawObject(value) && Object.keys(value).join() === "pick" && Array.isArray(value.pick) && value.pick.length > 0;
  return isRight && (value.pick as unknown[]).every(isFieldPath)
    ? undefined
    : 'must be { pick: […] } with fields of the answer, like "id" or "owner.login"';
};

/** The keys of `OperationSettings`, and how their values are checked. */
export const operationSettingChecks: { readonly [Key in keyof Required<OperationSettings>]: Check } = {
  exclude: isFlag,
  name: isToolName,
  description: isText,
  effect: oneOf("read", "write", "destructive"),
  approval: oneOf("always", "never"),
  inject: isMapOfTexts,
  result: isPick,
};

const parameterSettingChecks: { readonly [Key in keyof Required<ParameterSettings>]: Check } = {
  exclude: isFlag,
  name: (value) => (typeof value === "string" && /^\w[\w.-]{0,63}$/.test(value) ? undefined : "must be a name"),
  description: isText,
  inject: (value) => (isFlag(value) === undefined ? undefined : isText(value)),
};

/**
 * Offers operations as the document's extensions (`x-fctool` and its like) and the given settings want it. What stands
 * nearer to the operation beats what is farther, and what is given beats the document.
 */
export function applySettings(
  api: Api,
  document: Document,
  given: SettingsByOperation,
  names: ReadonlyMap<string, string>,
  diagnostics: Diagnostics,
): Api {
  const references = new References(document);
  const matchers = Object.entries(given).map(([pattern, settings]) => [matcher(pattern), settings] as const);
  const lacking = new Map<string, Operation>();
  const operations = api.operations.flatMap((operation) => {
    const inDocument = documentSettings(operation, document, diagnostics);
    const called = [names.get(operationKey(operation)) ?? "", inDocument.name ?? ""];
    const fitting = matchers
      .filter(([matches]) => called.some((name) => matches(operation, name)))
      .map(([, settings]) => settings);
    const settings = [inDocument, ...fitting].reduce(merge);
    if (settings.exclude === true) return [];
    for (const name of Object.keys(settings.inject ?? {})) if (!hasArg(operation, name)) lacking.set(name, operation);
    const offered = offer(operation, settings);
    const parameters = parameterSettings(operation, document, references, diagnostics);
    return applyParameters(offered, parameters, settings.inject ?? {}, diagnostics);
  });
  for (const [name, operation] of lacking) {
    // Of what is said of many operations, some may have no use for it.
    if (operations.some(({ injected = [] }) => injected.some(({ arg }) => arg.name === name))) continue;
    const what = `inject: no operation that it is said of has an argument "${name}"`;
    const names = operation.args.map((arg) => arg.name).join(", ");
    diagnostics.warn("FC403", operation.pointer, what, `${operation.method} ${operation.path} has ${names || "none"}.`);
  }
  return checkPicks({ ...api, operations }, diagnostics);
}

function hasArg({ args }: Operation, name: string): boolean {
  return args.some((arg) => arg.name === name);
}

/** The patterns of settings that fit no operation of the document. */
export function unmatchedSettings(
  api: Api,
  given: SettingsByOperation,
  namings: readonly ReadonlyMap<string, string>[],
): string[] {
  return Object.keys(given).filter((pattern) => {
    const matches: Matches = matcher(pattern);
    const fits = (operation: Operation) =>
      namings.some((names) => matches(operation, names.get(operationKey(operation)) ?? ""));
    return !api.operations.some(fits);
  });
}

function merge(a: OperationSettings, b: OperationSettings): OperationSettings {
  const inject = { ...a.inject, ...b.inject };
  return { ...a, ...b, ...(Object.keys(inject).length > 0 && { inject }) };
}

function offer(operation: Operation, { name, description, effect, approval, result }: OperationSettings): Operation {
  const { summary, ...rest } = operation;
  return {
    ...(description === undefined ? operation : { ...rest, description }),
    ...(name !== undefined && { toolName: name }),
    ...(effect !== undefined && { effect }),
    ...(approval !== undefined && { approval }),
    ...(result !== undefined && { pick: result.pick }),
  };
}

// ------------------------------------------------------------ in the document

function documentSettings({ pointer }: Operation, { root }: Document, diagnostics: Diagnostics): OperationSettings {
  const places = [[], ...placesOf(pointer)].map((segments) => ({
    at: joinPointer("#", ...segments),
    raw: valueAt(root, segments),
  }));
  return places.map(({ at, raw }) => readExtensions(raw, at, diagnostics)).reduce(merge);
}

/** The segments of an operation's path item, and its own. */
function placesOf(pointer: string): [pathItem: string[], operation: string[]] {
  const operation = splitPointer(pointer);
  return [operation.slice(0, operation.at(-2) === "additionalOperations" ? -2 : -1), operation];
}

function readExtensions(raw: unknown, at: string, diagnostics: Diagnostics): OperationSettings {
  if (!isRawObject(raw)) return {};
  const consequential = raw["x-openai-isConsequential"];
  return {
    ...(typeof consequential === "boolean" && { approval: consequential ? "always" : "never" }),
    ...speakeasy(raw["x-speakeasy-mcp"]),
    ...checked<OperationSettings>(raw["x-fctool"], joinPointer(at, "x-fctool"), operationSettingChecks, diagnostics),
  };
}

function speakeasy(raw: unknown): OperationSettings {
  if (!isRawObject(raw)) return {};
  const { disabled, name, description } = raw;
  return {
    ...(typeof disabled === "boolean" && { exclude: disabled }),
    ...(isToolName(name) === undefined && { name: name as string }),
    ...(isText(description) === undefined && { description: description as string }),
  };
}

/** An extension without what is wrong with it, which is warned of. */
function checked<Settings>(
  raw: unknown,
  at: string,
  checks: { readonly [Key in keyof Settings]-?: Check },
  diagnostics: Diagnostics,
): Settings {
  if (raw === undefined) return {} as Settings;
  const known = Object.keys(checks);
  const fix = `It takes ${known.join(", ")}.`;
  if (!isRawObject(raw)) {
    diagnostics.warn("FC403", at, "x-fctool is not an object; it is not read", fix);
    return {} as Settings;
  }
  const right = Object.entries(raw).filter(([key, value]) => {
    const problem = Object.hasOwn(checks, key) ? checks[key as keyof Settings](value) : "is not known";
    if (problem !== undefined) diagnostics.warn("FC403", joinPointer(at, key), `x-fctool: ${key} ${problem}`, fix);
    return problem === undefined;
  });
  return Object.fromEntries(right) as Settings;
}

// ------------------------------------------------------------ parameters

/** By place and name on the wire. */
function parameterSettings(
  { pointer }: Operation,
  { root }: Document,
  references: References,
  diagnostics: Diagnostics,
): ReadonlyMap<string, ParameterSettings> {
  const found = new Map<string, ParameterSettings>();
  for (const owner of placesOf(pointer)) {
    const list = valueAt(root, [...owner, "parameters"]);
    if (!Array.isArray(list)) continue;
    for (const [index, entry] of list.entries()) {
      const { value, pointer: at } = references.follow(entry, joinPointer("#", ...owner, "parameters", index));
      if (!isRawObject(value) || value["x-fctool"] === undefined) continue;
      const settings = checked<ParameterSettings>(
        value["x-fctool"],
        joinPointer(at, "x-fctool"),
        parameterSettingChecks,
        diagnostics,
      );
      found.set(`${value.in} ${value.name}`, normal(settings, value));
    }
  }
  return found;
}

/** `inject: true` is short for the parameter's own name. */
function normal(settings: ParameterSettings, { name }: RawObject): ParameterSettings {
  const { inject, ...rest } = settings as { inject?: unknown };
  if (inject === undefined || inject === false) return rest;
  return { ...rest, inject: inject === true ? String(name) : (inject as string) };
}

function applyParameters(
  operation: Operation,
  parameters: ReadonlyMap<string, ParameterSettings>,
  inject: { readonly [argument: string]: string },
  diagnostics: Diagnostics,
): Operation {
  const args: Arg[] = [];
  const injected: { readonly key: string; readonly arg: Arg }[] = [];
  for (const written of operation.args) {
    const settings = parameters.get(`${written.in} ${written.wireName}`) ?? {};
    const arg = adapt(written, settings);
    const key = Object.hasOwn(inject, written.name) ? inject[written.name] : settings.inject;
    if (key !== undefined) injected.push({ key, arg });
    else if (settings.exclude !== true) args.push(arg);
    else if (arg.required) {
      args.push(arg);
      const what = `x-fctool: exclude: the argument "${arg.name}" is required, so it stays`;
      diagnostics.warn("FC403", operation.pointer, what, "Inject it, or make it optional.");
    }
  }
  return { ...operation, args, ...(injected.length > 0 && { injected }) };
}

function adapt(arg: Arg, { name, description }: ParameterSettings): Arg {
  return { ...arg, ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
}
