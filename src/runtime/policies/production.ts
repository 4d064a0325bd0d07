import { checkNames } from "../check-names.ts";
import type { AnyPolicy } from "../kit-types.ts";
import { type CacheOptions, cache } from "./cache.ts";
import { type CallTimeoutOptions, callTimeout } from "./call-timeout.ts";
import { type CircuitBreakerOptions, circuitBreaker } from "./circuit-breaker.ts";
import { type ConcurrencyOptions, concurrency } from "./concurrency.ts";
import { type Fallback, fallback } from "./fallback.ts";
import { type RateLimitOptions, rateLimit } from "./rate-limit.ts";
import { redact } from "./redact.ts";
import { type ResultBudgetOptions, resultBudget } from "./result-budget.ts";
import { type RetryOptions, retry } from "./retry.ts";
import { type TimeoutOptions, timeout } from "./timeout.ts";

/** The options of each policy; `false` leaves it out. */
export interface ProductionOptions<Context = unknown> {
  readonly resultBudget?: ResultBudgetOptions | false | undefined;
  /** Paths. Default: none. */
  readonly redact?: readonly string[] | undefined;
  /** By tool. Default: none. */
  readonly fallback?: { readonly [tool: string]: Fallback<Context> } | undefined;
  readonly callTimeout?: CallTimeoutOptions | false | undefined;
  readonly cache?: CacheOptions<Context> | false | undefined;
  readonly retry?: RetryOptions | false | undefined;
  readonly rateLimit?: RateLimitOptions<Context> | false | undefined;
  readonly concurrency?: ConcurrencyOptions<Context> | false | undefined;
  readonly circuitBreaker?: CircuitBreakerOptions<Context> | false | undefined;
  readonly timeout?: TimeoutOptions | false | undefined;
}

/**
 * All policies, in the one order in which none gets in the way of another. Around the whole call:
 *
 * 1. `resultBudget` measures what the model really gets, so it is last to touch an answer.
 * 2. `redact` sees answers of fallbacks and errors, too.
 * 3. `fallback` answers whatever fails below, the limit of the whole call included.
 * 4. `callTimeout` counts all that follows: waiting, attempts and the pauses between them.
 *
 * Around its requests:
 *
 * 5. `cache` comes first, since a hit must cost no token, no place and no attempt, and must work while the API does not.
 * 6. `retry` repeats all that follows, so an attempt is limited and counted like any other request, and one that
 *    pauses holds no place.
 * 7. `rateLimit` counts what is really sent; who waits for a token holds no place either.
 * 8. `concurrency` holds a place for one request, from sending it to the end of its answer.
 * 9. `circuitBreaker` is asked at the last moment, since what waited above may leave when the API has failed meanwhile.
 *    It sees every attempt, and a timeout as a failure.
 * 10. `timeout` counts the request alone, not its waiting.
 */
export function production<Context = unknown>(options: ProductionOptions<Context> = {}): readonly AnyPolicy[] {
  const made: { readonly [Name in keyof Required<ProductionOptions>]: AnyPolicy | false | undefined } = {
    resultBudget: options.resultBudget !== false && resultBudget(options.resultBudget),
    redact: options.redact && redact(options.redact),
    fallback: options.fallback && fallback(options.fallback),
    callTimeout: options.callTimeout !== false && callTimeout(options.callTimeout),
    cache: options.cache !== false && cache(options.cache),
    retry: options.retry !== false && retry(options.retry),
    rateLimit: options.rateLimit !== false && rateLimit(options.rateLimit),
    concurrency: options.concurrency !== false && concurrency(options.concurrency),
    circuitBreaker: options.circuitBreaker !== false && circuitBreaker(options.circuitBreaker),
    timeout: options.timeout !== false && timeout(options.timeout),
  };
  checkNames(Object.keys(options), Object.keys(made), "production: there is no option");
  return Object.values(made).filter((policy) => typeof policy === "function" || typeof policy === "object");
}
