import { describe, expect, test, vi } from "vitest";
import { type CircuitOpenError, NetworkError, TimeoutError } from "../../../src/runtime/index.ts";
import type { CallInfo } from "../../../src/runtime/kit-types.ts";
import { type CircuitBreakerOptions, circuitBreaker } from "../../../src/runtime/policies/index.ts";
import { fakeClock, get, newCall, type Outcome, script } from "./scripted.ts";

fakeClock();

function circuit(outcomes: Outcome[], options?: CircuitBreakerOptions) {
  const { send, seen } = script(...outcomes);
  const through = circuitBreaker(options)(send);
  /** The status, or the kind of the error. */
  const ask = async (request = get(), call: Partial<CallInfo> = {}) => {
    try {
      return (await through(request, newCall(call))).status;
    } catch (error) {
      return (error as { kind?: string }).kind ?? error;
    }
  };
  const askOften = async (count: number) => {
    const all: unknown[] = [];
    for (let index = 0; index < count; index++) all.push(await ask());
    return all;
  };
  return { ask, askOften, seen, through };
}

describe("when it opens", () => {
  test.each<[what: string, outcomes: Outcome[], want: unknown[]]>([
    ["after five failures", [500], [500, 500, 500, 500, 500, "circuit_open", "circuit_open"]],
    [
      "whatever they are",
      [503, new NetworkError("x"), new TimeoutError("x"), 500, 599],
      [503, "network", "timeout", 500, 599, "circuit_open"],
    ],
    ["not where one works between", [500, 500, 500, 500, 200, 500], [500, 500, 500, 500, 200, 500, 500, 500, 500, 500]],
    ["not for what the caller did wrong", [404], Array(9).fill(404)],
    ["not for too many calls", [429], Array(9).fill(429)],
  ])("%s", async (_, outcomes, want) => {
    expect(await circuit(outcomes).askOften(want.length)).toEqual(want);
  });

  test("for each host alone", async () => {
    const { ask, askOften } = circuit([500, 500, 500, 500, 500, 200]);
    await askOften(5);
    expect(await ask()).toBe("circuit_open");
    expect(await ask(new Request("http://other.test/"))).toBe(200);
  });

  test("for each tool alone, or whatever else", async () => {
    const byTool = circuit([500, 500, 200], { failures: 2, key: "tool" });
    expect([await byTool.askOften(3), await byTool.ask(get(), { tool: "listPets" })]).toEqual([
      [500, 500, "circuit_open"],
      200,
    ]);
    const byTenant = circuit([500, 200], { failures: 1, key: ({ context }) => String(context) });
    expect([await byTenant.ask(), await byTenant.ask(), await byTenant.ask(get(), { context: "north" })]).toEqual([
      500,
      "circuit_open",
      200,
    ]);
  });
});

test("the error says what and how long", async () => {
  const { askOften, through } = circuit([500]);
  await askOften(5);
  await vi.advanceTimersByTimeAsync(18_000);
  const error = await through(get("/secret?key=1"), newCall()).catch((error: unknown) => error);
  expect((error as CircuitOpenError).toToolError()).toEqual({
    kind: "circuit_open",
    message: "api.test failed too often, and is left alone for a while",
    hint: "try again in 42 s, or do without",
    retryable: true,
  });
});

describe("half open", () => {
  test("one request tries, and the others follow where it works", async () => {
    const { ask, askOften, seen } = circuit([500, 500, 500, 500, 500, 200]);
    await askOften(6);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.length).toBe(5);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
    expect(seen.length).toBe(8);
  });

  test("the others are refused where it does not", async () => {
    const { ask, askOften, seen } = circuit([500]);
    await askOften(6);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([500, "circuit_open", "circuit_open"]);
    expect(seen.length).toBe(6);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await ask()).toBe("circuit_open");
  });

  test("where that one never ends, another tries in its turn", async () => {
    const outcomes = [
      new Response(null, { status: 500 }),
      new Promise<never>(() => {}),
      new Response(),
      new Response(),
    ];
    const through = circuitBreaker({ failures: 1 })(async () => (await outcomes.shift()) as Response);
    const ask = () => through(get(), newCall());
    await ask();
    await vi.advanceTimersByTimeAsync(60_000);
    void ask();
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });

  test("a caller that gives up has shown nothing", async () => {
    const { ask, askOften } = circuit([500, 500, 500, 500, 500, "hang", 200]);
    await askOften(5);
    await vi.advanceTimersByTimeAsync(60_000);
    const abort = new AbortController();
    const first = ask(get("/", { signal: abort.signal }));
    const waiting = new AbortController();
    const second = ask(get("/", { signal: waiting.signal }));
    waiting.abort();
    expect(await second).toBe("aborted");
    abort.abort();
    await first;
    expect(await ask()).toBe("circuit_open");
  });
});

test("a call that was aborted is no failure", async () => {
  const { ask } = circuit(["hang", "hang", 200], { failures: 1 });
  for (let count = 0; count < 2; count++) {
    const abort = new AbortController();
    const asked = ask(get("/", { signal: abort.signal }));
    abort.abort();
    expect(await asked).toMatchObject({ name: "AbortError" });
  }
  expect(await ask()).toBe(200);
});
