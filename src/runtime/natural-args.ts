import { describeSchema, isObject, join, typeOf } from "./branches.ts";
import { nodeOf } from "./codec.ts";
import { describeValue } from "./describe-value.ts";
import { checkEnum } from "./enum.ts";
import { InvalidArgumentsError } from "./errors.ts";
import { checkDepth } from "./json-text.ts";
import type { AnyExecutor } from "./kit-types.ts";
import { own } from "./own.ts";
import type { Codec, CodecNode, Codecs, JsonSchema } from "./types.ts";

interface Definitions {
  readonly schemas: { readonly [name: string]: JsonSchema };
  readonly codecs: Codecs;
  /** What is wrong with a value by a schema, `undefined` where nothing is: unions in unions would ask again and again. */
  readonly known: Map<JsonSchema, Map<unknown, unknown>>;
}

/**
 * Checks arguments that a person wrote: their names, what is required, types and enums. The API judges the rest.
 * `before` are those that the person saw: hooks may have added some that are no business of the model.
 * Throws `InvalidArgumentsError`.
 */
export function checkNatural({ tool, codec = {} }: AnyExecutor, args: unknown, before: unknown): void {
  const parameters: JsonSchema = tool.function.parameters;
  const { $defs, ...properties } = codec as { readonly [name: string]: Codec } & { readonly $defs?: Codecs };
  const schemas = (parameters.$defs ?? {}) as Definitions["schemas"];
  const definitions: Definitions = { schemas, codecs: $defs ?? {}, known: new Map() };
  const seen = Object.fromEntries(Object.keys(before ?? {}).map((name) => [name, {}]));
  const schema = { ...parameters, properties: { ...seen, ...propertiesOf(parameters) } };
  checkObject(checkDepth(args), schema, { properties }, "", definitions);
}

function checkValue(value: unknown, schema: JsonSchema, node: CodecNode, path: string, definitions: Definitions): void {
  const check = () => checkOnce(value, schema, node, path, definitions);
  const isSome = typeof value === "object" && value !== null;
  const problem = isSome ? knownProblem(value, schema, definitions, check) : problemOf(check);
  if (problem !== undefined) throw problem;
}

function knownProblem(value: object, schema: JsonSchema, { known }: Definitions, check: () => void): unknown {
  const problems = known.get(schema) ?? new Map<unknown, unknown>();
  known.set(schema, problems);
  if (!problems.has(value)) problems.set(value, problemOf(check));
  return problems.get(value);
}

function problemOf(check: () => void): unknown {
  try {
    check();
    return undefined;
  } catch (problem) {
    return problem;
  }
}

function checkOnce(value: unknown, schema: JsonSchema, node: CodecNode, path: string, definitions: Definitions): void {
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.slice("#/$defs/".length);
    const definition = own(definitions.schemas, name) ?? {};
    checkValue(value, definition, nodeOf(own(definitions.codecs, name)), path, definitions);
  } else if (Array.isArray(schema.anyOf)) checkUnion(value, schema.anyOf, node, path, definitions);
  else if (value !== null || ![schema.type].flat().includes("null")) {
    if (node.as === undefined) checkPlain(value, schema, node, path, definitions);
    else checkRespelt(value, schema, node, path, definitions);
  }
}

function checkPlain(value: unknown, schema: JsonSchema, node: CodecNode, path: string, definitions: Definitions): void {
  checkType(value, schema, path);
  if (isObject(value)) checkObject(value, schema, node, path, definitions);
  else if (Array.isArray(value)) {
    const { items = {} } = schema as { items?: JsonSchema };
    for (const [index, item] of value.entries())
      checkValue(item, items, nodeOf(node.items), `${path}[${index}]`, definitions);
  } else if (Array.isArray(schema.enum)) checkEnum(value, schema.enum, path);
}

/** What strict mode spells in another way. */
function checkRespelt(
  value: unknown,
  schema: JsonSchema,
  node: CodecNode,
  path: string,
  definitions: Definitions,
): void {
  switch (node.as) {
    case "json":
      checkType(value, node.type === undefined ? {} : { type: node.type }, path);
      break;
    case "map": {
      const entry = propertiesOf(schema.items as JsonSchema).value ?? {};
      const codec = nodeOf(nodeOf(node.items).properties?.value);
      checkType(value, { type: "object" }, path);
      for (const [key, each] of Object.entries(value as object))
        checkValue(each, entry, codec, join(path, key), definitions);
      break;
    }
    case "tuple":
      checkType(value, { type: "array" }, path);
      checkObject(toItems(value as unknown[]), schema, node, path, definitions);
      break;
    case "wrapper": {
      const [[key, inner] = ["", {}]] = Object.entries(propertiesOf(schema));
      checkValue(value, inner, nodeOf(node.properties?.[key]), path, definitions);
    }
  }
}

function propertiesOf({ properties = {} }: JsonSchema): { readonly [key: string]: JsonSchema } {
  return properties as { readonly [key: string]: JsonSchema };
}

function checkType(value: unknown, schema: JsonSchema, path: string): void {
  if (typeOf(value, schema) !== undefined) return;
  throw new InvalidArgumentsError(path, `got ${describeValue(value)}; expected ${describeSchema(schema)}`);
}

function toItems(values: readonly unknown[]): { readonly [key: string]: unknown } {
  return Object.fromEntries(values.map((value, index) => [`item_${index}`, value]));
}

/** One branch has to take it. */
function checkUnion(
  value: unknown,
  branches: readonly JsonSchema[],
  node: CodecNode,
  path: string,
  definitions: Definitions,
): void {
  const rest = branches.filter(({ type }) => type !== "null");
  if (value === null && rest.length < branches.length) return;
  if (node.clear !== undefined) rest.pop();
  const problems = rest.map((branch, index) =>
    problemOf(() =>
      checkValue(value, branch, rest.length === 1 ? node : nodeOf(node.anyOf?.[index]), path, definitions),
    ),
  );
  if (!problems.includes(undefined)) throw problems[0];
}

function checkObject(
  value: unknown,
  schema: JsonSchema,
  node: CodecNode,
  path: string,
  definitions: Definitions,
): void {
  checkType(value, { type: "object" }, path);
  const given = value as { readonly [key: string]: unknown };
  const { required = [] } = schema as { required?: readonly string[] };
  const names = new Set<string>();
  for (const [key, property] of Object.entries(propertiesOf(schema))) {
    const codec = nodeOf(node.properties && own(node.properties, key));
    if (key === node.rest) continue;
    const name = codec.name ?? key;
    names.add(name);
    if (own(given, name) !== undefined) checkValue(given[name], property, codec, join(path, name), definitions);
    else if (!codec.optional && required.includes(key))
      throw new InvalidArgumentsError(join(path, name), "is required, and missing");
  }
  if (schema.additionalProperties !== false || node.rest !== undefined) return;
  const unknown = Object.keys(given).find((key) => !names.has(key));
  if (unknown === undefined) return;
  const known = names.size === 0 ? "no arguments are taken" : `allowed: ${[...names].join(", ")}`;
  throw new InvalidArgumentsError(join(path, unknown), `is not known; ${known}`);
}
