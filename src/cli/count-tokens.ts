import type { Tool } from "../compiler/tool.ts";

/** The tokens (o200k_base) of tools as Chat Completions takes them, in minified JSON. */
export async function countTokens(tools: readonly Tool[]): Promise<number> {
  const encoding = await import("gpt-tokenizer/encoding/o200k_base");
  const offered = tools.map(({ name, description, strict, parameters }) => ({
    type: "function",
    function: { name, description, strict, parameters },
  }));
  // A document may hold the text of a special token; it is text like any other.
  return encoding.countTokens(JSON.stringify(offered), { disallowedSpecial: new Set() });
}
