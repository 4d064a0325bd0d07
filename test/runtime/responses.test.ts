import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  combineKits,
  defineTool,
  type History,
  type HistoryEntry,
  ModelError,
  OptionsError,
  resumeTools as resumeChat,
  type StreamEvent,
} from "fctool/runtime";
import {
  type Decisions,
  type RunToolsOptions,
  resumeTools,
  runTools,
  type StreamToolsOptions,
  streamResumedTools,
  streamTools,
} from "fctool/runtime/responses";
import OpenAI from "openai";
import type { ResponseCreateParams, ResponseInputItem } from "openai/resources/responses/responses";
import { beforeEach, describe, expect, test } from "vitest";

const log: string[] = [];
beforeEach(() => {
  log.length = 0;
});

const number = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const kit = combineKits(
  defineTool({
    name: "double",
    description: "Doubles a number.",
    parameters: number,
    execute({ n }: { n: number }) {
      log.push(`double ${n}`);
      return n * 2;
    },
  }),
  defineTool({
    name: "remove",
    parameters: { type: "object" },
    effect: "destructive",
    execute() {
      log.push("remove");
      return new Blob(["%PDF"], { type: "application/pdf" });
    },
  }),
  defineTool({
    name: "show",
    parameters: { type: "object" },
    execute: ({ type }: { type: string }) => new Blob(["\x89PNG"], { type }),
  }),
);

// ------------------------------------------------------------ a scripted server

interface Reply {
  readonly output?: readonly object[];
  readonly rest?: object;
  readonly status?: number;
  /** Instead of the events of the output. */
  readonly events?: readonly unknown[];
  readonly hangs?: true;
  readonly pause?: number;
}

const text = (text: string) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});
const call = (name: string, args: unknown, call_id?: string, rest: object = {}) => ({
  type: "function_call",
  id: `fc_${call_id}`,
  ...(call_id && { call_id }),
  name,
  arguments: JSON.stringify(args),
  status: "completed",
  ...rest,
});
const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "xyz" };
const says = (words: string): Reply => ({ output: [text(words)] });
const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
const incomplete = (reason: string) => ({ status: "incomplete", incomplete_details: { reason } });

type Sent = ResponseCreateParams & { input: ResponseInputItem[] };

async function startModel(script: readonly Reply[]) {
  const requests: Sent[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    const request = JSON.parse(body) as Sent;
    const reply = script[requests.push(request) - 1] ?? { status: 500 };
    if (reply.status !== undefined) return void outgoing.writeHead(reply.status).end("{}");
    const response = {
      id: `resp_${requests.length}`,
      object: "response",
      status: "completed",
      output: reply.output,
      usage,
      ...reply.rest,
    };
    if (!request.stream)
      return void outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(response));
    outgoing.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of reply.events ?? toEvents(response)) {
      outgoing.write(typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`);
      await sleep(reply.pause ?? 0);
    }
    if (!reply.hangs) outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    client: new OpenAI({ apiKey: "test-key", baseURL, maxRetries: 0, logLevel: "off" }),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toEvents(response: { output?: readonly object[] | undefined; status?: string }): object[] {
  return [
    { type: "response.created", response: { ...response, output: [] } },
    ...(response.output ?? []).flatMap((item, output_index) => itemEvents(item as { type: string }, output_index)),
    {
      type:
        response.status === "incomplete"
          ? "response.incomplete"
          : response.status === "failed"
            ? "response.failed"
            : "response.completed",
      response,
    },
  ];
}

function itemEvents(
  item: { type: string; arguments?: string; content?: { text: string }[] },
  output_index: number,
): object[] {
  const added = {
    type: "response.output_item.added",
    output_index,
    item: { ...item, ...(item.arguments && { arguments: "" }) },
  };
  const done = { type: "response.output_item.done", output_index, item };
  if (item.type === "message")
    return [
      added,
      ...[...(item.content?.[0]?.text ?? "")].map((delta) => ({
        type: "response.output_text.delta",
        output_index,
        delta,
      })),
      done,
    ];
  if (item.arguments === undefined) return [added, done];
  return [
    added,
    { type: "response.function_call_arguments.done", output_index, item_id: "fc", arguments: item.arguments },
    done,
  ];
}

// ------------------------------------------------------------ runs

const messages: ResponseInputItem[] = [{ role: "user", content: "go" }];
type Options = Partial<Omit<RunToolsOptions<typeof kit, ResponseInputItem>, "client">>;

async function runStream(options: StreamToolsOptions<typeof kit, ResponseInputItem>) {
  for await (const event of streamTools(options)) if (event.type === "finish") return event.result;
  throw new Error("the stream had no end");
}

const outputsOf = (items: readonly object[]) =>
  items.filter((item) => "output" in item).map((item) => (item as { output?: unknown }).output);

describe.each<[string, typeof runTools]>([
  ["runTools", runTools],
  ["streamTools", runStream as never],
])("%s", (_, runIt) => {
  async function run(script: readonly Reply[], options: Options = {}) {
    await using model = await startModel(script);
    const result = await runIt({ client: model.client, model: "big", kit, messages, ...options });
    return { result, requests: model.requests };
  }

  test("a run with its whole input, reasoning included", async () => {
    const turn = { output: [reasoning, call("double", { n: 1 }, "a"), call("double", { n: 2 }, "b")] };
    const { result, requests } = await run([turn, says("Done.")]);
    expect(result).toMatchObject({
      text: "Done.",
      stopReason: "answer",
      usage: { inputTokens: 20, outputTokens: 10, totalTokens: 30 },
    });
    expect(requests[1]?.input).toEqual([
      ...messages,
      ...turn.output,
      { type: "function_call_output", call_id: "a", output: "2" },
      { type: "function_call_output", call_id: "b", output: "4" },
    ]);
    expect(requests[1]).not.toHaveProperty("previous_response_id");
    expect(result.messages).toEqual([...(requests[1]?.input ?? []), text("Done.")]);
    expect(result.steps[0]).toMatchObject({
      message: { tool_calls: [{ id: "a", function: { name: "double" } }, {}] },
      finishReason: "completed",
    });
  });

  test("a run that the provider keeps", async () => {
    const script = [
      { output: [call("double", { n: 1 }, "a")] },
      { output: [call("double", { n: 2 }, "b")] },
      says("Done."),
    ];
    const { result, requests } = await run(script, { previousResponseId: true });
    expect(requests.map(({ input, previous_response_id: id }) => [id, input.length])).toEqual([
      [undefined, 1],
      ["resp_1", 1],
      ["resp_2", 1],
    ]);
    expect([result.responseId, result.unsent]).toEqual(["resp_3", []]);
    expect(result.messages).toHaveLength(6);
    const next = await run([says("Hello.")], { previousResponseId: result.responseId });
    expect(next.requests[0]).toMatchObject({ previous_response_id: "resp_3", input: messages });
  });

  test("a kept run that does not end by an answer says what is not sent yet", async () => {
    const script = [{ output: [call("double", { n: 1 }, "a")] }, { output: [call("double", { n: 2 }, "b")] }];
    const { result } = await run(script, { previousResponseId: true, maxTurns: 2 });
    expect(result.unsent).toEqual([{ type: "function_call_output", call_id: "b", output: "4" }]);
    const failed = await run(script.slice(0, 1), { previousResponseId: true }).catch((error) => error);
    expect(failed.result.unsent).toEqual([{ type: "function_call_output", call_id: "a", output: "2" }]);
    const whole = await run([says("Done.")]);
    expect(whole.result.unsent).toBeUndefined();
  });

  test("a run in a conversation, which gets what is new alone", async () => {
    const script = [
      { output: [call("double", { n: 1 }, "a")] },
      { status: 500 },
      { output: [call("remove", {}, "b")] },
    ];
    const request = { conversation: "conv_1" };
    const { result, requests } = await run(script, { request, fallbackModels: ["small"] });
    expect(requests.map(({ conversation, input }) => [conversation, input.map(({ type }) => type)])).toEqual([
      ["conv_1", [undefined]],
      ["conv_1", ["function_call_output"]],
      ["conv_1", ["function_call_output"]],
    ]);
    await using model = await startModel([says("Done.")]);
    const options = { client: model.client, model: "small", kit, request };
    await resumeTools({ ...options, state: JSON.parse(JSON.stringify(result.state)), decisions: { b: false } });
    expect(model.requests[0]?.input).toMatchObject([{ type: "function_call_output", call_id: "b" }]);
    expect([...requests, ...model.requests].filter((request) => "previous_response_id" in request)).toEqual([]);
    await expect(run([], { request, previousResponseId: "resp_1" })).rejects.toThrow(/takes one of both/);
  });

  test("tools in the form of this API", async () => {
    const { requests } = await run([says("hi")], {
      activeTools: ["double"],
      toolChoice: { name: "double" },
      parallelToolCalls: false,
      request: { store: false },
    });
    expect(requests[0]).toMatchObject({
      tools: [{ type: "function", name: "double", description: "Doubles a number.", strict: true, parameters: number }],
      tool_choice: { type: "function", name: "double" },
      parallel_tool_calls: false,
      store: false,
    });
    expect(Object.keys(requests[0]?.tools?.[0] ?? {})).toEqual(["type", "name", "description", "strict", "parameters"]);
  });

  test.each<[what: string, options: Options, want: unknown[]]>([
    [
      "tools of the provider stand first",
      { activeTools: ["double"], request: { tools: [{ type: "web_search" }] } },
      [["web_search"], ["function", "double"]],
    ],
    [
      "tools in a namespace are not offered twice",
      {
        request: {
          tools: [{ type: "namespace", name: "math", description: "", tools: [{ type: "function", name: "double" }] }],
        },
        activeTools: ["double", "show"],
      },
      [
        ["namespace", "math"],
        ["function", "show"],
      ],
    ],
    [
      "deferred tools bring the search along",
      { activeTools: ["double", "show"], deferredTools: ["show"] },
      [["tool_search"], ["function", "double"], ["function", "show", true]],
    ],
    [
      "which may be there already",
      { activeTools: ["double"], deferredTools: true, request: { tools: [{ type: "tool_search" }] } },
      [["tool_search"], ["function", "double", true]],
    ],
  ])("%s", async (_, options, want) => {
    const { requests } = await run([says("hi")], options);
    const tools = requests[0]?.tools as { type: string; name?: string; defer_loading?: boolean }[];
    expect(
      tools.map((tool) => [tool.type, tool.name, tool.defer_loading].filter((part) => part !== undefined)),
    ).toEqual(want);
  });

  test("a deferred tool that there is not is named before anything is asked", async () => {
    const create = () => expect.fail("asked");
    const options = { client: { responses: { create } }, model: "big", kit, deferredTools: ["shwo" as never] };
    const wrong = new OptionsError('deferredTools: there is no tool "shwo"; did you mean show?');
    await expect(runTools({ ...options, messages: [] })).rejects.toThrow(wrong);
    await expect(streamTools({ ...options, messages: [] }).next()).rejects.toThrow(wrong);
  });

  test.each<[what: string, item: object, want: unknown, input?: object]>([
    ["a call in a namespace", call("double", { n: 1 }, "a", { namespace: "math" }), "2", { namespace: "math" }],
    ["no call_id", call("double", { n: 1 }), "2", { call_id: "call_1_0" }],
    ["arguments as an object", { ...call("double", {}, "a"), arguments: { n: 1 } }, "2"],
    ["no arguments", { ...call("double", {}, "a"), arguments: "" }, expect.stringContaining("n: is required")],
    ["blank arguments", { ...call("double", {}, "a"), arguments: " " }, expect.stringContaining("n: is required")],
    ["an unknown tool", call("treble", {}, "a"), expect.stringContaining("unknown_tool")],
    [
      "a custom tool's call",
      { type: "custom_tool_call", id: "ct", call_id: "a", name: "sql", input: "x" },
      expect.stringContaining("unknown_tool"),
    ],
    [
      "an image",
      call("show", { type: "image/png" }, "a"),
      [
        { type: "input_text", text: "[image/png, 5 bytes]" },
        { type: "input_image", image_url: "data:image/png;base64,wolQTkc=", detail: "auto" },
      ],
    ],
    [
      "a PDF",
      call("show", { type: "application/pdf" }, "a"),
      [
        { type: "input_text", text: "[application/pdf, 5 bytes]" },
        { type: "input_file", file_data: "data:application/pdf;base64,wolQTkc=", filename: "result.pdf" },
      ],
    ],
    [
      "a recording, which it does not take",
      call("show", { type: "audio/wav" }, "a"),
      "[audio/wav, 5 bytes]: it cannot be shown to you",
    ],
  ])("%s", async (_, item, want, input = {}) => {
    const { result, requests } = await run([{ output: [item] }, says("ok")]);
    expect(result.stopReason).toBe("answer");
    expect(outputsOf(result.messages)).toEqual([want]);
    expect(requests[1]?.input[1]).toMatchObject(input);
    const type = (item as { type: string }).type;
    expect(requests[1]?.input[2]).toMatchObject({ type: `${type}_output` });
  });

  test.each<[reason: string, stopReason: string]>([
    ["max_output_tokens", "length"],
    ["max_messages", "length"],
    ["steered", "length"],
    ["content_filter", "content_filter"],
  ])("a response cut by %s", async (reason, stopReason) => {
    const cut = {
      output: [text("I thi"), { ...call("double", {}, "a"), arguments: '{"n":', status: "incomplete" }, reasoning],
      rest: incomplete(reason),
    };
    const { result } = await run([cut]);
    expect(result).toMatchObject({ stopReason, text: "I thi" });
    expect(outputsOf(result.messages)).toEqual([expect.stringMatching(/aborted|invalid_arguments/)]);
    expect(result.messages.map((item) => item.type)).toEqual([
      undefined,
      "message",
      "function_call",
      "function_call_output",
    ]);
  });

  const hosted = [
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "pets" } },
    { type: "mcp_list_tools", id: "mcpl_1", server_label: "m", tools: [] },
    { type: "mcp_call", id: "mcp_1", server_label: "m", name: "ask", arguments: '{"n":1}', output: "4" },
    { type: "code_interpreter_call", id: "ci_1", status: "completed", code: "1", container_id: "c", outputs: [] },
    { type: "tool_search_call", id: "ts_1", status: "completed", arguments: {} },
    { type: "tool_search_output", id: "to_1", status: "completed", tools: [] },
  ];

  test("what the provider ran is kept, and calls after it are made", async () => {
    const turn = { output: [reasoning, ...hosted, call("double", { n: 1 }, "a")] };
    const { result, requests } = await run([turn, { output: [...hosted, text("Done.")] }]);
    expect(log).toEqual(["double 1"]);
    expect(requests[1]?.input.slice(1, -1)).toEqual(turn.output);
    expect(result).toMatchObject({ stopReason: "answer", text: "Done." });
    expect(result.messages.slice(-7)).toEqual([...hosted, text("Done.")]);
  });

  test("what the provider ran, and did not end, is no answer", async () => {
    const { result } = await run([{ output: hosted, rest: incomplete("max_output_tokens") }]);
    expect(result).toMatchObject({ stopReason: "length", text: "" });
  });

  test.each(["queued", "in_progress", "cancelled"])("a response that is %s is no answer", async (status) => {
    const failed = await run([{ output: [], rest: { status } }]).catch((error) => error);
    expect(failed).toBeInstanceOf(ModelError);
    expect(failed.cause.message).toContain(status);
  });

  test("a call that a program of the model makes is answered to the program", async () => {
    const caller = { type: "program", caller_id: "prog_1" };
    const { requests } = await run([{ output: [call("double", { n: 1 }, "a", { caller })] }, says("ok")]);
    expect(requests[1]?.input.at(-1)).toEqual({ type: "function_call_output", call_id: "a", output: "2", caller });
  });

  describe("more tools than a request takes", () => {
    const names = Array.from({ length: 200 }, (_, index) => `tool${index}`);
    const many = combineKits(...names.map((name) => defineTool({ name, parameters: number, execute: () => name })));
    const tools = names.slice(0, 100).map((name) => ({ type: "function", name }));
    const inNamespace = { request: { tools: [{ type: "namespace", name: "all", description: "", tools }] } };
    test.each<[what: string, options: Options, want: number | RegExp]>([
      ["as they are", {}, /200 tools are active/],
      ["deferred", { deferredTools: true }, 201],
      ["half of them deferred", { deferredTools: names.slice(0, 100) as never }, 201],
      ["a few of them deferred", { deferredTools: names.slice(0, 10) as never }, /190 tools are active/],
      ["half of them in a namespace", inNamespace, 101],
    ])("%s", async (_, options, want) => {
      const done = run([says("hi")], { ...options, kit: many as never });
      if (typeof want === "number") expect((await done).requests[0]?.tools).toHaveLength(want);
      else await expect(done).rejects.toThrow(want);
    });
  });

  test("calls of one id are told apart, so that a decision is about one of them", async () => {
    const turn = { output: [call("remove", { all: true }, "a"), call("remove", { n: 1 }, "a")] };
    const { result } = await run([turn]);
    const pending = result.state?.pending ?? [];
    expect(pending.map(({ id, args }) => [id, args])).toEqual([
      ["a", { all: true }],
      ["call_1_1", { n: 1 }],
    ]);
    expect(result.messages.slice(1)).toMatchObject(["a", "call_1_1", "a", "call_1_1"].map((call_id) => ({ call_id })));
    await using model = await startModel([says("Done.")]);
    const { client } = model;
    await resumeTools({ client, model: "big", kit, state: result.state, decisions: { a: false, call_1_1: true } });
    expect(log).toEqual(["remove"]);
  });

  test("states that come of one state make nothing twice", async () => {
    const entries: HistoryEntry[] = [];
    const history: History = {
      append: (entry) => void entries.push(entry),
      claim: () => true,
      find: (key) => entries.find((entry) => entry.key === key),
    };
    const execute = ({ n }: { n: number }) => `removed ${n}`;
    const remove = defineTool({ name: "remove", effect: "destructive", parameters: number, execute }, { history });
    const removes = (n: number, id: string) => ({ output: [call("remove", { n }, id)] });
    const { result } = await run([removes(1, "a")], { kit: remove as never });
    await using model = await startModel([removes(2, "b"), removes(2, "c"), says("Done."), says("Done.")]);
    const resume = (state: typeof result.state, id: string) =>
      resumeTools({ client: model.client, model: "big", kit: remove, state, decisions: { [id]: true } });
    const stopped = [await resume(result.state, "a"), await resume(result.state, "a")];
    for (const [index, id] of ["b", "c"].entries()) {
      const { messages } = await resume(stopped[index]?.state, id);
      expect(messages).toContainEqual({ type: "function_call_output", call_id: id, output: "removed 2" });
    }
    expect(entries.map(({ args }) => args)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("a refusal is the text", async () => {
    const refusal = { ...text(""), content: [{ type: "refusal", refusal: "No." }] };
    expect((await run([{ output: [refusal] }])).result.text).toBe("No.");
  });

  test.each<[what: string, reply: Reply]>([
    ["an error", { status: 500 }],
    [
      "a failed response",
      { output: [], rest: { status: "failed", error: { code: "server_error", message: "sk-123" } } },
    ],
  ])("%s is the next model's turn, or the run's end", async (_, reply) => {
    const turn = { output: [call("double", { n: 1 }, "a")] };
    const { result, requests } = await run([turn, reply, says("2")], { fallbackModels: ["small"] });
    expect([result.text, ...requests.map(({ model }) => model)]).toEqual(["2", "big", "big", "small"]);
    const failed = await run([turn, reply]).catch((error) => error);
    expect(failed).toBeInstanceOf(ModelError);
    expect(failed.message).not.toContain("sk-123");
    expect(outputsOf(failed.result.messages)).toEqual(["2"]);
  });

  test.each([undefined, true] as const)(
    "a run stops for approval and goes on (previousResponseId: %s)",
    async (previousResponseId) => {
      const caller = { type: "program", caller_id: "prog_1" };
      const turn = { output: [reasoning, call("remove", {}, "a", { caller }), call("double", { n: 1 }, "b")] };
      const { result } = await run([turn], { previousResponseId });
      expect(result.stopReason).toBe("needs_approval");
      expect(log).toEqual(["double 1"]);
      const state = JSON.parse(JSON.stringify(result.state));
      await using model = await startModel([says("Done."), says("Done.")]);
      const options = {
        client: model.client,
        model: "big",
        kit,
        state,
        decisions: { a: true } as Decisions,
        previousResponseId,
      };
      await expect(resumeChat(options as never)).rejects.toThrow(/^state: it is of a run over responses/);
      expect(log).toEqual(["double 1"]);
      const resumed = await resumeTools(options);
      expect(resumed).toMatchObject({ stopReason: "answer", text: "Done." });
      expect(log).toEqual(["double 1", "remove"]);
      const pdf = [{ type: "input_text" }, { type: "input_file" }];
      const sent = [
        { call_id: "a", output: pdf, caller },
        { call_id: "b", output: "2" },
      ];
      expect(model.requests[0]?.input).toMatchObject(
        previousResponseId ? sent : [...messages, ...turn.output, ...sent],
      );
      expect(model.requests[0]?.previous_response_id).toBe(previousResponseId && "resp_1");
      const told: string[] = [];
      for await (const { type } of streamResumedTools(options)) if (type !== "text-delta") told.push(type);
      expect(told).toEqual(["tool-call", "tool-output", "turn-end", "finish"]);
    },
  );
});

describe("streams", () => {
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
    return { events, error, result: last?.type === "finish" ? last.result : undefined, requests: model.requests };
  }

  test("events, and a call that is made while the model goes on", async () => {
    const turn = { output: [call("double", { n: 1 }, "a"), text("ok")], pause: 20 };
    await using model = await startModel([turn, says("hi")]);
    const told: string[] = [];
    for await (const event of streamTools({ client: model.client, model: "big", kit, messages }))
      told.push(event.type === "text-delta" ? event.text : event.type);
    expect(told).toEqual(["tool-call", "tool-output", "o", "k", "turn-end", "h", "i", "turn-end", "finish"]);
  });

  const [added, args, done] = itemEvents(call("double", { n: 1 }, "a") as never, 0);
  test.each<[what: string, events: unknown[]]>([
    ["items alone", [done]],
    ["arguments alone", [added, args]],
    ["everything", [added, args, done]],
  ])("a gateway that tells %s, and an empty response at the end", async (_, events) => {
    const end = { type: "response.completed", response: { id: "resp_1", status: "completed", output: [], usage } };
    const { result, requests } = await run([{ events: [{}, ...events, end] }, says("2")]);
    expect(result?.text).toBe("2");
    expect(log).toEqual(["double 1"]);
    expect(requests[1]?.input.slice(1)).toMatchObject([{ call_id: "a", arguments: '{"n":1}' }, { output: "2" }]);
  });

  test("calls of one id, told in any order and at any place", async () => {
    const at = (n: number, output_index: number) => itemEvents(call("double", { n }, "a") as never, output_index);
    const end = { type: "response.completed", response: { id: "resp_1", status: "completed", output: [], usage } };
    const { result } = await run([{ events: [...at(2, 1e9), ...at(1, 5), end] }, says("2")]);
    expect(log.sort()).toEqual(["double 1", "double 2"]);
    expect(result?.messages.slice(1, 5)).toMatchObject([
      { call_id: "call_1_0", arguments: '{"n":1}' },
      { call_id: "a", arguments: '{"n":2}' },
      { call_id: "call_1_0", output: "2" },
      { call_id: "a", output: "4" },
    ]);
  });

  test.each<[what: string, event: unknown[]]>([
    ["ends early", []],
    ["is no JSON", ["data: {oops\n\n"]],
    ["tells an error", [{ type: "error", code: "x", message: "sk-123" }]],
    ["fails", [{ type: "response.failed", response: { status: "failed" } }]],
  ])("a stream that %s after a call", async (_, events) => {
    const reply = {
      events: [...itemEvents(reasoning, 0), { ...added, output_index: 1 }, { ...done, output_index: 1 }, ...events],
    };
    const { result, requests } = await run([reply, says("2")], { fallbackModels: ["small"] });
    expect(log).toEqual(["double 1"]);
    expect(result?.text).toBe("2");
    // Without the ids of a response that the provider never kept.
    expect(requests[1]?.input.slice(1)).toEqual([
      { type: "function_call", call_id: "a", name: "double", arguments: '{"n":1}', status: "completed" },
      { type: "function_call_output", call_id: "a", output: "2" },
    ]);
    const { error } = await run([reply]);
    expect(error).toBeInstanceOf(ModelError);
    expect((error as Error).message).not.toContain("sk-123");
  });

  test("abort in the middle", async () => {
    const { result } = await run([{ events: [done], hangs: true }], { signal: AbortSignal.timeout(100) });
    expect(result?.stopReason).toBe("aborted");
    expect(outputsOf(result?.messages ?? [])).toEqual(["2"]);
  });
});
