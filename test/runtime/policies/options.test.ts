import { describe, expect, test } from "vitest";
import { consoleLogger } from "../../../src/runtime/console-logger.ts";
import { defineTool, kit, type Policy } from "../../../src/runtime/index.ts";
import {
  cache,
  callTimeout,
  circuitBreaker,
  concurrency,
  memoryStore,
  production,
  rateLimit,
  redact,
  redactor,
  resultBudget,
  retry,
  timeout,
} from "../../../src/runtime/policies/index.ts";

const notANumber = Number("");
const unset = Number(undefined);

describe("numbers that cannot work are told at once", () => {
  test.each<[option: string, values: readonly unknown[], make: (value: never) => unknown]>([
    ["resultBudget: limit", [unset, 0, -1, "500"], (limit) => resultBudget({ limit })],
    ["callTimeout: ms", [unset, -1, notANumber, Infinity, 2 ** 31], (ms) => callTimeout({ ms })],
    ["timeout: ms", [unset, -1, notANumber, Infinity, 2 ** 31, null], (ms) => timeout({ ms })],
    ["cache: ttl", [unset, -1], (ttl) => cache({ ttl })],
    ["cache: maxLength", [unset, -1], (maxLength) => cache({ maxLength })],
    ["memoryStore: entries", [unset, 0], (entries) => memoryStore({ entries })],
    ["retry: attempts", [unset, 0, "3"], (attempts) => retry({ attempts })],
    ["retry: delay", [unset, -1, Infinity], (delay) => retry({ delay })],
    ["retry: maxDelay", [unset, -1, Infinity], (maxDelay) => retry({ maxDelay })],
    ["rateLimit: limit", [unset, 0], (limit) => rateLimit({ limit })],
    ["rateLimit: per", [unset, 0], (per) => rateLimit({ per })],
    ["rateLimit: maxWait", [unset, -1], (maxWait) => rateLimit({ maxWait })],
    ["concurrency: limit", [unset, 0], (limit) => concurrency({ limit })],
    ["concurrency: queue", [unset, -1], (queue) => concurrency({ queue })],
    ["circuitBreaker: failures", [unset, 0], (failures) => circuitBreaker({ failures })],
    ["circuitBreaker: openFor", [unset, -1], (openFor) => circuitBreaker({ openFor })],
    ["timeout: ms", [unset], (ms) => production({ timeout: { ms } })],
    ["timeout", [unset, -1, 0], (timeout) => kit({ api: {}, dispatcher: {} }, { timeout })],
  ])("%s", (option, values, make) => {
    for (const value of values) {
      expect(() => make(value as never)).toThrow(`${option}: got ${value}; it must be a number`);
    }
  });

  test("and those that can are taken", () => {
    const all = production({
      resultBudget: { limit: Infinity },
      cache: { ttl: 0, maxLength: Infinity },
      retry: { attempts: 1, delay: 0, maxDelay: 0 },
      rateLimit: { limit: 1, per: 1, maxWait: Infinity },
      concurrency: { limit: 1, queue: 0 },
      circuitBreaker: { failures: 1, openFor: 0 },
      timeout: { ms: 2 ** 31 - 1 },
      callTimeout: { ms: undefined },
    });
    expect(all).toHaveLength(8);
  });
});

test.each([
  "owner..email",
  ".owner",
  "owner.",
  "$.owner.email",
  "$",
  "",
  "a[",
  "a]b",
  "['a']",
  "a.**",
  "**",
  " a",
  "a b ",
])("%j is no path, and would hide nothing", (path) => {
  const problem = `redact: ${JSON.stringify(path)} is no path`;
  for (const make of [redact, redactor, (redact: string[]) => consoleLogger({ redact })])
    expect(() => make(["fine", path])).toThrow(problem);
});

test.each<[key: () => string, want: string]>([
  [() => (undefined as unknown as { name: string }).name, "could not be had: TypeError"],
  [() => undefined as unknown as string, "is undefined, and no text"],
])("what is wrong with a key is told to hooks, and not to the model: %s", async (key, want) => {
  for (const policy of [rateLimit({ key }), concurrency({ key }), circuitBreaker({ key })] as Policy[]) {
    const causes: unknown[] = [];
    const afterCall = (_: unknown, outcome: { ok: boolean; cause?: unknown }) => void causes.push(outcome.cause);
    const { dispatch } = defineTool(
      { name: "work", parameters: { type: "object" }, execute: () => "done" },
      { policies: [policy], hooks: { afterCall } },
    );
    const { content } = await dispatch({ function: { name: "work", arguments: "{}" } });
    expect(content).toContain("The tool failed.");
    expect(String(causes)).toContain(want);
    expect(String(causes)).toContain("the call has no context");
  }
});
