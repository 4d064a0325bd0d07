import { leansOnLast } from "./prose.ts";
import { cutText } from "./text.ts";

/** Characters that a description may have: in `plain` prose, and at most, for what is needed. */
export interface Room {
  readonly plain: number;
  readonly most: number;
}

/** Fewer characters of a sentence than this say nothing. */
const SCRAP = 40;

/** A sentence of so few characters, "The default is 10.", finds room behind the longest one. */
const BRIEF = 50;

/**
 * Whole sentences, as many as have room: all of it for the `leading` ones and for those that are needed, `plain` for
 * others. What is needed and has too little room is cut.
 */
export function fitSentences(
  sentences: readonly string[],
  leading: number,
  isNeeded: (sentence: string) => boolean,
  { plain, most }: Room,
): string {
  const all = sentences.join(" ");
  if (all.length <= plain || plain === most) return cutText(all, most);
  const needed = sentences.map((sentence, index) => index < leading || isNeeded(sentence));
  let kept = "";
  let isWhole = true;
  for (const [index, sentence] of sentences.entries()) {
    if (!isWhole && (!needed[index] || leansOnLast(sentence))) continue;
    // An item is none without its list.
    const own = isWhole ? sentence : sentence.replace(/^- /, "");
    const next = kept === "" ? own : `${kept} ${own}`;
    const limit = own.length <= BRIEF ? most + BRIEF : most;
    if (next.length <= (needed[index] ? limit : plain)) {
      kept = next;
      continue;
    }
    isWhole = false;
    const left = most - kept.length - 1;
    if (needed[index] && left >= SCRAP) kept = `${kept} ${cutText(own, left)}`.trim();
  }
  return kept;
}
