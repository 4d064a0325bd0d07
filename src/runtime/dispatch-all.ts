import type { FunctionCall } from "./chat.ts";
import type { Tell } from "./run-events.ts";
import type { ToolOutput } from "./types.ts";

/** Calls that are being made, a limited number at a time. */
export interface Calls {
  /** The call is made at once, or as soon as another is done. */
  add(call: FunctionCall): void;
  /** Waits for all of them. */
  end(): Promise<ReadonlyMap<FunctionCall, ToolOutput>>;
}

/** Makes calls as they come, and tells of each. */
export function dispatchAll(limit: number, dispatch: (call: FunctionCall) => Promise<ToolOutput>, tell: Tell): Calls {
  const outputs = new Map<FunctionCall, ToolOutput>();
  const errors: unknown[] = [];
  const queue: FunctionCall[] = [];
  const workers: Promise<void>[] = [];
  let working = 0;

  async function work(): Promise<void> {
    working++;
    while (errors.length === 0) {
      const toolCall = queue.shift();
      if (toolCall === undefined) break;
      tell({ type: "tool-call", toolCall });
      try {
        const output = await dispatch(toolCall);
        outputs.set(toolCall, output);
        tell({ type: "tool-output", output });
      } catch (error) {
        errors.push(error);
      }
    }
    working--;
  }

  return {
    add(call) {
      queue.push(call);
      if (working < limit) workers.push(work());
    },
    async end() {
      // Nothing is thrown before all are done, so that none is left running on its own.
      await Promise.all(workers);
      if (errors.length > 0) throw errors[0];
      return outputs;
    },
  };
}
