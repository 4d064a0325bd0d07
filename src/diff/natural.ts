import type { JsonSchema } from "../runtime/types.ts";
import { rulesOf } from "./compare-schemas.ts";

/** A schema as code sees it: what may be left out is not required, and nothing of the strict encoding shows. */
export interface Natural {
  readonly schema: JsonSchema;
  /** What a `$ref` in it leads to. */
  resolve(reference: string): JsonSchema;
}

/** The strict schema of a tool as code would write it, as far as that can be seen: what may be null may be left out. */
export function naturalOf(parameters: JsonSchema): Natural {
  const definitions = (parameters.$defs ?? {}) as { readonly [name: string]: JsonSchema };
  const known = new Map<string, JsonSchema>();
  return {
    schema: read(parameters),
    resolve(reference) {
      const name = reference.replace("#/$defs/", "");
      const schema = known.get(name) ?? read(Object.hasOwn(definitions, name) ? (definitions[name] as JsonSchema) : {});
      known.set(name, schema);
      return schema;
    },
  };
}

function read(schema: JsonSchema): JsonSchema {
  const { description } = schema;
  return { ...readValues(schema), ...(description !== undefined && { description }) };
}

function readValues(schema: JsonSchema): JsonSchema {
  if (typeof schema.$ref === "string") return { $ref: schema.$ref };
  if (Array.isArray(schema.anyOf)) return { anyOf: schema.anyOf.map(read) };
  if (Array.isArray(schema.enum)) return { enum: schema.enum };
  if (schema.type === "array")
    return { type: "array", items: read((schema.items ?? {}) as JsonSchema), ...rulesOf(schema) };
  if (isClearing(schema)) return { type: "null" };
  if (schema.type !== "object") return { type: schema.type, ...rulesOf(schema) };
  const entries = Object.entries((schema.properties ?? {}) as { readonly [name: string]: JsonSchema });
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, each]) => [name, read(withoutNull(each))])),
    required: entries.filter(([, each]) => !isNullable(each)).map(([name]) => name),
  };
}

/** `{"set_to": "null"}` stands for a null that is sent. */
function isClearing({ properties }: JsonSchema): boolean {
  const [[name, only] = ["", {}], ...others] = Object.entries(
    (properties ?? {}) as { readonly [name: string]: JsonSchema },
  );
  return others.length === 0 && /^set_to_*$/.test(name) && Array.isArray(only.enum) && only.enum.join() === "null";
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
  const { description } = schema;
  const [only] = branches;
  const rest = branches.length === 1 ? only : { anyOf: branches };
  return { ...rest, ...(description !== undefined && { description }) };
}
