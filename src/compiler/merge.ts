import type {
  EnumSchema,
  NumberSchema,
  ObjectSchema,
  Property,
  RefSchema,
  Schema,
  StringSchema,
  TupleSchema,
} from "./api.ts";
import { contradiction, freeForm, isAny } from "./extremes.ts";
import { asUnion } from "./union.ts";

/** A union of more branches than this, made by multiplying unions, helps nobody. */
const MOST_BRANCHES = 32;

/** Follows the references of schemas that are merged. */
export interface Resolver {
  /** The schema itself, or what its references lead to. */
  resolve(schema: Schema): Schema;
  /** A reference to what fulfils both: circles of schemas that are merged property by property end in it. */
  join(left: RefSchema, right: RefSchema): Schema;
}

/** The schema of the values that fulfil both: what `allOf` means. */
export function merge(left: Schema, right: Schema, resolver: Resolver): Schema {
  if (left.kind === "any") return isAny(left) ? annotate(right, left, right) : left;
  if (right.kind === "any") return isAny(right) ? annotate(left, left, right) : right;
  if (left.kind === "ref" && right.kind === "ref" && left.target === right.target) return annotate(left, left, right);
  if (left.kind === "ref" && isAnyObject(right) && isObject(left, resolver)) return annotate(left, left, right);
  if (right.kind === "ref" && isAnyObject(left) && isObject(right, resolver)) return annotate(right, left, right);
  if (left.kind === "ref" || right.kind === "ref")
    return merge(resolver.resolve(left), resolver.resolve(right), resolver);
  if (left.kind === "union" || right.kind === "union") return mergeUnions(left, right, resolver);
  return annotate(mergeKinds(left, right, resolver), left, right);
}

/** `type: object` alone: it says nothing that an object does not say better. */
function isAnyObject(schema: Schema): boolean {
  return (
    schema.kind === "object" &&
    schema.additional === freeForm &&
    Object.keys(schema).length === 3 &&
    schema.properties.length === 0
  );
}

/** Whether a schema is of objects; one that is being read is taken for one. */
function isObject(schema: Schema, resolver: Resolver): boolean {
  const resolved = resolver.resolve(schema);
  if (resolved.kind === "union") return resolved.branches.every((branch) => isObject(branch, resolver));
  return resolved.kind === "object" || (resolved.kind === "any" && resolved.reason !== undefined);
}

function mergeKinds(left: Schema, right: Schema, resolver: Resolver): Schema {
  if (left.kind === "enum") return mergeEnum(left, right);
  if (right.kind === "enum") return mergeEnum(right, left);
  if (left.kind === "object" && right.kind === "object") return mergeObjects(left, right, resolver);
  if (left.kind === "string" && right.kind === "string") return mergeStrings(left, right);
  if (left.kind === "number" && right.kind === "number") return mergeNumbers(left, right);
  if (left.kind === "array" && right.kind === "array") {
    return {
      kind: "array",
      items: mergeInside(left.items, right.items, resolver),
      ...tightest("minItems", Math.max, left, right),
      ...tightest("maxItems", Math.min, left, right),
      ...((left.uniqueItems || right.uniqueItems) && { uniqueItems: true }),
    };
  }
  if (left.kind === "tuple" && right.kind === "tuple") return mergeTuples(left, right, resolver);
  if (left.kind === right.kind) return right;
  return contradiction(`it is ${article(left.kind)} and ${article(right.kind)} at once`);
}

/** Of tuples the longer one says what comes after the shorter one. */
function mergeTuples(left: TupleSchema, right: TupleSchema, resolver: Resolver): Schema {
  const [longer, shorter] = left.items.length < right.items.length ? [right, left] : [left, right];
  const items = longer.items.map((item, index) => {
    const other = shorter.items[index];
    return other === undefined ? item : merge(item, other, resolver);
  });
  return { kind: "tuple", items };
}

function article(kind: string): string {
  return `${/^[aeo]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** `allOf` of a union distributes over its branches; those that cannot be are left out. */
function mergeUnions(left: Schema, right: Schema, resolver: Resolver): Schema {
  const lefts = left.kind === "union" ? left.branches : [left];
  const rights = right.kind === "union" ? right.branches : [right];
  if (lefts.length > 1 && rights.length > 1 && lefts.length * rights.length > MOST_BRANCHES)
    return contradiction("it multiplies unions beyond measure");
  const branches = lefts.flatMap((one) => rights.map((other) => merge(one, other, resolver)));
  const possible = branches.filter((branch) => branch.kind !== "any" || branch.reason === undefined);
  if (possible.length === 0) return branches[0] as Schema;
  const union = left.kind === "union" ? left : right;
  const isOne = lefts.length === 1 || rights.length === 1;
  const discriminator = isOne && union.kind === "union" ? union.discriminator : undefined;
  if (discriminator === undefined) return annotate(asUnion(possible), left, right);
  const values = discriminator.values.filter((_, index) => possible.includes(branches[index] as Schema));
  return annotate(asUnion(possible, { ...discriminator, values }), left, right);
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
      return typeof value === "number" && isInBounds(schema, value);
    case "string":
      return typeof value === "string" && hasLength(schema, value);
    case "boolean":
      return typeof value === "boolean";
    case "any":
      return true;
    case "null":
    case "file":
    case "array":
    case "tuple":
    case "object":
    case "union":
    case "ref":
      return false;
  }
}

function isInBounds(schema: NumberSchema, value: number): boolean {
  const { minimum = value, maximum = value, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  const isWithin = value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;
  return isWithin && (!schema.integer || Number.isInteger(value));
}

function hasLength({ minLength = 0, maxLength = Infinity }: StringSchema, value: string): boolean {
  const { length } = [...value];
  return length >= minLength && length <= maxLength;
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

function mergeNumbers(left: NumberSchema, right: NumberSchema): Schema {
  const format = right.format ?? left.format;
  const merged: NumberSchema = {
    kind: "number",
    integer: left.integer || right.integer,
    ...(format !== undefined && { format }),
    ...tightest("minimum", Math.max, left, right),
    ...tightest("maximum", Math.min, left, right),
    ...tightest("exclusiveMinimum", Math.max, left, right),
    ...tightest("exclusiveMaximum", Math.min, left, right),
    ...tightest("multipleOf", commonMultiple, left, right),
  };
  const { minimum = -Infinity, maximum = Infinity } = merged;
  return minimum > maximum ? contradiction(`it is at least ${minimum} and at most ${maximum} at once`) : merged;
}

/** Of fractions the larger one, which is near enough. */
function commonMultiple(one: number, other: number): number {
  if (!Number.isInteger(one) || !Number.isInteger(other)) return Math.max(one, other);
  return (one / commonDivisor(one, other)) * other;
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}

function mergeObjects(left: ObjectSchema, right: ObjectSchema, resolver: Resolver): ObjectSchema {
  const properties = new Map<string, Property>(left.properties.map((property) => [property.name, property]));
  for (const property of right.properties) {
    const other = properties.get(property.name);
    properties.set(property.name, other === undefined ? property : mergeProperties(other, property, resolver));
  }
  const additional = mergeAdditional(left, right, resolver);
  const needs = right.needs ?? left.needs;
  return {
    kind: "object",
    properties: [...properties.values()],
    ...(additional !== undefined && { additional }),
    ...tightest("minProperties", Math.max, left, right),
    ...tightest("maxProperties", Math.min, left, right),
    ...(needs !== undefined && { needs }),
  };
}

/** Below the top two references stay one. */
function mergeInside(left: Schema, right: Schema, resolver: Resolver): Schema {
  const areTwo = left.kind === "ref" && right.kind === "ref" && left.target !== right.target;
  return areTwo ? annotate(resolver.join(left, right), left, right) : merge(left, right, resolver);
}

function mergeProperties(left: Property, right: Property, resolver: Resolver): Property {
  return {
    name: left.name,
    required: left.required || right.required,
    schema: mergeInside(left.schema, right.schema, resolver),
    ...((left.readOnly || right.readOnly) && { readOnly: true }),
    ...((left.writeOnly || right.writeOnly) && { writeOnly: true }),
  };
}

/** An object of which nothing is said leaves it to the other whether there are more keys. */
function mergeAdditional(left: ObjectSchema, right: ObjectSchema, resolver: Resolver): Schema | undefined {
  if (left.additional === freeForm) return right.additional;
  if (right.additional === freeForm) return left.additional;
  if (left.additional === undefined || right.additional === undefined) return left.additional ?? right.additional;
  return merge(left.additional, right.additional, resolver);
}

function tightest<Key extends string>(
  key: Key,
  choose: (one: number, other: number) => number,
  left: { readonly [K in Key]?: number },
  right: { readonly [K in Key]?: number },
): { readonly [K in Key]?: number } {
  const [one = right[key], other = one] = [left[key], right[key]];
  return one === undefined || other === undefined ? {} : ({ [key]: choose(one, other) } as { [K in Key]?: number });
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
