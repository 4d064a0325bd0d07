import { AbortError, TimeoutError } from "../errors.ts";

/** A limit on how long something may take, which ends its signal. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Waits for work, and rejects in time even where the work does not mind its signal. Leaves no timer behind. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Lets the signal end with its parent while nothing is held, until what comes back is called. */
  follow(): () => void;
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
    const timer = setTimeout(() => stop(new TimeoutError(`${what} within ${ms / 1000} s`)), ms);
    const release = listen(parent, (reason) => stop(new AbortError({ cause: reason }), reason));
    try {
      return await Promise.race([parent?.aborted ? end : work(), end]);
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  return { signal: controller.signal, hold, follow: () => listen(parent, (reason) => controller.abort(reason)) };
}

/** Tells when a signal ends, or that it has. */
function listen(signal: AbortSignal | undefined, tell: (reason: unknown) => void): () => void {
  const abort = () => tell(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return () => signal?.removeEventListener("abort", abort);
}
