import type { Tool } from "../compiler/tool.ts";

/** What tools cost, as Chat Completions takes them, in minified JSON. In tokens of o200k_base. */
export interface TokenCount {
  /** By tool, each as if it were the only one. */
  readonly each: readonly number[];
  readonly all: number;
}

/** Counts tokens. The tokenizer is loaded here, as that takes a while. */
export async function countTokens(tools: readonly Tool[]): Promise<TokenCount> {
  const encoding = await import("gpt-tokenizer/encoding/o200k_base");
  const known = new Map<string, number>();
  const open = '[{"';
  const between = ',{"';
  const each: number[] = [];
  let all = count(open);
  for (const [index, { name, description, strict, parameters }] of tools.entries()) {
    const tool = JSON.stringify({ type: "function", function: { name, description, strict, parameters } });
    const pieces = tool.slice('{"'.length).split(seams);
    const last = pieces.pop() as string;
    const body = pieces.reduce((sum, piece) => sum + count(piece), 0);
    each.push(count(open) + body + count(`${last}]`));
    all += body + count(last + (index < tools.length - 1 ? between : "]"));
  }
  return { each, all: tools.length === 0 ? count("[]") : all };

  /** Many tools have parts in common, so each is counted once. */
  function count(text: string): number {
    // A document may hold the text of a special token; it is text like any other.
    const tokens = known.get(text) ?? encoding.countTokens(text, { disallowedSpecial: new Set() });
    known.set(text, tokens);
    return tokens;
  }
}

/**
 * Where no token goes across: the tokenizer takes a run of punctuation as a whole, save for the last sign before a
 * letter where the run is only that sign. So a text may be cut between such a run and a letter.
 */
const seams = /(?<=[\]}],")(?=[a-z])/;
