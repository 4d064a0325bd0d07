import { readFileSync } from "node:fs";

/** The version of fctool. It is read when it is asked for: most runs need none. */
export function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
