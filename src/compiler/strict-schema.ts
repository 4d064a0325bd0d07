import type { Codec, CodecNode, JsonSchema } from "../runtime/types.ts";
import type { Schema } from "./api.ts";

/** A strict schema and the way back from its values, made in one walk so that they cannot drift apart. */
export interface Lowered {
  readonly schema: JsonSchema;
  readonly codec: CodecNode;
}

/** Keeps, out of the sight of JSON, which schema a part of a strict schema was made for. */
const ORIGIN: unique symbol = Symbol("origin");

/** Marks a part of a strict schema; the first mark stays. */
export function withOrigin(schema: JsonSchema, origin: Schema): JsonSchema {
  if (ORIGIN in schema) return schema;
  const base = baseOf(schema);
  if (base !== undefined) return described(withOrigin(base, origin), schema.description as string);
  return { ...schema, [ORIGIN]: origin } as JsonSchema;
}

/** The schema that a part of a strict schema was made for. */
export function originOf(part: object): Schema | undefined {
  return (part as { readonly [ORIGIN]?: Schema })[ORIGIN];
}

// ------------------------------------------------------------ objects

/** An object of these properties and no others; all are required unless a list says otherwise. */
export function closedObject(
  properties: readonly (readonly [string, JsonSchema])[],
  required: readonly string[] = properties.map(([key]) => key),
): JsonSchema {
  return { type: "object", properties: fromEntries(properties), required, additionalProperties: false };
}

/** Like `Object.fromEntries`; both make own properties of any key. */
function fromEntries<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries(entries);
}

/** The codecs of an object's properties, where they say anything. */
export function propertyCodecs(codecs: readonly (readonly [string, CodecNode])[]): {
  readonly properties?: Record<string, Codec>;
} {
  const telling = codecs.filter(([, codec]) => !isIdentity(codec));
  return telling.length === 0 ? {} : { properties: fromEntries(telling.map(([key, codec]) => [key, shorten(codec)])) };
}

/** Whether a codec changes nothing. */
export function isIdentity(codec: CodecNode): boolean {
  return Object.keys(codec).length === 0;
}

/** `{ optional: true }` is written `"optional"`. */
export function shorten(codec: CodecNode): Codec {
  return codec.optional && Object.keys(codec).length === 1 ? "optional" : codec;
}

/** What comparisons at the end of a name are called where the signs cannot stand: `date<=` → `date_lte`. */
const comparisons: Readonly<Record<string, string>> = {
  "<": "_lt",
  ">": "_gt",
  "<=": "_lte",
  ">=": "_gte",
  "!=": "_ne",
};

/** Keys that every provider takes: `filter[id]` → `filter_id`. */
export function strictKeys(names: readonly string[]): readonly string[] {
  const taken = new Set(names.filter(isStrictKey));
  return names.map((name) => {
    if (isStrictKey(name)) return name;
    const base =
      name
        .replace(/(?<=^[\w.-]+)(?:[<>]=?|!=)$/, (sign) => comparisons[sign] as string)
        .replaceAll(/[^a-zA-Z0-9_-]+/g, "_")
        .replaceAll(/^_+|_+$/g, "")
        .slice(0, 56) || "field";
    let key = base;
    for (let count = 2; taken.has(key); count++) key = `${base}_${count}`;
    taken.add(key);
    return key;
  });
}

function isStrictKey(name: string): boolean {
  return /^[a-zA-Z0-9_-]{1,64}$/.test(name);
}

// ------------------------------------------------------------ null, descriptions, branches

const NULL: JsonSchema = { type: "null" };

/** Keeps, like the origin, which schema another one is, save for its description. */
const BASE: unique symbol = Symbol("base");

/** The description comes last, where a reader expects it; nothing may stand beside a `$ref`. */
export function described(schema: JsonSchema, description: string | undefined): JsonSchema {
  if (description === undefined) return schema;
  if ("$ref" in schema) return { anyOf: [schema], description };
  return { ...schema, description, [BASE]: schema } as JsonSchema;
}

const bare = new WeakMap<JsonSchema, JsonSchema>();

/** The schema without its description: the same object for the same schema. */
export function undescribed(schema: JsonSchema): JsonSchema {
  if (schema.description === undefined) return schema;
  const known = bare.get(schema) ?? baseOf(schema) ?? withoutDescription(schema);
  bare.set(schema, known);
  return known;
}

function withoutDescription({ description: _description, ...rest }: JsonSchema): JsonSchema {
  return rest;
}

/** What a schema is, save for its description; `undefined` where that is no other object. */
export function baseOf(schema: JsonSchema): JsonSchema | undefined {
  const base = (schema as { readonly [BASE]?: JsonSchema })[BASE];
  return base !== undefined && Object.keys(base).every((key) => base[key] === schema[key]) ? base : undefined;
}

/** The schema, or null. */
export function withNull(schema: JsonSchema): JsonSchema {
  const { description } = schema;
  const rest = undescribed(schema);
  const { type } = rest;
  const isScalar = ["string", "number", "integer", "boolean"].includes(type as string);
  if (type === "null") return schema;
  if (isScalar && rest.enum === undefined) return described({ ...rest, type: [type, "null"] }, description as string);
  if (Array.isArray(type)) return described({ ...rest, type: [...type, "null"] }, description as string);
  return withBranch(schema, NULL);
}

/** The schema, or one more. */
export function withBranch(schema: JsonSchema, branch: JsonSchema): JsonSchema {
  const { description } = schema;
  const rest = undescribed(schema);
  const branches = Array.isArray(rest.anyOf) ? rest.anyOf : [rest];
  return described({ anyOf: [...branches, branch] }, description as string | undefined);
}

// ------------------------------------------------------------ definitions

/** The characters of a reference beside its name. */
const REFERENCE = JSON.stringify({ $ref: "#/$defs/" }).length;

/** Nobody wants a definition to save fewer characters than this. */
const WORTHWHILE = 40;

export function referenceLength(name: string): number {
  return REFERENCE + name.length;
}

/** Whether something of that many characters is shorter as a definition, where so many places refer to it. */
export function isShorterDefined(length: number, uses: number, name: string): boolean {
  return uses * (length - referenceLength(name)) >= length + name.length + WORTHWHILE;
}
