import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  AbortError,
  CircuitOpenError,
  NetworkError,
  RateLimitedError,
  TimeoutError,
} from "../../../src/runtime/index.ts";
import { retry } from "../../../src/runtime/policies/index.ts";
import { fakeClock, get, inTime, newCall, type Outcome, script, withHeaders } from "./scripted.ts";

fakeClock();

const broken = new NetworkError("the connection broke");

describe("which outcomes are tried again", () => {
  test.each<[what: string, outcomes: Outcome[], want: { sent: number; status?: number; error?: unknown }]>([
    ["nothing that works", [200], { sent: 1, status: 200 }],
    ["a server error", [500, 200], { sent: 2, status: 200 }],
    ["several", [503, 502, 200], { sent: 3, status: 200 }],
    ["up to three times", [500, 500, 504, 200], { sent: 3, status: 504 }],
    ["408", [408, 200], { sent: 2, status: 200 }],
    ["425", [425, 200], { sent: 2, status: 200 }],
    ["429", [429, 200], { sent: 2, status: 200 }],
    ["no 404", [404, 200], { sent: 1, status: 404 }],
    ["no 401", [401, 200], { sent: 1, status: 401 }],
    ["a broken connection", [broken, 200], { sent: 2, status: 200 }],
    ["a timeout", [new TimeoutError("late"), 200], { sent: 2, status: 200 }],
    ["a connection that stays broken", [broken], { sent: 3, error: broken }],
    ["no error of another policy", [new CircuitOpenError("open", 1)], { sent: 1, error: expect.any(CircuitOpenError) }],
    ["no bug", [new TypeError("bug")], { sent: 1, error: expect.any(TypeError) }],
  ])("%s", async (_, outcomes, want) => {
    const { send, seen } = script(...outcomes);
    const { value, error } = await inTime(retry()(send)(get(), newCall()));
    expect({ sent: seen.length, status: value?.status, error }).toEqual({
      status: undefined,
      error: undefined,
      ...want,
    });
  });
});

describe("which requests are repeated", () => {
  test.each<[method: string, key: string | undefined, sent: number]>([
    ["GET", undefined, 3],
    ["HEAD", undefined, 3],
    ["OPTIONS", undefined, 3],
    ["QUERY", undefined, 3],
    ["PUT", undefined, 3],
    ["DELETE", undefined, 3],
    ["POST", undefined, 1],
    ["PATCH", undefined, 1],
    ["POST", "key", 3],
    ["PATCH", "key", 3],
  ])("%s with the key %s: %i", async (method, idempotencyKey, sent) => {
    for (const outcome of [503, broken]) {
      const { send, seen } = script(outcome);
      const body = method === "PUT" || method === "POST" ? "a body" : null;
      await inTime(retry()(send)(get("/", { method, body }), newCall({ idempotencyKey })));
      expect(seen.map(({ body }) => body)).toEqual(Array(sent).fill(body ?? ""));
    }
  });

  test("never a POST without a key, whatever happens and however it is configured", async () => {
    const outcomes = fc.array(fc.constantFrom<Outcome>(408, 425, 429, 500, 503, broken, 200), { minLength: 1 });
    const options = fc.record({ attempts: fc.integer({ min: 1, max: 9 }), delay: fc.nat(50), maxDelay: fc.nat(99) });
    const method = fc.constantFrom("POST", "PATCH");
    await fc.assert(
      fc.asyncProperty(outcomes, options, method, async (outcomes, options, method) => {
        const { send, seen } = script(...outcomes);
        await inTime(retry(options)(send)(get("/", { method }), newCall()));
        expect(seen.length).toBe(1);
      }),
    );
  });
});

describe("how long it waits", () => {
  test("twice as long each time, about, and never longer than the cap", async () => {
    const total = { first: 0, third: 0 };
    for (let run = 0; run < 200; run++) {
      const { send, seen } = script(500);
      await inTime(retry({ attempts: 9, delay: 100, maxDelay: 1_000 })(send)(get(), newCall()));
      const times = seen.map(({ time }) => time);
      const waits = times.slice(1).map((time, index) => time - (times[index] as number));
      expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
      total.first += waits[0] as number;
      total.third += waits[2] as number;
    }
    expect(total.first / 200).toBeGreaterThan(20);
    expect(total.third / total.first).toBeGreaterThan(2);
  });

  test("not the same each time", async () => {
    const waits = new Set<number>();
    for (let run = 0; run < 20; run++) waits.add((await inTime(retry()(script(500, 200).send)(get(), newCall()))).ms);
    expect(waits.size).toBeGreaterThan(5);
  });

  test.each<[headers: { [name: string]: string }, ms: number]>([
    [{ "retry-after": "3" }, 3_000],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, 5_000],
    [{ ratelimit: '"default";r=0;t=4' }, 4_000],
    [{ "x-ratelimit-reset": "10" }, 10_000],
  ])("as long as %j says", async (headers, ms) => {
    const outcome = await inTime(retry()(script(withHeaders(429, headers), 200).send)(get(), newCall()));
    expect(outcome).toMatchObject({ ms, value: { status: 200 } });
  });

  test("an API that asks for more than the cap gets no further request", async () => {
    const limited = script(withHeaders(429, { "retry-after": "11" }), 200);
    const { error, ms } = await inTime(retry()(limited.send)(get(), newCall()));
    expect([limited.seen.length, ms]).toEqual([1, 0]);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).toToolError()).toEqual({
      kind: "rate_limited",
      message: "the API takes no more calls for a while",
      hint: "try again in 11 s, or do without",
      status: 429,
      retryable: true,
    });
    const down = script(withHeaders(503, { "retry-after": "3600" }), 200);
    expect(await inTime(retry()(down.send)(get(), newCall()))).toMatchObject({ ms: 0, value: { status: 503 } });
    expect(down.seen.length).toBe(1);
  });
});

test("the caller's abort ends a pause at once, and leaves no timer", async () => {
  const abort = new AbortController();
  const { send, seen } = script(withHeaders(503, { "retry-after": "9" }));
  const work = retry()(send)(get("/", { signal: abort.signal }), newCall()).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(100);
  expect(vi.getTimerCount()).toBe(1);
  abort.abort("enough");
  expect(await work).toBeInstanceOf(AbortError);
  expect([vi.getTimerCount(), seen.length]).toEqual([0, 1]);
});

test("an aborted attempt is not repeated", async () => {
  const abort = new AbortController();
  const { send, seen } = script("hang");
  const work = retry()(send)(get("/", { signal: abort.signal }), newCall()).catch((error: unknown) => error);
  abort.abort(new TimeoutError("somebody else's"));
  expect(await work).toBeInstanceOf(TimeoutError);
  expect(seen.length).toBe(1);
});
