import type { Schema } from "./api.ts";
import { isNumber, type Type, typesOf } from "./keywords.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** The values that `const` or `enum` allows. */
export function enumOf(raw: RawObject): readonly unknown[] | undefined {
  if (raw.const !== undefined) return [raw.const];
  return Array.isArray(raw.enum) && raw.enum.length > 0 ? raw.enum : undefined;
}

/** A list of values as a schema; one of objects or arrays is JSON text that says which. */
export function readEnum(raw: RawObject, values: readonly unknown[]): Schema {
  const given = [...new Set(values)].filter((value) => value !== null);
  if (given.length === 0) return { kind: "null", nullable: true };
  const scalars = given.filter(isScalar);
  if (scalars.length < given.length) {
    return { kind: "any", notes: [`one of ${JSON.stringify(given).slice(0, 500)}`] };
  }
  const labels = labelsOf(raw, scalars);
  return {
    kind: "enum",
    values: conform(scalars, typesOf({ type: raw.type })),
    ...(labels !== undefined && { labels }),
  };
}

/** Values of the declared types; of one type, what YAML took for another is brought back: `type: string, enum: [1, auto]`. */
function conform(values: readonly Scalar[], types: readonly Type[]): Scalar[] {
  const [type] = types;
  if (type === undefined) return [...values];
  const fitting = values.filter((value) => types.some((each) => isOfType(value, each)));
  if (fitting.length === values.length || types.length > 1) return fitting.length > 0 ? fitting : [...values];
  const converted = values.map((value) => (isOfType(value, type) ? value : convert(value, type)));
  const meaningful = [...new Set(converted)].filter((value) => !Number.isNaN(value));
  return meaningful.length > 0 ? meaningful : [...values];
}

function convert(value: Scalar, type: Type): Scalar {
  if (type === "string") return String(value);
  return type === "boolean" ? String(value) === "true" : Number(value);
}

function isOfType(value: Scalar, type: Type): boolean {
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

/** What the values mean, as the common extensions say it. */
function labelsOf(raw: RawObject, values: readonly Scalar[]): string[] | undefined {
  const labels = raw["x-enumDescriptions"] ?? raw["x-enum-descriptions"];
  if (isRawObject(labels))
    return values.map((value) => (Object.hasOwn(labels, String(value)) ? String(labels[String(value)]) : ""));
  if (Array.isArray(labels) && labels.length === values.length) return labels.map(String);
  return undefined;
}

type Scalar = string | number | boolean;

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || isNumber(value);
}
