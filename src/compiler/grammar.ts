import { isRawObject } from "./references.ts";

/**
 * Which objects a document has, and what their fields hold. A field that is not named here holds data (examples,
 * defaults, extensions): a `$ref` in it is no reference.
 */
const grammar = {
  document: {
    paths: "pathItem{}",
    webhooks: "pathItem{}",
    components: "components",
    definitions: "schema{}",
    parameters: "parameter{}",
    responses: "response{}",
    securityDefinitions: "securityScheme{}",
    info: "info",
  },
  components: {
    schemas: "schema{}",
    parameters: "parameter{}",
    headers: "header{}",
    requestBodies: "requestBody{}",
    responses: "response{}",
    callbacks: "callback{}",
    links: "link{}",
    securitySchemes: "securityScheme{}",
    pathItems: "pathItem{}",
    mediaTypes: "mediaType{}",
  },
  pathItem: {
    parameters: "parameter",
    get: "operation",
    put: "operation",
    post: "operation",
    delete: "operation",
    options: "operation",
    head: "operation",
    patch: "operation",
    trace: "operation",
    query: "operation",
    additionalOperations: "operation{}",
  },
  operation: {
    parameters: "parameter",
    requestBody: "requestBody",
    responses: "response{}",
    callbacks: "callback{}",
  },
  parameter: { schema: "schema", content: "mediaType{}" },
  header: { schema: "schema", content: "mediaType{}" },
  requestBody: { content: "mediaType{}" },
  response: { schema: "schema", content: "mediaType{}", headers: "header{}", links: "link{}" },
  mediaType: { schema: "schema", itemSchema: "schema", encoding: "encoding{}" },
  encoding: { headers: "header{}" },
  schema: {
    properties: "schema{}",
    patternProperties: "schema{}",
    dependentSchemas: "schema{}",
    $defs: "schema{}",
    definitions: "schema{}",
    additionalProperties: "schema",
    unevaluatedProperties: "schema",
    propertyNames: "schema",
    items: "schema",
    prefixItems: "schema",
    additionalItems: "schema",
    unevaluatedItems: "schema",
    contains: "schema",
    allOf: "schema",
    anyOf: "schema",
    oneOf: "schema",
    not: "schema",
    if: "schema",
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: "schema",
    else: "schema",
    discriminator: "discriminator",
  },
  discriminator: { mapping: "mapping" },
  callback: {},
  info: {},
  link: {},
  mapping: {},
  securityScheme: {},
} as const satisfies { [kind: string]: { [field: string]: string } };

export type Kind = keyof typeof grammar;

/** What a field holds: an object of some kind, or a list of them; with `{}`, a map of them. */
export type Slot = Kind | `${Kind}{}`;

/** What the fields of an object hold, by name. */
export function slotOf(slot: Slot, field: string): Slot | undefined {
  if (slot.endsWith("{}"))
    return field.startsWith("x-") && slot === "pathItem{}" ? undefined : (slot.slice(0, -2) as Kind);
  const fields: { [field: string]: Slot } = grammar[slot as Kind];
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** Calls `visit` for every schema in a value, outermost first. */
export function visitSchemas(
  value: unknown,
  slot: Slot,
  visit: (schema: { [keyword: string]: unknown }) => void,
): void {
  const seen = new Set<object>();
  const walk = (child: unknown, kind: Slot): void => {
    if (Array.isArray(child)) for (const element of child) walk(element, kind);
    if (!isRawObject(child) || seen.has(child)) return;
    seen.add(child);
    if (kind === "schema") visit(child);
    for (const [field, grandchild] of Object.entries(child)) {
      const next = slotOf(kind, field);
      if (next !== undefined) walk(grandchild, next);
    }
  };
  walk(value, slot);
}
