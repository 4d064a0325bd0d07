import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  type AnyPolicy,
  combineKits,
  defineTool,
  type Effect,
  type HistoryEntry,
  NetworkError,
  type Policy,
  runTools,
  type ToolCall,
} from "../../../src/runtime/index.ts";
import {
  cache,
  callTimeout,
  circuitBreaker,
  concurrency,
  fallback,
  forTools,
  production,
  rateLimit,
  redact,
  resultBudget,
  retry,
  timeout,
} from "../../../src/runtime/policies/index.ts";
import { calls, says, startModel } from "../model-server.ts";

const toolCall = (args: object = {}, name = "work"): ToolCall => ({
  function: { name, arguments: JSON.stringify(args) },
});

/** A tool that does one thing after the other, the last for ever. */
function tool(policies: readonly AnyPolicy[], outcomes: readonly unknown[], effect: Effect = "read", name = "work") {
  const entries: HistoryEntry[] = [];
  const made: unknown[] = [];
  const kit = defineTool(
    {
      name,
      effect,
      parameters: { type: "object" },
      async execute(args: object, { signal }) {
        const outcome = outcomes[Math.min(made.push(args) - 1, outcomes.length - 1)];
        if (outcome === "hang") {
          return await new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason));
          });
        }
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
    { policies, history: { append: (entry) => void entries.push(entry) } },
  );
  return { kit, made, entries, dispatch: (args?: object, options = {}) => kit.dispatch(toolCall(args), options) };
}

const broken = new NetworkError("the disk is far away");

describe("each policy alone", () => {
  test.each<[what: string, policy: AnyPolicy, outcomes: unknown[], want: object, made: number, effect?: Effect]>([
    ["timeout", timeout({ ms: 20 }), ["hang"], { error: { kind: "timeout", message: /^the tool did not answer/ } }, 1],
    ["callTimeout", callTimeout({ ms: 20 }), ["hang"], { error: { kind: "timeout" } }, 1],
    ["retry", retry({ delay: 1 }), [broken, broken, "ok"], { ok: true, result: "ok" }, 3],
    ["retry of a write", retry({ delay: 1 }), [broken, "ok"], { error: { kind: "network" } }, 1, "write"],
    ["retry of a destructive call", retry({ delay: 1 }), [broken, "ok"], { ok: false }, 1, "destructive"],
    ["retry of a bug", retry({ delay: 1 }), [new Error("oops"), "ok"], { error: { kind: "internal" } }, 1],
    ["fallback", fallback({ work: () => "old" }), [broken], { ok: true, result: "old" }, 1],
    ["redact", redact(["secret"]), [{ secret: 1 }], { result: { secret: "[redacted]" } }, 1],
  ])("%s", async (_, policy, outcomes, want, made, effect) => {
    const { dispatch, made: list } = tool([policy], outcomes, effect);
    const output = await dispatch();
    const { message, ...error } = (want as { error?: { message?: RegExp } }).error ?? {};
    expect(output).toMatchObject({ ...want, ...("error" in want && { error }) });
    if (message && !output.ok) expect(output.error.message).toMatch(message);
    expect(list).toHaveLength(made);
  });

  test("resultBudget", async () => {
    const { dispatch } = tool([resultBudget({ limit: 500 })], [Array.from({ length: 999 }, (_, id) => ({ id }))]);
    expect((await dispatch()).content.length).toBeLessThanOrEqual(500);
  });

  test("circuitBreaker, for each tool", async () => {
    const policies = [circuitBreaker({ failures: 2 })];
    const { dispatch, made } = tool(policies, [broken]);
    const other = tool(policies, ["fine"], "read", "other").kit;
    const kinds: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      const output = await dispatch();
      if (!output.ok) kinds.push(output.error.kind);
    }
    expect([kinds, made.length]).toEqual([["network", "network", "circuit_open"], 2]);
    expect(await other.dispatch(toolCall({}, "other"))).toMatchObject({ ok: true });
  });

  test("rateLimit", async () => {
    const { dispatch, made } = tool([rateLimit({ limit: 1 })], ["ok"]);
    expect([await dispatch(), await dispatch()]).toMatchObject([{ ok: true }, { error: { kind: "rate_limited" } }]);
    expect(made).toHaveLength(1);
  });

  test("concurrency", async () => {
    let busy = 0;
    let most = 0;
    const kit = defineTool(
      {
        name: "work",
        parameters: { type: "object" },
        async execute() {
          most = Math.max(most, ++busy);
          await sleep(2);
          busy--;
        },
      },
      { policies: [concurrency({ limit: 2 })] },
    );
    await Promise.all([1, 2, 3, 4, 5].map((n) => kit.dispatch(toolCall({ n }))));
    expect(most).toBe(2);
  });

  test("cache, by arguments and user, until something changes", async () => {
    const policies = [cache({ identity: ({ context }) => context as string | undefined })];
    const { dispatch, made, entries } = tool(policies, [{ at: [1] }]);
    const write = tool(policies, ["done"], "write", "change").kit;
    const ada = { context: "ada" };
    const results: unknown[] = [];
    for (const [args, options] of [
      [{ n: 1 }, ada],
      [{ n: 1 }, ada],
      [{ n: 2 }, ada],
      [{ n: 1 }, { context: "bob" }],
      [{ n: 1 }, {}],
      [{ n: 1 }, {}],
    ] as const) {
      const output = await dispatch(args, options);
      results.push(output.ok && output.result);
    }
    expect(made).toEqual([{ n: 1 }, { n: 2 }, { n: 1 }, { n: 1 }, { n: 1 }]);
    expect(results).toEqual(Array(6).fill({ at: [1] }));
    expect(results[1]).not.toBe(results[0]);
    expect(entries.map(({ attempts, cached }) => [attempts, cached])[1]).toEqual([0, true]);
    await write.dispatch(toolCall({}, "change"), ada);
    await dispatch({ n: 1 }, ada);
    expect(made).toHaveLength(6);
  });

  test.each([[new Blob(["x"])], [undefined], ["文"], [null], [{ when: new Date(0) }]])(
    "code gets %s as it is, whatever policies stand around",
    async (result) => {
      const { kit } = tool([timeout(), retry(), cache()], [result]);
      expect(await kit.call("work", {})).toBe(result);
    },
  );

  test.each<[status: number, want: object]>([
    [200, { ok: true, result: { from: "elsewhere" } }],
    [503, { ok: false, error: { kind: "http", status: 503, body: { from: "elsewhere" } } }],
  ])("one of yours that answers itself with %s", async (status, want) => {
    const answer: Policy = () => async () => Response.json({ from: "elsewhere" }, { status });
    expect(await tool([answer], []).dispatch()).toMatchObject(want);
  });

  test("one of yours, and for one tool alone", async () => {
    const seen: string[] = [];
    const watch: Policy = (next) => async (request, call) => {
      const response = await next(request, call);
      seen.push(`${request.method} ${call.tool} ${response.status}`);
      return response;
    };
    const policies = [forTools(["work"], watch)];
    const all = combineKits(tool(policies, ["a"]).kit, tool(policies, ["b"], "write", "other").kit);
    await all.dispatch(toolCall());
    await all.dispatch(toolCall({}, "other"));
    expect(seen).toEqual(["GET work 200"]);
  });
});

test("production holds for functions too", async () => {
  const policies = production({ retry: { delay: 1 }, cache: { identity: () => "everybody" } });
  const { dispatch, made, entries } = tool(policies, [broken, { fine: true }]);
  expect(await dispatch()).toMatchObject({ ok: true, content: '{"fine":true}' });
  expect(await dispatch()).toMatchObject({ ok: true, content: '{"fine":true}' });
  expect(made).toHaveLength(2);
  expect(entries).toMatchObject([
    { attempts: 2, cached: false },
    { attempts: 0, cached: true },
  ]);
});

test("the caller's abort ends it", async () => {
  const { dispatch } = tool(production(), ["hang"]);
  await expect(dispatch({}, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ kind: "aborted" });
});

test("approval of a tool of yours", async () => {
  const made: string[] = [];
  const define = (name: string, effect: Effect, approval?: "always" | "never") =>
    defineTool({ name, effect, approval, parameters: { type: "object" }, execute: () => void made.push(name) });
  const kit = combineKits(
    define("mail", "write", "always"),
    define("wipe", "destructive", "never"),
    define("drop", "destructive"),
  );
  await using model = await startModel([calls(["mail"], ["wipe"], ["drop"]), says("never asked")]);
  const result = await runTools({
    client: model.client,
    model: "test",
    kit,
    messages: [{ role: "user" as const, content: "go" } as never],
  });
  expect(made).toEqual(["wipe"]);
  expect(result.state?.pending.map(({ tool }) => tool)).toEqual(["mail", "drop"]);
});
