import type { FunctionCall } from "./chat.ts";
import type { ToolOutput } from "./kit-types.ts";
import type { Tell } from "./run-events.ts";

/** Calls that are being made, a limited number at a time. */
export interface Calls {
  /** The call is made at once, or as soon as another is done. */
  add(call: FunctionCall): void;
  /** Waits for all of them. */
  end(): Promise<Ended>;
}

/** What came of calls. */
export interface Ended {
  readonly outputs: ReadonlyMap<FunctionCall, ToolOutput>;
  /** What was thrown first, in place of an output. Calls that had not begun by then were not made. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Makes calls as they come, and tells of each. */
export function dispatchAll(limit: number, dispatch: (call: FunctionCall) => Promise<ToolOutput>, tell: Tell): Calls {
  const outputs = new Map<FunctionCall, ToolOutput>();
  let failure: Ended["failure"];
  const queue: FunctionCall[] = [];
  const workers: Promise<void>[] = [];
  let working = 0;

  async function work(): Promise<void> {
    working++;
    while (failure === undefined) {
      const toolCall = queue.shift();
      if (toolCall === undefined) break;
      tell({ type: "tool-call", toolCall });
      try {
        take(toolCall, await dispatch(toolCall));
      } catch (error) {
        failure ??= { error };
        const output = Object(error).result;
        if (output?.toolCallId === toolCall.id) take(toolCall, output);
      }
    }
    working--;
  }

  function take(call: FunctionCall, output: ToolOutput): void {
    outputs.set(call, output);
    tell({ type: "tool-output", output });
  }

  return {
    add(call) {
      queue.push(call);
      if (working < limit) workers.push(work());
    },
    async end() {
      await Promise.all(workers);
      return { outputs, failure };
    },
  };
}
