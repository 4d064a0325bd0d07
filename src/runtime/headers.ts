import { InvalidArgumentsError } from "./errors.ts";

/** Whether `fetch` takes a text as the value of a header. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

/** Throws `InvalidArgumentsError` for a text that is none. */
export function checkHeader(text: string, argument: string): string {
  if (isHeaderValue(text)) return text;
  throw new InvalidArgumentsError(argument, "it must be one line of Latin characters, as a header");
}
