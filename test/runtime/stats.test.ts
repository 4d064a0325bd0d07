import { describe, expect, test } from "vitest";
import type { HistoryEntry, ToolError } from "../../src/runtime/kit-types.ts";
import { stats } from "../../src/runtime/observe.ts";

const ok = { ok: true, result: 1, content: "1" } as const;

function failed(error: Partial<ToolError>, cause?: unknown): HistoryEntry["outcome"] {
  return {
    ok: false,
    error: { kind: "http", message: "", retryable: false, ...error },
    ...(cause !== undefined && { cause }),
  };
}

function entry(tool: string, duration = 1, outcome: HistoryEntry["outcome"] = ok): HistoryEntry {
  return {
    ...{
      time: "2026-05-01T10:00:00.000Z",
      run: undefined,
      turn: undefined,
      question: undefined,
      callId: "1",
      key: undefined,
    },
    ...{ tool, effect: "read", args: {}, outcome, duration, attempts: 1, cached: false },
  };
}

describe("durations", () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => ((index * 7) % count) + 1);
  test.each<[durations: number[], p50: number, p95: number]>([
    [[], 0, 0],
    [[8], 8, 8],
    [[30, 9, 100], 30, 100],
    [[1, 2], 1, 2],
    [upTo(100), 50, 95],
    [upTo(1_000), 500, 950],
  ])("%j", async (durations, p50, p95) => {
    expect(await stats(durations.map((duration) => entry("a", duration)))).toMatchObject({
      calls: durations.length,
      p50,
      p95,
    });
  });
});

test("each tool has its own, the most called first, whatever it is called", async () => {
  const list = [
    entry("a", 5),
    ...[1, 2, 3].map((ms) => entry("__proto__", ms)),
    entry("a", 7, failed({ status: 500 })),
  ];
  const { tools, ...all } = await stats({ entries: () => list.values() });
  expect(all).toMatchObject({ calls: 5, failureRate: 0.2, p50: 3, p95: 7 });
  expect(Object.entries(tools).map(([name, { calls, failureRate, p95 }]) => [name, calls, failureRate, p95])).toEqual([
    ["__proto__", 3, 0, 3],
    ["a", 2, 0.5, 7],
  ]);
});

test("names that models made up are one", async () => {
  const unknown = ["getPetz", "__proto__"].map((name) => entry(name, 1, failed({ kind: "unknown_tool" })));
  const { tools, calls } = await stats([entry("getPet"), ...unknown]);
  expect([calls, Object.keys(tools), tools.unknown_tool?.calls]).toEqual([3, ["unknown_tool", "getPet"], 2]);
});

test("the five most common errors, whatever they quote", async () => {
  async function* errors() {
    yield* [404, 404, 404, 404, 500].map((status) => entry("a", 1, failed({ status })));
    for (const index of [0, 1, 2]) {
      const path = `items[${index}].sku`;
      yield entry("a", 1, failed({ kind: "invalid_arguments", path, message: `${path}: got ${index}` }));
    }
    yield* ["TypeError: no", "TypeError: no", "RangeError: yes"].map((cause) =>
      entry("a", 1, failed({ kind: "internal" }, cause)),
    );
    yield* ["reset", "refused"].map((message) => entry("a", 1, failed({ kind: "network", message })));
    yield entry("a", 1, failed({ kind: "network", message: "hung up" }));
  }
  expect((await stats(errors())).errors).toEqual([
    { kind: "http", status: 404, message: "", count: 4 },
    { kind: "invalid_arguments", path: "items[].sku", message: "items[2].sku: got 2", count: 3 },
    { kind: "network", message: "hung up", count: 3 },
    { kind: "internal", message: "TypeError: no", count: 2 },
    { kind: "http", status: 500, message: "", count: 1 },
  ]);
});
