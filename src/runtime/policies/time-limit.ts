import { untilAborted } from "../abort.ts";
import { TimeoutError } from "../errors.ts";

/** A limit on how long something may take, which ends its signal. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  start(): void;
  stop(): void;
  /** Rejects with `TimeoutError` in time, even where the work does not mind its signal. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** Counts from `start` to `stop`, and leaves no timer behind. The signal ends with its parent, too. */
export function timeLimit(ms: number, parent: AbortSignal | undefined, what: string): TimeLimit {
  const controller = new AbortController();
  const signal = parent === undefined ? controller.signal : AbortSignal.any([parent, controller.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  return {
    signal,
    stop,
    start() {
      stop();
      timer = setTimeout(() => controller.abort(new TimeoutError(`${what} within ${ms / 1000} s`)), ms);
    },
    async hold(work) {
      try {
        return await untilAborted(work, signal);
      } catch (error) {
        throw parent?.aborted ? error : (controller.signal.reason ?? error);
      }
    },
  };
}
