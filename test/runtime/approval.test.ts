import { describe, expect, test } from "vitest";
import {
  type Approval,
  type CallOutcome,
  defineTool,
  type Effect,
  type HistoryEntry,
  type Hooks,
  KitError,
  OptionsError,
  type ToolOptions,
} from "../../src/runtime/index.ts";

const fail = async () => {
  throw new Error("no regex");
};

const number = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const run = { id: "run-1", turn: 2, question: "why?" };

/** A kit of one tool, and what was done. */
function createKit(effect: Effect, options: ToolOptions = {}, approval?: "always" | "never") {
  const made: unknown[] = [];
  const kit = defineTool(
    {
      name: "act",
      parameters: number,
      effect,
      approval,
      execute({ n }: { n: number }) {
        made.push(n);
        if (n < 0) throw new Error("db password is 123");
        return n;
      },
    },
    options,
  );
  return { kit, made };
}

const call = (n: unknown = 1) => ({ id: "c1", function: { name: "act", arguments: { n } } });

describe("who decides whether a call is made", () => {
  type Want = "made" | "asked" | "rejected";
  test.each<[what: string, effect: Effect, approval: Approval | undefined, inRun: boolean, want: Want]>([
    ["nothing: a read", "read", undefined, true, "made"],
    ["nothing: a write", "write", undefined, true, "made"],
    ["nothing: a destructive call", "destructive", undefined, true, "asked"],
    ["nothing: a destructive call that code dispatches", "destructive", undefined, false, "made"],
    ["a function that says yes", "destructive", () => true, true, "made"],
    ["a function that says yes, and why", "destructive", () => ({ approve: true, reason: "fine" }), true, "made"],
    ["a function that says no", "read", () => false, true, "rejected"],
    ["a function that says no, and why", "read", () => ({ approve: false, reason: "no" }), true, "rejected"],
    ["a function that asks", "read", () => undefined, true, "asked"],
    ["a function that asks, of code that dispatches", "read", async () => undefined, false, "asked"],
  ])("%s", async (_, effect, approval, inRun, want) => {
    const { kit, made } = createKit(effect, { approval });
    const output = await kit.dispatch(call(), { run: inRun ? run : undefined });
    const got = output.ok ? "made" : output.error.kind === "needs_approval" ? "asked" : output.error.kind;
    expect(got).toBe(want);
    expect(made).toEqual(want === "made" ? [1] : []);
    expect("pending" in output && output.pending).toEqual(
      want === "asked" && { id: "c1", tool: "act", effect, args: { n: 1 } },
    );
  });

  test.each<[what: string, tool: "always" | "never", approval: Approval | undefined, inRun: boolean, want: Want]>([
    ["always, in a run", "always", undefined, true, "asked"],
    ["always, of code that dispatches", "always", undefined, false, "asked"],
    ["always, and a function says yes", "always", () => true, false, "made"],
    ["always, and a function says no", "always", () => false, false, "rejected"],
    ["never, in a run", "never", undefined, true, "made"],
    ["never, but a function asks", "never", () => undefined, true, "asked"],
  ])("the tool says %s", async (_, tool, approval, inRun, want) => {
    const { kit, made } = createKit("destructive", { approval }, tool);
    const output = await kit.dispatch(call(), { run: inRun ? run : undefined });
    expect(output.ok ? "made" : output.error.kind).toBe(want === "asked" ? "needs_approval" : want);
    expect(made).toEqual(want === "made" ? [1] : []);
  });

  test("a tool that always asks takes a decision in a loop of one's own, and none from code", async () => {
    const { kit, made } = createKit("write", {}, "always");
    const output = await kit.dispatch(call());
    expect(made).toEqual([]);
    const { args } = ("pending" in output && output.pending) || {};
    await kit.dispatch(call(), { decision: { approve: true, args } });
    await kit.call("act", { n: 2 });
    expect(made).toEqual([1, 2]);
  });

  test.each<[given: unknown]>([["false"], ["true"], [1], [0], [null], [{}], [{ approve: "true" }], [[true]]])(
    "a function that returns %j decides nothing, and lets nothing through",
    async (given) => {
      const outcomes: CallOutcome[] = [];
      const hooks: Hooks = { afterCall: (_, outcome) => void outcomes.push(outcome) };
      const { kit, made } = createKit("write", { approval: () => given as never, hooks });
      expect(await kit.dispatch(call())).toMatchObject({ error: { kind: "internal", message: "The tool failed." } });
      expect(made).toEqual([]);
      expect(outcomes).toMatchObject([
        { cause: { message: expect.stringMatching(/^approval: got .*; it must be true/) } },
      ]);
    },
  );

  test.each<[given: unknown]>([
    [true],
    [null],
    ["true"],
    [{}],
    [{ approve: "false", args: { n: 1 } }],
    [{ approve: 1, args: { n: 1 } }],
  ])("a decision of %j is wrong options", async (decision) => {
    const { kit, made } = createKit("read");
    const failed = await kit.dispatch(call(), { decision: decision as never }).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toMatch(/^decision: got/);
    expect(made).toEqual([]);
  });

  test("the reason is told", async () => {
    const { kit } = createKit("write", { approval: () => ({ approve: false, reason: "not on Sundays" }) });
    expect((await kit.dispatch(call())).content).toBe(
      '{"error":{"kind":"rejected","message":"not on Sundays","retryable":false}}',
    );
  });

  test("wrong arguments are nobody's question", async () => {
    const { kit } = createKit("destructive", { approval: () => expect.fail("asked") });
    expect(await kit.dispatch(call("x"), { run })).toMatchObject({ error: { kind: "invalid_arguments" } });
  });

  test("code that calls is not asked", async () => {
    const { kit, made } = createKit("destructive", { approval: () => false });
    await kit.call("act", { n: 3 });
    expect(made).toEqual([3]);
  });

  test("a function that fails lets nothing through", async () => {
    const { kit, made } = createKit("read", { approval: () => Promise.reject(new Error("no database")) });
    expect(await kit.dispatch(call())).toMatchObject({ error: { kind: "internal" } });
    expect(made).toEqual([]);
  });

  test.each<[what: string, decided: { approve: boolean; args: unknown }, args: unknown, want: unknown]>([
    ["approved", { approve: true, args: { n: 1 } }, undefined, { ok: true }],
    [
      "approved with other arguments",
      { approve: true, args: { n: 2 } },
      undefined,
      { error: { kind: "needs_approval" } },
    ],
    ["rejected", { approve: false, args: { n: 1 } }, undefined, { error: { kind: "rejected" } }],
    ["rejected with other arguments", { approve: false, args: { n: 2 } }, undefined, { error: { kind: "rejected" } }],
    ["approved, the arguments being new", { approve: true, args: { n: 9 } }, { n: 9 }, { ok: true, result: 9 }],
  ])("a decision made before: %s", async (_, decision, args, want) => {
    const { kit } = createKit("destructive", { approval: () => undefined });
    expect(await kit.dispatch(call(), { run, decision, args })).toMatchObject(want as object);
  });
});

describe("hooks", () => {
  const seen: unknown[] = [];
  const watch: Hooks = {
    beforeCall: ({ args }) => void seen.push(["before", args]),
    afterCall: ({ args }, outcome) =>
      void seen.push(["after", args, outcome.ok ? outcome.content : outcome.error.kind]),
  };

  test.each<[what: string, hooks: Hooks | Hooks[], n: unknown, want: unknown, log: unknown[]]>([
    [
      "watch",
      watch,
      1,
      "1",
      [
        ["before", { n: 1 }],
        ["after", { n: 1 }, "1"],
      ],
    ],
    [
      "change arguments, one after the other",
      [{ beforeCall: () => ({ args: { n: 5 } }) }, watch],
      1,
      "5",
      [
        ["before", { n: 5 }],
        ["after", { n: 5 }, "5"],
      ],
    ],
    [
      "veto",
      [{ beforeCall: async () => ({ veto: "frozen" }) }, watch],
      1,
      /rejected.*frozen/,
      [["after", { n: 1 }, "rejected"]],
    ],
    [
      "change outcomes",
      [{ afterCall: () => ({ ok: true, result: 0, content: "hidden" }) }, watch],
      1,
      "hidden",
      [
        ["before", { n: 1 }],
        ["after", { n: 1 }, "hidden"],
      ],
    ],
    [
      "change results alone",
      [{ afterCall: (_, outcome) => (outcome.ok ? { ...outcome, result: { n: "hidden" } } : undefined) }, watch],
      1,
      '{"n":"hidden"}',
      [
        ["before", { n: 1 }],
        ["after", { n: 1 }, '{"n":"hidden"}'],
      ],
    ],
    ["hide nothing when they fail", { afterCall: fail }, 1, /"internal"/, []],
    ["stop a call when they fail", { beforeCall: fail }, 1, /"internal"/, []],
    ["see calls that never came to be", watch, "x", /invalid_arguments/, [["after", { n: "x" }, "invalid_arguments"]]],
  ])("%s", async (_, hooks, n, want, log) => {
    seen.length = 0;
    const { content } = await createKit("write", { hooks }).kit.dispatch(call(n));
    if (typeof want === "string") expect(content).toBe(want);
    else expect(content).toMatch(want as RegExp);
    expect(content).not.toContain("regex");
    expect(seen).toEqual(log);
  });

  test("come before the decision, which is about what will be done", async () => {
    const asked: unknown[] = [];
    const { kit } = createKit("write", {
      hooks: { beforeCall: () => ({ args: { n: 5 } }) },
      approval: ({ args }) => void asked.push(args),
    });
    expect(await kit.dispatch(call())).toMatchObject({ pending: { args: { n: 5 } } });
    expect(asked).toEqual([{ n: 5 }]);
  });

  test("get what a tool threw, which the model does not", async () => {
    const outcomes: CallOutcome[] = [];
    const { kit } = createKit("write", { hooks: { afterCall: (_, outcome) => void outcomes.push(outcome) } });
    expect((await kit.dispatch(call(-1))).content).not.toContain("password");
    expect(outcomes).toMatchObject([
      { ok: false, error: { kind: "internal" }, cause: new Error("db password is 123") },
    ]);
  });

  test("change what code gets too", async () => {
    const error = { kind: "not_authorized", message: "private", retryable: false } as const;
    const hooks: Hooks = {
      afterCall: ({ args }) => ((args as { n: number }).n > 1 ? { ok: false, error } : undefined),
    };
    const { kit } = createKit("read", { hooks });
    expect(await kit.call("act", { n: 1 })).toBe(1);
    await expect(kit.call("act", { n: 2 })).rejects.toThrow(new KitError("not_authorized", "private"));
  });
});

describe("history", () => {
  test.each<[what: string, n: unknown, options: ToolOptions, want: Partial<HistoryEntry>[]]>([
    [
      "a call",
      1,
      {},
      [
        {
          run: "run-1",
          turn: 2,
          question: "why?",
          callId: "c1",
          tool: "act",
          effect: "write",
          args: { n: 1 },
          outcome: { ok: true, result: 1, content: "1" },
          attempts: 0,
          cached: false,
        },
      ],
    ],
    [
      "wrong arguments",
      "x",
      {},
      [
        {
          args: { n: "x" },
          outcome: expect.objectContaining({ error: expect.objectContaining({ kind: "invalid_arguments" }) }),
        },
      ],
    ],
    ["what a tool threw", -1, {}, [{ outcome: expect.objectContaining({ cause: new Error("db password is 123") }) }]],
    [
      "what hooks left of it",
      1,
      { hooks: { afterCall: () => ({ ok: true, result: 0, content: "hidden" }) } },
      [{ outcome: { ok: true, result: 0, content: "hidden" } }],
    ],
    [
      "a rejection",
      1,
      { approval: () => false },
      [{ outcome: expect.objectContaining({ error: expect.objectContaining({ kind: "rejected" }) }) }],
    ],
    ["a call that waits: not yet", 1, { approval: () => undefined }, []],
  ])("gets %s", async (_, n, options, want) => {
    const entries: HistoryEntry[] = [];
    const { kit } = createKit("write", { ...options, history: { append: (entry) => void entries.push(entry) } });
    await kit.dispatch(call(n), { run });
    expect(entries).toMatchObject(want);
    expect(entries).toHaveLength(want.length);
    for (const { time, duration } of entries) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(duration).toBeGreaterThanOrEqual(0);
    }
  });

  test("gets what code calls, and what was aborted", async () => {
    const entries: HistoryEntry[] = [];
    const history = { append: (entry: HistoryEntry) => void entries.push(entry) };
    const hang = defineTool(
      { name: "hang", parameters: { type: "object" }, execute: () => new Promise<never>(() => {}) },
      { history },
    );
    await createKit("write", { history }).kit.call("act", { n: 1 });
    await hang.dispatch({ function: { name: "hang" } }, { signal: AbortSignal.timeout(5) }).catch(() => {});
    expect(entries).toMatchObject([
      { tool: "act", run: undefined },
      { tool: "hang", outcome: { error: { kind: "aborted" } } },
    ]);
  });

  test("that fails is told to the host", async () => {
    const { kit } = createKit("write", { history: { append: () => Promise.reject(new Error("disk full")) } });
    const failed = await kit.dispatch(call()).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.result).toEqual({ ok: true, toolCallId: "c1", name: "act", content: "1", result: 1 });
  });

  test("makes a call of a key once", async () => {
    const entries = new Map<string | undefined, HistoryEntry>();
    const claimed = new Set<string>();
    const history = {
      append: (entry: HistoryEntry) => void entries.set(entry.key, entry),
      find: (key: string) => entries.get(key),
      claim: (key: string) => !claimed.has(key) && claimed.add(key).size > 0,
    };
    const { kit, made } = createKit("write", { history });
    expect(await kit.dispatch(call(), { run, key: "k" })).toMatchObject({ ok: true, content: "1" });
    expect(await kit.dispatch(call(), { run, key: "k" })).toMatchObject({
      ok: true,
      content: "1",
      toolCallId: "c1",
      name: "act",
    });
    expect(made).toEqual([1]);
    claimed.add("begun");
    expect(await kit.dispatch(call(), { run, key: "begun" })).toMatchObject({ error: { kind: "aborted" } });
    expect([made, entries.size]).toEqual([[1], 1]);
  });
});

test("run policies act on calls that are made", async () => {
  const log: unknown[] = [];
  const policies = [
    {
      run: (next) => async (args, call) => {
        log.push(["outer", args]);
        return next({ n: 7 }, call);
      },
    },
    {
      run: (next) => async (args, call) => {
        log.push(["inner", args]);
        const { result } = await next(args, call);
        return { result, content: `about ${result}` };
      },
    },
  ] satisfies ToolOptions["policies"];
  const { kit, made } = createKit("write", { policies });
  expect(await kit.dispatch(call())).toMatchObject({ ok: true, result: 7, content: "about 7" });
  expect(await kit.call("act", { n: 1 })).toBe(7);
  expect(made).toEqual([7, 7]);
  expect(log.slice(0, 2)).toEqual([
    ["outer", { n: 1 }],
    ["inner", { n: 7 }],
  ]);
});
