import type { FunctionCall } from "./chat.ts";
import type { ToolOutput } from "./types.ts";

export type CallEvent =
  | { readonly type: "tool-call"; readonly toolCall: FunctionCall }
  | { readonly type: "tool-output"; readonly output: ToolOutput };

/** Makes calls, a limited number at a time. Tells of each as it happens, and returns the outputs in the order of the calls. */
export async function* dispatchAll(
  calls: readonly FunctionCall[],
  limit: number,
  dispatch: (call: FunctionCall) => Promise<ToolOutput>,
): AsyncGenerator<CallEvent, ToolOutput[]> {
  const outputs: ToolOutput[] = [];
  const errors: unknown[] = [];
  const running = new Map<number, Promise<number>>();
  const queue = calls.entries();

  async function run(index: number, call: FunctionCall): Promise<number> {
    try {
      outputs[index] = await dispatch(call);
    } catch (error) {
      errors.push(error);
    }
    return index;
  }

  for (;;) {
    while (running.size < limit && errors.length === 0) {
      const { done, value } = queue.next();
      if (done) break;
      const [index, toolCall] = value;
      running.set(index, run(index, toolCall));
      yield { type: "tool-call", toolCall };
    }
    if (running.size === 0) break;
    const index = await Promise.race(running.values());
    running.delete(index);
    const output = outputs[index];
    if (output !== undefined) yield { type: "tool-output", output };
  }
  // Nothing is thrown before the others are done, so that none is left running on its own.
  if (errors.length > 0) throw errors[0];
  return outputs;
}
