import { describeValue } from "./describe-value.ts";
import { InvalidArgumentsError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** Throws `InvalidArgumentsError` for a value that is not one of these. */
export function checkEnum(value: unknown, allowed: readonly unknown[], path: string): void {
  if (allowed.includes(value)) return;
  const shown = allowed.length > 20 ? [...allowed.slice(0, 20), "…"] : allowed;
  const match = typeof value === "string" ? nearest(value, allowed.map(String)) : undefined;
  const problem = `got ${describeValue(value)}; allowed: ${shown.join(", ")}`;
  throw new InvalidArgumentsError(path, problem, match && `did you mean ${match}?`);
}
