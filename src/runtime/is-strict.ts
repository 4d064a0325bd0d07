import type { JsonSchema } from "./types.ts";

// Regular expressions, as bundlers leave out those that nobody uses.
const keywords =
  /^(?:description|title|minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|type|enum|const|properties|required|additionalProperties|items|minItems|maxItems|anyOf|\$ref|\$defs|pattern|format)$/;
const formats = /^(?:date-time|time|date|duration|email|hostname|ipv4|ipv6|uuid)$/;
const deepest = 10;

/** Whether a provider's strict mode takes the schema as it is. Where in doubt, it does not. */
export function isStrict(schema: JsonSchema): boolean {
  const definitions = (schema.$defs ?? {}) as { readonly [name: string]: JsonSchema };
  return (
    schema.type === "object" &&
    isFine(schema, definitions, 1, ["#"]) &&
    Object.keys(definitions).every((name) => isFine({ $ref: `#/$defs/${name}` }, definitions, 1, []))
  );
}

/** `depth` counts the objects and arrays on the way, the node itself included; `open` are the references followed. */
function isFine(
  node: unknown,
  definitions: { readonly [name: string]: JsonSchema },
  depth: number,
  open: readonly unknown[],
): boolean {
  if (!isObject(node) || !Object.keys(node).every((keyword) => keywords.test(keyword))) return false;
  const { $ref, anyOf, type, items, format, pattern } = node;
  if ($ref !== undefined) {
    if (Object.keys(node).length > 1) return false;
    if (open.includes($ref)) return true;
    const target = Object.entries(definitions).find(([name]) => $ref === `#/$defs/${name}`)?.[1];
    return isFine(target, definitions, depth, [...open, $ref]);
  }
  if (anyOf !== undefined) {
    return (
      Array.isArray(anyOf) && anyOf.length > 0 && anyOf.every((branch) => isFine(branch, definitions, depth, open))
    );
  }
  const types = [type].flat();
  const isContainer = types.includes("object") || types.includes("array");
  return (
    types.every((one) => typeof one === "string") &&
    (!isContainer || depth <= deepest) &&
    (!types.includes("object") || isFineObject(node, (property) => isFine(property, definitions, depth + 1, open))) &&
    (!types.includes("array") || isFine(items, definitions, depth + 1, open)) &&
    (format === undefined || formats.test(String(format))) &&
    (pattern === undefined || isFinePattern(String(pattern)))
  );
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
