import type { Api, Arg, Needs, Operation, Schema } from "./api.ts";
import { isReadable } from "./pattern.ts";
import {
  explainsValues,
  isIdle,
  isIdleStart,
  listsValues,
  matters,
  withoutContainer,
  withoutInvitation,
  withoutPreamble,
} from "./prose.ts";
import {
  type ArgWords,
  argsThatRepeat,
  isConvention,
  isUsualStart,
  repeats,
  withoutOwnName,
  withoutPaging,
  withoutRepeat,
} from "./repetition.ts";
import { asSentence, cutText, plainText, sentencesOf } from "./text.ts";

/**
 * How much of the document's prose reaches the model. `full`: all of it. `concise`: without what tells nothing apart.
 * `minimal`: one short sentence.
 */
export type DescriptionLevel = "full" | "concise" | "minimal";

/** What a model reads of a value: the document's words, and the rules that its schema cannot hold. */
export type Describe = (schema: Schema, name: string, rules?: readonly string[]) => string | undefined;

interface Room {
  readonly plain: number;
  readonly most: number;
}

/** Characters that a description may have, of a tool and of a value: in `plain` prose, and at most, for what matters. */
const room: Record<DescriptionLevel, { readonly tool: Room; readonly value: Room }> = {
  full: { tool: { plain: 1024, most: 1024 }, value: { plain: 1024, most: 1024 } },
  concise: { tool: { plain: 130, most: 250 }, value: { plain: 90, most: 180 } },
  minimal: { tool: { plain: 120, most: 120 }, value: { plain: 80, most: 80 } },
};

/** Characters for a list of values and what they mean. */
const MEANINGS = 500;

/** A later sentence that so many operations or arguments of a document have says nothing of the one it stands at. */
const BOILERPLATE = 10;

/** So many operations with the same argument make it a convention of the API. */
const FREQUENT = 100;

/** The words of one document, for tools and their values. */
export class Descriptions {
  readonly #level: DescriptionLevel;
  readonly #isFull: boolean;
  readonly #boilerplate: ReadonlySet<string>;
  readonly #operations: number;
  /** How many operations have an argument, by its name and its description. */
  readonly #frequencies = new Map<string, Map<string, number>>();
  readonly #sentences = new Map<string, readonly string[]>();
  readonly #reduced = new Map<string, string>();

  constructor(api: Api, level: DescriptionLevel) {
    this.#level = level;
    this.#isFull = level === "full";
    this.#operations = api.operations.length;
    this.#boilerplate = this.#isFull ? new Set() : this.#repeatedSentences(api);
    for (const { args } of api.operations) for (const arg of args) this.#count(arg);
  }

  #count(arg: Arg): void {
    const ofName = this.#frequencies.get(arg.name) ?? new Map<string, number>();
    const text = textOf(arg);
    ofName.set(text, (ofName.get(text) ?? 0) + 1);
    this.#frequencies.set(arg.name, ofName);
  }

  readonly ofValue: Describe = (schema, name, rules = []) => {
    const words = this.#wordsOf(schema, name);
    const all = [...rules, ...annotationNotes(schema, words)];
    const notes = this.#isFull ? all : all.filter((note) => !isSaid(note, words, name));
    const text = fitProse(words, this.#roomFor(words, schema));
    if (notes.length === 0) return text === "" ? undefined : this.#isFull ? text : withoutStop(text);
    const details = cutText(notes.join("; "), 512);
    if (text === "") return details;
    return this.#isFull ? `${text} (${details})` : `${withoutStop(text)}; ${details}`;
  };

  /** What values mean that only prose tells of has more room: cut in the middle, it would hide some of them. */
  #roomFor(words: string, schema: Schema): Room {
    const usual = room[this.#level].value;
    const isList = this.#level === "concise" && valuesOf(schema) === undefined && explainsValues(words);
    return isList ? { plain: MEANINGS, most: MEANINGS } : usual;
  }

  /** What an operation does; empty where the document does not say it. `tool` is the tool's name. */
  ofOperation({ summary = "", description = "" }: Operation, tool: string): string {
    const sentences = [asSentence(plainText(summary)), ...this.#sentencesOf(description)].filter((text) => text !== "");
    const kept = this.#isFull ? sentences : this.#telling(sentences);
    // What follows the summary repeats it only where it is what the document's description begins with.
    const distinct = kept[1] === sentences[1] ? withoutRepeat(kept, this.#isFull ? "" : tool) : kept;
    const telling = this.#isFull ? distinct : distinct.map(withoutInvitation);
    const text = this.#level === "minimal" ? (telling[0] ?? "") : telling.join(" ");
    return fitProse(asSentence(text), room[this.#level].tool);
  }

  /** The arguments of which the tool's name and theirs say enough. */
  silentArgs(args: readonly Arg[], tool: string): readonly Arg[] {
    if (this.#isFull) return [];
    const silent: Arg[] = [];
    const others: ArgWords[] = [];
    for (const arg of args) {
      const text = this.#reduce(textOf(arg));
      if (this.#isConvention(arg, text, args)) silent.push(arg);
      else if (text !== "") others.push({ arg, text });
    }
    return [...silent, ...argsThatRepeat(others, tool)];
  }

  #isConvention(arg: Arg, text: string, args: readonly Arg[]): boolean {
    const frequency = this.#frequencies.get(arg.name)?.get(textOf(arg)) ?? 0;
    return frequency >= FREQUENT && isConvention(text, arg, args, frequency * 4 >= this.#operations ? 3 : 1);
  }

  /** The document's words on a value, where they tell anything. */
  #wordsOf(schema: Schema, name: string): string {
    const { description = "" } = schema;
    if (this.#isFull) return plainText(description);
    const text = this.#reduce(description);
    const words = withoutLists(schema.kind === "array" ? withoutContainer(text) : text, schema);
    return repeats(words, name, schema) ? "" : withoutPaging(withoutOwnName(words, name), name, schema);
  }

  /** Plain text, without the sentences that tell nothing. */
  #reduce(markup: string): string {
    const known = this.#reduced.get(markup);
    if (known !== undefined) return known;
    const telling = this.#telling(this.#sentencesOf(markup));
    const reduced = withoutPreamble(this.#level === "minimal" ? (telling[0] ?? "") : telling.join(" "));
    this.#reduced.set(markup, reduced);
    return reduced;
  }

  /** The first sentence stays, unless it only sends elsewhere. */
  #telling(sentences: readonly string[]): readonly string[] {
    let wasDropped = false;
    const telling = sentences.filter((sentence, index) => {
      const isIdleHere = index === 0 ? isIdleStart(sentence) : isIdle(sentence) || this.#boilerplate.has(sentence);
      // The rest of a list goes with its beginning.
      wasDropped = isIdleHere || (wasDropped && sentence.startsWith("- "));
      return !wasDropped;
    });
    return telling.length > 0 ? telling : sentences.slice(0, 1);
  }

  #sentencesOf(markup: string): readonly string[] {
    const known = this.#sentences.get(markup) ?? sentencesOf(plainText(markup));
    this.#sentences.set(markup, known);
    return known;
  }

  /** Sentences after the first that many operations or arguments share. */
  #repeatedSentences({ operations }: Api): ReadonlySet<string> {
    const counts = new Map<string, number>();
    for (const { args, description } of operations) {
      for (const text of [description ?? "", ...args.map(textOf)]) {
        for (const sentence of this.#sentencesOf(text).slice(1)) {
          counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
        }
      }
    }
    return new Set([...counts].filter(([, count]) => count >= BOILERPLATE).map(([sentence]) => sentence));
  }
}

/** Fewer characters of a sentence than this say nothing. */
const SCRAP = 40;

/** Whole sentences, as many as have room, and the start of the first that matters and has not. */
function fitProse(text: string, { plain, most }: Room): string {
  if (text.length <= plain || plain === most) return cutText(text, most);
  const [first = "", ...others] = sentencesOf(text);
  let kept = cutText(first, most);
  let isWhole = true;
  for (const sentence of others) {
    const length = kept.length + 1 + sentence.length;
    if (matters(sentence) && length > most) {
      const left = most - kept.length - 1;
      return left < SCRAP ? kept : `${kept} ${cutText(sentence, left)}`;
    }
    isWhole &&= matters(sentence) || length <= plain;
    if (isWhole || matters(sentence)) kept += ` ${sentence}`;
  }
  return kept;
}

/** What the document says of an argument. */
function textOf({ description, schema }: Arg): string {
  return description ?? schema.description ?? "";
}

/** Without the sentences that only list the values of the schema. */
function withoutLists(text: string, schema: Schema): string {
  const values = valuesOf(schema);
  if (values === undefined || text === "") return text;
  const sentences = sentencesOf(text);
  const telling = sentences.filter((sentence) => !listsValues(sentence, values));
  return telling.length < sentences.length ? telling.join(" ") : text;
}

/** The values that a schema lists, or that of its items. */
function valuesOf(schema: Schema): readonly unknown[] | undefined {
  if (schema.kind === "array") return valuesOf(schema.items);
  if (schema.kind === "boolean") return [true, false];
  return schema.kind === "enum" ? schema.values : undefined;
}

/** A stop says nothing after one sentence. */
function withoutStop(text: string): string {
  return text.replace(/(?<=[^.])\.$/, "");
}

/** Whether a note says what the name or the words beside it say already. */
function isSaid(note: string, words: string, name: string): boolean {
  if (isUsualStart(note, name)) return true;
  if (/^format: ur[il]/.test(note)) return /ur[il]|link|href/i.test(`${name} ${words}`);
  if (/characters?$/.test(note)) {
    return (
      /\bcharacters?\b|\blength\b/i.test(words) &&
      (note.match(/\d+/g) ?? []).every((count) => (words.match(/\d+/g) as readonly string[] | null)?.includes(count))
    );
  }
  return note.startsWith("e.g. ") && /\be\.g\.|\bfor example\b|\bexample:|\bsuch as\b/i.test(words);
}

function annotationNotes(schema: Schema, words: string): string[] {
  const notes: string[] = [];
  if (schema.default !== undefined && schema.default !== null) {
    const value = short(schema.default);
    if (!new RegExp(`\\bdefault(?:s|ed|ing)?\\b.{0,20}${escapePattern(value)}`, "i").test(words))
      notes.push(`default ${value}`);
  }
  const example = schema.examples?.map(exampleOf).find((text) => text !== undefined);
  if (example !== undefined && !saysForm(schema) && !words.includes(example)) notes.push(`e.g. ${example}`);
  if (schema.deprecated && !/^deprecated\b/i.test(words)) notes.push("deprecated");
  return [...notes, ...(schema.notes ?? []).map((note) => cutText(note, 200))];
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Whether the strict schema shows by itself what a value looks like. */
function saysForm(schema: Schema): boolean {
  return schema.kind === "enum" || (schema.kind === "string" && strictFormats.has(schema.format ?? ""));
}

/** Of examples those that show a form; `"string"` and `0` show nothing that the type does not. */
function exampleOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value === "string" || value.length > 60) return undefined;
  return plainText(value);
}

function short(value: unknown): string {
  return cutText(typeof value === "string" && value !== "" ? value : JSON.stringify(value), 100);
}

/** The formats that strict mode takes. */
export const strictFormats = new Set("date-time time date duration email hostname ipv4 ipv6 uuid".split(" "));

/** Formats that it does not take, and that tell a model nothing. */
const silentFormats = new Set("int32 int64 float double password binary string number decimal integer enum".split(" "));

/** Nobody writes a longer text by mistake. */
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
  const range = rangeOf(least, maxLength !== undefined && maxLength > LONG_TEXT ? undefined : maxLength, "character");
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
