import type { Arg, Schema } from "./api.ts";

/** A description that is longer than this says more than a name can. */
const SHORT = 100;

/** Words that say nothing where they stand beside a name. */
const empty = new Set(
  "a an the of for to in on at is are this that its it be by with and or which whose your without s unique parameter param value field property string identify given specified specific supported valid".split(
    " ",
  ),
);

/** Words with which the sentences on an operation begin, or that any of them could hold. */
const vague = new Set(
  "get list return retrieve fetch find show read detail information data about all single one from".split(" "),
);

/** What a name says in short. */
const abbreviations: Readonly<Record<string, string>> = {
  app: "application",
  config: "configuration",
  desc: "description",
  env: "environment",
  identifier: "id",
  img: "image",
  lang: "language",
  lat: "latitude",
  lng: "longitude",
  lon: "longitude",
  max: "maximum",
  min: "minimum",
  msg: "message",
  org: "organization",
  repo: "repository",
  uuid: "id",
};

/** The same names and descriptions come again and again; no more than this many are kept. */
const MOST_KNOWN = 5000;
const known = new Map<string, readonly string[]>();

/** In lower case, spelled out, without the endings that a verb or a plural has. */
function wordsOf(text: string): readonly string[] {
  const found = known.get(text);
  if (found !== undefined) return found;
  const words = text
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  const stems = (words ?? []).map(stemOf);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, stems);
  return stems;
}

const stems = new Map<string, string>();

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = findStem(word);
  if (stems.size >= MOST_KNOWN) stems.clear();
  stems.set(word, stem);
  return stem;
}

function findStem(word: string): string {
  const singular = word.length > 3 ? singularOf(word) : word;
  const whole = Object.hasOwn(abbreviations, singular) ? (abbreviations[singular] as string) : singular;
  if (whole.length < 5) return whole;
  const ending = ["ed", "ing", "e"].find((each) => whole.endsWith(each)) ?? "";
  return whole.slice(0, whole.length - ending.length);
}

function singularOf(word: string): string {
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

const isEmpty = stemmed(empty);
const isVague = stemmed(vague);
const isGeneric = stemmed(new Set("id key name title number code slug value".split(" ")));

function stemmed(words: ReadonlySet<string>): (word: string) => boolean {
  const stems = new Set([...words].map(stemOf));
  return (word) => stems.has(word);
}

/** The words of a description that a name could lack; that a number is a number, or an id, goes without saying. */
function tellingWords(text: string, schema: Schema): readonly string[] {
  const isNumber = schema.kind === "number";
  return wordsOf(text).filter((word) => !isEmpty(word) && !(isNumber && (word === "id" || word === "number")));
}

/** Whether a description says no more than the name it stands at. */
export function repeats(text: string, name: string, schema: Schema): boolean {
  if (text === "" || text.length > SHORT) return false;
  const own = wordsOf(name);
  return tellingWords(text, schema).every((word) => own.includes(word));
}

// ------------------------------------------------------------ arguments that every list has

const page = /^page([_-]?(number|no|num))?$/i;
const offset = /^(offset|skip|start[_-]?at)$/i;

/** What the usual names of arguments on paging and order say by themselves. */
const paging: readonly (readonly [name: RegExp, implied: string])[] = [
  [page, "page number result record item entry fetch query which current start want"],
  [
    /^(per[_-]?page|page[_-]?(size|limit)|limit|max[_-]?results)$/i,
    "number count result record item entry object page per maximum how many size response limit include each",
  ],
  [offset, "offset index position first result record item entry object number skip start before from"],
  [
    /^(sort|order|direction|sort[_-]?by|order[_-]?by|(sort|order)[_-]?(direction|order))$/i,
    "property field attribute key direction order sort result record item by how which what ascending descending",
  ],
];

/** A description without what the name of a paging argument says: of "results per page (max 100)" is left "max 100". */
export function withoutPaging(text: string, name: string, schema: Schema): string {
  const [, implied] = paging.find(([names]) => names.test(name)) ?? [];
  if (implied === undefined || !["number", "enum", "string"].includes(schema.kind) || text.length > SHORT) return text;
  const bound = /\(?\bmax(?:imum)?:? (?:is |of )?(\d+)\b\)?/i.exec(text);
  const own = [...wordsOf(implied), ...wordsOf("get list return retrieve show display specify request")];
  const rest = wordsOf(bound === null ? text : text.replace(bound[0], ""));
  if (!rest.every((word) => isEmpty(word) || own.includes(word))) return text;
  const isSaid = bound === null || (schema.kind === "number" && schema.maximum === Number(bound[1]));
  return isSaid ? "" : `max ${bound[1]}`;
}

/** Whether a note on an argument is what everyone expects: lists begin with their first page. */
export function isUsualStart(note: string, name: string): boolean {
  return (note === "default 1" && page.test(name)) || (note === "default 0" && offset.test(name));
}

// ------------------------------------------------------------ what a name and its surroundings say

/** A count of something is more than the thing. */
const counts = /\b(number|count|list|set|array|sum|total|amount|size|length|kind|type)$/i;

/** "Name of the branch" is "Name", of `branch`. */
export function withoutOwnName(text: string, name: string): string {
  const own = wordsOf(name);
  return text.replace(
    / of (?:the |an? |this |your )?([\p{L}-]+(?: [\p{L}-]+)??)(?: name)?(?=\.?$| without\b)/u,
    (whole, thing: string, index: number) =>
      counts.test(text.slice(0, index)) || !wordsOf(thing).every((word) => own.includes(word)) ? whole : "",
  );
}

const kinds = stemmed(new Set("id slug handle code key sha url uri email number date time path".split(" ")));

/**
 * Whether an argument is a convention of its API, said a hundred times over: with its name and those of the others, no
 * more than `unsaid` words of its description are new, and none that tells what kind of value it takes.
 */
export function isConvention(text: string, { name, schema }: Arg, others: readonly Arg[], unsaid: number): boolean {
  if (text === "" || text.length > SHORT) return false;
  const said = [name, ...others.map((other) => other.name)].flatMap(wordsOf);
  const rest = tellingWords(text, schema).filter((word) => !said.includes(word));
  return rest.length <= unsaid && !rest.some(kinds);
}

/** What an argument is called, and what the document says of it. */
export interface ArgWords {
  readonly arg: Arg;
  readonly text: string;
}

/**
 * The arguments whose descriptions say no more than their own name and that of the tool: `id`, "id of the pet", of `getPet`.
 * None, where they speak of several things, which nothing would tell apart without them.
 */
export function argsThatRepeat(args: readonly ArgWords[], tool: string): readonly Arg[] {
  const context = wordsOf(tool);
  const subjects = args.flatMap(({ arg, text }) => {
    if (text === "" || text.length > SHORT) return [];
    const own = wordsOf(arg.name);
    const words = tellingWords(text, arg.schema);
    const rest = words.filter((word) => !own.includes(word));
    const isAbout = rest.length < words.length || own.every(isGeneric);
    if (rest.length === 0 || !isAbout || !rest.every((word) => context.includes(word))) return [];
    return { arg, subject: [...new Set(rest)].sort().join(" ") };
  });
  return new Set(subjects.map(({ subject }) => subject)).size === 1 ? subjects.map(({ arg }) => arg) : [];
}

/** "Lists the pets", "get a pet". */
const saysWhatItDoes =
  /^(?!(?:this|is|as|always)\b)(?:[a-z]+s|add|create|delete|find|get|fetch|list|remove|retrieve|return|search|set|update)\b/i;

/** Sentences on a tool, without the summary or the later ones where the others and the tool's name say all of it. */
export function withoutRepeat(sentences: readonly string[], tool: string): readonly string[] {
  const context = wordsOf(tool);
  const words = sentences.map((text) => wordsOf(text).filter((word) => !isEmpty(word)));
  const [inSummary = [], inNext = []] = words;
  const isSaid = (own: readonly string[], elsewhere: readonly string[]) =>
    own.every((word) => elsewhere.includes(word) || context.includes(word) || isVague(word));
  const [verb = ""] = inSummary;
  // "Returns all projects" is not what creates one.
  const isOtherDeed = !isVague(verb) && !inNext.includes(verb) && isVague(inNext[0] ?? "");
  const shared = inSummary.filter((word) => inNext.includes(word));
  const isOfSameKind = saysWhatItDoes.test(sentences[1] ?? "") && !isOtherDeed && shared.length * 2 >= inSummary.length;
  const start = isOfSameKind && isSaid(inSummary, inNext) ? 1 : 0;
  return sentences.filter(
    (_, index) => index === start || (index > start && !isSaid(words[index] ?? [], words.slice(start, index).flat())),
  );
}
