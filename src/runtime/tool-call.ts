import { InvalidArgumentsError, isKitError, KitError } from "./errors.ts";
import { parseJsonText } from "./json-text.ts";
import type { ToolOutput } from "./types.ts";

/** A tool call as it is, whatever the model or a gateway made of it. */
export interface ReadToolCall {
  readonly id: string;
  readonly name: string;
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
  if (typeof args !== "string") return args ?? {};
  return args.trim() === "" ? {} : parseJsonText(args);
}

/** The output of a call that failed. Only a `KitError` may tell the model its reason. */
export function failure(toolCallId: string, name: string, cause: unknown): ToolOutput {
  const known = isKitError(cause) ? cause : new KitError("internal", "", { cause });
  const error = known.toToolError();
  return { ok: false, toolCallId, name, content: JSON.stringify({ error }), error };
}

function record(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { [key: string]: unknown }) : {};
}
