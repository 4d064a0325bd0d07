import type { Api, Arg, Operation, Schema } from "./api.ts";
import { fitSentences, type Room } from "./fit.ts";
import { annotationNotes, isSaid, strictFormats } from "./notes.ts";
import {
  explainsValues,
  isAboutList,
  isAboutTime,
  isIdle,
  isIdleStart,
  leansOnLast,
  listsValues,
  matters,
  mattersToValue,
  refersBack,
  withoutContainer,
  withoutEncoding,
  withoutInvitation,
  withoutPointers,
  withoutPreamble,
} from "./prose.ts";
import {
  type ArgWords,
  argsThatRepeat,
  isConvention,
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

/** The room of a tool's description, and of a value's. */
const room: Record<DescriptionLevel, { readonly tool: Room; readonly value: Room }> = {
  full: { tool: { plain: 1024, most: 1024 }, value: { plain: 1024, most: 1024 } },
  concise: { tool: { plain: 130, most: 250 }, value: { plain: 90, most: 180 } },
  minimal: { tool: { plain: 120, most: 120 }, value: { plain: 80, most: 80 } },
};

/** Characters for a list of values and what they mean. */
const MEANINGS = 500;

/** Characters for what tells a tool from another one that would read the same. */
const APART = 120;

/** So many operations with the same argument make it a convention of the API. */
const FREQUENT = 100;

/** The words of one document, for tools and their values. */
export class Descriptions {
  readonly #level: DescriptionLevel;
  readonly #isFull: boolean;
  readonly #operations: number;
  /** How many operations have an argument, by its name and its description. */
  readonly #frequencies = new Map<string, Map<string, number>>();
  readonly #sentences = new Map<string, readonly string[]>();
  readonly #reduced = new Map<string, readonly string[]>();
  readonly #texts = new Map<string, string>();

  constructor(api: Api, level: DescriptionLevel) {
    this.#level = level;
    this.#isFull = level === "full";
    this.#operations = api.operations.length;
    for (const { args } of api.operations) for (const arg of args) this.#count(arg);
  }

  #count(arg: Arg): void {
    const ofName = this.#frequencies.get(arg.name) ?? new Map<string, number>();
    const text = textOf(arg);
    ofName.set(text, (ofName.get(text) ?? 0) + 1);
    this.#frequencies.set(arg.name, ofName);
  }

  readonly ofValue: Describe = (schema, name, rules = []) => {
    const text = this.#textOf(schema, name);
    const all = [...rules, ...annotationNotes(schema, text)];
    const notes = this.#isFull ? all : all.filter((note) => !isSaid(note, text, name));
    if (notes.length === 0) return text === "" ? undefined : this.#isFull ? text : withoutStop(text);
    const details = cutText(notes.join("; "), 512);
    if (text === "") return details;
    return this.#isFull ? `${text} (${details})` : `${withoutStop(text)}; ${details}`;
  };

  /** The document's words, as far as there is room. Many properties have the same. */
  #textOf(schema: Schema, name: string): string {
    const { description = "", kind } = schema;
    if (description === "") return "";
    const values = valuesOf(schema);
    const rules = kind === "number" ? schema.maximum : kind === "string" ? schema.format : undefined;
    const key = [kind, rules, name, values, description].join("\n");
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const words = this.#wordsOf(schema, name, values);
    const text = fitSentences(words, 1, mattersToValue, this.#roomFor(words, values));
    this.#texts.set(key, text);
    return text;
  }

  /** What values mean has more room: cut in the middle, it would hide some of them. */
  #roomFor(words: readonly string[], values: readonly unknown[] | undefined): Room {
    const usual = room[this.#level].value;
    const text = words.join(" ");
    const isList = this.#level === "concise" && text.length > usual.plain && explainsValues(text, values);
    return isList ? { plain: MEANINGS, most: MEANINGS } : usual;
  }

  /** What operations do; empty where the document does not say it. `toolOf` is what a tool is called. */
  ofOperations(
    operations: readonly Operation[],
    toolOf: (operation: Operation) => string,
  ): ReadonlyMap<Operation, string> {
    const texts = new Map(operations.map((operation) => [operation, this.#ofOperation(operation, toolOf(operation))]));
    if (this.#isFull) return texts;
    const groups = Map.groupBy(operations, (operation) => texts.get(operation) as string);
    for (const [text, group] of groups) {
      if (group.length > 1) for (const each of group) texts.set(each, this.#tellApart(text, each, group));
    }
    return texts;
  }

  #ofOperation(operation: Operation, tool: string): string {
    const written = this.#sentencesOn(operation);
    const sentences = this.#isFull ? written : written.map(withoutInvitation).filter((text) => !isName(text, tool));
    const kept = this.#isFull ? sentences : this.#telling(sentences);
    // What follows the summary repeats it only where it is what the document's description begins with.
    const isBeginning = operation.summary !== undefined && kept[0] === sentences[0] && kept[1] === sentences[1];
    const telling = isBeginning ? withoutRepeat(kept, this.#isFull ? "" : tool) : kept;
    const all = this.#level === "minimal" ? telling.slice(0, 1) : telling;
    // The summary and what the description begins with say what the tool does.
    const leading = isBeginning && telling[0] === kept[0] && telling[1] === kept[1] ? 2 : 1;
    return asSentence(fitSentences(all, leading, matters, room[this.#level].tool));
  }

  /** A text that several operations have, with the first sentence that is this one's own. */
  #tellApart(text: string, operation: Operation, group: readonly Operation[]): string {
    const others = group.filter((other) => other !== operation).flatMap((other) => this.#sentencesOn(other));
    const own = this.#sentencesOn(operation).find((each) => !others.includes(each) && !isIdle(each));
    return own === undefined || text.includes(own) ? text : asSentence(`${text} ${cutText(own, APART)}`.trim());
  }

  #sentencesOn({ summary = "", description = "" }: Operation): readonly string[] {
    return [asSentence(plainText(summary)), ...this.#sentencesOf(description)].filter((text) => text !== "");
  }

  /** The arguments of which the tool's name and theirs say enough. */
  silentArgs(args: readonly Arg[], tool: string): readonly Arg[] {
    if (this.#isFull) return [];
    const silent: Arg[] = [];
    const others: ArgWords[] = [];
    for (const arg of args) {
      const text = this.#reduce(textOf(arg)).join(" ");
      if (this.#isConvention(arg, text, args)) silent.push(arg);
      else if (text !== "") others.push({ arg, text });
    }
    return [...silent, ...argsThatRepeat(others, tool)];
  }

  #isConvention(arg: Arg, text: string, args: readonly Arg[]): boolean {
    const frequency = this.#frequencies.get(arg.name)?.get(textOf(arg)) ?? 0;
    return frequency >= FREQUENT && isConvention(text, arg, args, frequency * 4 >= this.#operations ? 3 : 1);
  }

  /** The document's sentences on a value, where they tell anything. */
  #wordsOf(schema: Schema, name: string, values: readonly unknown[] | undefined): readonly string[] {
    const { description = "" } = schema;
    if (this.#isFull) return [plainText(description)];
    const [first, ...later] = this.#reduce(description);
    if (first === undefined) return [];
    const isArray = schema.kind === "array";
    const isTime = schema.kind === "string" && strictFormats.has(schema.format ?? "");
    const others = later.filter((each) => !(isArray && isAboutList(each)) && !(isTime && isAboutTime(each)));
    const telling = [isArray ? withoutContainer(first) : first, ...others].filter(
      (each) => values === undefined || !listsValues(each, values),
    );
    const [start, ...rest] = telling;
    if (start === undefined) return rest;
    const short = withoutPaging(withoutOwnName(start, name), name, schema);
    const isSaid = short === "" || repeats(start, name, schema) || repeats(short, name, schema);
    return !isSaid ? [short, ...rest] : rest[0] !== undefined && refersBack(rest[0]) ? [start, ...rest] : rest;
  }

  /** Plain sentences, without those that tell nothing. */
  #reduce(markup: string): readonly string[] {
    const known = this.#reduced.get(markup);
    if (known !== undefined) return known;
    const telling = this.#telling(this.#sentencesOf(markup));
    // "Required." is a sentence of which nothing is left.
    const start = telling.findIndex((sentence) => withoutPreamble(sentence) !== "");
    const [first, ...others] = start < 0 ? [] : telling.slice(start);
    const reduced = first === undefined ? [] : [withoutPreamble(withoutEncoding(first))];
    if (this.#level !== "minimal") reduced.push(...others);
    this.#reduced.set(markup, reduced);
    return reduced;
  }

  /** The first sentence stays, unless it only sends elsewhere. */
  #telling(sentences: readonly string[]): readonly string[] {
    let wasDropped = false;
    const telling = sentences.filter((sentence, index) => {
      const isIdleHere = index === 0 ? isIdleStart(sentence) : isIdle(sentence);
      // The rest of a list goes with its beginning.
      wasDropped = isIdleHere || (wasDropped && (sentence.startsWith("- ") || leansOnLast(sentence)));
      return !wasDropped;
    });
    // What a last colon announces was an example, or a picture.
    const whole = telling.length > 1 && telling.at(-1)?.endsWith(":") ? telling.slice(0, -1) : telling;
    return whole.length > 0 ? whole : sentences.slice(0, 1);
  }

  #sentencesOf(markup: string): readonly string[] {
    const known = this.#sentences.get(markup);
    if (known !== undefined) return known;
    const text = plainText(markup);
    const sentences = sentencesOf(this.#isFull ? text : withoutPointers(text));
    this.#sentences.set(markup, sentences);
    return sentences;
  }
}

/** Whether a text is only what the tool is called: `getPet()`. */
function isName(text: string, tool: string): boolean {
  if (text.includes(" ")) return false;
  return text.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase() === tool.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

/** What the document says of an argument. */
function textOf({ description, schema }: Arg): string {
  return description ?? schema.description ?? "";
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
