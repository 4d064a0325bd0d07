import type { Json } from "./document.ts";
import { parts, valuesOf } from "./hints.ts";
import { compile, type Random, stringsMatching } from "./random.ts";

/** What decides on a text. */
export interface TextState {
  readonly random: Random;
  readonly mode: string;
  /** Where the argument is sent. */
  readonly in: string;
  /** Texts that must be found in the request, with a mark of their own each. */
  readonly marks: string[];
}

/** Texts of the formats that validators know. */
const formats: { readonly [format: string]: readonly [string, ...string[]] } = {
  "date-time": ["2024-02-29T12:30:45Z", "2025-06-01T00:00:00+02:00"],
  date: ["2024-02-29", "2025-12-31"],
  time: ["12:30:45Z", "00:00:00Z"],
  duration: ["P1D", "PT15M"],
  email: ["ada@example.org", "grace.hopper@navy.example"],
  hostname: ["api.example.org"],
  ipv4: ["192.0.2.7"],
  ipv6: ["2001:db8::7"],
  uuid: ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "3FA85F64-5717-4562-B3FC-2C963F66AFA6"],
  uri: ["https://example.org/a?b=c"],
  url: ["https://example.org/a?b=c"],
  "uri-reference": ["/a/b"],
  "uri-template": ["/a/{b}"],
  iri: ["https://example.org/a"],
  regex: ["^a+$"],
  "json-pointer": ["/a/b"],
  "relative-json-pointer": ["1/a"],
  byte: ["aGVsbG8="],
  base64: ["aGVsbG8="],
  binary: ["aGVsbG8="],
};

const words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"];
const oddWords = [
  "Grüße",
  "日本語",
  "two words",
  "a&b=c",
  "50%25",
  "#1",
  "a/b",
  "what?",
  "a+b",
  '"quoted"',
  "semi;colon",
];

/** A text that fits the strict node, and what the document says of it. */
export function sampleText(node: Json, hints: readonly Json[], description: string, state: TextState): string {
  const kinds = [node.format, ...valuesOf(hints, "format", "string")].filter((format) => typeof format === "string");
  const patterns = [node.pattern, ...valuesOf(hints, "pattern", "string")].filter((text) => typeof text === "string");
  const allowed = hints.flatMap(parts).flatMap(({ enum: values }) => (Array.isArray(values) ? values : []));
  const choices = allowed.filter((value) => typeof value === "string" && value !== "");
  if (choices.length > 0 && node.pattern === undefined) return state.random.pick(choices);

  const format = kinds.find((kind) => formats[kind] !== undefined);
  const lengths = lengthsOf(hints);
  const fits = (text: string) =>
    text.length >= lengths.minimum &&
    text.length <= lengths.maximum &&
    isLegalIn(state.in, text) &&
    patterns.every((pattern) => compile(pattern)?.test(text) ?? true);
  if (isFile(hints, description) && fits("aGVsbG8=")) return "aGVsbG8=";
  if (format !== undefined) {
    const fitting = (formats[format] ?? []).filter(fits);
    if (fitting.length > 0) return state.random.pick(fitting);
    if (node.format !== undefined) return state.random.pick(formats[format] ?? []);
  }
  if (patterns.length > 0) {
    const examples = [...valuesOf(hints, "example", "string"), ...valuesOf(hints, "default", "string")];
    const matching = patterns.flatMap(stringsMatching);
    const long = ["a", "0"].flatMap((sign) => matching.map((text) => text.padEnd(lengths.minimum, sign)));
    const fitting = [...matching, ...examples, ...long].filter(fits);
    if (fitting.length > 0) return state.random.pick(fitting);
    const nearly = stringsMatching(patterns[0] as string);
    if (nearly.length > 0) return state.random.pick(nearly);
  }
  return sampleWord(lengths, state);
}

function sampleWord(lengths: { minimum: number; maximum: number }, state: TextState): string {
  const { random, mode, marks } = state;
  const isOdd = mode === "mix" && state.in !== "header" && state.in !== "cookie" && random.integer(3) === 0;
  const word = isOdd ? random.pick(oddWords) : `${random.pick(words)}-${marks.length}x`;
  const padded = word.padEnd(lengths.minimum, "x");
  const text = padded.slice(0, lengths.maximum);
  if (!isOdd && text === padded) marks.push(text);
  return text.isWellFormed() ? text : "x".repeat(text.length);
}

function lengthsOf(hints: readonly Json[]): { minimum: number; maximum: number } {
  const minimum = Math.max(0, ...valuesOf(hints, "minLength", "number"));
  const maximum = Math.min(Number.MAX_SAFE_INTEGER, ...valuesOf(hints, "maxLength", "number"));
  // Lengths of several branches: the first that there is.
  if (minimum <= maximum) return { minimum: Math.min(minimum, 100_000), maximum };
  const [first = 0] = valuesOf(hints, "minLength", "number");
  return { minimum: first, maximum: Number.MAX_SAFE_INTEGER };
}

function isLegalIn(place: string, text: string): boolean {
  if (place === "path") return text !== "" && text !== "." && text !== "..";
  if (place === "header" || place === "cookie") return /^[!-~]([ -~]*[!-~])?$/.test(text);
  return true;
}

function isFile(hints: readonly Json[], description: string): boolean {
  const isBinary = hints
    .flatMap(parts)
    .some(
      ({ type, format, contentMediaType, contentEncoding }) =>
        type === "file" || format === "binary" || contentMediaType !== undefined || contentEncoding === "base64",
    );
  return isBinary || /\bbase64\b/i.test(description);
}
