import { InvalidArgumentsError } from "./errors.ts";
import { checkDepth, isTooDeep, parseJsonText } from "./json-text.ts";
import type { ToolError, ToolOutput } from "./kit-types.ts";
import { longestName } from "./limits.ts";
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

/** Reads an element of `message.tool_calls` without trusting it. */
export function readToolCall(toolCall: unknown): ReadToolCall {
  const { id, type, function: called, custom } = Object(toolCall);
  const { name, arguments: args } = Object(called ?? custom);
  return {
    id: typeof id === "string" && id !== "" ? id : `call_${crypto.randomUUID()}`,
    name: typeof name === "string" ? name.slice(0, longestName) : "",
    rawArgs: isTooDeep(args) ? undefined : args,
    args: () => {
      if (!called) {
        const problem = `a tool call of type ${JSON.stringify(type)} cannot be made; call it as a function`;
        throw new InvalidArgumentsError("", problem);
      }
      // Models leave arguments out where there are none; some gateways parse them.
      if (typeof args !== "string") return checkDepth(args ?? {});
      return args.trim() === "" ? {} : parseJsonText(args);
    },
  };
}

/** What the model gets of a call. */
export function toToolOutput({ call, outcome }: Made): ToolOutput {
  const { id, tool, effect, args } = call;
  if (outcome.ok) return { ok: true, toolCallId: id, name: tool, content: outcome.content, result: outcome.result };
  const output = failure(id, tool, outcome.error);
  return outcome.error.kind === "needs_approval" ? { ...output, pending: { id, tool, effect, args } } : output;
}

/** The output of a call that failed. */
export function failure(toolCallId: string, name: string, error: ToolError): ToolOutput & { readonly ok: false } {
  return { ok: false, toolCallId, name, content: JSON.stringify({ error }), error };
}
