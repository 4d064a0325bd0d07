import type { Schema } from "./api.ts";
import { isCheckable } from "./pattern.ts";
import { cutText, plainText } from "./text.ts";

const MOST_CHARACTERS = 1024;

/** What a model reads of a value: the document's words, and the rules that its schema cannot hold. */
export function describe(schema: Schema, name: string, rules: readonly string[] = []): string | undefined {
  const text = schema.description === undefined ? "" : plainText(schema.description);
  const words = repeats(text, name) ? "" : text;
  const notes = [...rules, ...annotationNotes(schema, words)];
  if (words === "" && notes.length === 0) return undefined;
  if (notes.length === 0) return cutText(words, MOST_CHARACTERS);
  const details = cutText(notes.join("; "), MOST_CHARACTERS / 2);
  if (words === "") return details;
  return `${cutText(words, MOST_CHARACTERS - details.length - 3)} (${details})`;
}

/** Whether a description says no more than the name it stands at. */
function repeats(text: string, name: string): boolean {
  return text !== "" && letters(text) === letters(name);
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function annotationNotes(schema: Schema, words: string): string[] {
  const notes: string[] = [];
  if (schema.default !== undefined && schema.default !== null) notes.push(`default: ${short(schema.default)}`);
  const example = schema.examples?.map(exampleOf).find((text) => text !== undefined);
  if (example !== undefined && schema.kind !== "enum" && !words.includes(example)) notes.push(`e.g. ${example}`);
  if (schema.deprecated) notes.push("deprecated");
  return [...notes, ...(schema.notes ?? []).map((note) => cutText(note, 200))];
}

/** Of examples those that show a form; `"string"` and `0` show nothing that the type does not. */
function exampleOf(value: unknown): string | undefined {
  if (typeof value === "string")
    return value === "" || value === "string" || value.length > 60 ? undefined : plainText(value);
  return undefined;
}

function short(value: unknown): string {
  return cutText(typeof value === "string" && value !== "" ? value : JSON.stringify(value), 100);
}

/** Formats that strict mode does not take, and that tell a model something. */
const silentFormats = new Set([
  "int32",
  "int64",
  "float",
  "double",
  "password",
  "binary",
  "string",
  "number",
  "decimal",
  "integer",
  "enum",
]);

/** Sentences for what a string must fulfil besides its strict schema. */
export function stringRules(rules: {
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
}): string[] {
  const { format, pattern, minLength, maxLength } = rules;
  const notes: string[] = [];
  if (format === "byte" || format === "base64") notes.push("base64");
  else if (format !== undefined && !silentFormats.has(format)) notes.push(`format: ${cutText(format, 60)}`);
  if (pattern !== undefined && pattern.length <= 200 && isCheckable(pattern)) notes.push(`matches ${pattern}`);
  const range = rangeOf(minLength, maxLength, "character");
  if (range !== undefined) notes.push(range);
  return notes;
}

/** "2 to 5 characters", "at most 1 key". */
export function rangeOf(least: number | undefined, most: number | undefined, noun: string): string | undefined {
  const plural = (count: number) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  if (least !== undefined && most !== undefined) return least === most ? plural(least) : `${least} to ${plural(most)}`;
  if (least !== undefined) return `at least ${plural(least)}`;
  return most === undefined ? undefined : `at most ${plural(most)}`;
}
