import { AbortError, TimeoutError } from "../errors.ts";

/** A limit on how long something may take, which ends its signal. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Waits for work, and rejects in time even where the work does not mind its signal. Leaves no timer behind. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** Gives each `hold` so much time. While one is held, the signal ends with its parent, too. */
export function timeLimit(ms: number, parent: AbortSignal | undefined, what: string): TimeLimit {
  const controller = new AbortController();

  async function hold<T>(work: () => Promise<T>): Promise<T> {
    const { promise: end, reject } = Promise.withResolvers<never>();
    function stop(error: Error, reason: unknown = error): void {
      controller.abort(reason);
      reject(error);
    }
    const abort = () => stop(new AbortError({ cause: parent?.reason }), parent?.reason);
    const timer = setTimeout(() => stop(new TimeoutError(`${what} within ${ms / 1000} s`)), ms);
    parent?.addEventListener("abort", abort, { once: true });
    if (parent?.aborted) abort();
    try {
      return await Promise.race([parent?.aborted ? end : work(), end]);
    } finally {
      clearTimeout(timer);
      parent?.removeEventListener("abort", abort);
    }
  }

  return { signal: controller.signal, hold };
}
