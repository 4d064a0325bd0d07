import { candidatesFor, type Definitions, describeSchema, resolve } from "./branches.ts";
import { decodeValue, nodeOf } from "./codec.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { checkRules, describeValue } from "./rules.ts";
import type { CodecNode, JsonSchema } from "./types.ts";

/** Arguments that may have one of several shapes. */
export const unions: Features = { union: decodeUnion };

export type DecodeUnion = typeof decodeUnion;

/** Takes the first branch that a value fits. */
function decodeUnion(
  value: unknown,
  rest: readonly JsonSchema[],
  codec: CodecNode,
  path: string,
  definitions: Definitions,
): unknown {
  const candidates = candidatesFor(value, rest, path, definitions);
  if (candidates.length === 0) {
    const expected = rest.map((branch) => describeSchema(resolve(branch, definitions))).join(", or ");
    throw new InvalidArgumentsError(path, `got ${describeValue(value)}; expected ${expected}`);
  }
  let problem: unknown;
  for (const index of candidates) {
    try {
      const branch = decodeValue(value, rest[index] as JsonSchema, nodeOf(codec.anyOf?.[index]), path, definitions);
      return checkRules(branch, codec.rules, path);
    } catch (error) {
      problem ??= error;
    }
  }
  throw problem;
}
