import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { textPatterns } from "../../src/runtime/pattern.ts";
import { valueRules } from "../../src/runtime/rules.ts";
import type { ArgsCodec, Codec, CodecNode, JsonSchema, Rules } from "../../src/runtime/types.ts";

const ajv = new Ajv2020({ strict: false, ownProperties: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

type Values = { [key: string]: unknown };

interface Definitions {
  readonly schemas: { readonly [name: string]: JsonSchema };
  readonly codecs: { readonly [name: string]: Codec };
}

/** What does not belong to a schema: then it is another branch's. */
class Misfit extends Error {
  override name = "Misfit";
}

/** The inverse of `decode`: args as a model would have to write them. For tests alone. */
export function encode(parameters: JsonSchema, codec: ArgsCodec, args: object): Values {
  const definitions = { schemas: (parameters.$defs ?? {}) as Definitions["schemas"], codecs: codec.$defs ?? {} };
  return encodeObject(args, parameters, { properties: codec as Definitions["codecs"] }, definitions).value as Values;
}

/** A strict value, and how many properties of the natural one it has no place for. */
interface Encoded {
  readonly value: unknown;
  readonly lost: number;
}

function encodeValue(value: unknown, schema: JsonSchema, codec: CodecNode, definitions: Definitions): Encoded {
  if (!keepsRules(value, codec.rules)) throw new Misfit("a rule of the codec");
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.slice("#/$defs/".length);
    return encodeValue(value, definitions.schemas[name] as JsonSchema, nodeOf(definitions.codecs[name]), definitions);
  }
  if (Array.isArray(schema.anyOf)) return encodeUnion(value, schema.anyOf, codec, definitions);
  if (value === null && [schema.type].flat().includes("null")) return { value, lost: 0 };
  switch (codec.as) {
    case "json":
      if (codec.type === "object" && !isObject(value)) throw new Misfit("no object");
      if (codec.type === "array" && !Array.isArray(value)) throw new Misfit("no array");
      return { value: JSON.stringify(value), lost: 0 };
    case "map":
      return encodeArray(entriesOf(value), schema, codec, definitions);
    case "tuple":
      return encodeObject(itemsOf(value), schema, codec, definitions);
    case "wrapper": {
      const [key] = Object.keys(schema.properties as object) as [string];
      return encodeObject({ [key]: value }, schema, codec, definitions);
    }
    default:
      if (schema.type === "object") return encodeObject(value, schema, codec, definitions);
      if (schema.type === "array") return encodeArray(value, schema, codec, definitions);
      return { value, lost: 0 };
  }
}

/** The branch that takes the value and loses least of it. */
function encodeUnion(
  value: unknown,
  branches: readonly JsonSchema[],
  codec: CodecNode,
  definitions: Definitions,
): Encoded {
  const rest = branches.filter(({ type }) => type !== "null");
  if (value === null && rest.length < branches.length) return { value, lost: 0 };
  if (codec.clear !== undefined) rest.pop();
  const fitting = rest.flatMap((branch, index) => {
    const own = rest.length === 1 ? codec : nodeOf(codec.anyOf?.[index]);
    try {
      const encoded = encodeValue(value, branch, own, definitions);
      return validator(branch, definitions)(encoded.value) ? [encoded] : [];
    } catch (error) {
      if (error instanceof Misfit) return [];
      throw error;
    }
  });
  const [best] = fitting.sort((one, other) => one.lost - other.lost);
  if (best === undefined) throw new Misfit(`${JSON.stringify(value)} fits no branch of ${JSON.stringify(branches)}`);
  return best;
}

function encodeArray(values: unknown, schema: JsonSchema, codec: CodecNode, definitions: Definitions): Encoded {
  if (!Array.isArray(values)) throw new Misfit("no array");
  const items = values.map((value) => encodeValue(value, schema.items as JsonSchema, nodeOf(codec.items), definitions));
  return { value: items.map(({ value }) => value), lost: items.reduce((sum, { lost }) => sum + lost, 0) };
}

function encodeObject(value: unknown, schema: JsonSchema, codec: CodecNode, definitions: Definitions): Encoded {
  if (!isObject(value)) throw new Misfit("no object");
  const result: Values = {};
  const places = new Map(Object.entries(schema.properties as { [key: string]: JsonSchema }));
  const used = new Set<string>();
  let lost = 0;
  for (const [key, property] of places) {
    if (key === codec.rest) continue;
    const node = nodeOf(own(codec.properties, key));
    const name = node.name ?? key;
    used.add(name);
    const isLeftOut =
      !Object.hasOwn(value, name) || (node.optional && value[name] === null && node.clear === undefined);
    if (isLeftOut) {
      if (!node.optional) throw new Misfit(`${name} is missing`);
      if ((schema.required as string[]).includes(key)) define(result, key, null);
    } else if (value[name] === null && node.clear !== undefined) {
      define(result, key, { [node.clear]: "null" });
    } else {
      const encoded = encodeValue(value[name], property, node, definitions);
      lost += encoded.lost;
      define(result, key, encoded.value);
    }
  }
  const others = Object.fromEntries(Object.entries(value).filter(([name]) => !used.has(name)));
  if (codec.rest === undefined) return { value: result, lost: lost + Object.keys(others).length };
  const rest = encodeValue(
    others,
    places.get(codec.rest) as JsonSchema,
    nodeOf(own(codec.properties, codec.rest)),
    definitions,
  );
  if (Object.keys(others).length > 0) define(result, codec.rest, rest.value);
  else if ((schema.required as string[]).includes(codec.rest)) define(result, codec.rest, null);
  return { value: result, lost: lost + rest.lost };
}

function entriesOf(value: unknown): { key: string; value: unknown }[] {
  if (!isObject(value)) throw new Misfit("no map");
  return Object.entries(value).map(([key, entry]) => ({ key, value: entry }));
}

function itemsOf(value: unknown): Values {
  if (!Array.isArray(value)) throw new Misfit("no tuple");
  return Object.fromEntries(value.map((item, index) => [`item_${index}`, item]));
}

function keepsRules(value: unknown, rules: Rules | undefined): boolean {
  try {
    if (rules !== undefined) valueRules.rules?.(value, rules, "", textPatterns);
    return true;
  } catch {
    return false;
  }
}

const validators = new WeakMap<JsonSchema, ValidateFunction>();

function validator(schema: JsonSchema, { schemas }: Definitions): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile({ ...schema, $defs: schemas });
  validators.set(schema, validate);
  return validate;
}

function nodeOf(codec: Codec | undefined): CodecNode {
  return codec === "optional" ? { optional: true } : (codec ?? {});
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own<Value>(record: { readonly [key: string]: Value } | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function define(target: Values, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
