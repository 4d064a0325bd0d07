import { type Definitions, describeSchema, isObject, join, typeOf } from "./branches.ts";
import { describeValue } from "./describe-value.ts";
import { checkEnum } from "./enum.ts";
import { InvalidArgumentsError } from "./errors.ts";
import { type Features, needed } from "./features.ts";
import { nearest } from "./nearest.ts";
import { own } from "./own.ts";
import type { ArgsCodec, Codec, CodecNode, Codecs, JsonSchema, Rules } from "./types.ts";

/**
 * Checks a model's arguments against the schema of their tool and brings them into their natural form, in one walk.
 * Throws `InvalidArgumentsError` with the first thing that the model has to mend.
 */
export function decode(
  parameters: JsonSchema,
  codec: ArgsCodec = {},
  args: unknown,
  features: Features,
): Record<string, unknown> {
  const definitions: Definitions = {
    schemas: (parameters.$defs ?? {}) as Record<string, JsonSchema>,
    codecs: codec.$defs ?? {},
    features,
  };
  const decoded = decodeObject(args ?? {}, parameters, { properties: codec as Codecs }, "", definitions);
  checkRules(decoded, codec.$rules, "", definitions);
  return decoded;
}

const identity: CodecNode = {};
const optional: CodecNode = { optional: true };

export function nodeOf(codec: Codec | undefined): CodecNode {
  return codec === undefined ? identity : codec === "optional" ? optional : codec;
}

export function decodeValue(
  value: unknown,
  schema: JsonSchema,
  codec: CodecNode,
  path: string,
  definitions: Definitions,
): unknown {
  const { features } = definitions;
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.slice("#/$defs/".length);
    return decodeValue(value, definitions.schemas[name] ?? {}, nodeOf(definitions.codecs[name]), path, definitions);
  }
  if (Array.isArray(schema.anyOf)) return decodeUnion(value, schema.anyOf, codec, path, definitions);

  const type = typeOf(value, schema);
  if (type === undefined) {
    throw new InvalidArgumentsError(path, `got ${describeValue(value)}; expected ${describeSchema(schema)}`);
  }
  if (type === "null") return null;
  if (isBounded(schema)) needed(features, "bounds")(value, schema, path, features);
  let natural = value;
  if (type === "object") natural = decodeObject(value, schema, codec, path, definitions);
  else if (type === "array") {
    const items = (schema.items ?? {}) as JsonSchema;
    const itemCodec = nodeOf(codec.items);
    const decodeItem = (item: unknown, index: number) =>
      decodeValue(item, items, itemCodec, `${path}[${index}]`, definitions);
    natural = (value as unknown[]).map(decodeItem);
  } else {
    if (type === "string") checkFormat(value as string, schema, path, features);
    if (type === "number") checkDigits(value as number, schema, path);
    if (Array.isArray(schema.enum)) checkEnum(value, schema.enum, path);
  }
  if (codec.as !== undefined) natural = needed(features, "respell")(natural, codec.as, codec.type, path);
  checkRules(natural, codec.rules, path, definitions);
  return natural;
}

/** Whether a schema asks for more than a type, a format and one of some values. */
function isBounded(schema: JsonSchema): boolean {
  for (const keyword in schema) if (bound.test(keyword)) return true;
  return false;
}

const bound = /^(?:pattern$|multipleOf|min|max|exclusive)/;

function decodeUnion(
  value: unknown,
  branches: readonly JsonSchema[],
  codec: CodecNode,
  path: string,
  definitions: Definitions,
): unknown {
  const rest = branches.filter((branch) => branch.type !== "null");
  if (value === null && rest.length < branches.length) return null;
  if (codec.clear !== undefined) {
    // `{"set_to": "null"}` is the spelling of a null that is sent.
    if (isObject(value) && value[codec.clear] === "null" && Object.keys(value).length === 1) return null;
    rest.pop();
  }
  const [only] = rest;
  if (rest.length === 1 && only !== undefined) return decodeValue(value, only, codec, path, definitions);
  return needed(definitions.features, "union")(value, rest, codec, path, definitions);
}

function decodeObject(
  value: unknown,
  schema: JsonSchema,
  codec: CodecNode,
  path: string,
  definitions: Definitions,
): Record<string, unknown> {
  if (!isObject(value)) {
    throw new InvalidArgumentsError(path, `got ${describeValue(value)}; expected an object`);
  }
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = schema.required as readonly string[] | undefined;
  // Its keys may be called anything, `__proto__` too.
  const result = new Map<string, unknown>();

  for (const [key, property] of Object.entries(properties)) {
    const node = nodeOf(codec.properties && own(codec.properties, key));
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (node.optional && (given === null || given === undefined)) continue;
    if (given === undefined) {
      if (required?.includes(key)) throw new InvalidArgumentsError(join(path, key), "is required, and missing");
      continue;
    }
    const decoded = decodeValue(given, property, node, join(path, key), definitions);
    if (codec.rest === key)
      needed(definitions.features, "spread")(result, decoded as Record<string, unknown>, join(path, key));
    else result.set(node.name ?? key, decoded);
  }

  const additional = schema.additionalProperties;
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(properties, key)) continue;
    if (additional === false) throw unknownKey(join(path, key), key, Object.keys(properties));
    const decoded = isObject(additional)
      ? decodeValue(value[key], additional, identity, join(path, key), definitions)
      : value[key];
    result.set(key, decoded);
  }
  return Object.fromEntries(result);
}

function unknownKey(path: string, key: string, known: readonly string[]): InvalidArgumentsError {
  const match = nearest(key, known);
  const allowed = known.length === 0 ? "no arguments are taken" : `allowed: ${known.join(", ")}`;
  return new InvalidArgumentsError(path, `is not known; ${allowed}`, match && `did you mean ${match}?`);
}

export function checkRules(value: unknown, rules: Rules | undefined, path: string, { features }: Definitions): void {
  if (rules !== undefined) needed(features, "rules")(value, rules, path, features);
}

function checkFormat(value: string, { format }: JsonSchema, path: string, features: Features): void {
  if (typeof format === "string" && !needed(features, "format")(value, format)) {
    throw new InvalidArgumentsError(path, `got ${describeValue(value)}; expected the format ${format}`);
  }
}

/** Past 2^53 - 1 the digits that came are no longer the digits that would be sent, and for `1e999` none would be. */
function checkDigits(value: number, { type }: JsonSchema, path: string): void {
  if (!Number.isFinite(value)) throw new InvalidArgumentsError(path, "the number is too large");
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && [type].flat().includes("integer")) {
    throw new InvalidArgumentsError(path, `got ${value}; integers past 9007199254740991 cannot be passed exactly`);
  }
}
