import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { TimeoutError } from "../../../src/runtime/index.ts";
import type { Answer, AnyPolicy, Run } from "../../../src/runtime/kit-types.ts";
import { callTimeout, timeout } from "../../../src/runtime/policies/index.ts";
import { fakeClock, get, hang, inTime, newCall, script } from "./scripted.ts";

fakeClock();

const around = (policy: AnyPolicy, run: Run): Run => ("run" in policy && policy.run?.(run)) || run;

test("a request that takes too long", async () => {
  const { send, seen } = script("hang");
  const { error, ms } = await inTime(timeout()(send)(get(), newCall()));
  expect(error).toEqual(new TimeoutError("the API did not answer within 10 s"));
  expect(ms).toBe(10_000);
  expect(seen[0]?.request.signal.aborted).toBe(true);
});

test("even one that does not mind its signal", async () => {
  const { error, ms } = await inTime(timeout({ ms: 50 })(() => new Promise(() => {}))(get(), newCall()));
  expect([error, ms]).toEqual([expect.any(TimeoutError), 50]);
});

test("an answer in time leaves no timer", async () => {
  expect(await inTime(timeout()(script(200).send)(get(), newCall()))).toMatchObject({ value: { status: 200 }, ms: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test("the body of the request goes along", async () => {
  const { send, seen } = script(200);
  await timeout()(send)(get("/", { method: "POST", body: "text", headers: { "x-a": "1" } }), newCall());
  expect(seen[0]?.body).toBe("text");
  expect(seen[0]?.request.headers.get("x-a")).toBe("1");
});

test("the caller's own abort is no timeout", async () => {
  const abort = new AbortController();
  const work = timeout()(script("hang").send)(get("/", { signal: abort.signal }), newCall());
  abort.abort(new Error("enough"));
  await expect(work).rejects.toMatchObject({ name: "AbortError" });
  expect(vi.getTimerCount()).toBe(0);
});

test("a stream may take its time, but not be silent", async () => {
  const stop = vi.fn();
  const pieces = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      controller.enqueue(new TextEncoder().encode("data: x\n\n"));
    },
    cancel: stop,
  });
  const response = new Response(pieces, { headers: { "content-type": "text/event-stream" } });
  const { value } = await inTime(timeout({ ms: 100 })(async () => response)(get(), newCall()));
  const reader = value?.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (let count = 0; count < 20; count++) expect((await inTime(reader.read())).value?.done).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await inTime(reader.read())).error, "nobody asked for more meanwhile").toBeUndefined();
  await reader.cancel();
  expect(stop).toHaveBeenCalled();

  const silent = new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
  const quiet = await timeout({ ms: 100 })(async () => silent)(get(), newCall());
  expect(await inTime(quiet.text())).toMatchObject({ error: expect.any(TimeoutError), ms: 100 });
});

test("a stream that a call gave still minds the caller", async () => {
  const abort = new AbortController();
  let given: AbortSignal | undefined;
  async function* count() {
    for (let number = 1; !given?.aborted; number++) yield number;
  }
  const run: Run = async (_, call) => {
    given = call.signal;
    return { result: count(), content: "" };
  };
  const read: unknown[] = [];
  const { result } = await around(callTimeout({ ms: 10 }), run)({}, newCall({ signal: abort.signal }));
  await vi.advanceTimersByTimeAsync(1_000);
  for await (const number of result as AsyncIterable<number>) {
    read.push(number);
    if (number === 3) abort.abort();
  }
  expect(read).toEqual([1, 2, 3]);
  expect(getEventListeners(abort.signal, "abort")).toEqual([]);
});

test("a whole call that takes too long", async () => {
  const run: Run = (_, call) => hang(call.signal as AbortSignal);
  const { error, ms } = await inTime(around(callTimeout(), run)({}, newCall()));
  expect([error, ms]).toEqual([new TimeoutError("the call was not done within 60 s"), 60_000]);
  const deaf: Run = () => new Promise<Answer>(() => {});
  expect((await inTime(around(callTimeout({ ms: 5 }), deaf)({}, newCall()))).error).toBeInstanceOf(TimeoutError);
  const quick: Run = async () => ({ result: 1, content: "1" });
  expect(await around(callTimeout(), quick)({}, newCall())).toEqual({ result: 1, content: "1" });
  expect(vi.getTimerCount()).toBe(0);
});
