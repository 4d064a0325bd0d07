import type { AnySchema, EnumSchema, NumberSchema, ObjectSchema, Property, Schema, StringSchema } from "./api.ts";
import { asUnion } from "./union.ts";

/** What undeclared keys may hold where nothing at all is said of an object. By identity: `allOf` may say more. */
export const freeForm: AnySchema = { kind: "any" };

/** A union of more branches than this, made by multiplying unions, helps nobody. */
const MOST_BRANCHES = 32;

type Resolve = (schema: Schema) => Schema;

/** Whether a schema allows everything, so that merging it changes nothing but annotations. */
export function isAny(schema: Schema): schema is AnySchema {
  return schema.kind === "any" && schema.reason === undefined && schema.dangling === undefined;
}

/** Stands for a schema that no value fulfils. */
export function contradiction(reason: string): AnySchema {
  return { kind: "any", reason };
}

/** The schema of the values that fulfil both: what `allOf` means. */
export function merge(left: Schema, right: Schema, resolve: Resolve): Schema {
  if (left.kind === "any") return isAny(left) ? annotate(right, left, right) : left;
  if (right.kind === "any") return isAny(right) ? annotate(left, left, right) : right;
  if (left.kind === "ref" && right.kind === "ref" && left.target === right.target) return annotate(left, left, right);
  if (left.kind === "ref" || right.kind === "ref") return merge(resolve(left), resolve(right), resolve);
  if (left.kind === "union" || right.kind === "union") return mergeUnions(left, right, resolve);
  return annotate(mergeKinds(left, right, resolve), left, right);
}

function mergeKinds(left: Schema, right: Schema, resolve: Resolve): Schema {
  if (left.kind === "enum") return mergeEnum(left, right);
  if (right.kind === "enum") return mergeEnum(right, left);
  if (left.kind === "object" && right.kind === "object") return mergeObjects(left, right, resolve);
  if (left.kind === "string" && right.kind === "string") return mergeStrings(left, right);
  if (left.kind === "number" && right.kind === "number") return mergeNumbers(left, right);
  if (left.kind === "array" && right.kind === "array") {
    return {
      kind: "array",
      items: merge(left.items, right.items, resolve),
      ...tightest("minItems", Math.max, left, right),
      ...tightest("maxItems", Math.min, left, right),
      ...((left.uniqueItems || right.uniqueItems) && { uniqueItems: true }),
    };
  }
  if (left.kind === right.kind) return right;
  return contradiction(`it is ${article(left.kind)} and ${article(right.kind)} at once`);
}

function article(kind: string): string {
  return `${/^[aeo]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** `allOf` of a union distributes over its branches; those that cannot be are left out. */
function mergeUnions(left: Schema, right: Schema, resolve: Resolve): Schema {
  const lefts = left.kind === "union" ? left.branches : [left];
  const rights = right.kind === "union" ? right.branches : [right];
  if (lefts.length * rights.length > MOST_BRANCHES) return contradiction("it multiplies unions beyond measure");
  const branches = lefts.flatMap((one) => rights.map((other) => merge(one, other, resolve)));
  const possible = branches.filter((branch) => branch.kind !== "any" || branch.reason === undefined);
  if (possible.length === 0) return branches[0] as Schema;
  const union = left.kind === "union" ? left : right;
  const keepsTags = union.kind === "union" && possible.length === union.branches.length;
  return annotate(asUnion(possible, keepsTags ? union.discriminator : undefined), left, right);
}

function mergeEnum(left: EnumSchema, right: Schema): Schema {
  const values = left.values.filter((value) => allows(right, value));
  if (values.length === 0) return contradiction("none of its enum values is allowed");
  const labels = left.labels?.filter((_, index) => values.includes(left.values[index] as string));
  return { kind: "enum", values, ...(labels !== undefined && { labels }) };
}

function allows(schema: Schema, value: string | number | boolean): boolean {
  switch (schema.kind) {
    case "enum":
      return schema.values.includes(value);
    case "number":
      return schema.integer ? Number.isInteger(value) : typeof value === "number";
    case "string":
    case "boolean":
      return typeof value === schema.kind;
    default:
      return false;
  }
}

function mergeStrings(left: StringSchema, right: StringSchema): StringSchema {
  const patterns = [left.pattern, right.pattern].filter((pattern) => pattern !== undefined);
  const [pattern] = patterns;
  const format = right.format ?? left.format;
  return {
    kind: "string",
    ...(format !== undefined && { format }),
    ...(pattern !== undefined && { pattern }),
    ...(patterns.length === 2 && patterns[0] !== patterns[1] && { notes: [`also matches ${patterns[1]}`] }),
    ...tightest("minLength", Math.max, left, right),
    ...tightest("maxLength", Math.min, left, right),
  };
}

function mergeNumbers(left: NumberSchema, right: NumberSchema): NumberSchema {
  const format = right.format ?? left.format;
  return {
    kind: "number",
    integer: left.integer || right.integer,
    ...(format !== undefined && { format }),
    ...tightest("minimum", Math.max, left, right),
    ...tightest("maximum", Math.min, left, right),
    ...tightest("exclusiveMinimum", Math.max, left, right),
    ...tightest("exclusiveMaximum", Math.min, left, right),
    ...tightest("multipleOf", Math.max, left, right),
  };
}

function mergeObjects(left: ObjectSchema, right: ObjectSchema, resolve: Resolve): ObjectSchema {
  const properties = new Map<string, Property>(left.properties.map((property) => [property.name, property]));
  for (const property of right.properties) {
    const other = properties.get(property.name);
    properties.set(property.name, other === undefined ? property : mergeProperties(other, property, resolve));
  }
  const additional = mergeAdditional(left, right, resolve);
  const anyRequired = right.anyRequired ?? left.anyRequired;
  return {
    kind: "object",
    properties: [...properties.values()],
    ...(additional !== undefined && { additional }),
    ...tightest("minProperties", Math.max, left, right),
    ...tightest("maxProperties", Math.min, left, right),
    ...(anyRequired !== undefined && { anyRequired }),
  };
}

function mergeProperties(left: Property, right: Property, resolve: Resolve): Property {
  return {
    name: left.name,
    required: left.required || right.required,
    schema: merge(left.schema, right.schema, resolve),
    ...((left.readOnly || right.readOnly) && { readOnly: true }),
    ...((left.writeOnly || right.writeOnly) && { writeOnly: true }),
  };
}

/** An object of which nothing is said leaves it to the other whether there are more keys. */
function mergeAdditional(left: ObjectSchema, right: ObjectSchema, resolve: Resolve): Schema | undefined {
  if (left.additional === freeForm) return right.additional;
  if (right.additional === freeForm) return left.additional;
  if (left.additional === undefined || right.additional === undefined) return left.additional ?? right.additional;
  return merge(left.additional, right.additional, resolve);
}

function tightest<Key extends string>(
  key: Key,
  choose: (...values: number[]) => number,
  left: { readonly [K in Key]?: number },
  right: { readonly [K in Key]?: number },
): { readonly [K in Key]?: number } {
  const values = [left[key], right[key]].filter((value) => value !== undefined);
  return values.length === 0 ? {} : ({ [key]: choose(...values) } as { [K in Key]?: number });
}

/** Gives a merged schema the annotations of both sides; null is allowed where both allow it. */
function annotate(schema: Schema, left: Schema, right: Schema): Schema {
  const { nullable: _nullable, ...rest } = schema;
  const descriptions = [...new Set([left.description, right.description].filter((text) => text !== undefined))];
  const notes = [...new Set([...(left.notes ?? []), ...(right.notes ?? []), ...(schema.notes ?? [])])];
  const isNullable = (isAny(left) || left.nullable) && (isAny(right) || right.nullable);
  const value = right.default ?? left.default;
  const examples = right.examples ?? left.examples;
  return {
    ...rest,
    ...(descriptions.length > 0 && { description: descriptions.join("\n\n") }),
    ...(isNullable && { nullable: true }),
    ...(value !== undefined && { default: value }),
    ...(examples !== undefined && { examples }),
    ...(notes.length > 0 && { notes }),
  } as Schema;
}
