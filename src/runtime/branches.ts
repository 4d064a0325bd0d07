import { checkEnum } from "./enum.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { Codecs, JsonSchema } from "./types.ts";

/** What a schema refers to, by name, and what reads it. */
export interface Definitions {
  readonly schemas: Record<string, JsonSchema>;
  readonly codecs: Codecs;
  readonly features: Features;
}

/** The branches that a value may belong to: those of its type and, of objects, those whose first key it has. */
export function candidatesFor(
  value: unknown,
  branches: readonly JsonSchema[],
  path: string,
  definitions: Definitions,
): readonly number[] {
  const resolved = branches.map((branch) => resolve(branch, definitions));
  const fitting = [...resolved.keys()].filter((index) => typeOf(value, resolved[index] as JsonSchema) !== undefined);
  if (fitting.length < 2 || !isObject(value)) return fitting;
  const begun = fitting.filter((index) => begins(value, resolved[index] as JsonSchema));
  if (begun.length > 0) return begun;
  const objects = fitting.map((index) => resolved[index] as JsonSchema);
  checkTag(value, objects, path);
  return objects.every(needsFirstKey) ? [] : fitting;
}

function firstPropertyOf({ properties = {} }: JsonSchema): readonly [key: string, schema: JsonSchema] | undefined {
  return Object.entries(properties as Record<string, JsonSchema>)[0];
}

function begins(value: Record<string, unknown>, branch: JsonSchema): boolean {
  const [key, schema] = firstPropertyOf(branch) ?? [];
  if (key === undefined) return true;
  return Object.hasOwn(value, key) && (!Array.isArray(schema?.enum) || schema.enum.includes(value[key]));
}

/** Where all branches begin with the same tag, it has to be one of theirs. */
function checkTag(value: Record<string, unknown>, branches: readonly JsonSchema[], path: string): void {
  const first = branches.map(firstPropertyOf);
  const key = first[0]?.[0];
  if (key === undefined || !first.every((property) => property?.[0] === key && Array.isArray(property[1].enum))) return;
  const allowed = first.flatMap((property) => property?.[1].enum as string[]);
  if (Object.hasOwn(value, key)) checkEnum(value[key], allowed, join(path, key));
  else throw new InvalidArgumentsError(join(path, key), `is required, and missing; allowed: ${allowed.join(", ")}`);
}

function needsFirstKey(branch: JsonSchema): boolean {
  const [key, schema = {}] = firstPropertyOf(branch) ?? [];
  const isNullable = [schema.type].flat().includes("null") || Array.isArray(schema.anyOf);
  return key !== undefined && !isNullable && (branch.required as readonly string[] | undefined)?.includes(key) === true;
}

/** The schema itself, or the definition that it refers to. */
export function resolve(schema: JsonSchema, definitions: Definitions): JsonSchema {
  if (typeof schema.$ref !== "string") return schema;
  return resolve(definitions.schemas[schema.$ref.slice("#/$defs/".length)] ?? {}, definitions);
}

/** The JSON type of a value where the schema allows it. */
export function typeOf(
  value: unknown,
  schema: JsonSchema,
): "null" | "boolean" | "number" | "string" | "array" | "object" | undefined {
  const type =
    value === null
      ? "null"
      : Array.isArray(value)
        ? "array"
        : (typeof value as "boolean" | "number" | "string" | "object");
  const allowed = schema.type;
  if (allowed === undefined) return type;
  const types = Array.isArray(allowed) ? allowed : [allowed];
  const fits = types.includes(type) || (type === "number" && types.includes("integer") && Number.isInteger(value));
  return fits ? type : undefined;
}

/** What a schema asks for, in words. */
export function describeSchema(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.slice(0, 20).join(", ")}`;
  const types = [schema.type ?? "value"].flat() as string[];
  return types.map((type) => (type === "null" ? type : `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`)).join(" or ");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `join("items[0]", "sku")` → `items[0].sku`. */
export function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
