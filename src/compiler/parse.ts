import {
  CORE_SCHEMA,
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  EVENT_ID,
  type Event,
  floatCoreTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  seqTag,
  YAMLException,
} from "js-yaml";
import { DocumentError } from "./errors.ts";
import { type SourceMap, sourceMap } from "./source-map.ts";

/** A file as data, and the way from its data back to its text. */
export interface Parsed {
  readonly value: unknown;
  readonly map: SourceMap;
  /** The same key twice in one object; the last one counts. */
  readonly duplicates: readonly string[];
}

/** Numbers that JSON has no word for stay text. */
const finiteFloat = defineScalarTag<number>(floatCoreTag.tagName, {
  ...floatCoreTag,
  resolve(source, isExplicit, tagName) {
    const value = floatCoreTag.resolve(source, isExplicit, tagName);
    return typeof value === "number" && Number.isFinite(value) ? value : NOT_RESOLVED;
  },
});

/** A tag that nobody here knows (`!include`, `!!timestamp`) does not change what is written behind it. */
const unknownTags = (prefix: string) => [
  defineScalarTag<string>(prefix, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag(prefix, { ...seqTag, matchByTagPrefix: true }),
  defineMappingTag(prefix, { ...mapTag, matchByTagPrefix: true }),
];

// Without timestamps: dates stay text.
const schema = CORE_SCHEMA.withTags(mergeTag, finiteFloat, unknownTags("!"), unknownTags("tag:"));

/** Reads JSON or YAML, whatever the file is called. `file` is for messages. */
export function parse(text: string, file: string): Parsed {
  const json = parseJson(text);
  if (json !== undefined) {
    const map = sourceMap(file, text, () => parseEvents(yamlOfJson(text), limits));
    const { keys, hasInfinity } = lookInto(json);
    // Numbers past the largest, which JavaScript takes for infinite, stay text.
    const value = hasInfinity ? JSON.parse(text, finite) : json;
    return { value, map, duplicates: hasDuplicates(text, keys) ? map.duplicates() : [] };
  }
  return parseYaml(text, file);
}

const limits = { maxDepth: 1000 };
const jsonStart = /^\s*[{[]/;

function parseJson(text: string): unknown {
  if (!jsonStart.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Perhaps YAML in flow style; if not, its reader says where the mistake is.
  }
}

function finite(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** The same text at the same offsets, without the characters that JSON allows and YAML does not. */
function yamlOfJson(text: string): string {
  return text.replaceAll("\t", " ").replaceAll(/[\x7f-\x84\x86-\x9f\ufffe\uffff]/g, "?");
}

function parseYaml(text: string, file: string): Parsed {
  const source = jsonStart.test(text) ? yamlOfJson(text) : text;
  try {
    const events = parseEvents(source, limits);
    const map = sourceMap(file, source, () => events);
    const [value, hasDuplicates] = construct(source, events);
    if (events.some((event) => event.type === EVENT_ID.ALIAS)) checkAliases(value, text, file);
    return { value, map, duplicates: hasDuplicates ? map.duplicates() : [] };
  } catch (error) {
    throw error instanceof DocumentError ? error : syntaxError(error, text, file);
  }
}

function construct(source: string, events: Event[]): [value: unknown, hasDuplicates: boolean] {
  const options = { source, schema, maxTotalMergeKeys: 1_000_000 };
  const first = (documents: unknown[]) => documents.find((document) => document !== null && document !== undefined);
  try {
    return [first(constructFromEvents(events, options)), false];
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== "duplicated mapping key") throw error;
    return [first(constructFromEvents(events, { ...options, json: true })), true];
  }
}

/** Refuses a value that contains itself, and one whose aliases stand for far more than was written. */
function checkAliases(root: unknown, text: string, file: string): void {
  const sizes = new Map<object, number>();
  const size = (value: unknown): number => {
    if (typeof value !== "object" || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    sizes.set(value, Number.POSITIVE_INFINITY);
    const total = Object.values(value).reduce<number>((sum, child) => sum + size(child), 1);
    sizes.set(value, total);
    return total;
  };
  if (size(root) > leastNodes + nodesPerCharacter * text.length) {
    const problem = "YAML aliases that contain themselves, or stand for millions of values";
    throw new DocumentError(problem, "Use `$ref` for what is shared.", { file, line: 1, column: 1 });
  }
}

/** What aliases may stand for: more than this is made to exhaust whoever reads it. */
const leastNodes = 100_000;
const nodesPerCharacter = 20;

function syntaxError(error: unknown, text: string, file: string): DocumentError {
  const isJson = jsonStart.test(text);
  const isTab = error instanceof YAMLException && error.reason.startsWith("tab characters");
  const [reason, location] =
    error instanceof YAMLException && error.mark !== undefined
      ? [
          error.reason.startsWith("unexpected end of the stream") ? "it breaks off" : error.reason,
          { file, line: error.mark.line + 1, column: error.mark.column + 1 },
        ]
      : [error instanceof Error ? error.message : String(error), undefined];
  const fix = isTab
    ? "Indent with spaces."
    : isJson
      ? "Mend the JSON there: look for a comma, quote or bracket that is missing or too many."
      : "Mend the YAML there: look at the indentation, and put quotes around text that holds `: `, `#` or begins with `*`, `&`, `@`, `%` or a backtick.";
  return new DocumentError(`not valid ${isJson ? "JSON" : "YAML"}: ${reason}`, fix, location, { cause: error });
}

/** Whether JSON text may hold a key twice in one object. */
function hasDuplicates(text: string, keys: number): boolean {
  // Quotes with a colon at once behind them are keys, and few of them stand in texts.
  return text.split('":').length - 1 !== keys && countWrittenKeys(text) !== keys;
}

/** The number of keys in JSON text: strings with a colon behind them. */
function countWrittenKeys(text: string): number {
  let count = 0;
  let start = text.indexOf('"');
  while (start !== -1) {
    let position = endOfString(text, start) + 1;
    while (isSpace(text.charCodeAt(position))) position++;
    if (text.charCodeAt(position) === 0x3a) count++;
    start = text.indexOf('"', position);
  }
  return count;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The number of keys in a JSON value, and whether one of its numbers is infinite. */
function lookInto(root: unknown): { readonly keys: number; readonly hasInfinity: boolean } {
  let keys = 0;
  let hasInfinity = false;
  const pending: object[] = [];
  visit(root);
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Array.isArray(value)) value.forEach(visit);
    else {
      for (const key in value) {
        keys++;
        visit((value as { readonly [key: string]: unknown })[key]);
      }
    }
  }
  return { keys, hasInfinity };

  function visit(value: unknown): void {
    if (typeof value === "object" && value !== null) pending.push(value);
    else if (typeof value === "number" && !Number.isFinite(value)) hasInfinity = true;
  }
}
