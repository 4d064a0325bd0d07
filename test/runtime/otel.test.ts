import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { HttpResponse, http, passthrough } from "msw";
import { setupServer } from "msw/node";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createKit } from "../../examples/pet-store.gen.ts";
import { runTools as runResponses } from "../../src/runtime/adapters/responses.ts";
import {
  defineTool,
  type ModelError,
  type RunResult,
  resumeTools,
  runTools,
  streamTools,
} from "../../src/runtime/index.ts";
import { type Tracing, type TracingOptions, tracing } from "../../src/runtime/otel.ts";
import { retry } from "../../src/runtime/policies/index.ts";
import { calls, type Reply, says, startModel } from "./model-server.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const server = setupServer(
  http.get("*/v1/pets/7", () => HttpResponse.json({ id: 7, name: "Rex", owner: { email: "a@b" } })),
  http.get("*/v1/pets/404", () => HttpResponse.json({ message: "no such pet" }, { status: 404 })),
  http.delete("*/v1/pets/7", () => new HttpResponse(null, { status: 204 })),
  http.post("*/v1/chat/completions", () => passthrough()),
  http.get("*/v1/pets/500", () => HttpResponse.json({}, { status: 500 })),
);

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  server.listen({ onUnhandledFrame: "error" });
});
afterAll(() => {
  trace.disable();
  context.disable();
  server.close();
});
beforeEach(() => exporter.reset());

const run = { id: "run_1", turn: 2, question: "Who?" };

/** The one span of a call. */
async function spanOf(name: string, args: unknown, options?: TracingOptions) {
  const hooks = tracing(options);
  const execute = () => Promise.reject(new Error("out of matches"));
  const burn = defineTool(
    { name: "burn", effect: "write", parameters: { type: "object", properties: {} }, execute },
    { hooks },
  );
  const kit = name === "burn" ? burn : createKit({ hooks, policies: [hooks, retry({ attempts: 2, delay: 1 })] });
  await kit.dispatch({ id: "call_1", function: { name, arguments: JSON.stringify(args) } }, { run });
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  expect(spans).toHaveLength(1);
  return spans[0];
}

test("a call that is done", async () => {
  const span = await spanOf("getPet", { petId: 7 });
  expect(span).toMatchObject({
    name: "execute_tool getPet",
    kind: 0,
    status: { code: SpanStatusCode.UNSET },
    events: [],
  });
  expect(span?.attributes).toEqual({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "getPet",
    "gen_ai.tool.type": "function",
    "gen_ai.tool.call.id": "call_1",
    "gen_ai.tool.description": expect.any(String),
    "fctool.effect": "read",
    "fctool.run.id": "run_1",
    "fctool.run.turn": 2,
    "fctool.attempts": 1,
    "fctool.cached": false,
  });
});

test.each<[name: string, args: unknown, want: { [attribute: string]: unknown }]>([
  ["getPet", { petId: 404 }, { "error.type": "http", "http.response.status_code": 404, "fctool.attempts": 1 }],
  ["getPet", { petId: 500 }, { "error.type": "http", "http.response.status_code": 500, "fctool.attempts": 2 }],
  ["getPet", { petId: "matches" }, { "error.type": "invalid_arguments", "fctool.attempts": 0 }],
  ["getCat", {}, { "error.type": "unknown_tool", "gen_ai.tool.name": "getCat" }],
  ["burn", {}, { "error.type": "internal" }],
])("%s %j fails", async (name, args, want) => {
  const span = await spanOf(name, args);
  expect(span).toMatchObject({ name: `execute_tool ${name}`, attributes: want, events: [] });
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(JSON.stringify([span?.attributes, span?.status])).not.toContain("matches");
});

describe("content is told where it is wanted", () => {
  test("arguments and result, but what is hidden", async () => {
    const span = await spanOf("getPet", { petId: 7 }, { content: true, redact: ["**.email"] });
    expect(span?.attributes).toMatchObject({
      "gen_ai.tool.call.arguments": '{"petId":7}',
      "gen_ai.tool.call.result": '{"id":7,"name":"Rex","owner":{"email":"[redacted]"}}',
    });
  });

  test("what was wrong with arguments", async () => {
    const span = await spanOf("getPet", { petId: "a-private-name" }, { content: true });
    expect(span?.status.message).toContain("a-private-name");
    const hidden = await spanOf("getPet", { petId: "a-private-name" }, { content: true, redact: ["petId"] });
    expect(JSON.stringify([hidden?.attributes, hidden?.status])).not.toContain("a-private-name");
  });

  test("what a tool threw", async () => {
    const span = await spanOf("burn", {}, { content: true });
    expect(span?.events).toMatchObject([{ name: "exception", attributes: { "exception.message": "out of matches" } }]);
  });
});

test("a call stands below the caller's span, and its requests below the call, though many run at once", async () => {
  const hooks = tracing();
  const parents: (string | undefined)[] = [];
  const fetch: typeof globalThis.fetch = async (...request) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    parents.push(trace.getActiveSpan()?.spanContext().spanId);
    return globalThis.fetch(...request);
  };
  const kit = createKit({ hooks, policies: [hooks], fetch });
  await trace.getTracer("test").startActiveSpan("caller", async (caller) => {
    await Promise.all([1, 2, 3].map(() => kit.call("getPet", { petId: 7 })));
    caller.end();
  });
  const [caller, ...made] = exporter.getFinishedSpans().toReversed();
  expect(caller?.name).toBe("caller");
  expect(made.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    Array(3).fill(caller?.spanContext().spanId),
  );
  expect(parents.sort()).toEqual(made.map((span) => span.spanContext().spanId).sort());
});

test("a call that waits for somebody has no span until it is decided", async () => {
  const hooks = tracing();
  const kit = createKit({ hooks, approval: () => undefined });
  await kit.dispatch({ function: { name: "getPet", arguments: { petId: 7 } } }, { run });
  expect(exporter.getFinishedSpans()).toEqual([]);
  const decision = { approve: true, args: { petId: 7 } };
  await kit.dispatch({ function: { name: "getPet", arguments: { petId: 7 } } }, { run, decision });
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});

describe("runs", () => {
  const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "Who is 7?" }];
  const script = [calls(["getPet", { petId: 7 }, "a"], ["getPet", { petId: 404 }, "b"]), says("Rex.")];

  /** Spans as lines, each below its parent. */
  function tree(): string[] {
    const spans = exporter.getFinishedSpans();
    const below = (parent: string | undefined, depth: number): string[] =>
      spans
        .filter((span) => span.parentSpanContext?.spanId === parent)
        .sort((a, b) => Number(hrTimeOf(a) - hrTimeOf(b)))
        .flatMap((span) => [`${"  ".repeat(depth)}${span.name}`, ...below(span.spanContext().spanId, depth + 1)]);
    return below(undefined, 0);
  }
  const hrTimeOf = ({ startTime: [seconds, nanos] }: { startTime: [number, number] }) =>
    BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

  function tracedKit(traced: Tracing) {
    const fetch: typeof globalThis.fetch = async (...request) =>
      trace.getTracer("test").startActiveSpan("GET", async (span) => {
        const response = await globalThis.fetch(...request);
        span.end();
        return response;
      });
    return createKit({ hooks: traced, policies: [traced], fetch });
  }

  async function run(script: readonly Reply[], options: object = {}, traced = tracing()) {
    await using model = await startModel(script);
    const shared = { client: model.client, model: "big", kit: tracedKit(traced), messages, observer: traced };
    return await runTools({ ...shared, ...options }).catch((error: unknown) => error as ModelError);
  }

  const whole = ["invoke_agent", "  chat big", "  execute_tool getPet", "    GET", "  execute_tool getPet", "    GET"];

  test("stand above their questions and calls, whoever told of them", async () => {
    await run(script);
    expect(tree()).toEqual([...whole, "  chat big"]);
  });

  test("in a stream too, though calls begin within a question", async () => {
    const traced = tracing();
    await using model = await startModel(script);
    const events = streamTools({
      client: model.client,
      model: "big",
      kit: tracedKit(traced),
      messages,
      observer: traced,
    });
    for await (const _ of events);
    expect(tree()).toEqual([...whole, "  chat big"]);
    expect(named("chat big")[0]?.attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.response.id": "chatcmpl-1",
    });
  });

  test("without anything that knows what is active", async () => {
    context.disable();
    await run(script);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    expect(tree().filter((line) => !line.includes("GET"))).toEqual([
      ...whole.filter((line) => !line.includes("GET")),
      "  chat big",
    ]);
  });

  test("have the attributes of the conventions", async () => {
    const traced = tracing({
      provider: "azure.ai.openai",
      agent: "clerk",
      conversation: ({ room }: { room: string }) => room,
    });
    const request = { temperature: 0.5, max_completion_tokens: 100, user: "ada" };
    await run(script, { request, context: { room: "r1" } }, traced);
    const shared = {
      "gen_ai.provider.name": "azure.ai.openai",
      "gen_ai.conversation.id": "r1",
      "gen_ai.request.model": "big",
      "gen_ai.request.temperature": 0.5,
      "gen_ai.request.max_tokens": 100,
      "fctool.run.id": expect.any(String),
    };
    expect(named("invoke_agent clerk")[0]?.attributes).toEqual({
      ...shared,
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "clerk",
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 10,
      "gen_ai.response.finish_reasons": ["stop"],
      "fctool.stop_reason": "answer",
    });
    const [first] = named("chat big");
    expect(first?.kind).toBe(SpanKind.CLIENT);
    expect(first?.attributes).toEqual({
      ...shared,
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 5,
      "gen_ai.response.finish_reasons": ["tool_calls"],
      "gen_ai.response.id": "chatcmpl-1",
      "gen_ai.response.model": "big",
      "fctool.run.turn": 1,
    });
  });

  test.each<[what: string, script: Reply[], options: object, want: [name: string, type: unknown][]]>([
    [
      "a fallback answers",
      [{ status: 503 }, says("Hi.")],
      { fallbackModels: ["small"] },
      [
        ["chat big", "503"],
        ["chat small", undefined],
        ["invoke_agent", undefined],
      ],
    ],
    [
      "none answers",
      [{ status: 429 }],
      {},
      [
        ["chat big", "429"],
        ["invoke_agent", "429"],
      ],
    ],
    [
      "a model hangs",
      [{ hangs: true }],
      { modelTimeout: 30 },
      [
        ["chat big", "timeout"],
        ["invoke_agent", "timeout"],
      ],
    ],
    [
      "what answers is no model",
      [{ body: {} }],
      {},
      [
        ["chat big", "TypeError"],
        ["invoke_agent", "TypeError"],
      ],
    ],
  ])("tell of errors: %s", async (_, script, options, want) => {
    await run(script, options);
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name, attributes }) => [name, attributes["error.type"]])).toEqual(want);
    for (const { attributes, status, events } of spans) {
      expect(status).toEqual({ code: attributes["error.type"] ? SpanStatusCode.ERROR : SpanStatusCode.UNSET });
      expect(events).toEqual([]);
    }
  });

  test("that are aborted have not failed", async () => {
    await run([{ hangs: true }], { signal: AbortSignal.timeout(30) });
    expect(named("invoke_agent")[0]).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { "fctool.stop_reason": "aborted" },
    });
    expect(named("chat big")[0]?.attributes).toMatchObject({ "error.type": "timeout" });
  });

  test("that go on have a span of their own, with the calls that were approved", async () => {
    const traced = tracing();
    const stopped = (await run([calls(["removePet", { petId: 7 }, "a"])], {}, traced)) as RunResult;
    exporter.reset();
    await using model = await startModel([says("Gone.")]);
    await resumeTools({
      client: model.client,
      model: "big",
      kit: tracedKit(traced),
      observer: traced,
      state: stopped.state as never,
      decisions: { a: true },
    });
    expect(tree()).toEqual(["invoke_agent", "  execute_tool removePet", "    GET", "  chat big"]);
    expect(named("invoke_agent")[0]?.attributes).toMatchObject({
      "fctool.run.id": stopped.state?.run,
      "gen_ai.usage.input_tokens": 10,
    });
  });

  test("over Responses, in the conversation that the request names", async () => {
    const response = {
      id: "resp_1",
      model: "big-2026",
      status: "completed",
      output: [{ type: "message", content: [{ type: "output_text", text: "Hi." }] }],
      usage: { input_tokens: 3, output_tokens: 2 },
    };
    const traced = tracing();
    await runResponses({
      client: { responses: { create: async () => response } },
      model: "big",
      kit: tracedKit(traced),
      messages: [{ role: "user", content: "hi" }],
      observer: traced,
      request: { conversation: { id: "conv_1" } },
    });
    expect(tree()).toEqual(["invoke_agent", "  chat big"]);
    expect(named("chat big")[0]?.attributes).toMatchObject({
      "gen_ai.conversation.id": "conv_1",
      "gen_ai.response.id": "resp_1",
      "gen_ai.response.model": "big-2026",
      "gen_ai.usage.input_tokens": 3,
      "gen_ai.response.finish_reasons": ["completed"],
    });
  });
});
