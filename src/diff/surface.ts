import type { Api, ObjectSchema, Schema } from "../compiler/api.ts";
import type { Tool } from "../compiler/tool.ts";
import type { Compiled } from "../generate.ts";
import type { LockedKit } from "../lock.ts";
import type { Effect, JsonSchema } from "../runtime/types.ts";
import { rulesOf } from "./compare-schemas.ts";
import type { Natural } from "./natural.ts";

/** What a model and calling code can know of an API, wherever that was read from. */
export interface Surface {
  readonly tools: readonly SurfaceTool[];
}

/** A tool; what a source does not tell is missing. */
export interface SurfaceTool {
  readonly name: string;
  /** `GET /pets`. */
  readonly operation?: string | undefined;
  /** What code calls. */
  readonly executor?: string | undefined;
  readonly description?: string | undefined;
  readonly effect?: Effect | undefined;
  /** Alternatives of credentials, each a sorted list of schemes and scopes. */
  readonly security?: readonly string[] | undefined;
  /** What the model is offered. */
  readonly parameters?: JsonSchema | undefined;
  /** The arguments as code writes them. */
  readonly args?: Natural | undefined;
  /** What a call gives. */
  readonly result?: Natural | undefined;
  /** Of all that the model sees. */
  readonly hash?: string | undefined;
}

/** The surface of a compiled document. */
export function surfaceOf({ api, tools, names }: Compiled): Surface {
  const resolve = resolver(api);
  return {
    tools: tools.map((tool): SurfaceTool => {
      const { operation, name, description, parameters } = tool;
      return {
        name,
        operation: `${operation.method} ${operation.path}`,
        executor: names.operations.get(operation.pointer)?.executor,
        description,
        effect: operation.effect,
        security: operation.security.map((schemes) => [...schemes].sort().join(" and ")),
        parameters,
        args: { schema: argsSchema(tool), resolve },
        result: { schema: resultSchema(tool), resolve },
      };
    }),
  };
}

/** The surface of a lock. */
export function surfaceOfLock(kit: LockedKit): Surface {
  return { tools: Object.entries(kit).map(([operation, { name, hash }]) => ({ name, operation, hash })) };
}

// ------------------------------------------------------------ schemas as code sees them

type Direction = "request" | "result";

/** The schema that a reference of ours names: a direction, and a key of `Api.schemas`. Each is read once. */
function resolver({ schemas }: Api): Natural["resolve"] {
  const known = new Map<string, JsonSchema>();
  return (reference) => {
    const [direction, target] = split(reference);
    const schema = known.get(reference) ?? naturalSchema(schemas.get(target)?.schema ?? { kind: "any" }, direction);
    known.set(reference, schema);
    return schema;
  };
}

function split(reference: string): [direction: Direction, target: string] {
  const colon = reference.indexOf(":");
  return [reference.slice(0, colon) as Direction, reference.slice(colon + 1)];
}

function argsSchema({ operation }: Tool): JsonSchema {
  const args = operation.args.map(({ name, required, schema }) => ({ name, required, schema }));
  return objectSchema({ kind: "object", properties: args }, "request");
}

function resultSchema({ operation: { result } }: Tool): JsonSchema {
  if (result === undefined) return { type: "nothing" };
  const branches = result.schemas.map((schema) => naturalSchema(schema, "result"));
  const all = result.maybeEmpty ? [...branches, { type: "nothing" }] : branches;
  return all.length === 1 ? (all[0] as JsonSchema) : { anyOf: all };
}

function naturalSchema(schema: Schema, direction: Direction): JsonSchema {
  const written = plainSchema(schema, direction);
  return schema.nullable === true && schema.kind !== "null" ? { anyOf: [written, { type: "null" }] } : written;
}

function plainSchema(schema: Schema, direction: Direction): JsonSchema {
  const inner = (each: Schema) => naturalSchema(each, direction);
  switch (schema.kind) {
    case "ref":
      return { $ref: `${direction}:${schema.target}` };
    case "any":
      return {};
    case "null":
    case "boolean":
    case "file":
      return { type: schema.kind };
    case "string":
      return { type: "string", ...rulesOf({ ...schema }) };
    case "number":
      return { type: schema.integer ? "integer" : "number", ...rulesOf({ ...schema }) };
    case "enum":
      return { enum: schema.values };
    case "array":
      return { type: "array", items: inner(schema.items), ...rulesOf({ ...schema }) };
    case "tuple":
      return { type: "array", items: { anyOf: schema.items.map(inner) } };
    case "union":
      return { anyOf: schema.branches.map(inner) };
    case "object":
      return objectSchema(schema, direction);
  }
}

function objectSchema(schema: ObjectSchema, direction: Direction): JsonSchema {
  const hidden = direction === "request" ? "readOnly" : "writeOnly";
  const properties = schema.properties.filter((property) => !property[hidden]);
  return {
    type: "object",
    properties: Object.fromEntries(properties.map(({ name, schema }) => [name, naturalSchema(schema, direction)])),
    required: properties.filter(({ required }) => required).map(({ name }) => name),
    ...(schema.additional && { additionalProperties: naturalSchema(schema.additional, direction) }),
  };
}
