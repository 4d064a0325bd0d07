/** The middle of some numbers, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return sorted.length === 0 ? Number.NaN : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** How many times as much as `base`, pair by pair. */
export function ratio(numbers: readonly number[], base: readonly number[]): number {
  return median(numbers.slice(0, base.length).map((number, index) => number / (base[index] as number)));
}
