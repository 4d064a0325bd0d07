import { candidatesFor, type Definitions, describeSchema, resolve } from "./branches.ts";
import { checkRules, decodeValue, nodeOf } from "./codec.ts";
import { describeValue } from "./describe-value.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { CodecNode, JsonSchema } from "./types.ts";

/** Arguments that may have one of several shapes. */
export const unions: Features = { union: decodeUnion };

export type DecodeUnion = typeof decodeUnion;

type Decoded = { readonly value: unknown } | { readonly problem: unknown };

/** What branches made of values in one walk: unions in unions would ask for it again and again. */
const walks = new WeakMap<Definitions, Map<JsonSchema, Map<unknown, Decoded>>>();

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
    const expected = rest.map((branch) => describeBranch(resolve(branch, definitions))).join(", or ");
    throw new InvalidArgumentsError(path, `got ${describeValue(value)}; expected ${expected}`);
  }
  let problem: unknown;
  for (const index of candidates) {
    try {
      const branch = decodeBranch(value, rest[index] as JsonSchema, nodeOf(codec.anyOf?.[index]), path, definitions);
      checkRules(branch, codec.rules, path, definitions);
      return branch;
    } catch (error) {
      problem ??= error;
    }
  }
  throw problem;
}

/** Objects are told apart by their first key. */
function describeBranch(schema: JsonSchema): string {
  const [firstKey] = Object.keys(schema.properties ?? {});
  const isObject = schema.type === "object" && firstKey !== undefined;
  return isObject ? `an object that begins with ${firstKey}` : describeSchema(schema);
}

function decodeBranch(
  value: unknown,
  schema: JsonSchema,
  node: CodecNode,
  path: string,
  definitions: Definitions,
): unknown {
  const walk = walks.get(definitions) ?? new Map<JsonSchema, Map<unknown, Decoded>>();
  walks.set(definitions, walk);
  const known = walk.get(schema) ?? new Map<unknown, Decoded>();
  walk.set(schema, known);
  const decoded = known.get(value) ?? attempt(() => decodeValue(value, schema, node, path, definitions));
  // Texts and numbers are the same at many places.
  if (typeof value === "object" && value !== null) known.set(value, decoded);
  if ("problem" in decoded) throw decoded.problem;
  return decoded.value;
}

function attempt(decode: () => unknown): Decoded {
  try {
    return { value: decode() };
  } catch (problem) {
    return { problem };
  }
}
