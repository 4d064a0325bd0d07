import type { Features } from "./features.ts";
import type { RunOptions } from "./kit-types.ts";
import { own } from "./own.ts";
import { findValue, type Wanted } from "./security.ts";
import type { Args } from "./serialize.ts";
import type { Route } from "./types.ts";

/** Arguments that the kit fills in. */
export const filledArgs: Features = { fill: fillArgs, addKeys };

export type FillArgs = typeof fillArgs;
export type AddKeys = typeof addKeys;

/**
 * Arguments with all that the kit fills in: injected values that were not given, and the credentials that are fields of
 * the body, which must not be told.
 */
async function fillArgs(
  { credentials = {}, injected = {} }: Pick<Route, "credentials" | "injected">,
  args: Args,
  options: RunOptions,
): Promise<{ readonly args: Args; readonly secrets: readonly string[] }> {
  const values: { [argument: string]: unknown } = {};
  for (const [argument, key] of Object.entries(injected)) {
    if (own(args, argument) !== undefined) continue;
    const value = await findValue(key, options.inject, options);
    if (value !== undefined) values[argument] = value;
  }
  const secrets: { [argument: string]: string } = {};
  for (const [scheme, { in: where, name }] of Object.entries(credentials)) {
    const value = where === "body" ? await findValue(scheme, options.auth, options) : undefined;
    if (value) secrets[name] = String(value);
  }
  return { args: { ...args, ...values, ...secrets }, secrets: Object.values(secrets) };
}

/** Adds the credentials that are parameters, but for those that are sent already. */
async function addKeys(
  wanted: Wanted[],
  values: ReadonlyMap<string, unknown>,
  { credentials = {} }: Pick<Route, "credentials">,
  options: RunOptions,
): Promise<void> {
  const sent = wanted.map(([name]) => name);
  for (const [scheme, { in: where, name }] of Object.entries(credentials)) {
    if (where === "body" || sent.includes(scheme)) continue;
    const value = values.get(scheme) ?? (await findValue(scheme, options.auth, options));
    if (value) wanted.push([scheme, { type: "apiKey", in: where, name }, value]);
  }
}
