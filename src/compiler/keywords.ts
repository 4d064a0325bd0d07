import { isRawObject, type RawObject } from "./references.ts";

/** The types of JSON Schema. */
export type Type = "null" | "boolean" | "string" | "integer" | "number" | "array" | "object";

/** What real documents write for the types of JSON Schema. */
const typeNames: Record<string, Type | undefined> = {
  null: "null",
  nil: "null",
  boolean: "boolean",
  bool: "boolean",
  string: "string",
  str: "string",
  text: "string",
  file: "string",
  date: "string",
  datetime: "string",
  "date-time": "string",
  uuid: "string",
  integer: "integer",
  int: "integer",
  int32: "integer",
  int64: "integer",
  long: "integer",
  number: "number",
  float: "number",
  double: "number",
  decimal: "number",
  array: "array",
  list: "array",
  object: "object",
  dict: "object",
  map: "object",
};

/** The types of a schema without null, declared or read from its keywords. None: anything goes. */
export function typesOf(raw: RawObject): Type[] {
  if (raw.type !== undefined) {
    const declared = declaredTypes(raw).flatMap((name) => typeCalled(name) ?? []);
    const types = declared.includes("number") ? declared.filter((type) => type !== "integer") : declared;
    const withoutNull = [...new Set(types)].filter((type) => type !== "null");
    if (withoutNull.length > 0) return withoutNull;
    if (types.includes("null")) return ["null"];
  }
  for (const [type, keywords] of telling) {
    if (keywords.some((keyword) => raw[keyword] !== undefined)) return [type];
  }
  return [];
}

function declaredTypes({ type }: RawObject): readonly unknown[] {
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

function typeCalled(name: unknown): Type | undefined {
  return isText(name) && Object.hasOwn(typeNames, name.toLowerCase()) ? typeNames[name.toLowerCase()] : undefined;
}

/** What a schema declares as its type, and is none. */
export function unknownTypes(raw: RawObject): readonly unknown[] {
  return declaredTypes(raw).filter((name) => typeCalled(name) === undefined);
}

/** Keywords that tell the type where none is declared. */
const telling: readonly (readonly [Type, readonly string[]])[] = [
  ["object", ["properties", "additionalProperties", "patternProperties", "required", "minProperties", "maxProperties"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]],
  ["string", ["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

/** Keywords that restrict what a reference beside them allows; `type` only repeats it. */
export const constraints = new Set([
  ...telling.flatMap(([, keywords]) => keywords),
  ...["enum", "const", "format", "allOf", "oneOf", "anyOf", "not", "if", "dependentRequired"],
]);

/** How 3.1 says `format: binary`: a media type, and no encoding that would make text of it. */
export function isRawBytes({ contentMediaType, contentEncoding }: RawObject): boolean {
  return isText(contentMediaType) && contentEncoding === undefined && !/json|xml|^text\//.test(contentMediaType);
}

/** Minimum and the like, with 3.0's boolean `exclusive…` brought into the form of 3.1. */
export function boundsOf(
  raw: RawObject,
): Partial<Record<"minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", number>> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = raw;
  return {
    ...(isNumber(minimum) && (exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum })),
    ...(isNumber(maximum) && (exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum })),
    ...(isNumber(exclusiveMinimum) && { exclusiveMinimum }),
    ...(isNumber(exclusiveMaximum) && { exclusiveMaximum }),
    ...(isNumber(multipleOf) && multipleOf > 0 && { multipleOf }),
  };
}

interface Annotations {
  description?: string;
  nullable?: true;
  default?: unknown;
  examples?: readonly unknown[];
  deprecated?: true;
}

/** What a schema says without allowing more or less by it, but for null. */
export function annotationsOf(raw: RawObject): Annotations {
  // The title of a constant says what it means.
  const description = raw.description ?? (raw.const === undefined ? undefined : raw.title);
  const examples = Array.isArray(raw.examples) ? raw.examples : raw.example === undefined ? [] : [raw.example];
  return {
    ...(isText(description) && description.trim() !== "" && { description: description.trim() }),
    ...(isNullable(raw) && { nullable: true }),
    ...(raw.default !== undefined && { default: raw.default }),
    ...(examples.length > 0 && { examples }),
    ...(raw.deprecated === true && { deprecated: true }),
  };
}

function isNullable(raw: RawObject): boolean {
  if (raw.nullable === true || raw["x-nullable"] === true) return true;
  if (raw.const === null) return true;
  const types = Array.isArray(raw.type) ? raw.type : [raw.type];
  const typeAllows = raw.type === undefined || types.includes("null");
  return typeAllows && (Array.isArray(raw.enum) ? raw.enum.includes(null) : raw.type !== undefined);
}

const noted = new Set([
  "not",
  "if",
  "then",
  "else",
  "contains",
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
  "propertyNames",
]);

/** Rules for which our schemas have no field, as the document writes them. */
export function notesOf(raw: RawObject): string[] {
  // Few schemas have one, and all are asked.
  if (!Object.keys(raw).some((keyword) => noted.has(keyword))) return [];
  return [...noted]
    .filter((keyword) => raw[keyword] !== undefined)
    .map((keyword) => `${keyword}: ${JSON.stringify(raw[keyword]).slice(0, 200)}`);
}

/** A branch that only says which of the properties beside it must be there. */
export function isRequiredOnly(branch: unknown): branch is RawObject {
  if (!isRawObject(branch) || !Array.isArray(branch.required) || branch.required.length === 0) return false;
  return Object.keys(branch).every((key) => ["required", "type", "title", "description", "not"].includes(key));
}

/** Whether a value is a string. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is a number that JSON can hold. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Whether a value is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** A minimum of nothing says nothing. */
export function isPositive(value: unknown): value is number {
  return isCount(value) && value > 0;
}

/** A keyword where its value is of the right kind; nothing otherwise. */
export function pick<Key extends string, Value>(
  raw: RawObject,
  key: Key,
  is: (value: unknown) => value is Value,
): { readonly [K in Key]?: Value } {
  const value = raw[key];
  return is(value) ? ({ [key]: value } as { [K in Key]?: Value }) : {};
}
