import fc from "fast-check";
import { expect, test } from "vitest";
import { AbortError, RateLimitedError } from "../../../src/runtime/index.ts";
import type { Send } from "../../../src/runtime/kit-types.ts";
import { type ConcurrencyOptions, concurrency } from "../../../src/runtime/policies/index.ts";
import { hang, newCall } from "./scripted.ts";

/** An API whose answers come when the test says so. */
function desk(options: ConcurrencyOptions) {
  const running = new Map<string, () => void>();
  const order: string[] = [];
  const send: Send = ({ url, signal }) => {
    const { pathname } = new URL(url);
    order.push(pathname);
    const answer = new Promise<Response>((resolve) => running.set(pathname, () => resolve(new Response())));
    return Promise.race([answer, hang(signal)]).finally(() => running.delete(pathname));
  };
  const through = concurrency(options)(send);
  const ask = (path: string, signal?: AbortSignal, host = "api.test") =>
    through(new Request(`http://${host}${path}`, signal ? { signal } : {}), newCall()).catch((error: unknown) => error);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 1));
  const finish = async (path: string) => {
    running.get(path)?.();
    await settle();
  };
  return { ask, finish, order, running, settle };
}

test("so many at a time, the others in their order", async () => {
  const { ask, finish, order, running, settle } = desk({ limit: 2 });
  const all = ["/1", "/2", "/3", "/4"].map((path) => ask(path));
  await settle();
  expect(order).toEqual(["/1", "/2"]);
  await finish("/2");
  expect([...running.keys()]).toEqual(["/1", "/3"]);
  await finish("/1");
  await finish("/3");
  await finish("/4");
  expect(await Promise.all(all)).toEqual(Array(4).fill(expect.any(Response)));
  expect(order).toEqual(["/1", "/2", "/3", "/4"]);
});

test("a full queue refuses", async () => {
  const { ask, finish, settle } = desk({ limit: 1, queue: 1 });
  const all = ["/1", "/2"].map((path) => ask(path));
  await settle();
  const refused = await ask("/3");
  expect(refused).toBeInstanceOf(RateLimitedError);
  expect((refused as RateLimitedError).message).toBe("1 requests run and 1 wait already");
  await finish("/1");
  await finish("/2");
  expect(await Promise.all(all)).toEqual(Array(2).fill(expect.any(Response)));
});

test("each host has its own places", async () => {
  const { ask, finish, order, settle } = desk({ limit: 1 });
  const all = [ask("/1"), ask("/2", undefined, "other.test")];
  await settle();
  expect(order).toEqual(["/1", "/2"]);
  await finish("/1");
  await finish("/2");
  await Promise.all(all);
});

test("who gives up leaves the queue at once", async () => {
  const { ask, finish, order, settle } = desk({ limit: 1, queue: 1 });
  const first = ask("/1");
  await settle();
  const abort = new AbortController();
  const second = ask("/2", abort.signal);
  await settle();
  abort.abort();
  expect(await second).toBeInstanceOf(AbortError);
  const third = ask("/3");
  await settle();
  await finish("/1");
  await finish("/3");
  expect([await first, await third]).toEqual([expect.any(Response), expect.any(Response)]);
  expect(order).toEqual(["/1", "/3"]);
});

test("no place is lost or given twice, whoever leaves and when", async () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant("ask" as const) }),
    fc.record({ type: fc.constant("finish" as const), which: fc.nat(9) }),
    fc.record({ type: fc.constant("abort" as const), which: fc.nat(9) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 30 }), async (limit, steps) => {
      const { ask, running } = desk({ limit, queue: 50 });
      const aborts: AbortController[] = [];
      const all: Promise<unknown>[] = [];
      const at = <T>(list: readonly T[], which: number) => list[which % Math.max(1, list.length)];
      const tick = () => new Promise((resolve) => setImmediate(resolve));
      for (const step of steps) {
        if (step.type === "ask") {
          const abort = new AbortController();
          all.push(ask(`/${aborts.push(abort)}`, abort.signal));
        }
        // In the same moment, or one after the other.
        if (step.type === "finish") at([...running.values()], step.which)?.();
        if (step.type === "abort") at(aborts, step.which)?.abort();
        if (step.type !== "abort") await tick();
        expect(running.size).toBeLessThanOrEqual(limit);
      }
      for (let count = 0; count < 40 && running.size > 0; count++) {
        for (const finish of running.values()) finish();
        await tick();
      }
      await Promise.all(all);
      const last = ask("/last");
      await tick();
      expect([...running.keys()]).toEqual(["/last"]);
      running.get("/last")?.();
      await last;
    }),
    { numRuns: 60 },
  );
});
