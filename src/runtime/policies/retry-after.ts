/** How many milliseconds an answer asks to wait. `undefined` where it does not say. */
export function retryAfter({ headers }: Response, now = Date.now()): number | undefined {
  const asked = headers.get("retry-after");
  if (asked !== null) return readRetryAfter(asked.trim(), now);
  return readRateLimit(headers.get("ratelimit")) ?? readReset(headers, now);
}

/** Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function readRetryAfter(text: string, now: number): number | undefined {
  const ms = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/**
 * `"default";r=0;t=30`, or `limit=100, remaining=0, reset=30` in earlier drafts. Of several limits it is the longest
 * that has nothing left: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
function readRateLimit(text: string | null): number | undefined {
  if (text === null) return undefined;
  const limits = /\b(?:remaining|limit)\s*=/.test(text) ? [text] : text.split(",");
  const waits = limits.flatMap((limit) => {
    const remaining = /(?:\bremaining|;\s*r)\s*=\s*(\d+)/.exec(limit)?.[1];
    const seconds = /(?:\breset|;\s*t)\s*=\s*(\d+)/.exec(limit)?.[1];
    return Number(remaining ?? 0) > 0 || seconds === undefined ? [] : [Number(seconds) * 1000];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const prefixes = ["ratelimit-", "x-ratelimit-", "x-rate-limit-"];

/** Seconds from now, or a moment in seconds or milliseconds: everyone does it in a different way. */
function readReset(headers: Headers, now: number): number | undefined {
  for (const prefix of prefixes) {
    const reset = headers.get(`${prefix}reset`)?.trim();
    if (!reset || Number(headers.get(`${prefix}remaining`) ?? 0) > 0) continue;
    const number = Number(reset);
    if (Number.isNaN(number)) return readRetryAfter(reset, now);
    const ms = number > 1e12 ? number - now : number > 1e9 ? number * 1000 - now : number * 1000;
    return Math.max(0, ms);
  }
  return undefined;
}
