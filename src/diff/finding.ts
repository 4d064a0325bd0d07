/**
 * Who feels a change. `code`: it stops compiling. `model`: what it is used to fails. `risk`: calls can do more harm than
 * before. `nobody`: all goes on as it was.
 */
export type Felt = "code" | "model" | "risk" | "nobody";

/** What is found about one tool: a sentence, of which the tool is the subject. */
export interface Finding {
  /** Those who feel it, the first the most. */
  readonly felt: readonly [Felt, ...Felt[]];
  readonly before: string;
  /** What the sentence is about. Sentences that differ in this alone become one. */
  readonly place: string;
  readonly after: string;
}

export function say(felt: Finding["felt"], before: string, place = "", after = ""): Finding {
  return { felt, before, place, after };
}
