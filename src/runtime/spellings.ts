import { isObject } from "./branches.ts";
import { describeValue } from "./describe-value.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { parseJsonText } from "./json-text.ts";
import { put } from "./own.ts";
import type { CodecNode } from "./types.ts";

/** Arguments that strict mode spells in another way: maps, tuples, JSON text. */
export const spellings: Features = { respell, spread };

export type Respell = typeof respell;

/** Undoes the spelling that strict mode made necessary. */
function respell(value: unknown, as: NonNullable<CodecNode["as"]>, type: CodecNode["type"], path: string): unknown {
  switch (as) {
    case "json":
      return parseJson(value as string, type, path);
    case "map":
      return fromEntries(value as readonly { key: string; value: unknown }[], path);
    case "tuple":
      return Object.values(value as object);
    case "wrapper":
      return Object.values(value as object)[0];
  }
}

function parseJson(text: string, type: CodecNode["type"], path: string): unknown {
  const value = parseJsonText(text, path);
  if ((type === "object" && !isObject(value)) || (type === "array" && !Array.isArray(value))) {
    throw new InvalidArgumentsError(path, `got JSON text of ${describeValue(value)}; expected that of an ${type}`);
  }
  return value;
}

function fromEntries(entries: readonly { key: string; value: unknown }[], path: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { key, value } of entries) {
    if (Object.hasOwn(result, key)) throw new InvalidArgumentsError(path, `has the key ${JSON.stringify(key)} twice`);
    put(result, key, value);
  }
  return result;
}

/** Puts entries beside declared properties. */
function spread(target: Map<string, unknown>, entries: Record<string, unknown>, path: string): void {
  for (const [key, value] of Object.entries(entries)) {
    if (target.has(key)) {
      throw new InvalidArgumentsError(path, `has the key ${JSON.stringify(key)}, which has an argument of its own`);
    }
    target.set(key, value);
  }
}
