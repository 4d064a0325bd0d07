import { entries, isObject, type Json, objects, type SourceOperation } from "./document.ts";

/** What the document says of an argument: the schemas that its values have to fit, as far as names tell. */
export interface Hint {
  readonly in: string;
  readonly schemas: readonly Json[];
}

/**
 * The document's schemas by argument name, under every name that an argument may have. A strict schema cannot hold
 * all that a document says of a value, such as its length; a model reads the rest in the description, and we here.
 */
export function hintsOf({ operation, item }: SourceOperation): (argument: string) => Hint {
  const hints = new Map<string, Hint>();
  const add = (name: string, place: string, schemas: readonly Json[]) => {
    for (const key of [name, `${place}_${name}`].map(plain)) {
      const known = hints.get(key);
      hints.set(key, { in: known?.in ?? place, schemas: [...(known?.schemas ?? []), ...schemas] });
    }
  };

  for (const parameter of [...objects(operation.parameters), ...objects(item.parameters)]) {
    const place = parameter.in === "formData" ? "body" : String(parameter.in);
    if (parameter.in !== "body") add(String(parameter.name), place, [schemaOf(parameter)]);
  }
  const bodies = bodySchemas(operation, item);
  for (const body of bodies.flatMap(parts)) {
    for (const [name, schema] of entries(body.properties)) if (isObject(schema)) add(name, "body", [schema]);
  }
  add("body", "body", bodies);
  return (argument) => hints.get(plain(argument)) ?? { in: "body", schemas: bodies };
}

function schemaOf(parameter: Json): Json {
  if (isObject(parameter.schema)) return parameter.schema;
  const [content] = entries(parameter.content);
  if (content !== undefined && isObject(content[1]) && isObject(content[1].schema)) return content[1].schema;
  return parameter;
}

function bodySchemas(operation: Json, item: Json): Json[] {
  const content = isObject(operation.requestBody) ? operation.requestBody.content : undefined;
  const swagger = [...objects(operation.parameters), ...objects(item.parameters)].filter(
    ({ in: place }) => place === "body",
  );
  return [...entries(content).map(([, media]) => media), ...swagger]
    .map((media) => (isObject(media) ? media.schema : undefined))
    .filter(isObject);
}

/** A schema and all that it is made of: its `allOf` and every branch of its unions. */
export function parts(schema: Json): Json[] {
  const found = new Set<Json>();
  const walk = (part: Json): void => {
    if (found.has(part) || found.size > 200) return;
    found.add(part);
    for (const keyword of ["allOf", "oneOf", "anyOf"]) for (const child of objects(part[keyword])) walk(child);
  };
  walk(schema);
  return [...found];
}

/** What the schemas say of a property; where they do not know it, it only wraps them. */
export function propertyHints(schemas: readonly Json[], name: string): readonly Json[] {
  const found = schemas.flatMap(parts).flatMap((schema) => {
    const property = entries(schema.properties).find(([key]) => plain(key) === plain(name));
    return isObject(property?.[1]) ? [property[1]] : [];
  });
  return found.length > 0 ? found : schemas;
}

export function itemHints(schemas: readonly Json[], index?: number): readonly Json[] {
  return schemas.flatMap(parts).flatMap(({ items, prefixItems }) => {
    const tuple = objects(prefixItems ?? items);
    if (index !== undefined && tuple[index] !== undefined) return [tuple[index]];
    return isObject(items) ? [items] : tuple.slice(0, 1);
  });
}

export function entryHints(schemas: readonly Json[]): readonly Json[] {
  return schemas.flatMap(parts).flatMap(({ additionalProperties, patternProperties }) => [
    ...(isObject(additionalProperties) ? [additionalProperties] : []),
    ...entries(patternProperties)
      .map(([, schema]) => schema)
      .filter(isObject),
  ]);
}

/** The numbers, or strings, that the schemas give for a keyword. */
export function valuesOf<T extends "number" | "string">(
  schemas: readonly Json[],
  keyword: string,
  type: T,
): (T extends "number" ? number : string)[] {
  return schemas
    .flatMap(parts)
    .map((schema) => schema[keyword])
    .filter((value) => typeof value === type) as (T extends "number" ? number : string)[];
}

/** Names as a provider takes them. */
function plain(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9]+/g, "_").replaceAll(/^_|_$/g, "");
}
