import { UsageError } from "../compiler/errors.ts";
import { type OperationSettings, operationSettingChecks } from "../compiler/settings.ts";
import { nearest } from "../runtime/nearest.ts";
import type { Config, KitConfig } from "./config.ts";

/** Says what is wrong with the value at a key, if anything is. `name` is the last part of the key. */
type Check = (value: unknown, key: string, name?: string) => Problem | undefined;

interface Problem {
  readonly key: string;
  readonly message: string;
  readonly fix: string;
}

/** A configuration that is as its type says. Throws `UsageError`, which names the key. */
export function checkConfig(value: unknown, file: string): Config {
  const problem = whole(value) ?? shape({ kits: nonEmptyMap(kit) })(value, "");
  if (problem === undefined) return value as Config;
  const { key, message, fix } = problem;
  throw new UsageError(`${file}: ${key === "" ? "the configuration" : key} ${message}`, fix);
}

const form = 'Write it like export default defineConfig({ kits: { pets: { input: "openapi.yaml" } } }).';

function whole(value: unknown): Problem | undefined {
  if (typeof value === "function") return { key: "", message: "is a function, and must be an object", fix: form };
  if (!isObject(value)) return { key: "", message: `must be an object, and is ${show(value)}`, fix: form };
  if (Object.keys(value).length === 0) return { key: "", message: "is empty", fix: form };
  if (value.kits !== undefined) return undefined;
  const [key = ""] = Object.keys(value);
  if (nearest(key, ["kits"]) !== undefined) return { key, message: "is not a known key", fix: "Did you mean kits?" };
  const isKit = Object.keys(value).every((each) => Object.hasOwn(kitChecks, each));
  const fix = isKit ? "Give the kit a name: kits: { pets: { input: … } }" : form;
  return { key: "kits", message: "is missing", fix };
}

const text: Check = (value, key) =>
  typeof value === "string" && value.trim() !== ""
    ? undefined
    : { key, message: `must be a text, and is ${show(value)}`, fix: "Write it between quotes." };

const texts: Check = (value, key) =>
  Array.isArray(value)
    ? first(value.map((each, index) => text(each, `${key}[${index}]`)))
    : { key, message: `must be a list of texts, and is ${show(value)}`, fix: "Write it between [ and ]." };

const aboveZero: Check = (value, key) =>
  Number.isSafeInteger(value) && (value as number) > 0
    ? undefined
    : { key, message: `must be a whole number above 0, and is ${show(value)}`, fix: "Write a number like 8000." };

const oneOf =
  (...choices: readonly string[]): Check =>
  (value, key) =>
    choices.includes(value as string)
      ? undefined
      : { key, message: `cannot be ${show(value)}`, fix: `Choose one of ${choices.join(", ")}.` };

const typeScriptFile: Check = (value, key) =>
  text(value, key) ??
  ((value as string).endsWith(".ts")
    ? undefined
    : { key, message: `must end in .ts, and is ${show(value)}`, fix: "Name a file, like src/kits/pets.gen.ts." });

const exampleKit = '{ input: "openapi.yaml" }';

const kit: Check = (value, key, name = "") => {
  if (!isObject(value)) {
    return {
      key,
      message: `must be an object, and is ${show(value)}`,
      fix: `Write it like ${quoted(name)}: ${exampleKit}`,
    };
  }
  // A key that is misspelt may be the one that is missing.
  return shape(kitChecks)(value, key) ?? noInput(value, key, name) ?? noOutput(value, key, name);
};

function noInput(value: object, key: string, name: string): Problem | undefined {
  if ("input" in value && value.input !== undefined) return undefined;
  const message = "input" in value ? "is undefined: something that it is made of is not set" : "is missing";
  return { key: join(key, "input"), message, fix: `Name the document: ${quoted(name)}: ${exampleKit}` };
}

/** Where it does not say, a kit becomes a file of its name. */
function noOutput(value: object, key: string, name: string): Problem | undefined {
  const isGiven = "output" in value && value.output !== undefined;
  if (isGiven || /^[\p{L}\p{N}_][\p{L}\p{N}._ -]*$/u.test(name)) return undefined;
  const fix = 'Choose another, or say where it goes: output: "src/pets.gen.ts"';
  return { key, message: "is not named like a file, which it would become", fix };
}

/** An object with these keys alone. */
function shape(checks: { readonly [key: string]: Check }): Check {
  return (value, at) => {
    const known = Object.keys(checks);
    if (!isObject(value)) return { key: at, message: `must be an object, and is ${show(value)}`, fix: takes(known) };
    const problems = Object.entries(value).map(([key, entry]) => {
      const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
      if (check !== undefined) return entry === undefined ? undefined : check(entry, join(at, key));
      const likely = nearest(key, known);
      const fix = likely === undefined ? takes(known) : `Did you mean ${likely}?`;
      return { key: join(at, key), message: "is not a known key", fix };
    });
    return first(problems);
  };
}

function map(check: Check): Check {
  return (value, at) =>
    isObject(value)
      ? first(Object.entries(value).map(([key, entry]) => check(entry, join(at, key), key)))
      : {
          key: at,
          message: `must be an object, and is ${show(value)}`,
          fix: "Give each entry a name: { pets: { … } }",
        };
}

function nonEmptyMap(check: Check): Check {
  return (value, at) =>
    isObject(value) && Object.keys(value).length === 0
      ? { key: at, message: "is empty", fix: 'Name a kit: { pets: { input: "openapi.yaml" } }' }
      : map(check)(value, at);
}

const examples: { readonly [setting: string]: string } = {
  exclude: "exclude: true",
  name: 'name: "getPet"',
  description: 'description: "Get a pet by its id."',
  effect: 'effect: "read"',
  approval: 'approval: "always"',
  inject: 'inject: { tenant: "tenantId" }',
  result: 'result: { pick: ["id", "owner.login"] }',
} satisfies { readonly [Setting in keyof OperationSettings]-?: string };

const settings = Object.fromEntries(
  Object.entries(operationSettingChecks).map(([name, check]): [string, Check] => [
    name,
    (value, key) => {
      const message = check(value);
      if (message === undefined) return undefined;
      return { key, message: `${message}, and is ${show(value)}`, fix: `Write it like ${examples[name]}.` };
    },
  ]),
);

const kitChecks: { readonly [Key in keyof Required<KitConfig>]: Check } = {
  input: text,
  overlays: texts,
  output: typeScriptFile,
  include: texts,
  exclude: texts,
  includeTags: texts,
  excludeTags: texts,
  deprecated: oneOf("include", "exclude"),
  operations: map(shape(settings)),
  descriptions: oneOf("full", "concise", "minimal"),
  maxTokens: aboveZero,
  maxTools: aboveZero,
  failOn: oneOf("error", "warning"),
  templates: shape({ kit: text, operation: text }),
  root: text,
  allowExternalRefs: texts,
};

function first(problems: readonly (Problem | undefined)[]): Problem | undefined {
  return problems.find((problem) => problem !== undefined);
}

function takes(keys: readonly string[]): string {
  return `It takes ${keys.join(", ")}.`;
}

/** A key as it is written. */
function quoted(key: string): string {
  return /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
}

function join(at: string, key: string): string {
  const part = quoted(key);
  if (at === "") return part;
  return part === key ? `${at}.${key}` : `${at}[${part}]`;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const shown = JSON.stringify(upTo(SHOWN_DEPTH, value)) ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

/** Deep enough for all that a message has room for. */
const SHOWN_DEPTH = 8;

/** A value without what lies deeper: in a configuration that is code it may even hold itself. */
function upTo(depth: number, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, 60).map((each) => upTo(depth - 1, each));
  const entries = Object.entries(value).slice(0, 60);
  return Object.fromEntries(entries.map(([key, each]) => [key, upTo(depth - 1, each)]));
}
