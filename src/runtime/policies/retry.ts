import { checkNumbers, longestTimer } from "../check-numbers.ts";
import { isKitError, RateLimitedError } from "../errors.ts";
import type { CallInfo, Policy } from "../kit-types.ts";
import { ExponentialBackoff } from "./cockatiel.ts";
import { retryAfter } from "./retry-after.ts";
import { sleep } from "./sleep.ts";

export interface RetryOptions {
  /** How often a request is sent at most. Default: 3. */
  readonly attempts?: number | undefined;
  /** About how many milliseconds pass before the second attempt; each later one takes twice as long. Default: 250. */
  readonly delay?: number | undefined;
  /** The longest wait. An API that asks for more gets no further request. Default: 10 s. */
  readonly maxDelay?: number | undefined;
}

/**
 * Sends a request again that failed, where that cannot do a thing twice: its method is idempotent, or the API knows the
 * call by its key.
 */
export function retry({ attempts = 3, delay = 250, maxDelay = 10_000 }: RetryOptions = {}): Policy {
  checkNumbers({
    "retry: attempts": [attempts, 1],
    "retry: delay": [delay, 0, longestTimer],
    "retry: maxDelay": [maxDelay, 0, longestTimer],
  });
  const backoff = new ExponentialBackoff({ initialDelay: delay, maxDelay });

  return (next) => async (request, call) => {
    if (!isRepeatable(request, call)) return next(request, call);
    let pause = backoff.next();
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts;
      let asked: number | undefined;
      try {
        const response = await next(isLast || request.body === null ? request : request.clone(), call);
        if (!isTransient(response.status)) return response;
        asked = retryAfter(response);
        if (asked !== undefined && asked > maxDelay && response.status === 429) {
          throw new RateLimitedError("the API takes no more calls for a while", asked, 429);
        }
        if (isLast || (asked !== undefined && asked > maxDelay)) return response;
        await response.body?.cancel();
      } catch (error) {
        if (isLast || request.signal.aborted || !isTransientError(error)) throw error;
      }
      // The library's own loop cannot be ended while it waits.
      await sleep(asked ?? pause.duration, request.signal);
      pause = pause.next(undefined);
    }
  };
}

function isRepeatable({ method }: Request, { idempotencyKey }: CallInfo): boolean {
  return idempotencyKey !== undefined || /^(?:GET|HEAD|OPTIONS|QUERY|PUT|DELETE)$/.test(method);
}

function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

function isTransientError(error: unknown): boolean {
  return isKitError(error) && (error.kind === "network" || error.kind === "timeout");
}
