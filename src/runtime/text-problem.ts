import { type Features, needed } from "./features.ts";
import type { Rules } from "./types.ts";

/** What is wrong with the length of a text, or its pattern. */
export function textProblem(
  value: string,
  { minLength, maxLength, pattern }: Rules,
  features: Features,
): string | undefined {
  // JSON Schema counts characters (code points), not UTF-16 units.
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (minLength !== undefined && length < minLength) return `at least ${minLength} characters are needed`;
  if (maxLength !== undefined && length > maxLength) return `at most ${maxLength} characters are allowed`;
  if (pattern !== undefined && !needed(features, "pattern")(value, pattern)) return `it must match ${pattern}`;
  return undefined;
}
