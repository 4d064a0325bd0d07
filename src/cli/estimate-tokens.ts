import type { Tool } from "../compiler/tool.ts";

/**
 * About how many tokens of o200k_base tools cost, as Chat Completions takes them: for summaries, where loading a tokenizer
 * and counting would take longer than all else. For published documents it is within 5 percent of the count, but for a few.
 */
export function estimateTokens(tools: readonly Tool[]): number {
  const known = new Map<object, number>();
  const total = tools.reduce((sum, { name, description, strict, parameters }) => {
    return sum + ofValue({ type: "function", function: { name, description, strict, parameters } });
  }, 0);
  return Math.round(total);

  function ofValue(value: unknown): number {
    if (typeof value === "string") return weights.string + ofText(value);
    return typeof value === "object" && value !== null ? ofShared(value) : weights.literal;
  }

  /** Many tools have parts in common, so each is looked at once. */
  function ofShared(value: object): number {
    const tokens = known.get(value) ?? ofContainer(value);
    known.set(value, tokens);
    return tokens;
  }

  function ofContainer(value: object): number {
    let tokens = Array.isArray(value) ? 0 : weights.object;
    for (const [key, entry] of Object.entries(value))
      tokens += (Array.isArray(value) ? 0 : ofText(key)) + ofValue(entry);
    return tokens;
  }
}

/** What each thing adds, by least squares over the tools of 272 published documents. */
const weights = {
  object: 1.72,
  string: 1.62,
  /** A number, boolean or null. */
  literal: 2.9,
  /** A letter of a word past the eighth. */
  longWord: 0.09,
  /** A sign behind another one. */
  moreSigns: 0.52,
};

const space = 0;
const letter = 1;
const capital = 2;
const digit = 3;
const sign = 4;
const foreign = 5;

/** By kind of character: what a run of them adds. A word may begin with capitals, digits go by three. */
const runs = [0, 1.06, 1.06, 1.77, 0.46, 0.71] as const;

const kinds = Array.from({ length: 128 }, (_, code) => {
  const forms = [/\s/, /[a-z]/, /[A-Z]/, /\d/, /./];
  return forms.findIndex((form) => form.test(String.fromCharCode(code)));
});

/** Character by character, as tools hold megabytes of text. */
function ofText(text: string): number {
  let tokens = 0;
  let before: number = space;
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const kind = kinds[text.charCodeAt(index)] ?? foreign;
    const isWord = kind === letter || kind === capital;
    const isSame = kind === before ? kind !== foreign : kind === letter && before === capital;
    length = isSame && !(kind === digit && length === 3) ? length + 1 : 1;
    before = kind;
    if (length === 1) tokens += runs[kind] as number;
    else if (kind === sign) tokens += weights.moreSigns;
    else if (isWord && length > 8) tokens += weights.longWord;
  }
  return tokens;
}
