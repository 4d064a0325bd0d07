import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { AbortError, type RateLimitedError } from "../../../src/runtime/index.ts";
import { bucketsInMemory, type RateLimitStore, rateLimit } from "../../../src/runtime/policies/index.ts";
import { fakeClock, get, inTime, newCall, script } from "./scripted.ts";

fakeClock();

test("as many as the limit at once, the rest as tokens come", async () => {
  const { send, seen } = script(200);
  const through = rateLimit({ limit: 3, per: 3_000 })(send);
  const ask = () => through(get(), newCall()).catch((error: RateLimitedError) => error.toToolError());
  for (let count = 0; count < 3; count++) await ask();
  expect(await ask()).toEqual({
    kind: "rate_limited",
    message: "more than 3 requests in 3 s",
    hint: "try again in 1 s, or do without",
    retryable: true,
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await ask()).toMatchObject({ status: 200 });
  expect(await ask()).toMatchObject({ kind: "rate_limited" });
  expect(seen.length).toBe(4);
});

test("those who wait get their turn in order", async () => {
  const { send, seen } = script(200);
  const through = rateLimit({ limit: 2, per: 2_000, maxWait: 2_500 })(send);
  const asked = [1, 2, 3, 4, 5].map((id) => inTime(through(get(`/${id}`), newCall())));
  const outcomes = await Promise.all(asked);
  expect(outcomes.map(({ error }) => error && (error as RateLimitedError).retryAfter)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    3_000,
  ]);
  const start = seen[0]?.time ?? 0;
  expect(seen.map(({ request, time }) => [new URL(request.url).pathname, time - start])).toEqual([
    ["/1", 0],
    ["/2", 0],
    ["/3", 1_000],
    ["/4", 2_000],
  ]);
});

test("each user has their own", async () => {
  const through = rateLimit({ limit: 1, key: ({ context }) => (context as { user: string }).user })(script(200).send);
  const ask = (user: string) =>
    through(get(), newCall({ context: { user } })).then(
      ({ status }) => status,
      ({ kind }) => kind,
    );
  expect([await ask("ada"), await ask("ada"), await ask("bob"), await ask("bob")]).toEqual([
    200,
    "rate_limited",
    200,
    "rate_limited",
  ]);
});

test("the caller's abort ends the wait, and leaves no timer", async () => {
  const { send, seen } = script(200);
  const through = rateLimit({ limit: 1, per: 1_000, maxWait: 5_000 })(send);
  await through(get(), newCall());
  const abort = new AbortController();
  const waiting = through(get("/", { signal: abort.signal }), newCall()).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10);
  abort.abort();
  expect(await waiting).toBeInstanceOf(AbortError);
  expect([vi.getTimerCount(), seen.length]).toEqual([0, 1]);
});

test("a store of many processes", async () => {
  const asked: unknown[] = [];
  const store: RateLimitStore = {
    async take(...input) {
      asked.push(input);
      return asked.length === 1 ? 0 : 7_000;
    },
  };
  const through = rateLimit({ limit: 5, per: 60_000, maxWait: 1, key: "tool", store })(script(200).send);
  expect((await through(get(), newCall())).status).toBe(200);
  await expect(through(get(), newCall())).rejects.toMatchObject({ kind: "rate_limited", retryAfter: 7_000 });
  expect(asked).toEqual(Array(2).fill(["getPet", { limit: 5, per: 60_000 }, 1]));
});

test.each<[what: string, take: RateLimitStore["take"], message: string]>([
  ["that is down", () => Promise.reject(new Error("connection refused")), "connection refused"],
  ["that gives junk", () => undefined as never, "rateLimit: the store gave undefined, which is no time to wait"],
])("of a store %s nothing goes out uncounted", async (_, take, message) => {
  const { send, seen } = script(200);
  await expect(rateLimit({ store: { take } })(send)(get(), newCall())).rejects.toThrow(message);
  expect(seen).toEqual([]);
});

test("never more than the limit and what has come since, whatever the pace", () => {
  const pauses = fc.array(fc.nat(400), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), pauses, (limit, pauses) => {
      const store = bucketsInMemory();
      const start = Date.now();
      let taken = 0;
      for (const pause of pauses) {
        vi.advanceTimersByTime(pause);
        if (store.take("key", { limit, per: 1_000 }, 0) === 0) taken++;
      }
      expect(taken).toBeLessThanOrEqual(limit + ((Date.now() - start) * limit) / 1_000 + 1e-6);
    }),
  );
});
