import type { Tool } from "../compiler/tool.ts";

/**
 * About how many tokens of o200k_base tools cost, as Chat Completions takes them: for summaries, where loading a tokenizer
 * and counting would take longer than all else. For published documents it is within 5 percent of the count, but for a few.
 */
export function estimateTokens(tools: readonly Tool[]): number {
  const known = new Map<unknown, number>();
  const total = tools.reduce((sum, { name, description, strict, parameters }) => {
    return sum + ofValue({ type: "function", function: { name, description, strict, parameters } });
  }, 0);
  return Math.round(total);

  /** Many tools have parts in common, so each is looked at once. */
  function ofValue(value: unknown): number {
    if (typeof value !== "string" && (typeof value !== "object" || value === null)) return weights.literal;
    const before = known.get(value);
    if (before !== undefined) return before;
    const tokens = typeof value === "string" ? weights.string + ofText(value) : ofContainer(value);
    known.set(value, tokens);
    return tokens;
  }

  function ofContainer(value: object): number {
    if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + ofValue(element), 0);
    return Object.entries(value).reduce(
      (sum, [key, entry]) => sum + ofText(key) + ofValue(entry),
      weights.object as number,
    );
  }
}

/** What each thing adds, by least squares over the tools of 272 published documents. */
const weights = {
  object: 1.72,
  string: 1.62,
  /** A number, boolean or null. */
  literal: 2.9,
  /** A run of letters, of which only the first may be capitals. */
  word: 1.06,
  /** A letter of a word past the eighth. */
  longWord: 0.09,
  /** A run of up to three digits. */
  digits: 1.77,
  /** A run of signs, and each of it past the first. */
  signs: 0.46,
  moreSigns: 0.52,
  foreign: 0.71,
} as const;

const pieces = /([A-Z]*[a-z]+|[A-Z]+)|(\d{1,3})|([!-/:-@[-`{-~]+)|([^\0-\x7f])/g;

function ofText(text: string): number {
  let tokens = 0;
  for (const [piece, word, digits, signs] of text.matchAll(pieces)) {
    if (word !== undefined) tokens += weights.word + weights.longWord * Math.max(0, word.length - 8);
    else if (digits !== undefined) tokens += weights.digits;
    else if (signs !== undefined) tokens += weights.signs + weights.moreSigns * (piece.length - 1);
    else tokens += weights.foreign;
  }
  return tokens;
}
