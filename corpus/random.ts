import { sample, stringMatching } from "fast-check";

/** A source of numbers that is the same in every run. */
export interface Random {
  /** 0 ≤ n < `below`. */
  integer(below: number): number;
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T;
}

/** Numbers that depend on the text alone (mulberry32, seeded by FNV-1a). */
export function createRandom(seed: string): Random {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return { integer, pick: <T>(list: readonly T[]): T => list[integer(list.length)] as T };
}

const matching = new Map<string, readonly string[]>();

/** Some strings that fit a pattern, none where it cannot be read. */
export function stringsMatching(pattern: string): readonly string[] {
  const known = matching.get(pattern);
  if (known !== undefined) return known;
  const whole = compile(pattern);
  // The generator knows no look-around: without it there are more strings, of which some will do.
  const simple = pattern.replaceAll(/\(\?<?[=!](?:[^()[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\]|\((?:[^()\\]|\\.)*\))*\)/gu, "");
  const generator = compile(`^(?:${simple})$`);
  let strings: string[] = [];
  try {
    const numRuns = simple === pattern ? 60 : 1000;
    if (generator !== undefined) strings = sample(stringMatching(generator), { seed: 1, numRuns });
  } catch {
    // A construct that the generator does not know: then there are none.
  }
  const fitting = strings
    .filter((text) => whole?.test(text) && text.isWellFormed() && !/\p{Cc}/u.test(text))
    .slice(0, 60);
  matching.set(pattern, fitting);
  return fitting;
}

export function compile(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // The next flags.
    }
  }
  return undefined;
}
