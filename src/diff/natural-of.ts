import type { JsonSchema } from "../runtime/types.ts";

/**
 * The strict schema of a tool as code would write it, as far as that can be seen: what may be null may be left out, and
 * references are followed.
 */
export function naturalOf(parameters: JsonSchema): JsonSchema {
  const definitions = (parameters.$defs ?? {}) as { readonly [name: string]: JsonSchema };
  return read(parameters, new Set());

  function read(schema: JsonSchema, open: ReadonlySet<string>): JsonSchema {
    if (typeof schema.$ref === "string") {
      const name = schema.$ref.replace("#/$defs/", "");
      const target = definitions[name];
      return target === undefined || open.has(name)
        ? { type: `another ${name}` }
        : read(target, new Set([...open, name]));
    }
    if (Array.isArray(schema.anyOf)) return { anyOf: schema.anyOf.map((branch: JsonSchema) => read(branch, open)) };
    if (Array.isArray(schema.enum)) return { enum: schema.enum };
    if (schema.type === "array") return { type: "array", items: read((schema.items ?? {}) as JsonSchema, open) };
    if (schema.type !== "object") return { type: schema.type };
    const entries = Object.entries((schema.properties ?? {}) as { readonly [name: string]: JsonSchema });
    return {
      type: "object",
      properties: Object.fromEntries(entries.map(([name, each]) => [name, withoutNull(read(each, open))])),
      required: entries.filter(([, each]) => !isNullable(each)).map(([name]) => name),
    };
  }
}

function isNullable({ type, anyOf }: JsonSchema): boolean {
  if (Array.isArray(type)) return type.includes("null");
  return Array.isArray(anyOf) && anyOf.some((branch: JsonSchema) => branch.type === "null");
}

function withoutNull(schema: JsonSchema): JsonSchema {
  const { type, anyOf } = schema;
  if (Array.isArray(type)) {
    const types = type.filter((each) => each !== "null");
    return { ...schema, type: types.length === 1 ? types[0] : types };
  }
  if (!Array.isArray(anyOf)) return schema;
  const branches = anyOf.filter((branch: JsonSchema) => branch.type !== "null");
  return branches.length === 1 ? branches[0] : { anyOf: branches };
}
