import { isKitError, type KitError } from "../errors.ts";
import type { AnyPolicy, CallOf } from "../kit-types.ts";

/** Answers in place of a tool, with natural arguments. What it throws is what the call throws. */
export type Fallback<Context = unknown> = (args: never, call: CallOf<Context>, error: KitError) => unknown;

export interface FallbackOptions {
  /** For which errors. Default: those that may be gone later, which no other arguments would have helped. */
  readonly when?: ((error: KitError) => boolean) | undefined;
}

/** Lets a function answer for a tool that fails, by the tool's name. The model is told that the answer is degraded. */
export function fallback<Context = unknown>(
  fallbacks: { readonly [tool: string]: Fallback<Context> },
  { when = ({ retryable }) => retryable }: FallbackOptions = {},
): AnyPolicy {
  return {
    run: (next) => async (args, call) => {
      try {
        return await next(args, call);
      } catch (error) {
        const answer = Object.hasOwn(fallbacks, call.tool) ? fallbacks[call.tool] : undefined;
        if (answer === undefined || call.signal?.aborted || !isKitError(error) || !when(error)) throw error;
        const result = await answer(args as never, call as CallOf<Context>, error);
        const { kind, message } = error.toToolError();
        const degraded = `${kind}: ${message}; this is a substitute, which may be old or incomplete`;
        call.progress.degraded = degraded;
        return { result, content: JSON.stringify({ degraded, result }) };
      }
    },
  };
}
