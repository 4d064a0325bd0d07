import type { Features } from "./features.ts";

/** Texts of a pattern. */
export const textPatterns: Features = { pattern: matches };

const patterns = new Map<string, Matches | undefined>();

const longestChecked = 10_000;

/** Whether a pattern matches somewhere in a text. What cannot be told in good time does: the API checks it anyway. */
export function matches(text: string, pattern: string): boolean {
  if (text.length > longestChecked) return true;
  if (!patterns.has(pattern)) patterns.set(pattern, compilePattern(pattern));
  return patterns.get(pattern)?.(text) ?? true;
}

/** Whether a pattern matches somewhere in a text; `true` where it would take too long to say. */
export type Matches = (text: string) => boolean;

/** What a pattern goes through: at a state with a test it takes a character, at any other it goes on at once. */
interface State {
  readonly takes?: (character: string) => boolean;
  readonly holds?: (at: number, text: Text) => boolean;
  to: readonly number[];
}

/** A text that is being looked at, and how many steps may still be made. */
interface Text {
  readonly characters: readonly string[];
  steps: number;
}

/** Adds the states of a part in front of those that come after it, and tells the first. */
type Part = (next: number) => number;

const end = 0;
const mostStates = 5_000;
const stepsPerCharacter = 100;

/**
 * A regular expression that is followed in all ways at once, so that it takes no longer than the text is long: `RegExp`
 * tries one way after the other, and a pattern from anywhere may have more of them than there is time for. `undefined`
 * for what is no regular expression, and for what refers to what was matched before.
 */
export function compilePattern(pattern: string): Matches | undefined {
  for (const flags of ["u", ""]) {
    try {
      new RegExp(pattern, flags);
    } catch {
      // Many documents escape characters that `u` does not allow to be escaped.
      continue;
    }
    try {
      return readPattern(pattern, flags);
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function readPattern(pattern: string, flags: string): Matches {
  const token = new RegExp(tokens, `sy${flags}`);
  const states: State[] = [{ to: [] }];

  function add(state: State): number {
    if (states.length === mostStates) throw new RangeError("too many states");
    return states.push(state) - 1;
  }

  /** As far as the end of its group. */
  function readAlternatives(): Part {
    const alternatives: Part[][] = [[]];
    for (let found = token.exec(pattern); found !== null; found = token.exec(pattern)) {
      const [text] = found;
      if (text === ")") break;
      if (text === "|") alternatives.push([]);
      else alternatives.at(-1)?.push(readQuantified(readPart(text)));
    }
    return (next) => add({ to: alternatives.map((parts) => parts.reduceRight((to, part) => part(to), next)) });
  }

  function readPart(text: string): Part {
    if (unknown.test(text) || (flags === "" && unicode.test(text))) throw new SyntaxError("it cannot be followed");
    if (text === "(?=" || text === "(?!") return readLookahead(text === "(?=");
    if (text.startsWith("(")) return readAlternatives();
    if (text === "^") return assertion((at) => at === 0);
    if (text === "$") return assertion((at, { characters }) => at === characters.length);
    if (/^\\b$/i.test(text)) return assertion((at, { characters }) => isEdge(at, characters) === (text === "\\b"));
    return taking(text);
  }

  function readLookahead(isWanted: boolean): Part {
    const start = readAlternatives()(end);
    return assertion((at, whole) => follow(states, start, whole, at, true) === isWanted);
  }

  function assertion(holds: NonNullable<State["holds"]>): Part {
    return (next) => add({ holds, to: [next] });
  }

  function taking(text: string): Part {
    const one = new RegExp(`^(?:${text})$`, flags);
    const takes = /^[^\\.[]$/u.test(text) ? (character: string) => character === text : one.test.bind(one);
    return (next) => add({ takes, to: [next] });
  }

  function readQuantified(part: Part): Part {
    quantifier.lastIndex = token.lastIndex;
    const [all = "", sign, low, comma, high] = quantifier.exec(pattern) ?? [];
    if (sign === undefined) return part;
    token.lastIndex += all.length;
    const least = low === undefined ? Number(sign === "+") : Number(low);
    const most = low === undefined ? Number(sign === "?") : comma === undefined ? least : Number(high);
    const isEndless = low === undefined ? sign !== "?" : comma !== undefined && high === "";
    return (next) => {
      let to = isEndless ? loop(part, next) : next;
      if (!isEndless) for (let count = least; count < most; count++) to = add({ to: [part(to), next] });
      for (let count = 0; count < least; count++) to = part(to);
      return to;
    };
  }

  function loop(part: Part, next: number): number {
    const start = add({ to: [] });
    (states[start] as State).to = [part(start), next];
    return start;
  }

  const start = readAlternatives()(end);
  return (text) => {
    const characters = flags === "u" ? [...text] : text.split("");
    const steps = (characters.length + stepsPerCharacter) * stepsPerCharacter;
    try {
      return follow(states, start, { characters, steps }, 0, false);
    } catch (error) {
      if (error === tooLong) return true;
      throw error;
    }
  };
}

/** An escape, a set, the beginning of a group, or a single character. */
const tokens =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|0\d|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[!=]|:|<[A-Za-z_$][\w$]*>)?)?|./;

/** What refers to something before, or is read in several ways. */
const unknown = /^(?:\\(?:[1-9]|0\d|k|c$)|\(\?(?:<[!=])?$)/;
const unicode = /^\\(?:[pP]|u\{)/;
const quantifier = /([*+?]|\{(\d+)(,(\d*))?\})?\??/y;

const tooLong = new Error("it takes too long to say");

/** Whether a way leads from a state to the end, from a place in the text on or, unless it is `bound`, from any later one. */
function follow(states: readonly State[], start: number, text: Text, from: number, bound: boolean): boolean {
  const entered = [start];
  for (let at = from; ; at++) {
    const waiting: State[] = [];
    const seen = new Set<number>();
    for (let number = entered.pop(); number !== undefined; number = entered.pop()) {
      if (number === end) return true;
      if (seen.has(number)) continue;
      seen.add(number);
      if (--text.steps < 0) throw tooLong;
      const state = states[number] as State;
      if (state.takes !== undefined) waiting.push(state);
      else if (state.holds === undefined || state.holds(at, text)) entered.push(...state.to);
    }
    const character = text.characters[at];
    if (character === undefined) return false;
    for (const { takes, to } of waiting) if (takes?.(character)) entered.push(...to);
    if (!bound) entered.push(start);
    else if (entered.length === 0) return false;
  }
}

/** Whether a word begins or ends there. */
function isEdge(at: number, characters: readonly string[]): boolean {
  const isWord = (character = "") => /^\w$/.test(character);
  return isWord(characters[at - 1]) !== isWord(characters[at]);
}
