import { InvalidArgumentsError } from "./errors.ts";
import type { Pair } from "./serialize.ts";

/** Refuses an object with a key that the API would read as another parameter. Names may be encoded. */
export function refuseShadows(
  pairs: readonly Pair[],
  name: string,
  others: Iterable<string>,
  argument: string,
): readonly Pair[] {
  const taken = new Set([...others].filter((other) => other !== name).map(fold));
  for (const [encoded] of pairs) {
    const key = decode(encoded);
    if (key !== name && readings(key, name).some((reading) => taken.has(fold(reading)))) {
      throw new InvalidArgumentsError(argument, `the key ${JSON.stringify(key)} is the name of another parameter`);
    }
  }
  return pairs;
}

/** What servers take for the name: some end it at a bracket, and some split it further. */
function readings(key: string, name: string): string[] {
  if (key.startsWith(`${name}[`)) return [key];
  return [key, ...key.split(/[&;=]/).flatMap((part) => part.split("[", 1))];
}

/** Some servers take these for the same. */
function fold(name: string): string {
  return name.trim().toLowerCase().replace(/[. ]/g, "_");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
