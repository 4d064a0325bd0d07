/** The candidate that the word was probably meant to be: about a third of its letters may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word);
  let best: string | undefined;
  let least = Math.round(wanted.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Case and separators are what models get wrong first, so they do not count. */
function fold(word: string): string {
  return word
    .slice(0, 200)
    .toLowerCase()
    .replace(/[\s_.-]+/g, "");
}

/** Letters to insert, remove, replace or swap with their neighbour. From `limit` on they are not counted to the end. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = [...Array(to.length + 1).keys()];
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const replaced = (last[column - 1] as number) + (isSame ? 0 : 1);
      const swapped = isSwapped ? (beforeLast[column - 2] as number) + 1 : limit;
      current.push(Math.min((last[column] as number) + 1, (current[column - 1] as number) + 1, replaced, swapped));
    }
    if (Math.min(...current) >= limit) return limit;
    [beforeLast, last] = [last, current];
  }
  return last.at(-1) as number;
}
