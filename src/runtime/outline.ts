import { isObject } from "./branches.ts";
import type { JsonSchema } from "./types.ts";

const types = ["null", "boolean", "integer", "number", "string", "array", "object"];
const bounds = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minItems",
  "maxItems",
  "pattern",
  "minLength",
  "maxLength",
];

/**
 * As much of a schema as the decoder checks. Each keyword is one thing more that has to hold, so what is left takes
 * all that the whole schema takes.
 */
export function outline(schema: unknown): JsonSchema {
  if (!isObject(schema) || schema.nullable === true) return {};
  const { $ref, $defs, type, properties, patternProperties, required, additionalProperties, items, prefixItems } =
    schema;
  if ($ref !== undefined) return /^#\/\$defs\/[^/]+$/.test(String($ref)) ? { $ref } : {};
  const allowed = "const" in schema ? [schema.const] : schema.enum;
  const isClosed = additionalProperties === false && patternProperties === undefined;
  return {
    ...([type].flat().every((one) => types.includes(one as string)) && { type }),
    ...(Array.isArray(allowed) && allowed.every((value) => !isObject(value)) && { enum: allowed }),
    ...Object.fromEntries(bounds.flatMap((keyword) => (keyword in schema ? [[keyword, schema[keyword]]] : []))),
    ...(isObject(properties) && { properties: outlines(properties) }),
    ...(Array.isArray(required) && { required }),
    ...(isClosed && { additionalProperties }),
    ...(prefixItems === undefined && isObject(items) && { items: outline(items) }),
    ...(isObject($defs) && { $defs: outlines($defs) }),
  };
}

function outlines(schemas: { readonly [name: string]: unknown }): { readonly [name: string]: JsonSchema } {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, outline(schema)]));
}
