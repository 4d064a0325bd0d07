import { OptionsError } from "./errors.ts";

/** A timer that is to run longer ends at once. */
export const longestTimer = 2 ** 31 - 1;

/** What an option is, the least that it may be, and the most. One that is `undefined` was left out. */
export type Bounded = readonly [value: unknown, least: number, most?: number];

/** Throws for the first option that is no number within its bounds: `Number(process.env.LIMIT)` may be `NaN`. */
export function checkNumbers(options: { readonly [option: string]: Bounded }): void {
  for (const [option, [value, least, most = Infinity]] of Object.entries(options)) {
    if (value === undefined || (typeof value === "number" && value >= least && value <= most)) continue;
    throw new OptionsError(`${option}: got ${value}; it must be a number from ${least} to ${most}`);
  }
}
