import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { describe, expect, test } from "vitest";
import {
  combineKits,
  defineTool,
  type HistoryEntry,
  ModelError,
  OptionsError,
  type RunToolsOptions,
  runTools,
  type StreamToolsOptions,
  streamTools,
} from "../../src/runtime/index.ts";
import { calls, type Reply, says, startModel } from "./model-server.ts";

interface User {
  readonly token: string;
}

const log: string[] = [];
const number = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };

const kit = combineKits(
  defineTool({
    name: "double",
    parameters: number,
    async execute({ n }: { n: number }, { signal }) {
      log.push(`start ${n}`);
      await sleep(n, undefined, { signal });
      log.push(`end ${n}`);
      return n * 2;
    },
  }),
  defineTool({
    name: "whoami",
    parameters: { type: "object" },
    execute: (_, { context }: { context: User }) => context,
  }),
  defineTool({
    name: "explode",
    parameters: { type: "object" },
    execute() {
      throw new Error("secret of the host");
    },
  }),
  defineTool({ name: "forever", parameters: { type: "object" }, execute: () => new Promise<never>(() => {}) }),
);

const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "go" }];

type Options = Partial<RunToolsOptions<typeof kit, ChatCompletionMessageParam>>;

/** The result that a stream ends with. */
async function runStream(options: StreamToolsOptions<typeof kit, ChatCompletionMessageParam>) {
  for await (const event of streamTools(options)) if (event.type === "finish") return event.result;
  throw new Error("the stream had no end");
}

/** The contents of the outputs in a history. */
function outputsOf(history: readonly { readonly role: string; readonly content?: unknown }[]): unknown[] {
  return history.filter((message) => message.role === "tool").map((message) => message.content);
}

/** Whether every call in a history is followed by its output, in order. */
function expectWhole(history: readonly object[]): void {
  const pending: string[] = [];
  for (const message of history as { role: string; tool_calls?: { id: string }[]; tool_call_id?: string }[]) {
    if (message.role === "tool") expect(message.tool_call_id).toBe(pending.shift());
    else {
      expect(pending).toEqual([]);
      pending.push(...(message.tool_calls ?? []).map((call) => call.id));
    }
  }
  expect(pending).toEqual([]);
}

describe.each<[string, typeof runTools]>([
  ["runTools", runTools],
  ["streamTools", runStream as never],
])("%s", (_, runIt) => {
  async function run(script: readonly Reply[], options: Options = {}) {
    await using model = await startModel(script);
    log.length = 0;
    const result = await runIt({ client: model.client, model: "test", kit, messages, ...options });
    return { result, requests: model.requests };
  }

  test("a run of several turns", async () => {
    const { result, requests } = await run([calls(["double", { n: 2 }]), calls(["double", { n: 4 }]), says("8")]);
    expect(result).toMatchObject({
      text: "8",
      stopReason: "answer",
      usage: { inputTokens: 30, outputTokens: 15, totalTokens: 45 },
    });
    expect(outputsOf(result.messages)).toEqual(["4", "8"]);
    expect(result.steps.map((step) => step.outputs.length)).toEqual([1, 1, 0]);
    expect(requests.map((request) => request.messages.length)).toEqual([1, 3, 5]);
    expect(requests[0]?.tools).toHaveLength(4);
    expect(messages).toHaveLength(1);
    expectWhole(result.messages);
  });

  test("the history goes into the next run as it is", async () => {
    const first = await run([calls(["double", { n: 1 }]), says("2")]);
    const question = { role: "user", content: "and 3?" } as const;
    const second = await run([says("6")], { messages: [...first.result.messages, question] });
    expect(second.requests[0]?.messages).toEqual([...first.result.messages, question]);
  });

  test("parallel calls are bounded, and their outputs keep the order", async () => {
    const slowest = defineTool({
      name: "slowest",
      parameters: number,
      async execute() {
        while (!log.includes("end 10")) await sleep(1);
        return "at last";
      },
    });
    const turn = calls(["slowest", { n: 0 }], ["double", { n: 5 }], ["double", { n: 10 }]);
    const options = { kit: combineKits(kit, slowest), maxParallelCalls: 2 } as Options;
    const { result } = await run([turn, says("done")], options);
    expect(outputsOf(result.messages)).toEqual(["at last", "10", "20"]);
    expect(log).toEqual(["start 5", "end 5", "start 10", "end 10"]);
  });

  test.each<[what: string, turn: Reply, want: (string | RegExp)[]]>([
    ["an unknown tool", calls(["doubel", { n: 1 }]), [/"unknown_tool".*did you mean double/]],
    [
      "arguments that are not JSON",
      calls(["double", '{"n": 1,}']),
      [/"invalid_arguments".*expected a key at position 8/],
    ],
    ["wrong arguments", calls(["double", { n: "x" }]), [/"invalid_arguments".*"path":"n"/]],
    [
      "a tool that fails",
      calls(["explode"], ["double", { n: 1 }]),
      [/"kind":"internal","message":"The tool failed."/, "2"],
    ],
    [
      "names of Object.prototype",
      calls(["__proto__"], ["constructor"], ["toString"]),
      [/unknown_tool/, /unknown_tool/, /unknown_tool/],
    ],
    ["no arguments", calls(["whoami", ""]), ['{"token":"t"}']],
    ["blank arguments", calls(["whoami", " \n"]), ['{"token":"t"}']],
    ["no ids", calls(["double", { n: 1 }, null], ["double", { n: 2 }, null]), ["2", "4"]],
    ["the same id twice", calls(["double", { n: 1 }, "x"], ["double", { n: 2 }, "x"]), ["2", "4"]],
    ["an id that is ours", calls(["double", { n: 1 }, "call_1_1"], ["double", { n: 2 }, "call_1_1"]), ["2", "4"]],
    ["finish_reason stop beside calls", { ...calls(["double", { n: 1 }]), finishReason: "stop" }, ["2"]],
    [
      "arguments as an object, and no type",
      { message: { tool_calls: [{ id: "a", function: { name: "double", arguments: { n: 3 } } }] } },
      ["6"],
    ],
    [
      "the one call of an old gateway",
      {
        message: { content: null, tool_calls: [], function_call: { name: "double", arguments: '{"n":3}' } },
        finishReason: "function_call",
      },
      ["6"],
    ],
    [
      "arguments null",
      { message: { tool_calls: [{ id: "a", function: { name: "whoami", arguments: null } }] } },
      ['{"token":"t"}'],
    ],
    [
      "a custom tool's call",
      { message: { tool_calls: [{ id: "a", type: "custom", custom: { name: "sql", input: "x" } }] } },
      [/unknown_tool/],
    ],
    [
      "calls of nothing",
      { message: { tool_calls: [{}, null, { function: null }, { function: { name: 7 } }] } },
      [/unknown/, /unknown/, /unknown/, /unknown/],
    ],
  ])("%s becomes an output, and the run goes on", async (_, turn, want) => {
    const { result, requests } = await run([turn, says("fine")], { context: { token: "t" } });
    expect(result.stopReason).toBe("answer");
    const got = outputsOf(result.messages);
    expect(got).toHaveLength(want.length);
    for (const [index, content] of want.entries()) {
      if (typeof content === "string") expect(got[index]).toBe(content);
      else expect(got[index]).toMatch(content);
    }
    expect(got.join()).not.toContain("secret");
    expectWhole(result.messages);
    const ids = result.steps[0]?.outputs.map(({ toolCallId }) => toolCallId) ?? [];
    expect(new Set(ids).size).toBe(want.length);
    for (const message of requests[1]?.messages ?? []) {
      for (const call of (message as { tool_calls?: { custom?: unknown }[] }).tool_calls ?? []) {
        const text = expect.any(String);
        const kind =
          call.custom === undefined
            ? { type: "function", function: { name: text, arguments: text } }
            : { type: "custom", custom: { name: text, input: text } };
        expect(call).toMatchObject({ id: expect.stringMatching(/./), ...kind });
      }
    }
  });

  const oneCall = calls(["double", { n: 1 }]);
  const cutCall = calls(["double", '{"n": 1']);
  const again = () => Array.from({ length: 12 }, () => calls(["double", { n: 1 }]));

  test.each<
    [what: string, script: readonly Reply[], options: Options, stopReason: string, outputs: (string | RegExp)[]]
  >([
    ["the turn limit", [oneCall, calls(["double", { n: 2 }]), says("late")], { maxTurns: 2 }, "max_turns", ["2", "4"]],
    ["a cut message", [{ ...cutCall, finishReason: "length" }], {}, "length", [/"aborted".*cut off/]],
    ["a cut answer", [says("I was sayi", "length")], {}, "length", []],
    [
      "a filtered message",
      [{ ...cutCall, finishReason: "content_filter" }],
      {},
      "content_filter",
      [/"aborted".*filtered/],
    ],
    ["the same call again", again(), {}, "repeated_call", ["2", "2", "2", /"aborted".*several times/]],
    [
      "the same call in other words",
      ['{"n":1,"m":{"a":1,"b":2}}', '{ "m": {"b": 2, "a": 1}, "n": 1 }'].map((args) => calls(["double", args])),
      { maxRepeatedCalls: 1 },
      "repeated_call",
      [/./, /"aborted".*several times/],
    ],
    ["the same call twice", again(), { maxRepeatedCalls: 1 }, "repeated_call", ["2", /"aborted"/]],
    ["stopWhen", [oneCall, says("late")], { stopWhen: (steps) => steps.length === 1 }, "stopped", ["2"]],
  ])("%s ends a run, with an output for every call", async (_, script, options, stopReason, outputs) => {
    const { result } = await run(script, options);
    expect(result.stopReason).toBe(stopReason);
    const got = outputsOf(result.messages);
    expect(got).toEqual(outputs.map((output) => (typeof output === "string" ? output : expect.stringMatching(output))));
    expectWhole(result.messages);
  });

  test("a call that is repeated beside new ones is no loop", async () => {
    const turns = Array.from({ length: 5 }, (_, n) => calls(["whoami"], ["double", { n }]));
    const { result } = await run([...turns, says("done")], { context: { token: "t" } });
    expect(result.stopReason).toBe("answer");
  });

  test("abort in the middle of calls keeps what was done", async () => {
    const controller = new AbortController();
    const turn = calls(["double", { n: 1 }], ["forever", { for: "ever" }], ["double", { n: 2 }]);
    setTimeout(() => controller.abort(), 600);
    const { result } = await run([turn, says("never")], { signal: controller.signal, maxParallelCalls: 1 });
    expect(result.stopReason).toBe("aborted");
    expect(outputsOf(result.messages)).toEqual([
      "2",
      expect.stringMatching(/"aborted"/),
      expect.stringMatching(/"aborted"/),
    ]);
    expect(log).toEqual(["start 1", "end 1"]);
    expectWhole(result.messages);
  });

  test("abort while the model thinks", async () => {
    const controller = new AbortController();
    const prepareStep = ({ turn }: { turn: number }) => {
      if (turn === 2) setTimeout(() => controller.abort(), 30);
      return undefined;
    };
    const { result } = await run([oneCall, { hangs: true }], { signal: controller.signal, prepareStep });
    expect(result).toMatchObject({ stopReason: "aborted", text: "" });
    expect(outputsOf(result.messages)).toEqual(["2"]);
  });

  test("abort before the run makes no request", async () => {
    const { result, requests } = await run([says("never")], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stopReason: "aborted", messages });
    expect(requests).toEqual([]);
  });

  test("a model that fails is followed by the next, which keeps the run", async () => {
    const { result, requests } = await run([oneCall, { status: 500 }, calls(["double", { n: 2 }]), says("4")], {
      model: "big",
      fallbackModels: ["small"],
    });
    expect(requests.map((request) => request.model)).toEqual(["big", "big", "small", "small"]);
    expect(result.steps.map((step) => step.model)).toEqual(["big", "small", "small"]);
    expect(result.text).toBe("4");
  });

  test.each<[what: string, reply: Reply, why: RegExp]>([
    ["an error", { status: 429, body: { error: { message: "key sk-123 has no quota" } } }, /no quota/],
    ["a body without a message", { body: { choices: [] } }, /no message|stream ended/],
    ["an error with status 200", { body: { error: { message: "overloaded" } } }, /overloaded|stream ended/],
  ])("%s after the last fallback throws what there is so far", async (_, reply, why) => {
    const failed = await run([oneCall, reply, reply], { fallbackModels: ["small"] }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ModelError);
    const { result, message, cause } = failed as ModelError<{ messages: { role: string }[] }>;
    expect(message).toMatch(/^the model small did not answer/);
    expect(message).not.toContain("sk-123");
    expect(cause).toBeInstanceOf(Error);
    expect(inspect(cause)).toMatch(why);
    expect(outputsOf(result.messages)).toEqual(["2"]);
    expectWhole(result.messages);
  });

  test("a history that fails loses nothing of what was made", async () => {
    const made: number[] = [];
    const entries: unknown[] = [];
    const append = (entry: unknown) => {
      if (entries.push(entry) > 1) throw new Error("disk full");
    };
    const execute = ({ n }: { n: number }) => made.push(n);
    const frail = defineTool({ name: "double", parameters: number, execute }, { history: { append } });
    const script = [calls(["double", { n: 1 }]), calls(["double", { n: 2 }], ["double", { n: 3 }])];
    const options = { kit: frail as never, maxParallelCalls: 1 };
    const failed = await run(script, options).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    const { message, cause, result } = failed as OptionsError & {
      result: { messages: { role: string }[]; steps: object[] };
    };
    expect([message, cause]).toEqual(["history: a call could not be written down", new Error("disk full")]);
    expect(made).toEqual([1, 2]);
    expect(outputsOf(result.messages)).toEqual(["1", "2", expect.stringContaining("the run broke off")]);
    expectWhole(result.messages);
    expect(result.steps).toHaveLength(2);
  });

  test("a history that fails while the run is aborted is told of all the same", async () => {
    const controller = new AbortController();
    const execute = () => new Promise(() => controller.abort());
    const append = () => Promise.reject(new Error("disk full"));
    const frail = defineTool({ name: "double", parameters: number, execute }, { history: { append } });
    const options = { kit: frail as never, signal: controller.signal };
    const failed = await run([oneCall], options).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toBe("history: a call could not be written down");
    expect(outputsOf(failed.result.messages)).toEqual([expect.stringContaining("aborted")]);
  });

  test("wrong options of a later turn carry the run so far", async () => {
    const prepareStep: Options["prepareStep"] = ({ turn }) => (turn === 2 ? { activeTools: ["oops" as never] } : {});
    const failed = await run([oneCall], { prepareStep }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect(outputsOf((failed as { result: { messages: { role: string }[] } }).result.messages)).toEqual(["2"]);
  });

  test("the same error in several runs carries the messages of its own run alone", async () => {
    const shared = new OptionsError("no settings");
    const prepareStep: Options["prepareStep"] = ({ turn }) => (turn === 2 ? Promise.reject(shared) : undefined);
    const fail = (n: number) => run([calls(["double", { n }])], { prepareStep }).catch((error) => error);
    const [one, two] = [await fail(1), await fail(2)];
    expect([one.message, two.message]).toEqual(["no settings", "no settings"]);
    expect([outputsOf(one.result.messages), outputsOf(two.result.messages)]).toEqual([["2"], ["4"]]);
    expect(shared.result).toBeUndefined();
  });

  test.each<[want: unknown, options: Options]>([
    [[undefined, undefined], {}],
    [["required", undefined], { toolChoice: "required" }],
    [["none", "none"], { toolChoice: "none" }],
    [[{ type: "function", function: { name: "double" } }, undefined], { toolChoice: { name: "double" } }],
    [["none", "none"], { toolChoice: "required", prepareStep: () => ({ toolChoice: "none" }) }],
  ])("tool_choice is %j", async (want, options) => {
    const { requests } = await run([oneCall, says("2")], options);
    expect(requests.map((request) => request.tool_choice)).toEqual(want);
  });

  test("further fields of the request, and parallel_tool_calls", async () => {
    const { requests } = await run([says("hi")], { parallelToolCalls: false, request: { temperature: 0 } });
    expect(requests[0]).toMatchObject({ temperature: 0, parallel_tool_calls: false, model: "test" });
  });

  test.each<[option: string, options: Options]>([
    [
      "prepareStep",
      {
        prepareStep: ({ turn }) => {
          if (turn === 2) throw new Error("no settings");
          return undefined;
        },
      },
    ],
    ["stopWhen", { stopWhen: () => Promise.reject(new Error("no settings")) }],
  ])("what %s throws loses nothing of the run", async (_, options) => {
    const failed = await run([oneCall], options).catch((error) => error);
    expect(failed).toBeInstanceOf(OptionsError);
    expect([failed.message, failed.cause.message]).toEqual(["the run broke off: no settings", "no settings"]);
    expect(outputsOf(failed.result.messages)).toEqual(["2"]);
    expectWhole(failed.result.messages);
  });

  test("what prepareStep throws once the run is aborted is the end of it", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const prepareStep = ({ turn }: { turn: number }) => {
      if (turn === 2) controller.abort();
      signal.throwIfAborted();
      return undefined;
    };
    const { result } = await run([oneCall], { signal, prepareStep });
    expect([result.stopReason, outputsOf(result.messages)]).toEqual(["aborted", ["2"]]);
  });

  test("a call of a tool that is not offered is written down, and not made", async () => {
    const entries: HistoryEntry[] = [];
    const history = { append: (entry: HistoryEntry) => void entries.push(entry) };
    const parameters = { type: "object" };
    const offered = defineTool({ name: "offered", parameters, execute: () => "made" });
    const hidden = defineTool({ name: "hidden", parameters, execute: () => expect.fail("made") }, { history });
    const { result } = await run([calls(["hidden"], ["hiden"]), says("no")], {
      kit: combineKits(offered, hidden) as never,
      activeTools: ["offered" as never],
    });
    expect(outputsOf(result.messages)).toEqual(Array(2).fill(expect.stringMatching(/unknown_tool.*tools: offered"/)));
    expect(entries).toMatchObject([
      { tool: "hidden", outcome: { error: { kind: "unknown_tool" } } },
      { tool: "hiden", outcome: { error: { kind: "unknown_tool" } } },
    ]);
  });

  test("only active tools are offered and called", async () => {
    const { result, requests } = await run([calls(["whoami"]), says("no")], { activeTools: ["double"] });
    expect(requests[0]?.tools?.map((tool) => "function" in tool && tool.function.name)).toEqual(["double"]);
    expect(outputsOf(result.messages)).toEqual([expect.stringMatching(/"unknown_tool".*tools: double/)]);
  });

  test("tools of the request stand before those of the kit", async () => {
    const search = { type: "builtin_function", function: { name: "$web_search" } };
    const { requests } = await run([says("hi")], { activeTools: ["double"], request: { tools: [search] } });
    expect(requests[0]?.tools).toMatchObject([search, { type: "function", function: { name: "double" } }]);
  });

  test("a kit without tools asks without them", async () => {
    const { requests } = await run([says("hi")], { activeTools: [], toolChoice: "auto", parallelToolCalls: true });
    expect(Object.keys(requests[0] ?? {}).filter((field) => !field.startsWith("stream"))).toEqual([
      "messages",
      "model",
    ]);
  });

  test("prepareStep changes a turn", async () => {
    const short: ChatCompletionMessageParam[] = [{ role: "user", content: "short" }];
    const { result, requests } = await run([oneCall, says("2")], {
      prepareStep: ({ turn, steps }) => (turn === 2 ? { model: `after-${steps.length}`, messages: short } : undefined),
    });
    expect(requests.map((request) => request.model)).toEqual(["test", "after-1"]);
    expect(requests[1]?.messages).toEqual(short);
    expect(result.messages).toHaveLength(4);
  });

  function manyTools(count: number) {
    const names = Array.from({ length: count }, (_, index) => `tool_${index}`);
    return combineKits(
      ...names.map((name) => defineTool({ name, parameters: { type: "object" }, execute: () => name })),
    );
  }

  test.each<[message: RegExp, options: object]>([
    [/129 tools are active.*128.*kit\.pick.*activeTools/, { kit: manyTools(129) }],
    [/there is no tool "doubel".*did you mean double/, { toolChoice: { name: "doubel" } }],
    [/toolChoice: whoami is not among activeTools/, { toolChoice: { name: "whoami" }, activeTools: ["double"] }],
    [/there is no tool "x"/, { activeTools: ["x"] }],
    [/maxTurns: got 0/, { maxTurns: 0 }],
    [/maxParallelCalls: got NaN/, { maxParallelCalls: Number.NaN }],
    [/maxRepeatedCalls: got -1/, { maxRepeatedCalls: -1 }],
    [/modelTimeout: got NaN/, { modelTimeout: Number.NaN }],
    [/modelTimeout: got Infinity/, { modelTimeout: Infinity }],
    [/maxContentBytes: got NaN/, { maxContentBytes: Number.NaN }],
  ])("wrong options throw before any request: %s", async (message, options) => {
    await using model = await startModel([says("never")]);
    const failed = await runIt({ client: model.client, model: "test", kit, messages, ...options }).catch(
      (error) => error,
    );
    expect(failed).toBeInstanceOf(OptionsError);
    expect(failed.message).toMatch(message);
    expect(model.requests).toEqual([]);
  });

  test("128 of more tools can be active", async () => {
    await using model = await startModel([says("fine"), says("fine")]);
    const all = manyTools(200);
    const active = all.tools.slice(0, 128).map((tool) => tool.function.name);
    await runIt({ client: model.client, model: "test", kit: all.pick(...active), messages });
    await runIt({ client: model.client, model: "test", kit: all, activeTools: active, messages });
    expect(model.requests.map((request) => request.tools?.length)).toEqual([128, 128]);
  });

  test("a call that needs approval ends the run", async () => {
    const waiting = {
      ...kit,
      async dispatch() {
        const error = { kind: "needs_approval", message: "ask first", retryable: false } as const;
        return { ok: false, toolCallId: "a", name: "double", content: "{}", error } as const;
      },
    };
    const { result } = await run([calls(["double", { n: 1 }, "a"])], { kit: waiting });
    expect(result.stopReason).toBe("needs_approval");
    expectWhole(result.messages);
  });

  test("content in parts, refusals and a gateway's own fields", async () => {
    const reasoning = {
      ...oneCall,
      message: { ...(oneCall.message as object), reasoning_content: "hm", annotations: null },
    };
    const parts = {
      message: {
        role: "assistant",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
    };
    const first = await run([reasoning, parts]);
    expect(first.requests[1]?.messages[1]).toMatchObject({ reasoning_content: "hm" });
    expect(first.requests[1]?.messages[1]).not.toHaveProperty("annotations");
    expect(first.result.text).toBe("ab");
    const second = await run([{ message: { role: "assistant", content: null, refusal: "no" }, finishReason: "stop" }]);
    expect(second.result.text).toBe("no");
  });
});
