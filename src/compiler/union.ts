import type { EnumSchema, Schema, UnionSchema } from "./api.ts";

/** One of several schemas, in the simplest form: null is split off, nesting is undone, what comes twice comes once. */
export function asUnion(schemas: readonly Schema[], discriminator?: UnionSchema["discriminator"]): Schema {
  const nullable = schemas.some((schema) => schema.nullable);
  const values = schemas.filter((schema) => schema.kind !== "null");
  const tags = discriminator?.values.filter((_, index) => schemas[index]?.kind !== "null");
  const union =
    discriminator === undefined || tags === undefined
      ? simplify(values)
      : tagged(values, { ...discriminator, values: tags });
  return nullable ? ({ ...union, nullable: true } as Schema) : union;
}

function tagged(branches: readonly Schema[], discriminator: UnionSchema["discriminator"] & object): Schema {
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return only;
  return { kind: "union", branches, discriminator };
}

function simplify(schemas: readonly Schema[]): Schema {
  const branches = distinct(schemas.flatMap(flatten).map(withoutNull));
  const [first] = branches;
  if (first === undefined) return { kind: "null", nullable: true };
  if (branches.length === 1) return first;
  const everything = branches.find((branch) => branch.kind === "any" && branch.reason === undefined);
  if (everything !== undefined) return everything;
  const possible = branches.filter((branch) => branch.kind !== "any");
  if (possible.length < branches.length) return possible.length > 0 ? simplify(possible) : first;
  if (branches.every((branch) => branch.kind === "enum")) return joinEnums(branches);
  return { kind: "union", branches };
}

function flatten(schema: Schema): readonly Schema[] {
  return schema.kind === "union" && schema.discriminator === undefined ? schema.branches : [schema];
}

/** The union itself says whether null is allowed. */
function withoutNull(schema: Schema): Schema {
  if (!schema.nullable) return schema;
  const { nullable: _nullable, ...rest } = schema;
  return rest as Schema;
}

function distinct(schemas: readonly Schema[]): Schema[] {
  if (schemas.length < 2) return [...schemas];
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

/** `oneOf` of constants, each with a description, is how 3.1 writes an enum that explains itself. */
function joinEnums(enums: readonly EnumSchema[]): EnumSchema {
  const labels = new Map<string | number | boolean, string>();
  for (const { values, description } of enums) {
    for (const value of values)
      if (!labels.has(value)) labels.set(value, values.length === 1 ? (description ?? "") : "");
  }
  const isLabelled = [...labels.values()].some((label) => label !== "");
  return { kind: "enum", values: [...labels.keys()], ...(isLabelled && { labels: [...labels.values()] }) };
}
