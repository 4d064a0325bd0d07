import { InvalidArgumentsError, OptionsError } from "./errors.ts";
import type { JsonSchema } from "./types.ts";

/** A schema of zod, valibot, ArkType, …: the part of https://standardschema.dev that a tool needs. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    validate(value: unknown): StandardResult<Output> | Promise<StandardResult<Output>>;
    /** https://standardschema.dev/json-schema; of zod from 4.2 on, of valibot by `toStandardJsonSchema`. */
    readonly jsonSchema?: { input(options: { readonly target: string }): JsonSchema } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type TypesOf<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>;
export type InputOf<S extends StandardSchema> = TypesOf<S>["input"];
export type OutputOf<S extends StandardSchema> = TypesOf<S>["output"];

export function isStandardSchema(schema: StandardSchema | JsonSchema): schema is StandardSchema {
  return "~standard" in Object(schema);
}

/** What the schema's library says of it in JSON Schema. Throws `OptionsError` where it says nothing. */
export function toJsonSchema(schema: StandardSchema, tool: string): JsonSchema {
  const { vendor, jsonSchema } = schema["~standard"];
  if (jsonSchema === undefined) {
    throw new OptionsError(`${tool}: this schema of ${vendor} does not give its JSON Schema; pass it as jsonSchema`);
  }
  const { $schema, ...parameters } = jsonSchema.input({ target: "draft-2020-12" });
  return parameters;
}

/** The value as the schema reads it. Throws `InvalidArgumentsError` with what is wrong. */
export async function validate(schema: StandardSchema, value: unknown): Promise<unknown> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value;
  const [first, ...others] = result.issues
    .slice(0, 5)
    .map(({ path = [], message }) => ({ path: toPath(path), message }));
  const rest = others.map(({ path, message }) => `; ${path === "" ? "" : `${path}: `}${message}`).join("");
  throw new InvalidArgumentsError(first?.path ?? "", `${first?.message ?? "invalid"}${rest}`);
}

/** `items[0].sku` */
function toPath(path: NonNullable<StandardIssue["path"]>): string {
  const keys = path.map((part) => (typeof part === "object" ? part.key : part));
  return keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
