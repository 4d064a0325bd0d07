import type { RunResult } from "./loop-options.ts";
import type { RunEvent } from "./run-events.ts";
import type { StreamEvent } from "./stream-tools.ts";

/** Tells of a run until it is over, or until nobody listens: then it is aborted, and has ended when this returns. */
export async function* streamRun<Item extends object>(
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => AsyncGenerator<RunEvent, RunResult<Item>>,
): AsyncGenerator<StreamEvent<Item>, void> {
  const controller = new AbortController();
  const events = run(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal);
  try {
    for (;;) {
      const { done, value } = await events.next();
      yield done ? { type: "finish", result: value } : value;
      if (done) return;
    }
  } finally {
    controller.abort();
    await events.return(undefined as never);
  }
}
