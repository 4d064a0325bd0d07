import { isObject } from "./branches.ts";
import type { Operation, Parameter } from "./types.ts";

/** Makes a text safe for the place where it goes. */
export type Encode = (text: string) => string;

/** Natural arguments. */
export type Args = { readonly [argument: string]: unknown };

/** A name and a value. */
export type Pair = [name: string, value: string];

/** Percent-encodes all but RFC 3986's unreserved characters. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** For headers and the parts of a multipart body, which have no encoding. */
export function asIs(text: string): string {
  return text;
}

/** A value as text; `undefined` where there is nothing to send. */
export function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** An operation's parameters, by argument, with nothing left short. */
export function parametersOf({ parameters = {} }: Pick<Operation, "parameters">): [string, Parameter][] {
  return Object.entries(parameters).map(([argument, parameter]) => [
    argument,
    typeof parameter === "string" ? { in: parameter } : parameter,
  ]);
}

/** Whether a parameter is spelled in the usual way of its place. All else is a feature. */
export function isUsual({ in: place, style, mediaType, allowReserved }: Parameter, value: unknown): boolean {
  return !isObject(value) && place !== "cookie" && place !== "querystring" && !(style ?? mediaType ?? allowReserved);
}

/** Paths and headers: the elements of an array with commas between them. `undefined` where there is nothing to send. */
export function spellUsual(value: unknown, encode: Encode): string | undefined {
  const texts = textsOf(value);
  return texts.length === 0 ? undefined : texts.map(encode).join(",");
}

/** Queries: a pair for each element of an array. */
export function spellQuery(name: string, value: unknown, explode = true): Pair[] {
  const texts = textsOf(value).map(percentEncode);
  const values = explode || texts.length === 0 ? texts : [texts.join(",")];
  return values.map((text) => [percentEncode(name), text]);
}

/** What is null or undefined is left out. */
function textsOf(value: unknown): string[] {
  return [value]
    .flat()
    .map(toText)
    .filter((text) => text !== undefined);
}
