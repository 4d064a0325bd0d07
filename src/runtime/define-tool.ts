import { contentOf } from "./answer.ts";
import { attachments } from "./attachments.ts";
import { valueBounds } from "./bounds.ts";
import { decode } from "./codec.ts";
import { describeValue } from "./describe-value.ts";
import { OptionsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { stringFormats } from "./formats.ts";
import { closeObjects, isStrict } from "./is-strict.ts";
import { kit } from "./kit.ts";
import type { Answer, Dispatcher, Executor, Kit, KitOptions, RequestOptions, RunOptions } from "./kit-types.ts";
import { callThrough } from "./local-call.ts";
import { outline } from "./outline.ts";
import { textPatterns } from "./pattern.ts";
import {
  type InputOf,
  isStandardSchema,
  type OutputOf,
  type StandardSchema,
  toJsonSchema,
  validate,
} from "./standard-schema.ts";
import type { Effect, FunctionTool, JsonSchema } from "./types.ts";
import { unions } from "./unions.ts";

/** A tool that is a function of yours. */
export interface ToolDefinition<Name extends string, Parameters, Args, Result, Context> {
  readonly name: Name;
  readonly description?: string | undefined;
  /** A Standard Schema (zod, valibot, ArkType) or JSON Schema, of an object. */
  readonly parameters: Parameters;
  /** What the model is told, where a Standard Schema cannot say it itself. */
  readonly jsonSchema?: JsonSchema | undefined;
  /** Default: `"write"`. */
  readonly effect?: Effect | undefined;
  /** Whether models may make the call only once somebody, or the kit's `approval`, approved of it. Default: where it is destructive. */
  readonly approval?: "always" | "never" | undefined;
  /** A string is what the model reads; anything else goes to it as JSON. */
  readonly execute: (args: Args, call: ExecuteCall<Context>) => Result | Promise<Result>;
}

/** What a kit has around its calls, for a tool of yours. */
export type ToolOptions<Context = unknown> = Pick<
  KitOptions<unknown, Context>,
  "authorize" | "approval" | "hooks" | "history" | "policies"
>;

/** The call that a tool serves. */
export interface ExecuteCall<Context = unknown> {
  readonly id: string;
  readonly context: Context;
  readonly signal: AbortSignal | undefined;
}

/** The dispatcher of a kit of one. */
export type DefinedTool<Name extends string, Args, Result> = {
  readonly [N in Name]: Executor<Args, Result>;
} extends infer D extends Dispatcher
  ? D
  : never;

/** Makes a kit of one tool of a function and the schema of its arguments. */
export function defineTool<const Name extends string, Schema extends StandardSchema, Result, Context = unknown>(
  definition: ToolDefinition<Name, Schema, OutputOf<Schema>, Result, Context>,
  options?: ToolOptions<Context>,
): Kit<DefinedTool<Name, InputOf<Schema>, Result>, Context>;
export function defineTool<
  const Name extends string,
  Result,
  Args extends object = { readonly [name: string]: unknown },
  Context = unknown,
>(
  definition: ToolDefinition<Name, JsonSchema, Args, Result, Context>,
  options?: ToolOptions<Context>,
): Kit<DefinedTool<Name, Args, Result>, Context>;
export function defineTool(
  definition: ToolDefinition<string, StandardSchema | JsonSchema, never, unknown, unknown>,
  options?: ToolOptions<never>,
): Kit<Dispatcher> {
  const { name, parameters: schema, effect = "write", approval } = definition;
  const execute = definition.execute as (args: unknown, call: ExecuteCall) => unknown;
  const tool = toFunctionTool(definition);
  const { strict, parameters } = tool.function;
  // A Standard Schema checks by itself, and may take more than its JSON Schema says.
  const checked = strict ? parameters : isStandardSchema(schema) ? {} : outline(parameters);

  async function run(args: unknown, { signal, call: given, policies = [] }: RunOptions): Promise<Answer> {
    const valid = isStandardSchema(schema) ? await validate(schema, args) : args;
    const { id = crypto.randomUUID(), context } = given ?? {};
    const answer = async (signal: AbortSignal | undefined): Promise<Answer> => {
      const result = await execute(valid, { signal, context, id });
      return { result, content: contentOf(result) };
    };
    const progress = { attempts: 0, cached: false };
    const call = { id, tool: name, effect, context, progress, definition: tool, ...given, args, signal };
    return callThrough(policies, call, answer);
  }

  const executor: Executor<unknown, unknown> = Object.assign(
    async (args?: unknown, options: RequestOptions = {}) => (await run(args ?? {}, options as RunOptions)).result,
    { tool, effect, approval, run, decode: (args: unknown) => decode(checked, {}, args, features()), features },
  );
  return kit({ api: {}, dispatcher: { [name]: executor } }, options as KitOptions);
}

/** What schemas and results may ask for. */
function features(): Features {
  return { ...attachments, ...stringFormats, ...textPatterns, ...unions, ...valueBounds };
}

function toFunctionTool({
  name,
  description,
  parameters: schema,
  jsonSchema,
  effect = "write",
  approval = "never",
}: Omit<ToolDefinition<string, StandardSchema | JsonSchema, never, unknown, unknown>, "execute">): FunctionTool {
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new OptionsError(`${JSON.stringify(name)} is no name for a tool: it takes 1 to 64 of a-z, A-Z, 0-9, _ and -`);
  }
  // Without types nothing else tells of a slip, and the call would be made unasked.
  if (!["read", "write", "destructive"].includes(effect))
    throw new OptionsError(`${name}: effect: got ${describeValue(effect)}; allowed: read, write, destructive`);
  if (!["always", "never"].includes(approval))
    throw new OptionsError(`${name}: approval: got ${describeValue(approval)}; allowed: always, never`);
  const given = jsonSchema ?? (isStandardSchema(schema) ? toJsonSchema(schema, name) : schema);
  if (given?.type !== "object") throw new OptionsError(`${name}: parameters must be the schema of an object`);
  const closed = withRequired(isStandardSchema(schema) ? closeObjects(given) : given);
  const strict = isStrict(closed);
  const parameters = strict ? closed : given;
  return {
    type: "function",
    function: { name, ...(description !== undefined && { description }), strict, parameters },
  };
}

/** What takes no arguments need not say which of them are required; strict mode wants to read it. */
function withRequired(schema: JsonSchema): JsonSchema {
  const { properties, required } = schema;
  const isEmpty = typeof properties === "object" && properties !== null && Object.keys(properties).length === 0;
  return isEmpty && required === undefined ? { ...schema, required: [] } : schema;
}
