import type { FunctionCall } from "./chat.ts";
import type { AskEvent, RunEvent } from "./run-events.ts";
import type { ToolOutput } from "./types.ts";

/**
 * Makes the calls that come out of a source while it goes on, a limited number at a time. Tells of each as it happens,
 * passes on whatever else the source tells, and returns the outputs. Calls are made even if nobody listens.
 */
export async function* dispatchAll(
  source: AsyncIterable<AskEvent>,
  limit: number,
  dispatch: (call: FunctionCall) => Promise<ToolOutput>,
): AsyncGenerator<RunEvent, ReadonlyMap<FunctionCall, ToolOutput>> {
  const outputs = new Map<FunctionCall, ToolOutput>();
  const queue: FunctionCall[] = [];
  const events: RunEvent[] = [];
  const errors: unknown[] = [];
  let isSourceDone = false;
  let running = 0;
  let wake = (): void => {};

  function tell(event: RunEvent): void {
    events.push(event);
    wake();
  }

  async function readSource(): Promise<void> {
    try {
      for await (const event of source) {
        if (event.type === "tool-call") queue.push(event.toolCall);
        else tell(event);
        makeCalls();
      }
    } catch (error) {
      errors.push(error);
    }
    isSourceDone = true;
    wake();
  }

  function makeCalls(): void {
    while (running < limit && errors.length === 0) {
      const toolCall = queue.shift();
      if (toolCall === undefined) return;
      running++;
      tell({ type: "tool-call", toolCall });
      void make(toolCall);
    }
  }

  async function make(toolCall: FunctionCall): Promise<void> {
    try {
      const output = await dispatch(toolCall);
      outputs.set(toolCall, output);
      tell({ type: "tool-output", output });
    } catch (error) {
      errors.push(error);
    }
    running--;
    makeCalls();
    wake();
  }

  const isDone = () => isSourceDone && running === 0;
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  void readSource();
  try {
    while (!isDone() || events.length > 0) {
      const event = events.shift();
      if (event === undefined) await change();
      else yield event;
    }
  } finally {
    // Nothing is thrown, and nobody leaves, before all is done, so that no call is left running on its own.
    while (!isDone()) await change();
  }
  if (errors.length > 0) throw errors[0];
  return outputs;
}
