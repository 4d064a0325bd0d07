import { checkNumbers } from "../check-numbers.ts";
import { RateLimitedError } from "../errors.ts";
import type { Policy } from "../kit-types.ts";
import { type Key, keyOf } from "./key.ts";
import { Recent } from "./recent.ts";
import { sleep } from "./sleep.ts";

export interface RateLimitOptions<Context = unknown> {
  /** How many requests fit into `per`; as many may come at once. Default: 300. */
  readonly limit?: number | undefined;
  /** Milliseconds. Default: one minute. */
  readonly per?: number | undefined;
  /** What has a limit of its own. Default: `"host"`. */
  readonly key?: Key<Context> | undefined;
  /** Milliseconds that a request waits for its turn; one that would wait longer is `rate_limited`. Default: 0. */
  readonly maxWait?: number | undefined;
  /** Where the requests are counted. Default: in this process. */
  readonly store?: RateLimitStore | undefined;
}

/** A bucket of `limit` tokens, which fills in `per` milliseconds. */
export interface Bucket {
  readonly limit: number;
  readonly per: number;
}

/** Counts requests: in one process, or for many. */
export interface RateLimitStore {
  /**
   * Takes one token, of the future where none is left, and says in how many milliseconds it is there. Takes none where
   * that is more than `maxWait`.
   */
  take(key: string, bucket: Bucket, maxWait: number): number | Promise<number>;
}

/** Sends `limit` requests at once, and as many in every `per` milliseconds; others wait, or are `rate_limited`. */
export function rateLimit<Context = unknown>({
  limit = 300,
  per = 60_000,
  key = "host",
  maxWait = 0,
  store = bucketsInMemory(),
}: RateLimitOptions<Context> = {}): Policy {
  checkNumbers({ "rateLimit: limit": [limit, 1], "rateLimit: per": [per, 1], "rateLimit: maxWait": [maxWait, 0] });
  return (next) => async (request, call) => {
    const wait = await store.take(keyOf(key, request, call), { limit, per }, maxWait);
    if (!Number.isFinite(wait)) throw new TypeError(`rateLimit: the store gave ${wait}, which is no time to wait`);
    if (wait > maxWait) throw new RateLimitedError(`more than ${limit} requests in ${per / 1000} s`, wait);
    if (wait > 0) await sleep(wait, request.signal);
    return next(request, call);
  };
}

const mostBuckets = 10_000;

/** The buckets of one process. */
export function bucketsInMemory(): RateLimitStore {
  const buckets = new Recent<{ readonly tokens: number; readonly time: number }>(mostBuckets);
  return {
    take(key, { limit, per }, maxWait) {
      const now = Date.now();
      const rate = limit / per;
      const { tokens, time } = buckets.get(key) ?? { tokens: limit, time: now };
      const filled = Math.min(limit, tokens + Math.max(0, now - time) * rate);
      const wait = filled >= 1 ? 0 : Math.ceil((1 - filled) / rate);
      buckets.set(key, { tokens: wait > maxWait ? filled : filled - 1, time: now });
      return wait;
    },
  };
}
