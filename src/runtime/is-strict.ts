import type { JsonSchema } from "./types.ts";

const annotations = ["description", "title"];
const numeric = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const keywords = new Set([
  ...annotations,
  ...numeric,
  ...["type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"],
  ...["anyOf", "$ref", "$defs", "pattern", "format"],
]);
const formats = new Set("date-time time date duration email hostname ipv4 ipv6 uuid".split(" "));
const deepest = 10;

/** Whether a provider's strict mode takes the schema as it is. Where in doubt, it does not. */
export function isStrict(schema: JsonSchema): boolean {
  const definitions = (schema.$defs ?? {}) as { [name: string]: JsonSchema };
  const isFine = (node: unknown, depth: number): boolean => {
    if (!isObject(node) || !Object.keys(node).every((keyword) => keywords.has(keyword))) return false;
    if (depth > deepest) return false;
    if (node.$ref !== undefined) return Object.keys(node).length === 1 && isKnown(node.$ref, definitions);
    if (node.anyOf !== undefined) {
      return Array.isArray(node.anyOf) && node.anyOf.length > 0 && node.anyOf.every((branch) => isFine(branch, depth));
    }
    const types = [node.type].flat();
    return (
      types.every((type) => typeof type === "string") &&
      (!types.includes("object") || isFineObject(node, (property) => isFine(property, depth + 1))) &&
      (!types.includes("array") || isFine(node.items, depth + 1)) &&
      (node.format === undefined || formats.has(node.format as string)) &&
      (node.pattern === undefined || isFinePattern(String(node.pattern)))
    );
  };
  return schema.type === "object" && Object.values(definitions).every((node) => isFine(node, 1)) && isFine(schema, 1);
}

function isFineObject(node: JsonSchema, isFine: (property: unknown) => boolean): boolean {
  const { properties, required, additionalProperties } = node;
  if (!isObject(properties) || !Array.isArray(required) || additionalProperties !== false) return false;
  const names = Object.keys(properties);
  const all = new Set(required);
  return names.length === all.size && names.every((name) => all.has(name)) && Object.values(properties).every(isFine);
}

/** Without look-around, back-references and what Python does not know. */
function isFinePattern(pattern: string): boolean {
  return !/\(\?[=!<]|\\[1-9kpP]/.test(pattern);
}

function isKnown(reference: unknown, definitions: { readonly [name: string]: JsonSchema }): boolean {
  return reference === "#" || Object.keys(definitions).some((name) => reference === `#/$defs/${name}`);
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The schema with every object closed that says nothing of further properties. For schemas whose library drops those
 * anyway, so that nothing is lost and strict mode can have them.
 */
export function closeObjects(schema: JsonSchema): JsonSchema {
  const close = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(close) : isObject(value) ? closeObjects(value) : value;
  const closeAll = (values: unknown): unknown =>
    isObject(values) ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key, close(value)])) : values;
  return {
    ...schema,
    ...(schema.items !== undefined && { items: close(schema.items) }),
    ...(schema.anyOf !== undefined && { anyOf: close(schema.anyOf) }),
    ...(schema.$defs !== undefined && { $defs: closeAll(schema.$defs) }),
    ...(isObject(schema.properties) && { additionalProperties: false, properties: closeAll(schema.properties) }),
    ...(schema.additionalProperties !== undefined && { additionalProperties: schema.additionalProperties }),
  };
}
