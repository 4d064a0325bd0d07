import { OptionsError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** Throws for the first name that is not known. */
export function checkNames(
  names: readonly string[],
  known: readonly string[],
  thereIsNone = "there is no tool",
  note = "",
): void {
  const all = new Set(known);
  const unknown = names.find((name) => !all.has(name));
  if (unknown === undefined) return;
  const match = nearest(unknown, known);
  const hint = match === undefined ? "" : `; did you mean ${match}?`;
  throw new OptionsError(`${thereIsNone} ${JSON.stringify(unknown)}${note}${hint}`);
}
