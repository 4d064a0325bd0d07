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
  /** Whether it is one change wherever else the same is found, in other tools and places. */
  readonly isShared?: boolean;
}

export function say(felt: Finding["felt"], before: string, place = "", after = ""): Finding {
  return { felt, before, place, after };
}

/** What has one cause, in whichever tools and places it shows. */
export function sayOnce(felt: Finding["felt"], before: string, place: string, after = ""): Finding {
  return { felt, before, place, after, isShared: true };
}
