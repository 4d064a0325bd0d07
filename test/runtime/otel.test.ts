import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createKit } from "../../examples/pet-store.gen.ts";
import { defineTool } from "../../src/runtime/index.ts";
import { type TracingOptions, tracing } from "../../src/runtime/otel.ts";
import { retry } from "../../src/runtime/policies/index.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const server = setupServer(
  http.get("*/v1/pets/7", () => HttpResponse.json({ id: 7, name: "Rex", owner: { email: "a@b" } })),
  http.get("*/v1/pets/404", () => HttpResponse.json({ message: "no such pet" }, { status: 404 })),
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
  expect(exporter.getFinishedSpans()).toHaveLength(1);
  return exporter.getFinishedSpans()[0];
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
  ["getPet", { petId: "x" }, { "error.type": "invalid_arguments", "fctool.attempts": 0 }],
  ["getCat", {}, { "error.type": "unknown_tool", "gen_ai.tool.name": "getCat" }],
  ["burn", {}, { "error.type": "internal" }],
])("%s %j fails", async (name, args, want) => {
  const span = await spanOf(name, args);
  expect(span).toMatchObject({ name: `execute_tool ${name}`, attributes: want, events: [] });
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: expect.any(String) });
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
