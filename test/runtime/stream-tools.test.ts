import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type ChatStreamClient,
  combineKits,
  defineTool,
  type HistoryEntry,
  ModelError,
  type RunResult,
  runTools,
  type StreamEvent,
  type StreamToolsOptions,
  streamTools,
} from "../../src/runtime/index.ts";
import { calls, delta, type Reply, says, startModel, toChunks } from "./model-server.ts";

const log: string[] = [];
beforeEach(() => {
  log.length = 0;
});

const number = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const kit = combineKits(
  defineTool({
    name: "double",
    parameters: number,
    execute({ n }: { n: number }) {
      log.push(`double ${n}`);
      return n * 2;
    },
  }),
  defineTool({
    name: "wait",
    parameters: number,
    async execute({ n }: { n: number }, { signal }) {
      log.push("wait");
      await sleep(n, undefined, { signal }).catch((error) => {
        log.push("stopped");
        throw error;
      });
    },
  }),
);
const messages = [{ role: "user" as const, content: "go" }];
type Options = Partial<StreamToolsOptions<typeof kit, (typeof messages)[number]>>;

test.each(["streamed", "whole"])("a message makes at most 128 calls: %s", async (form) => {
  const turn = calls(...Array.from({ length: 130 }, (_, n) => ["double", { n }] as const));
  await using model = await startModel([turn, says("Done.")]);
  const options = { client: model.client, model: "m", kit, messages };
  let result: RunResult | undefined;
  if (form === "whole") result = await runTools(options);
  else for await (const event of streamTools(options)) if (event.type === "finish") result = event.result;
  const outputs = result?.steps[0]?.outputs ?? [];
  expect([log.length, outputs.length, result?.text]).toEqual([128, 130, "Done."]);
  expect(outputs.slice(128)).toMatchObject(
    Array(2).fill({ ok: false, error: { kind: "aborted", message: "not called: a message makes at most 128 calls" } }),
  );
});

test("fields of a message in thousands of pieces", { timeout: 5_000 }, async () => {
  const pieces = Array.from({ length: 20_000 }, (_, n) => ({ choices: [{ delta: { details: [n], [`f${n}`]: "x" } }] }));
  const odd = { choices: [{ delta: JSON.parse('{"__proto__":{"polluted":1},"constructor":"a"}') }] };
  const call = (n: number) => ({ index: 0, [`f${n}`]: 1, function: { name: "double", arguments: "", [`g${n}`]: 2 } });
  const callPieces = Array.from({ length: 5_000 }, (_, n) => ({ choices: [{ delta: { tool_calls: [call(n)] } }] }));
  let turn = 0;
  const client: ChatStreamClient = {
    chat: {
      completions: {
        async *create() {
          if (turn++ === 0) yield* [odd, ...pieces, ...callPieces];
          yield { choices: [{ delta: { content: "Done." }, finish_reason: "stop" }], usage: {} };
        },
      } as never,
    },
  };
  let result: RunResult | undefined;
  for await (const event of streamTools({ client, model: "m", kit, messages }))
    if (event.type === "finish") result = event.result;
  const [, message] = (result?.messages ?? []) as {
    details?: number[];
    constructor?: unknown;
    tool_calls?: object[];
  }[];
  expect([message?.details?.length, message?.constructor, turn]).toEqual([20_000, "a", 2]);
  expect(Object.keys(message?.tool_calls?.[0] ?? {})).toHaveLength(5_003);
  expect(message).not.toHaveProperty("polluted");
});

/** An event in few words. */
function tell(event: StreamEvent): string {
  switch (event.type) {
    case "text-delta":
      return `text ${event.text}`;
    case "tool-call":
      return `call ${event.toolCall.function.name} ${event.toolCall.function.arguments}`;
    case "tool-output":
      return `output ${event.output.ok ? event.output.content : event.output.error.kind}`;
    case "model-change":
      return `${event.from} → ${event.to}`;
    case "turn-end":
      return `turn-end ${event.step.outputs.length}`;
    case "finish":
      return `finish ${event.result.stopReason}`;
  }
}

async function run(script: readonly Reply[], options: Options = {}) {
  await using model = await startModel(script);
  const events: StreamEvent[] = [];
  let error: unknown;
  try {
    for await (const event of streamTools({ client: model.client, model: "big", kit, messages, ...options }))
      events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  const last = events.at(-1);
  return {
    told: events.map(tell),
    result: last?.type === "finish" ? last.result : undefined,
    error,
    requests: model.requests,
  };
}

test("a run, told as it happens", async () => {
  const { told, result, requests } = await run([calls(["double", { n: 2 }]), says("Four.")]);
  expect(told).toEqual(['call double {"n":2}', "output 4", "turn-end 1", "text Four.", "turn-end 0", "finish answer"]);
  expect(result).toMatchObject({ text: "Four.", usage: { inputTokens: 20, outputTokens: 10, totalTokens: 30 } });
  expect(requests[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
});

test("a call is made while the model still writes", async () => {
  const reply = calls(["double", { n: 1 }], ["double", { n: 2 }]);
  await using model = await startModel([{ ...reply, chunks: toChunks(reply), pause: 30 }, says("done")]);
  const seen: string[] = [];
  for await (const event of streamTools({ client: model.client, model: "big", kit, messages })) {
    if (event.type === "tool-output") seen.push(log.join());
  }
  expect(seen).toEqual(["double 1", "double 1,double 2"]);
});

test("of a message that is cut, calls that were told of are made", async () => {
  const reply = { ...calls(["double", { n: 1 }], ["double", '{"n":']), finishReason: "length" };
  const { told } = await run([reply]);
  expect(told).toEqual(['call double {"n":1}', "output 2", "turn-end 2", "finish length"]);
  expect(log).toEqual(["double 1"]);
});

test("calls do not wait for a slow listener", async () => {
  await using model = await startModel([calls(["double", { n: 1 }], ["double", { n: 2 }]), says("done")]);
  const events = streamTools({ client: model.client, model: "big", kit, messages });
  await events.next();
  await expect.poll(() => log).toEqual(["double 1", "double 2"]);
  await events.return();
});

describe("odd streams", () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2 };
  test.each<[what: string, chunks: unknown[], text: string, totalTokens: number]>([
    [
      "comments, empty chunks and nulls",
      [
        ": ping\n\n",
        {},
        { choices: [] },
        { choices: null },
        { choices: [{}] },
        delta(null),
        delta({ content: null }),
        delta({ content: "hi" }),
        delta({}, "stop"),
      ],
      "hi",
      0,
    ],
    ["usage in the last chunk, without choices", [delta({ content: "hi" }), delta({}, "stop"), { usage }], "hi", 3],
    [
      "usage in each chunk, counted up",
      [
        { ...delta({ content: "h" }), usage: { total_tokens: 1 } },
        { ...delta({ content: "i" }, "stop"), usage: { total_tokens: 3 } },
      ],
      "hi",
      3,
    ],
    ["no finish_reason, but the usage", [delta({ content: "hi" }), { choices: [], usage }], "hi", 3],
    ["all of it in one chunk", [delta({ role: "assistant", content: "hi" }, "stop")], "hi", 0],
    ["content in parts", [delta({ content: [{ type: "text", text: "hi" }] }, "stop")], "hi", 0],
    ["a refusal", [delta({ refusal: "h" }), delta({ refusal: "i" }, "stop")], "hi", 0],
  ])("%s", async (_, chunks, text, totalTokens) => {
    const { result } = await run([{ chunks: [...chunks, "data: [DONE]\n\n"] }]);
    expect(result).toMatchObject({ text, stopReason: "answer", usage: { totalTokens } });
  });

  test("the first of several answers is read", async () => {
    const second = { choices: [{ index: 1, delta: { content: "no" }, finish_reason: null }] };
    const { result } = await run([{ chunks: [second, delta({ content: "yes" }, "stop"), second] }]);
    expect(result?.text).toBe("yes");
  });

  test("a gateway's own fields come back", async () => {
    const thinking = [delta({ reasoning_content: "I " }), delta({ reasoning_content: "think" })];
    const reply = calls(["double", { n: 1 }]);
    const { requests } = await run([{ chunks: [...thinking, ...toChunks(reply)] }, says("2")]);
    expect(requests[1]?.messages[1]).toMatchObject({ reasoning_content: "I think" });
  });

  test("an old gateway's call in pieces", async () => {
    const pieces = [{ name: "double" }, { arguments: '{"n"' }, { arguments: ":1}" }];
    const chunks = [...pieces.map((function_call) => delta({ function_call })), delta({}, "function_call")];
    const { requests } = await run([{ chunks }, says("2")]);
    expect(requests[1]?.messages.slice(-2)).toEqual([
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: expect.any(String), type: "function", function: { name: "double", arguments: '{"n":1}' } }],
      },
      { role: "tool", tool_call_id: expect.any(String), content: "2" },
    ]);
  });

  test("a client that does not stream", async () => {
    const client = {
      chat: {
        completions: { create: async () => ({ choices: [{ message: { content: "hi" }, finish_reason: "stop" }] }) },
      },
    } as unknown as ChatStreamClient;
    const { told } = await run([], { client });
    expect(told).toEqual(["turn-end 0", "finish answer"]);
  });
});

const begun = [delta({ tool_calls: [{ index: 0, id: "a", function: { name: "double", arguments: '{"n":1}' } }] })];
const half = delta({ tool_calls: [{ index: 1, id: "b", function: { name: "double", arguments: '{"n":' } }] });

describe("a stream that breaks", () => {
  const broken: [what: string, reply: Partial<Reply>][] = [
    ["resets", { resets: true }],
    ["ends early", {}],
    ["is no JSON", { chunks: ["data: {oops\n\n"] }],
    ["tells an error", { chunks: [{ error: { message: "overloaded" } }] }],
  ];

  test.each(broken)("%s: the next model answers", async (_, reply) => {
    const chunks = [delta({ content: "I thi" }), ...(reply.chunks ?? [])];
    const { told, result } = await run([{ ...reply, chunks }, says("Fine.")], { fallbackModels: ["small"] });
    expect(told).toEqual(["text I thi", "big → small", "text Fine.", "turn-end 0", "finish answer"]);
    expect(result?.messages.at(-1)).toEqual({ role: "assistant", content: "Fine." });
  });

  test.each(broken)("%s after a call: it is made once, and the next model goes on from there", async (_, reply) => {
    const chunks = [...begun, half, ...(reply.chunks ?? [])];
    const { result, requests } = await run([{ ...reply, chunks }, says("2")], { fallbackModels: ["small"] });
    expect(log).toEqual(["double 1"]);
    expect(result?.steps.map(({ model }) => model)).toEqual(["big", "small"]);
    expect(requests[1]?.messages.slice(1)).toMatchObject([
      { role: "assistant", tool_calls: [{ id: "a" }] },
      { role: "tool", tool_call_id: "a", content: "2" },
    ]);
  });

  test.each(broken)("%s, and there is no other model: the error has the run so far", async (_, reply) => {
    const { error } = await run([{ ...reply, chunks: [...begun, half, ...(reply.chunks ?? [])] }]);
    expect(error).toBeInstanceOf(ModelError);
    const { messages } = (error as ModelError<{ messages: object[] }>).result;
    expect(messages.slice(1)).toMatchObject([{ tool_calls: [{ id: "a" }] }, { tool_call_id: "a", content: "2" }]);
  });

  test("hangs until the caller aborts", async () => {
    const { told } = await run([{ chunks: [...begun, half], hangs: true }], { signal: AbortSignal.timeout(100) });
    expect(told).toEqual(['call double {"n":1}', "output 2", "turn-end 1", "finish aborted"]);
  });
});

describe("whoever stops listening ends the run", () => {
  test("in the middle of a call", async () => {
    await using model = await startModel([calls(["wait", { n: 60_000 }]), says("never")]);
    for await (const event of streamTools({ client: model.client, model: "big", kit, messages })) {
      if (event.type === "tool-call") break;
    }
    expect(log).toEqual(["wait", "stopped"]);
    expect(model.requests).toHaveLength(1);
  });

  test("and writes calls down as aborted, though a function takes its time to stop", async () => {
    const entries: HistoryEntry[] = [];
    const history = { append: (entry: HistoryEntry) => void entries.push(entry) };
    const ended = Promise.withResolvers<void>();
    const execute = () => ended.promise;
    const slow = defineTool({ name: "slow", parameters: { type: "object" }, execute }, { history });
    await using model = await startModel([calls(["slow"])]);
    for await (const event of streamTools({ client: model.client, model: "big", kit: slow, messages })) {
      if (event.type === "tool-call") break;
    }
    expect(entries).toMatchObject([{ tool: "slow", outcome: { error: { kind: "aborted" } } }]);
    ended.resolve();
  });

  test("in the middle of a text, though the model hangs", async () => {
    await using model = await startModel([{ chunks: [delta({ content: "I" })], hangs: true }]);
    for await (const event of streamTools({ client: model.client, model: "big", kit, messages })) {
      expect(event).toEqual({ type: "text-delta", text: "I" });
      break;
    }
  });

  test("while the next event is asked for, as a response that is cancelled does", async () => {
    await using model = await startModel([{ chunks: [delta({ content: "I" })], hangs: true }]);
    const events = streamTools({ client: model.client, model: "big", kit, messages });
    await events.next();
    const next = events.next();
    expect(await events.return()).toEqual({ done: true, value: undefined });
    expect((await next).value).toMatchObject({ type: "finish", result: { stopReason: "aborted" } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test("before it has begun", async () => {
    await using model = await startModel([]);
    await streamTools({ client: model.client, model: "big", kit, messages }).return();
    expect(model.requests).toEqual([]);
  });

  test("with a client that minds no signal", async () => {
    let isClosed = false;
    const stream: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          isClosed = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const client: ChatStreamClient = { chat: { completions: { create: async () => stream } } };
    const { told } = await run([], { client, signal: AbortSignal.timeout(20) });
    expect(told).toEqual(["finish aborted"]);
    expect(isClosed).toBe(true);
  });
});

test("a call that is repeated too often is not begun", async () => {
  const again = () => calls(["double", { n: 1 }]);
  const { told } = await run([again(), again(), again()], { maxRepeatedCalls: 1 });
  expect(told).toEqual(['call double {"n":1}', "output 2", "turn-end 1", "turn-end 1", "finish repeated_call"]);
  expect(log).toEqual(["double 1"]);
});

test("a call that is repeated beside a new one is made once that is seen", async () => {
  const first = calls(["double", { n: 1 }]);
  const { told } = await run([first, calls(["double", { n: 1 }], ["double", { n: 2 }]), says("done")], {
    maxRepeatedCalls: 1,
  });
  expect(told.filter((event) => event.startsWith("output"))).toEqual(["output 2", "output 4", "output 2"]);
});
