import type { RunResult } from "./loop-options.ts";
import type { Tell } from "./run-events.ts";
import type { StreamEvent } from "./stream-tools.ts";

/** Tells of a run until it is over, or until nobody listens: then it is aborted, and has ended when `return` has. */
export function streamRun<Item extends object>(
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal, tell: Tell) => Promise<RunResult<Item>>,
): AsyncGenerator<StreamEvent<Item>, void> {
  const controller = new AbortController();
  const told = tellOf(controller, signal, run);
  const end = told.return;
  // A generator by itself would wait for the event that is asked for, and models may be silent for long.
  told.return = (value) => {
    controller.abort();
    return end.call(told, value);
  };
  return told;
}

async function* tellOf<Item extends object>(
  controller: AbortController,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal, tell: Tell) => Promise<RunResult<Item>>,
): AsyncGenerator<StreamEvent<Item>, void> {
  const events: StreamEvent<Item>[] = [];
  let isOver = false;
  let wake = (): void => {};

  function tell(event: StreamEvent<Item>): void {
    events.push(event);
    wake();
  }

  async function follow(): Promise<void> {
    try {
      const result = await run(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal, tell);
      tell({ type: "finish", result });
    } finally {
      isOver = true;
      wake();
    }
  }

  const end = follow();
  // It is awaited below, once all that was told is taken.
  end.catch(() => {});
  try {
    while (!isOver || events.length > 0) {
      const event = events.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await end;
  } finally {
    controller.abort();
    await end.catch(() => {});
  }
}
