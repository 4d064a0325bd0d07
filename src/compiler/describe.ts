import type { Api, Needs, Operation, Schema } from "./api.ts";
import { isReadable } from "./pattern.ts";
import { asSentence, cutText, plainText, sentencesOf } from "./text.ts";

/**
 * How much of the document's prose reaches the model. `full`: all of it. `concise`: without what tells nothing apart.
 * `minimal`: one short sentence.
 */
export type DescriptionLevel = "full" | "concise" | "minimal";

/** What a model reads of a value: the document's words, and the rules that its schema cannot hold. */
export type Describe = (schema: Schema, name: string, rules?: readonly string[]) => string | undefined;

/** Characters that a description has at most, of a tool and of a value. */
const most: Record<DescriptionLevel, { readonly tool: number; readonly value: number }> = {
  full: { tool: 1024, value: 1024 },
  concise: { tool: 300, value: 200 },
  minimal: { tool: 120, value: 80 },
};

/** A later sentence that so many arguments of a document have says nothing of the one it stands at. */
const BOILERPLATE = 10;

/** The words of one document, for tools and their values. */
export class Descriptions {
  readonly #level: DescriptionLevel;
  readonly #boilerplate: ReadonlySet<string>;
  readonly #reduced = new Map<string, string>();

  constructor(api: Api, level: DescriptionLevel) {
    this.#level = level;
    this.#boilerplate = level === "full" ? new Set() : repeatedSentences(api);
  }

  readonly ofValue: Describe = (schema, name, rules = []) => {
    const text = schema.description === undefined ? "" : this.#reduce(schema.description);
    const words = this.#level !== "full" && repeats(text, name) ? "" : text;
    const notes = [...rules, ...annotationNotes(schema, words)];
    const limit = most[this.#level].value;
    if (words === "" && notes.length === 0) return undefined;
    if (notes.length === 0) return cutText(words, limit);
    const details = cutText(notes.join("; "), 512);
    return words === "" ? details : `${cutText(words, limit)} (${details})`;
  };

  /** What an operation does; empty where the document does not say it. */
  ofOperation({ summary: given = "", description: more = "" }: Operation): string {
    const summary = asSentence(plainText(given));
    const description = this.#reduce(more);
    const [first = ""] = sentencesOf(description);
    const isRepeated = summary === "" || includesWords(first, summary);
    const text = isRepeated ? description : `${summary} ${description}`;
    const limit = most[this.#level].tool;
    if (this.#level === "minimal") return cutText(summary === "" ? first : summary, limit);
    return cutText(asSentence(text.trim()), limit);
  }

  /** Plain text, without the sentences that tell nothing. */
  #reduce(markup: string): string {
    const known = this.#reduced.get(markup);
    if (known !== undefined) return known;
    const text = plainText(markup);
    const reduced = this.#level === "full" ? text : this.#keep(text);
    this.#reduced.set(markup, reduced);
    return reduced;
  }

  #keep(text: string): string {
    const sentences = sentencesOf(text);
    const telling = sentences.filter(
      (sentence, index) =>
        !isPointer(sentence) && (index === 0 || !(isAboutAccess(sentence) || this.#boilerplate.has(sentence))),
    );
    const kept = telling.length > 0 ? telling : sentences.slice(0, 1);
    return this.#level === "minimal" ? (kept[0] ?? "") : kept.join(" ");
  }
}

/** Sentences after the first that many arguments share. */
function repeatedSentences({ operations }: Api): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { args } of operations) {
    for (const { description, schema } of args) {
      const text = description ?? schema.description;
      if (text === undefined) continue;
      for (const sentence of sentencesOf(plainText(text)).slice(1)) {
        counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
      }
    }
  }
  return new Set([...counts].filter(([, count]) => count >= BOILERPLATE).map(([sentence]) => sentence));
}

/** Whether a sentence only sends the reader elsewhere. */
function isPointer(sentence: string): boolean {
  return /^\W*(for (more|further|additional) (information|details|info)\b|for details, see|see (also|the|our)\b|read more|learn more|refer to|more (information|details|info)\b)/i.test(
    sentence,
  );
}

/** Whether a sentence tells how callers prove who they are: the kit sees to that. */
function isAboutAccess(sentence: string): boolean {
  const names = /\b(access tokens?|bearer tokens?|api keys?|oauth|oauth2|github apps?|scopes?)\b/i;
  return names.test(sentence) && /\b(must|need|needs|requires?|required|authenticated?|using|use)\b/i.test(sentence);
}

/** Words that say nothing where they stand beside a name. */
const empty = new Set(
  "a an the of for to in on is this that its it be by with and or unique identifier id ids parameter param value field property string number".split(
    " ",
  ),
);

/** Whether a description says no more than the name it stands at. */
function repeats(text: string, name: string): boolean {
  if (text === "" || text.length > 100) return false;
  return includesWords(name, text);
}

/** Whether all that a text says stands in another one, word by word. */
function includesWords(other: string, text: string): boolean {
  const words = wordsOf(text).filter((word) => !empty.has(word));
  const others = new Set(wordsOf(other));
  return words.every((word) => others.has(word));
}

/** In lower case, without the endings that a verb or a plural has. */
function wordsOf(text: string): string[] {
  const words =
    text
      .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, "") : word));
}

function annotationNotes(schema: Schema, words: string): string[] {
  const notes: string[] = [];
  if (schema.default !== undefined && schema.default !== null) {
    const value = short(schema.default);
    if (!new RegExp(`default\\b.{0,20}${escapePattern(value)}`, "i").test(words)) notes.push(`default: ${value}`);
  }
  const example = schema.examples?.map(exampleOf).find((text) => text !== undefined);
  if (example !== undefined && schema.kind !== "enum" && !words.includes(example)) notes.push(`e.g. ${example}`);
  if (schema.deprecated && !/^deprecated\b/i.test(words)) notes.push("deprecated");
  return [...notes, ...(schema.notes ?? []).map((note) => cutText(note, 200))];
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Of examples those that show a form; `"string"` and `0` show nothing that the type does not. */
function exampleOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value === "string" || value.length > 60) return undefined;
  return plainText(value);
}

function short(value: unknown): string {
  return cutText(typeof value === "string" && value !== "" ? value : JSON.stringify(value), 100);
}

/** Formats that strict mode does not take, and that tell a model nothing. */
const silentFormats = new Set("int32 int64 float double password binary string number decimal integer enum".split(" "));

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
  const range = rangeOf(minLength, maxLength, "character");
  if (range !== undefined) notes.push(range);
  return notes;
}

/** "needs url, or html". */
export function sayNeeds({ lists, exactlyOne }: Needs): string {
  return `needs ${exactlyOne ? "exactly one of " : ""}${lists.map((names) => names.join(" and ")).join(", or ")}`;
}

/** "2 to 5 characters", "at most 1 key". */
export function rangeOf(least: number | undefined, most: number | undefined, noun: string): string | undefined {
  const plural = (count: number) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  if (least !== undefined && most !== undefined) return least === most ? plural(least) : `${least} to ${plural(most)}`;
  if (least !== undefined) return `at least ${plural(least)}`;
  return most === undefined ? undefined : `at most ${plural(most)}`;
}
