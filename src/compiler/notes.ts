import type { Needs, Schema } from "./api.ts";
import { isReadable } from "./pattern.ts";
import { isUsualStart } from "./repetition.ts";
import { cutText, plainText } from "./text.ts";

/** Whether a note says what the name or the words beside it say already. */
export function isSaid(note: string, words: string, name: string): boolean {
  if (isUsualStart(note, name)) return true;
  if (/^format: ur[il]/.test(note)) return /ur[il]|link|href/i.test(`${name} ${words}`);
  if (/characters?$/.test(note)) {
    return (
      /\bcharacters?\b|\blength\b/i.test(words) &&
      (note.match(/\d+/g) ?? []).every((count) => (words.match(/\d+/g) as readonly string[] | null)?.includes(count))
    );
  }
  // What a value means, and the document says of it twice.
  const [, meaning] = /^\S+: (.+?)\.?$/.exec(note) ?? [];
  if (meaning !== undefined && words.toLowerCase().includes(meaning.toLowerCase())) return true;
  return note.startsWith("e.g. ") && /\be\.g\.|\bfor example\b|\bexample:|\bsuch as\b/i.test(words);
}

/** What else the document says of a value. */
export function annotationNotes(schema: Schema, words: string): string[] {
  const notes: string[] = [];
  if (!isNothing(schema.default)) {
    const value = short(schema.default);
    if (!new RegExp(`\\bdefault(?:s|ed|ing)?\\b.{0,20}${escapePattern(value)}`, "i").test(words))
      notes.push(`default ${value}`);
  }
  const example = schema.examples?.map(exampleOf).find((text) => text !== undefined);
  if (example !== undefined && !saysForm(schema) && !words.includes(example)) notes.push(`e.g. ${example}`);
  if (schema.deprecated && !/^deprecated\b/i.test(words)) notes.push("deprecated");
  return [...notes, ...(schema.notes ?? []).map((note) => cutText(note, 200))];
}

/** Whether a default is what one gets without one. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || /^(\[\]|\{\}|"")$/.test(JSON.stringify(value));
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Whether the strict schema shows by itself what a value looks like. */
function saysForm(schema: Schema): boolean {
  return schema.kind === "enum" || (schema.kind === "string" && strictFormats.has(schema.format ?? ""));
}

/** Of examples those that show a form; `"string"` and `0` show nothing that the type does not, nor do placeholders. */
function exampleOf(value: unknown): string | undefined {
  const isEmpty = typeof value !== "string" || /^(string|[^\p{L}\p{N}]*|\{\{.*\}\}|<.*>)$/u.test(value);
  return isEmpty || value.length > 60 ? undefined : plainText(value);
}

function short(value: unknown): string {
  return cutText(typeof value === "string" && value !== "" ? value : JSON.stringify(value), 100);
}

/** The formats that strict mode takes. */
export const strictFormats = new Set("date-time time date duration email hostname ipv4 ipv6 uuid".split(" "));

/** Formats that it does not take, and that tell a model nothing. */
const silentFormats = new Set("int32 int64 float double password binary string number decimal integer enum".split(" "));

/** Nobody writes a text of so many characters by mistake. */
const LONG_TEXT = 5000;

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
  if (pattern !== undefined && pattern.length <= 200 && isReadable(pattern)) notes.push(`matches ${pattern}`);
  const least = minLength === 1 ? undefined : minLength;
  const range = rangeOf(least, maxLength !== undefined && maxLength >= LONG_TEXT ? undefined : maxLength, "character");
  if (range !== undefined) notes.push(range);
  return notes;
}

/** "needs url, or html". */
export function sayNeeds({ lists, exactlyOne }: Needs): string {
  const names = lists.map((list) => list.join(" and "));
  const others = names.length - MOST_NEEDS;
  const said = others > 1 ? [...names.slice(0, MOST_NEEDS), `one of ${others} others`] : names;
  return `needs ${exactlyOne ? "exactly one of " : ""}${said.join(", or ")}`;
}

/** Of more alternatives than these, the rest is counted. */
const MOST_NEEDS = 8;

/** "2 to 5 characters", "at most 1 key". */
export function rangeOf(least: number | undefined, most: number | undefined, noun: string): string | undefined {
  const plural = (count: number) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  if (least !== undefined && most !== undefined) return least === most ? plural(least) : `${least} to ${plural(most)}`;
  if (least !== undefined) return `at least ${plural(least)}`;
  return most === undefined ? undefined : `at most ${plural(most)}`;
}
