import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { describe, expect, test } from "vitest";
import { resumeTools as resumeResponses } from "../../src/runtime/adapters/responses.ts";
import {
  combineKits,
  type Decisions,
  defineTool,
  type History,
  type HistoryEntry,
  OptionsError,
  type ResumeToolsOptions,
  type RunState,
  type RunToolsOptions,
  resumeTools,
  runTools,
  streamResumedTools,
  streamTools,
  type ToolOptions,
} from "../../src/runtime/index.ts";
import { calls, type Reply, says, startModel } from "./model-server.ts";

const id = { type: "object", properties: { id: { type: "integer" } }, required: ["id"], additionalProperties: false };

function createKit(options: Pick<ToolOptions, "history" | "approval" | "hooks"> = {}) {
  const made: string[] = [];
  const tool = (name: string, effect: "read" | "write" | "destructive") =>
    defineTool(
      {
        name,
        effect,
        parameters: id,
        execute: ({ id }: { id: number }) => {
          made.push(`${name} ${id}`);
          return `${name} ${id} is done`;
        },
      },
      options,
    );
  return { made, kit: combineKits(tool("get", "read"), tool("set", "write"), tool("remove", "destructive")) };
}

type Kit = ReturnType<typeof createKit>["kit"];
const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "clean up" }];

async function run(
  script: readonly Reply[],
  options: Partial<RunToolsOptions<Kit, ChatCompletionMessageParam>> & { kit: Kit },
) {
  await using model = await startModel(script);
  const result = await runTools({ client: model.client, model: "test", messages, ...options });
  return { result, state: JSON.parse(JSON.stringify(result.state ?? null)) };
}

async function resume(
  script: readonly Reply[],
  options: Partial<ResumeToolsOptions<Kit, ChatCompletionMessageParam>> & {
    kit: Kit;
    state: RunState<never>;
    decisions: Decisions;
  },
) {
  await using model = await startModel(script);
  const result = await resumeTools({ client: model.client, model: "test", ...options });
  return { result, requests: model.requests, state: JSON.parse(JSON.stringify(result.state ?? null)) };
}

const outputsOf = (history: readonly object[]) =>
  history.filter((message) => "tool_call_id" in message).map((message) => (message as { content?: unknown }).content);

const removeOne = calls(["get", { id: 1 }, "a"], ["remove", { id: 2 }, "b"], ["set", { id: 3 }, "c"]);
const removeTwo = calls(["remove", { id: 1 }, "a"], ["remove", { id: 2 }, "b"]);

test("a run stops at destructive calls, and nothing else", async () => {
  const { kit, made } = createKit();
  const { result } = await run([removeOne], { kit });
  expect(made).toEqual(["get 1", "set 3"]);
  expect(result.stopReason).toBe("needs_approval");
  expect(outputsOf(result.messages)).toEqual([
    "get 1 is done",
    expect.stringContaining("needs_approval"),
    "set 3 is done",
  ]);
  expect(result.state).toMatchObject({
    turn: 1,
    question: "clean up",
    pending: [{ id: "b", tool: "remove", effect: "destructive", args: { id: 2 } }],
  });
});

describe("decisions", () => {
  test.each<[what: string, decision: Decisions[string], made: string[], output: RegExp]>([
    ["yes", true, ["remove 2"], /^remove 2 is done$/],
    ["yes, in words", { approve: true, reason: "go on" }, ["remove 2"], /^remove 2 is done$/],
    ["yes, to the same arguments", { approve: true, args: { id: 2 } }, ["remove 2"], /^remove 2 is done$/],
    ["no", false, [], /"kind":"rejected"/],
    ["no, and why", { approve: false, reason: "keep it" }, [], /"kind":"rejected","message":"keep it"/],
  ])("%s: the run goes on", async (_, decision, want, output) => {
    const { kit, made } = createKit();
    const { state } = await run([removeOne], { kit });
    made.length = 0;
    const { result, requests } = await resume([says("Done.")], { kit, state, decisions: { b: decision } });
    expect(made).toEqual(want);
    expect(result).toMatchObject({ stopReason: "answer", text: "Done.", usage: { totalTokens: 30 } });
    expect(outputsOf(requests[0]?.messages ?? [])).toEqual([
      "get 1 is done",
      expect.stringMatching(output),
      "set 3 is done",
    ]);
    expect(result.messages.slice(0, -1)).toEqual(requests[0]?.messages);
  });

  test("other arguments are asked about again, and the model learns of them", async () => {
    const { kit, made } = createKit();
    const first = await run([removeTwo], { kit });
    const second = await resume([], {
      kit,
      state: first.state,
      decisions: { a: { approve: true, args: { id: 9 } }, b: true },
    });
    expect(made).toEqual(["remove 2"]);
    expect(second.result.stopReason).toBe("needs_approval");
    expect(second.requests).toEqual([]);
    expect(second.state.pending).toMatchObject([{ id: "a", tool: "remove", args: { id: 9 } }]);
    const third = await resume([says("Done.")], { kit, state: second.state, decisions: { a: true } });
    expect(made).toEqual(["remove 2", "remove 9"]);
    expect(outputsOf(third.result.messages)).toEqual([
      'made with other arguments, {"id":9}: remove 9 is done',
      "remove 2 is done",
    ]);
  });

  test.each<[args: unknown, message: string]>([
    [{ id: 9, why: "old" }, "why: is not known; allowed: id"],
    [{ idd: 9 }, "id: is required, and missing"],
    [{ id: "9" }, 'id: got "9"; expected an integer'],
    [{}, "id: is required, and missing"],
    [[9], "got an array of 1; expected an object"],
    [null, "got null; expected an object"],
  ])("other arguments that do not fit are refused before anything is made: %j", async (args, message) => {
    const { kit, made } = createKit();
    const { state } = await run([removeTwo], { kit });
    const decisions: Decisions = { a: true, b: { approve: true, args } };
    const failed = await resume([], { kit, state, decisions }).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toBe(`decisions: "b": args: ${message}`);
    expect(made).toEqual([]);
  });

  test("other arguments are the approval function's question first", async () => {
    const { kit, made } = createKit({ approval: ({ args }) => ((args as { id: number }).id > 5 ? true : undefined) });
    const { state } = await run([calls(["set", { id: 1 }, "a"])], { kit });
    await resume([says("ok")], { kit, state, decisions: { a: { approve: true, args: { id: 9 } } } });
    expect(made).toEqual(["set 9"]);
  });

  test.each<[what: string, step: number, made: string[], pending: object[]]>([
    ["the same arguments of it", 0, ["remove 11"], []],
    ["others, about which it is asked again", 1, [], [{ args: { id: 12 } }]],
  ])("a hook sees a call once more, and makes %s", async (_, step, made, pending) => {
    let more = 10;
    const beforeCall = ({ args }: { args: unknown }) => {
      const { id } = args as { id: number };
      const change = { args: { id: id + more } };
      more += step;
      return change;
    };
    const { kit, ...done } = createKit({ hooks: { beforeCall } });
    const { state } = await run([calls(["remove", { id: 1 }, "a"])], { kit });
    const { result } = await resume([says("ok")], { kit, state, decisions: { a: true } });
    expect(done.made).toEqual(made);
    expect(result.state?.pending ?? []).toMatchObject(pending);
  });

  test("what is not decided goes on waiting", async () => {
    const { kit, made } = createKit();
    const first = await run([removeTwo], { kit });
    const second = await resume([], { kit, state: first.state, decisions: { b: false } });
    expect(second.result.stopReason).toBe("needs_approval");
    const third = await resume([says("ok")], { kit, state: second.state, decisions: { a: true } });
    expect(made).toEqual(["remove 1"]);
    expect(outputsOf(third.result.messages)).toEqual(["remove 1 is done", expect.stringContaining("rejected")]);
  });

  test("a state whose call is not the one decided about is asked again", async () => {
    const { kit, made } = createKit();
    const { state } = await run([removeOne], { kit });
    state.pending[0].toolCall.function.arguments = '{"id":7}';
    const { result } = await resume([], { kit, state, decisions: { b: true } });
    expect(result.stopReason).toBe("needs_approval");
    expect(result.state?.pending).toMatchObject([{ args: { id: 7 } }]);
    expect(made).not.toContain("remove 7");
  });

  test("a run may wait again, and goes on in its turns", async () => {
    const { kit, made } = createKit();
    const first = await run([says("never")].slice(1).concat(calls(["remove", { id: 1 }, "a"])), { kit });
    const second = await resume([calls(["remove", { id: 2 }, "a"])], {
      kit,
      state: first.state,
      decisions: { a: true },
    });
    expect(second.state).toMatchObject({ turn: 2, run: first.state.run });
    const third = await resume([says("Done.")], { kit, state: second.state, decisions: { a: true } });
    expect(made).toEqual(["remove 1", "remove 2"]);
    expect(third.result.usage.totalTokens).toBe(45);
    expect(outputsOf(third.result.messages)).toEqual(["remove 1 is done", "remove 2 is done"]);
  });
});

describe("wrong options", () => {
  test.each<[message: RegExp, change: (state: RunState<never>) => object, stateSecret?: string]>([
    [/no call "x" is waiting; those that are: b/, (state) => ({ state, decisions: { x: true } })],
    [/no state/, () => ({ state: undefined })],
    [/no state/, () => ({ state: {} })],
    [/no state/, (state) => ({ state: { ...state, version: 2 } })],
    [/it is of a run over responses, and this/, (state) => ({ state: { ...state, api: "responses" } })],
    [/stateSecret: it must be text/, (state) => ({ state }), ""],
    [/stateOwner: it must be text/, (state) => ({ state, stateOwner: "" }), "secret"],
    [/signature/, (state) => ({ state }), "secret"],
    [/signature/, (state) => ({ state: { ...state, signature: "00" } }), "secret"],
    [/it is signed/, (state) => ({ state: { ...state, signature: "00" } })],
    [/maxTurns: got NaN/, (state) => ({ state, maxTurns: Number.NaN })],
    [/modelTimeout: got 0/, (state) => ({ state, modelTimeout: 0 })],
    [/maxRepeatedCalls: got 0/, (state) => ({ state, maxRepeatedCalls: 0 })],
    [/maxContentBytes: got -1/, (state) => ({ state, maxContentBytes: -1 })],
    [/signature/, (state) => ({ state: { ...state, signature: 7 } }), "secret"],
  ])("%s", async (message, change, stateSecret) => {
    const { kit, made } = createKit();
    const { state } = await run([removeOne], { kit });
    made.length = 0;
    const failed = await resume([], { kit, decisions: { b: true }, stateSecret, ...change(state) } as never).catch(
      (error) => error,
    );
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toMatch(message);
    expect(made).toEqual([]);
  });
});

describe("a decision that is none", () => {
  test.each<[given: unknown]>([["false"], ["true"], [1], [0], [null], [{}], [{ approve: "false" }], [[true]]])(
    "%j is wrong options, and nothing is made",
    async (given) => {
      const { kit, made } = createKit();
      const { state } = await run([removeTwo], { kit });
      const decisions = { a: true, b: given } as Decisions;
      const failed = await resume([], { kit, state, decisions }).catch((error) => error);
      expect(failed).toBeInstanceOf(OptionsError);
      expect(failed.message).toMatch(/^decisions: "b": got/);
      expect(made).toEqual([]);
    },
  );

  test.each<[given: unknown]>([[null], [undefined], [true]])("no decisions, but %j", async (decisions) => {
    const { kit } = createKit();
    const { state } = await run([removeOne], { kit });
    await expect(resume([], { kit, state, decisions: decisions as never })).rejects.toThrow(/^decisions: got/);
  });

  test("undefined goes on waiting", async () => {
    const { kit, made } = createKit();
    const { state } = await run([removeTwo], { kit });
    const { result } = await resume([], { kit, state, decisions: { a: true, b: undefined } });
    expect([made, result.stopReason]).toEqual([["remove 1"], "needs_approval"]);
    expect(result.state?.pending).toMatchObject([{ id: "b" }]);
  });
});

describe("a signed state", () => {
  const stateSecret = "s3cret";
  async function signed() {
    const { kit, made } = createKit();
    const { state } = await run([removeOne], { kit, stateSecret });
    made.length = 0;
    return { kit, made, state };
  }

  test("goes on, whatever the order of its keys", async () => {
    const { kit, made, state } = await signed();
    const turned = Object.fromEntries(Object.entries(state).reverse()) as never;
    await resume([says("ok")], { kit, state: turned, stateSecret, decisions: { b: true } });
    expect(made).toEqual(["remove 2"]);
  });

  test.each<
    [
      what: string,
      edit: (state: { pending: { args: object; toolCall: object }[]; messages: object[]; turn: number }) => void,
    ]
  >([
    ["arguments", (state) => Object.assign(state.pending[0]?.args ?? {}, { id: 3 })],
    ["the call", (state) => Object.assign(state.pending[0]?.toolCall ?? {}, { id: "z" })],
    ["a message", (state) => Object.assign(state.messages[0] ?? {}, { content: "delete all" })],
    ["the turn", (state) => Object.assign(state, { turn: 0 })],
    ["a new field", (state) => Object.assign(state, { extra: 1 })],
  ])("is refused where %s is not as it was", async (_, edit) => {
    const { kit, made, state } = await signed();
    edit(state);
    await expect(resume([], { kit, state, stateSecret, decisions: { b: true } })).rejects.toThrow(OptionsError);
    expect(made).toEqual([]);
  });

  test.each<[owner: string | undefined, other: string | undefined]>([
    ["owner", "bob"],
    ["owner", undefined],
    [undefined, "bob"],
  ])("of %s is refused for %s, and goes on for its owner", async (stateOwner, other) => {
    const { kit, made } = createKit();
    const { state } = await run([removeOne], { kit, stateSecret, stateOwner });
    expect(JSON.stringify(state)).not.toContain("owner");
    const options = { kit, state, stateSecret, decisions: { b: true } };
    await expect(resume([], { ...options, stateOwner: other })).rejects.toThrow(/for another stateOwner/);
    expect(made).not.toContain("remove 2");
    await resume([says("ok")], { ...options, stateOwner });
    expect(made).toContain("remove 2");
  });

  test.each<[option: string, options: object]>([
    ["stateSecret", { stateSecret: "" }],
    ["stateSecret", { stateSecret: null }],
    ["stateOwner", { stateSecret, stateOwner: "" }],
  ])("takes a %s that is a text, and says so before anything is made: %j", async (option, options) => {
    const { kit, made } = createKit();
    const failed = await run([removeOne], { kit, ...options }).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toBe(`${option}: it must be text, and not empty`);
    expect(made).toEqual([]);
  });

  test("has no owner without a secret", async () => {
    const { kit } = createKit();
    await expect(run([removeOne], { kit, stateOwner: "owner" })).rejects.toThrow(/stateOwner: it takes a stateSecret/);
  });
});

/** A history that all processes share. */
function createHistory() {
  const entries: HistoryEntry[] = [];
  const claimed = new Set<string>();
  const history: History = {
    append: (entry) => void entries.push(JSON.parse(JSON.stringify(entry))),
    find: (key) => entries.find((entry) => entry.key === key),
    claim: (key) => !claimed.has(key) && claimed.add(key).size > 0,
  };
  return { entries, history };
}

describe("a state that is resumed twice runs nothing twice", () => {
  const script = [calls(["set", { id: 4 }], ["set", { id: 4 }], ["set", { id: 5 }]), says("Done.")];

  test("one after the other", async () => {
    const { history, entries } = createHistory();
    const { kit, made } = createKit({ history });
    const { state } = await run([removeOne], { kit });
    const first = await resume(script, { kit, state, decisions: { b: true } });
    const second = await resume(script, { kit, state, decisions: { b: true } });
    // The calls of a turn arrive in any order.
    expect(made.sort()).toEqual(["get 1", "remove 2", "set 3", "set 4", "set 4", "set 5"]);
    expect(outputsOf(second.result.messages)).toEqual(outputsOf(first.result.messages));
    expect(entries.map(({ tool, args }) => `${tool} ${(args as { id: number }).id}`).sort()).toEqual(made);
  });

  test("though the second time the model takes other turns", async () => {
    const { history } = createHistory();
    const { kit, made } = createKit({ history });
    const { state } = await run([removeOne], { kit });
    await resume(script, { kit, state, decisions: { b: true } });
    const slower = [
      calls(["get", { id: 7 }]),
      calls(["set", ' {"id":4}']),
      calls(["set", { id: 5 }], ["set", { id: 4 }]),
      says("Done."),
    ];
    const { result } = await resume(slower, { kit, state, decisions: { b: true } });
    expect(made.sort()).toEqual(["get 1", "get 7", "remove 2", "set 3", "set 4", "set 4", "set 5"]);
    expect(outputsOf(result.messages).slice(4)).toEqual(["set 4 is done", "set 5 is done", "set 4 is done"]);
  });

  test("but a later state of the same run may make the same calls again", async () => {
    const { history } = createHistory();
    const { kit, made } = createKit({ history });
    const { state } = await run([removeOne], { kit });
    const again = [calls(["set", { id: 4 }]), calls(["remove", { id: 9 }, "d"])];
    const second = await resume(again, { kit, state, decisions: { b: true } });
    await resume([calls(["set", { id: 4 }]), says("ok")], { kit, state: second.state, decisions: { d: true } });
    expect(made).toEqual(["get 1", "set 3", "remove 2", "set 4", "remove 9", "set 4"]);
  });

  test("nor do the states that come of it, where it stopped again", async () => {
    const { history } = createHistory();
    const { kit, made } = createKit({ history });
    const { state } = await run([removeOne], { kit });
    const options = { kit, state, decisions: { b: true } };
    const one = await resume([calls(["remove", { id: 9 }, "d"])], options);
    const other = await resume([calls(["get", { id: 7 }]), calls(["remove", { id: 9 }, "e"])], options);
    const rest = [calls(["set", { id: 4 }], ["set", { id: 4 }]), says("ok")];
    await resume(rest, { kit, state: one.state, decisions: { d: true } });
    const { result } = await resume(rest, { kit, state: other.state, decisions: { e: true } });
    expect(made).toEqual(["get 1", "set 3", "remove 2", "get 7", "remove 9", "set 4", "set 4"]);
    expect(outputsOf(result.messages).slice(-3)).toEqual(["remove 9 is done", "set 4 is done", "set 4 is done"]);
  });

  test("at once", async () => {
    const { history, entries } = createHistory();
    const { kit, made } = createKit({ history });
    const { state } = await run([removeOne], { kit });
    const options = { kit, state, decisions: { b: true } };
    await Promise.all([resume(script, options), resume(script, options), resume(script, options)]);
    expect(made.sort()).toEqual(["get 1", "remove 2", "set 3", "set 4", "set 4", "set 5"]);
    expect(entries).toHaveLength(6);
  });

  test("though the second time somebody says no", async () => {
    const { history } = createHistory();
    const { kit, made } = createKit({ history });
    const { state } = await run([removeOne], { kit });
    await resume([says("ok")], { kit, state, decisions: { b: false } });
    const { result } = await resume([says("ok")], { kit, state, decisions: { b: true } });
    expect(made).not.toContain("remove 2");
    expect(outputsOf(result.messages)[1]).toContain("rejected");
  });
});

test("a history that cannot tell what was made is refused before anything is made again", async () => {
  const entries: HistoryEntry[] = [];
  const { kit, made } = createKit({ history: { append: (entry) => void entries.push(entry) } });
  const { state } = await run([removeOne], { kit });
  made.length = 0;
  const failed = await resume([], { kit, state, decisions: { b: true } }).catch((error) => error);
  expect(failed).toBeInstanceOf(OptionsError);
  expect(failed.message).toMatch(/^history: where runs are resumed it takes claim and find/);
  expect(failed.result.state.pending).toMatchObject([{ id: "b" }]);
  expect(made).toEqual([]);
});

describe("a state over the wrong API is refused before anything is made", () => {
  test("Responses for a state of Chat Completions", async () => {
    const { kit, made } = createKit();
    const { state } = await run([removeTwo], { kit });
    const client = { responses: { create: () => expect.fail("asked") } };
    const options = { client, model: "test", kit, state, decisions: { a: true } };
    await expect(resumeResponses(options as never)).rejects.toThrow(
      new OptionsError("state: it is of a run over chat.completions, and this goes on over responses"),
    );
    expect(made).toEqual([]);
  });
});

describe("a call that waits for the kit of its turn", () => {
  async function stopped() {
    const ours = createKit();
    const theirs = createKit();
    const prepareStep = ({ turn }: { turn: number }) => (turn === 1 ? { kit: theirs.kit } : undefined);
    const { state } = await run([calls(["remove", { id: 1 }, "a"])], { kit: ours.kit, prepareStep });
    return { ours, theirs, options: { kit: ours.kit, prepareStep, state, decisions: { a: true } } };
  }

  test("goes to no other", async () => {
    const { ours, theirs, options } = await stopped();
    const failed = await resume([], options).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toMatch(/^stepKit: it takes the kit/);
    expect([ours.made, theirs.made]).toEqual([[], []]);
  });

  test("is made with it, and the run goes on with its own", async () => {
    const { ours, theirs, options } = await stopped();
    const script = [calls(["set", { id: 2 }, "b"]), says("ok")];
    await resume(script, { ...options, stepKit: theirs.kit });
    expect([ours.made, theirs.made]).toEqual([["set 2"], ["remove 1"]]);
  });

  test("shows the model what its tools give, images included", async () => {
    const photo = defineTool({
      name: "photo",
      parameters: { type: "object" },
      effect: "destructive",
      execute: () => new Blob(["\x89PNG"], { type: "image/png" }),
    });
    const { kit } = createKit();
    const options = { kit, prepareStep: ({ turn }: { turn: number }) => (turn === 1 ? { kit: photo } : undefined) };
    const { state } = await run([calls(["photo", {}, "a"])], options);
    const { requests } = await resume([says("ok")], { ...options, stepKit: photo, state, decisions: { a: true } });
    expect(requests[0]?.messages.at(-1)).toMatchObject({ role: "user", content: [{}, { type: "image_url" }] });
  });

  test("waits for it though another call was decided", async () => {
    const { theirs, options } = await stopped();
    const other = { a: { approve: true, args: { id: 9 } } } as const;
    const { state } = await resume([], { ...options, stepKit: theirs.kit, decisions: other });
    await expect(resume([], { ...options, state })).rejects.toThrow(/^stepKit/);
  });

  test("needs no saying where the turn had the kit of the run", async () => {
    const { kit, made } = createKit();
    const { state } = await run([removeOne], { kit, prepareStep: () => ({ kit }) });
    await resume([says("ok")], { kit, state, decisions: { b: true } });
    expect(made).toContain("remove 2");
  });
});

test("a history that fails loses nothing of what was made on resuming", async () => {
  const { history } = createHistory();
  const { kit, made } = createKit({ history });
  const { state } = await run([removeTwo], { kit });
  const broken = createKit({ history: { ...history, append: () => Promise.reject(new Error("disk full")) } });
  const failed = await resume([], { kit: broken.kit, state, decisions: { a: true } }).catch((error) => error);
  expect(failed).toBeInstanceOf(OptionsError);
  expect([made, broken.made]).toEqual([[], ["remove 1"]]);
  expect(outputsOf(failed.result.messages)).toEqual(["remove 1 is done", expect.stringContaining("needs_approval")]);
  expect(failed.result.state.pending).toMatchObject([{ id: "b" }]);
});

test("streams stop and go on in the same way", async () => {
  const { kit, made } = createKit();
  await using model = await startModel([removeOne, says("Done.")]);
  const options = { client: model.client, model: "test", kit, messages };
  let state: RunState<ChatCompletionMessageParam> | undefined;
  for await (const event of streamTools(options)) if (event.type === "finish") state = event.result.state as never;
  const told: string[] = [];
  for await (const event of streamResumedTools({ ...options, state, decisions: { b: true } })) told.push(event.type);
  expect(told).toEqual(["tool-call", "tool-output", "text-delta", "turn-end", "finish"]);
  expect(made).toEqual(["get 1", "set 3", "remove 2"]);
});

test("an abort keeps what was approved and not made apart", async () => {
  const { kit, made } = createKit();
  const { state } = await run([removeOne], { kit });
  const { result } = await resume([], { kit, state, decisions: { b: true }, signal: AbortSignal.abort() });
  expect(result.stopReason).toBe("aborted");
  expect(made).not.toContain("remove 2");
  expect(outputsOf(result.messages)[1]).toContain('"aborted"');
});
