import { expect, test } from "vitest";
import { retryAfter } from "../../../src/runtime/policies/retry-after.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each<[headers: { [name: string]: string }, want: number | undefined]>([
  [{}, undefined],
  [{ "retry-after": "3" }, 3_000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": " 1.5 " }, 1_500],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, 5_000],
  [{ "retry-after": "Wed, 31 Dec 2025 23:59:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-4" }, expect.toSatisfy((ms) => ms === undefined || ms === 0)],
  [{ "retry-after": "2", "x-ratelimit-reset": "50" }, 2_000],
  [{ ratelimit: '"default";r=0;t=30' }, 30_000],
  [{ ratelimit: '"default";r=12;t=30' }, undefined],
  [{ ratelimit: '"burst";r=0;t=2, "daily";r=0;t=600' }, 600_000],
  [{ ratelimit: '"burst";r=0;t=2, "daily";r=9;t=600' }, 2_000],
  [{ ratelimit: "limit=100, remaining=0, reset=7" }, 7_000],
  [{ ratelimit: "limit=100, remaining=1, reset=7" }, undefined],
  [{ "ratelimit-reset": "9", "ratelimit-remaining": "0" }, 9_000],
  [{ "ratelimit-reset": "9" }, 9_000],
  [{ "ratelimit-reset": "9", "ratelimit-remaining": "4" }, undefined],
  [{ "x-ratelimit-reset": "6" }, 6_000],
  [{ "x-ratelimit-reset": String(now / 1000 + 20) }, 20_000],
  [{ "x-ratelimit-reset": String(now + 1_234) }, 1_234],
  [{ "x-ratelimit-reset": String(now / 1000 - 20) }, 0],
  [{ "x-ratelimit-reset": "Thu, 01 Jan 2026 00:00:05 GMT" }, 5_000],
  [{ "x-rate-limit-reset": "5", "x-rate-limit-remaining": "0" }, 5_000],
  [{ "x-ratelimit-reset": "junk" }, undefined],
])("%j asks for %s ms", (headers, want) => {
  expect(retryAfter(new Response(null, { headers }), now)).toEqual(want);
});
