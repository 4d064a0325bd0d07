import { InvalidArgumentsError, type KitError } from "./errors.ts";
import { checkDepth, isTooDeep, parseJsonText } from "./json-text.ts";
import type { ToolOutput } from "./kit-types.ts";
import type { Made } from "./make-call.ts";

/** A tool call as it is, whatever the model or a gateway made of it. */
export interface ReadToolCall {
  readonly id: string;
  readonly name: string;
  /** As they came; `undefined` where no history could write them down. */
  readonly rawArgs: unknown;
  /** Parses the arguments. Throws `InvalidArgumentsError`. */
  args(): unknown;
}

const longestName = 200;

/** Reads an element of `message.tool_calls` without trusting it. */
export function readToolCall(toolCall: unknown): ReadToolCall {
  const { id, type, function: called, custom } = record(toolCall);
  const { name, arguments: args } = record(called ?? custom);
  return {
    id: typeof id === "string" && id !== "" ? id : `call_${crypto.randomUUID()}`,
    name: typeof name === "string" ? name.slice(0, longestName) : "",
    rawArgs: isTooDeep(args) ? undefined : args,
    args: () => {
      if (called === undefined || called === null) {
        throw new InvalidArgumentsError(
          "",
          `a tool call of type ${JSON.stringify(type)} cannot be made; call it as a function`,
        );
      }
      return parseArguments(args);
    },
  };
}

/** Models leave arguments out where there are none; some gateways parse them. */
function parseArguments(args: unknown): unknown {
  if (typeof args !== "string") return checkDepth(args ?? {});
  return args.trim() === "" ? {} : parseJsonText(args);
}

/** What the model gets of a call. */
export function toToolOutput({ call, outcome }: Made): ToolOutput {
  const { id, tool, effect, args } = call;
  const about = { toolCallId: id, name: tool };
  if (outcome.ok) return { ok: true, ...about, content: outcome.content, result: outcome.result };
  const { error } = outcome;
  const isPending = error.kind === "needs_approval";
  return {
    ok: false,
    ...about,
    content: JSON.stringify({ error }),
    error,
    ...(isPending && { pending: { id, tool, effect, args } }),
  };
}

/** The output of a call that was not made. */
export function failure(toolCallId: string, name: string, error: KitError): ToolOutput {
  const toolError = error.toToolError();
  return { ok: false, toolCallId, name, content: JSON.stringify({ error: toolError }), error: toolError };
}

function record(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { [key: string]: unknown }) : {};
}
