interface Atom {
  readonly text: string;
  readonly min: number;
  readonly max: number;
  /** Of a group. */
  readonly alternatives?: readonly Sequence[];
}

type Sequence = readonly Atom[];

const token =
  /(?<escape>\\(?:[pPu]\{[^}]*\}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|.))|(?<set>\[(?:\\.|[^\]\\])*\])|(?<open>\((?:\?(?:<?[=!]|:|<[A-Za-z_$][\w$]*>))?)|(?<mark>[|)])|./gsu;
const quantifier = /([*+?]|\{(\d+)(,(\d*))?\})?\??/y;
const many = 10;

/**
 * Whether a pattern repeats what repeats itself, as `(a+)+` does: texts that nearly match it can take forever then. Finds
 * the groups in which nothing else is needed, and those that end as they begin.
 */
export function backtracks(pattern: string): boolean {
  interface Open {
    readonly start: number;
    readonly alternatives: Atom[][];
  }
  let current: Open = { start: 0, alternatives: [[]] };
  const outer: Open[] = [];
  token.lastIndex = 0;
  for (let found = token.exec(pattern); found !== null; found = token.exec(pattern)) {
    const { open, mark } = found.groups ?? {};
    if (open !== undefined) {
      outer.push(current);
      current = { start: found.index, alternatives: [[]] };
      continue;
    }
    if (mark === "|") {
      current.alternatives.push([]);
      continue;
    }
    let { start, alternatives }: { start: number; alternatives?: Atom[][] } = { start: found.index };
    if (mark === ")") {
      ({ start, alternatives } = current);
      current = outer.pop() ?? { start: 0, alternatives: [[]] };
    }
    const text = pattern.slice(start, token.lastIndex);
    const atom = { text, ...readQuantifier(pattern), ...(alternatives && { alternatives }) };
    if (atom.max > many && alternatives?.some(isAmbiguous)) return true;
    current.alternatives.at(-1)?.push(atom);
  }
  return false;
}

/** How often the atom before comes. Goes on after it. */
function readQuantifier(pattern: string): { min: number; max: number } {
  quantifier.lastIndex = token.lastIndex;
  const [all = "", sign, low, comma, high] = quantifier.exec(pattern) ?? [];
  token.lastIndex += sign === undefined ? 0 : all.length;
  if (sign === undefined) return { min: 1, max: 1 };
  if (low === undefined) return { min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Number.POSITIVE_INFINITY };
  return { min: Number(low), max: comma === undefined ? Number(low) : high ? Number(high) : Number.POSITIVE_INFINITY };
}

/** Whether a sequence, repeated, can match one text in ever so many ways. */
function isAmbiguous(sequence: Sequence): boolean {
  const [first] = sequence;
  const last = sequence.at(-1);
  if (first === undefined || last === undefined) return false;
  if (first === last && first.max === 1 && first.alternatives?.some(isAmbiguous)) return true;
  const needed = sequence.filter(({ min }) => min > 0);
  if (needed.length <= 1 && needed.every(isUnbounded) && sequence.some(isUnbounded)) return true;
  return first !== last && first.text === last.text && isUnbounded(first) && isUnbounded(last);
}

function isUnbounded({ max }: Atom): boolean {
  return max === Number.POSITIVE_INFINITY;
}
