import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dispatcher, listPetsTool } from "../../examples/pet-store.gen.ts";
import {
  type ChatClient,
  eventStream,
  executor,
  type HistoryEntry,
  kit,
  ModelError,
  type RunResult,
  runTools,
  type StreamToolsOptions,
  streamTools,
} from "../../src/runtime/index.ts";
import { type ProductionOptions, production } from "../../src/runtime/policies/index.ts";
import { httpServer } from "./http-server.ts";
import { calls, delta, type Reply, says, startModel, toChunks } from "./model-server.ts";

// Whole runs with everything on, against an API and a model that fail. FAULT_TABLE=1 prints what was seen.

const rows: { fault: string; "what was seen": string }[] = [];
afterAll(() => {
  if (process.env.FAULT_TABLE) console.table(rows);
});

const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "go" }];
const entries: HistoryEntry[] = [];
const history = { append: (entry: HistoryEntry) => void entries.push(entry) };
beforeEach(() => {
  entries.length = 0;
});

async function runStream(options: StreamToolsOptions<never, ChatCompletionMessageParam>) {
  for await (const event of streamTools(options)) if (event.type === "finish") return event.result;
  throw new Error("the stream had no end");
}

const api = httpServer();
const ways: [string, typeof runTools][] = [
  ["runTools", runTools],
  ["streamTools", runStream as never],
];

type Answer = (response: ServerResponse) => void;

/** What the API does with one request after the other, the last for ever. */
function inTurn(...answers: Answer[]): void {
  let count = 0;
  api.respondWith((_, response) => answers[Math.min(count++, answers.length - 1)]?.(response));
}

const json = { "content-type": "application/json" };
const ok: Answer = (response) => response.writeHead(200, json).end("[]");
const status =
  (code: number, headers = {}): Answer =>
  (response) =>
    response.writeHead(code, { ...json, ...headers }).end("{}");
const hang: Answer = () => {};
const reset: Answer = (response) => response.destroy();
const brokenOff: Answer = (response) => response.writeHead(200, json).end('[{"id":');
const resetHalfway: Answer = (response) => {
  response.writeHead(200, { ...json, "content-length": "100" }).write('[{"id":');
  setTimeout(() => response.destroy(), 5);
};
const drip: Answer = (response) => {
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};
const events =
  (pieces: readonly string[], pause: number, atEnd: Answer): Answer =>
  async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of pieces) {
      response.write(piece);
      await sleep(pause);
    }
    atEnd(response);
  };
const end: Answer = (response) => response.end();
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

/** As it is generated where the document says that it may stream. */
const listPets = executor({
  api: {},
  tool: listPetsTool,
  method: "GET",
  path: "/pets",
  parameters: { status: { in: "query" } },
  codec: { status: "optional" },
  uses: [eventStream],
});

function newKit(options: ProductionOptions = {}) {
  const policies = production({ retry: { delay: 1 }, timeout: { ms: 150 }, cache: false, ...options });
  return kit({ api: {}, dispatcher: { ...dispatcher, listPets } }, { baseUrl: api.origin, history, policies });
}

const outputsOf = ({ messages }: RunResult) =>
  messages.flatMap((message) =>
    "tool_call_id" in message ? [String((message as { content?: unknown }).content)] : [],
  );

/** Every call in a conversation has one output, and those that were made stand in the history once. */
function expectWhole(result: RunResult, made = entries) {
  const ids = result.messages.flatMap((message) => (message as { tool_calls?: { id: string }[] }).tool_calls ?? []);
  const answered = result.messages.flatMap((message) => ("tool_call_id" in message ? [message.tool_call_id] : []));
  expect(answered).toEqual(ids.map(({ id }) => id));
  const keys = made.map(({ run, turn, callId }) => `${run} ${turn} ${callId}`);
  expect(new Set(keys).size).toBe(keys.length);
}

describe.each(ways)("%s", (way, runIt) => {
  const see = (fault: string, seen: string) => {
    if (way === "runTools") rows.push({ fault, "what was seen": seen });
    else expect(rows.find((row) => row.fault === fault)?.["what was seen"]).toBe(seen);
  };

  describe("the API", () => {
    test.each<[fault: string, answers: () => Answer[], want: object | string, attempts: number, ms?: number]>([
      ["429, Retry-After in seconds", () => [status(429, { "retry-after": "1" }), ok], "[]", 2, 1000],
      ["429, Retry-After as a date", () => [status(429, { "retry-after": inSeconds(2) }), ok], "[]", 2, 900],
      ["429, Retry-After of 99 s", () => [status(429, { "retry-after": "99" })], { kind: "rate_limited" }, 1],
      ["500, 500, then an answer", () => [status(500), status(500), ok], "[]", 3],
      ["500 for ever", () => [status(500)], { kind: "http", status: 500 }, 3],
      ["a hang, then an answer", () => [hang, ok], "[]", 2],
      ["a hang for ever", () => [hang], { kind: "timeout" }, 3],
      ["a reset, then an answer", () => [reset, ok], "[]", 2],
      ["resets for ever", () => [reset], { kind: "network" }, 3],
      ["a reset in mid-body, then an answer", () => [resetHalfway, ok], "[]", 2],
      ["resets in mid-body for ever", () => [resetHalfway], { kind: "network" }, 3],
      ["JSON that breaks off", () => [brokenOff], { kind: "network" }, 1],
      ["a body that drips past the timeout", () => [drip], { kind: "timeout" }, 3],
      [
        "a slow stream, slower than the timeout as a whole",
        () => [events(["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"], 60, end)],
        "1\n2\n3",
        1,
      ],
      ["a stream that falls silent", () => [events(["data: 1\n\n"], 0, hang)], { kind: "timeout" }, 1],
      ["a stream that is reset", () => [events(["data: 1\n\n"], 10, reset)], { kind: "network" }, 1],
      [
        "a malformed stream",
        () => [events(["garbage\n: hi\n\ndata\n\nda", "ta: {oops\r\n", "\r\nid: 1\n\ndata: end\n\ndata: cut"], 5, end)],
        "{oops\nend",
        1,
      ],
    ])("%s", async (fault, answers, want, attempts, ms = 0) => {
      inTurn(...answers());
      await using model = await startModel([calls(["listPets", { status: null }]), says("Well.")]);
      const start = performance.now();
      const result = await runIt({ client: model.client, model: "test", kit: newKit(), messages });
      expect(performance.now() - start).toBeGreaterThanOrEqual(ms);
      expect(result).toMatchObject({ stopReason: "answer", text: "Well." });
      const [content = ""] = outputsOf(result);
      if (typeof want === "string") expect(content).toBe(want);
      else expect(JSON.parse(content)).toMatchObject({ error: want });
      expect(entries).toMatchObject([{ tool: "listPets", attempts, outcome: { ok: typeof want === "string" } }]);
      expectWhole(result);
      const output = entries[0]?.outcome.ok ? "result" : JSON.stringify(want).replaceAll('"', "");
      see(`API: ${fault}`, `${output}; attempts ${attempts}; the run goes on: ${result.stopReason}`);
    });
  });

  describe("the model", () => {
    const call = calls(["getPet", { petId: 7 }]);
    const half = delta({ content: "I" });
    test.each<[fault: string, reply: Reply, rest?: object]>([
      ["429 with Retry-After", { status: 429 }],
      ["500", { status: 500 }],
      ["a hang", { hangs: true }],
      ["a reset", { resets: true }],
      ["a body that is no answer", { body: { hello: 1 } }],
      ["a hang in mid-stream", { chunks: [half], hangs: true }],
      ["a reset in mid-stream", { chunks: [half], resets: true }],
      ["a stream that is slower than modelTimeout", { chunks: Array(20).fill(half), pause: 20 }],
      ["malformed SSE", { chunks: [half, "data: {oops\n\n", "data: [DONE]\n\n"] }],
      ["SSE that ends early", { chunks: [half] }],
      ["SSE that tells an error", { chunks: [half, { error: { message: "overloaded" } }] }],
    ])("%s", async (fault, reply) => {
      inTurn(ok);
      const kit = newKit();
      await using model = await startModel([call, reply, says("fine")]);
      const options = { model: "big", kit, messages, modelTimeout: 150 };
      const result = await runIt({ ...options, client: model.client, fallbackModels: ["small"] });
      expect(result).toMatchObject({ stopReason: "answer", text: "fine" });
      expectWhole(result);
      await using other = await startModel([call, reply]);
      const failed = await runIt({ ...options, client: other.client }).catch((error) => error);
      expect(failed).toBeInstanceOf(ModelError);
      expectWhole({ ...failed.result, stopReason: "aborted" });
      expect(entries).toHaveLength(2);
      see(`model: ${fault}`, "the fallback answers; without one ModelError with the run so far; the call is made once");
    });

    test.each<[fault: string, script: Reply[], stopReason: string, made: boolean[], options?: object]>([
      ["the same call over and over", Array(9).fill(call), "repeated_call", [true, true, true]],
      [
        "two calls in turn, over and over",
        Array.from({ length: 9 }, (_, turn) => calls(["getPet", { petId: turn % 2 }])),
        "max_turns",
        Array(6).fill(true),
        { maxTurns: 6 },
      ],
      [
        "broken JSON, mended",
        [calls(["getPet", '{"petId": 7']), calls(["getPet", '{"petId": }']), call, says("fine")],
        "answer",
        [false, false, true],
      ],
      ["broken JSON for ever", Array(9).fill(calls(["getPet", '{"petId": 7'])), "repeated_call", [false, false, false]],
      ["a message that is cut", [{ ...calls(["getPet", '{"petId"']), finishReason: "length" }], "length", []],
      ["calls of tools that are not there", [calls(["getCat"]), says("fine")], "answer", [false]],
    ])("%s", async (fault, script, stopReason, made, options = {}) => {
      inTurn((response) => response.writeHead(200, json).end('{"id":7}'));
      await using model = await startModel(script);
      const shared = { client: model.client, model: "test", kit: newKit(), messages };
      const result = await runIt({ ...shared, ...options });
      expect(result.stopReason).toBe(stopReason);
      expectWhole(result);
      expect(entries.map(({ outcome }) => outcome.ok)).toEqual(made);
      see(`model: ${fault}`, `${stopReason}; ${made.length} calls in the history, ${made.filter(Boolean).length} made`);
    });
  });

  /** What the process holds that it must let go of. */
  async function held() {
    await sleep(50);
    const counts: { [resource: string]: number } = {};
    for (const resource of process.getActiveResourcesInfo()) counts[resource] = (counts[resource] ?? 0) + 1;
    return { sockets: counts.TCPSocketWrap ?? 0, timers: counts.Timeout ?? 0 };
  }

  test("32 conversations at once, an API that fails in every way", { timeout: 60_000 }, async () => {
    const faults = [ok, status(500), ok, reset, status(429, { "retry-after": "0" }), ok, resetHalfway, ok, drip, ok];
    let count = 0;
    api.respondWith((_, response) => faults[count++ % faults.length]?.(response));
    const kit = newKit({
      circuitBreaker: { failures: 1_000 },
      rateLimit: { limit: 10_000 },
      timeout: { ms: 300 },
    });
    await using model = await startModel(({ messages }) => {
      const outputs = messages.filter(({ role }) => role === "tool").length;
      if (outputs >= 6) return says(String(messages[0]?.content));
      return calls(["getPet", { petId: outputs }], ["listPets", { status: null }]);
    });

    async function round(): Promise<void> {
      const from = entries.length;
      const runs = Array.from({ length: 32 }, (_, index) =>
        runIt({ client: model.client, model: "test", kit, messages: [{ role: "user", content: `${index}` }] }),
      );
      for (const [index, result] of (await Promise.all(runs)).entries()) {
        expect([result.stopReason, result.text]).toEqual(["answer", `${index}`]);
        expectWhole(result);
        expect(outputsOf(result)).toHaveLength(6);
      }
      expect(entries.length - from).toBe(192);
    }

    await round();
    const before = await held();
    await round();
    await round();
    const after = await held();
    // Both ends of each are in this process, and the pool of `fetch` opens one in place of each that broke.
    expect(after.sockets).toBeLessThanOrEqual(before.sockets + 20);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 2);
    const failed = entries.filter(({ outcome }) => !outcome.ok).length;
    expect(failed).toBeLessThan(entries.length / 2);
    if (way === "runTools") {
      const held = `sockets ${before.sockets} → ${after.sockets}, timers ${before.timers} → ${after.timers}`;
      see(
        "32 conversations × 3, one request of two fails",
        `96 × answer, 576 calls once each; ${failed} failed; ${held}`,
      );
    }
  });

  test("a thousand turns", { timeout: 60_000 }, async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    api.respondWith((_, response) => response.writeHead(200, json).end('{"id":7,"name":"Rex"}'));
    const { signal } = new AbortController();
    const kit = newKit({ rateLimit: { limit: 100_000 }, timeout: { ms: 5_000 } });
    const run = (turns: number) =>
      runIt({ client: endless(turns), model: "test", kit, messages, maxTurns: turns + 1, signal });
    await run(100);
    entries.length = 0;
    const before = await held();
    gc();
    const heapBefore = process.memoryUsage().heapUsed;
    const result = await run(1_000);
    expect(result).toMatchObject({ stopReason: "answer", text: "done" });
    expectWhole(result);
    expect(entries).toHaveLength(1_000);
    result.messages.length = 0;
    entries.length = 0;
    api.seen.length = 0;
    const after = await held();
    gc();
    const grown = process.memoryUsage().heapUsed - heapBefore;
    // The steps are still there.
    expect(result.steps).toHaveLength(1_001);
    expect(grown).toBeLessThan(6_000_000);
    expect(after.sockets).toBeLessThanOrEqual(before.sockets + 2);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 2);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    if (way === "runTools") {
      const held = `sockets ${before.sockets} → ${after.sockets}, timers ${before.timers} → ${after.timers}`;
      see("a thousand turns", `answer; 1000 calls once each; heap +${(grown / 1e6).toFixed(1)} MB; ${held}`);
    }
  });
});

/** A model in this process that calls once in each of so many turns. */
function endless(turns: number): ChatClient & StreamToolsOptions["client"] {
  let turn = 0;
  const answer = () => (++turn > turns ? says("done") : calls(["getPet", { petId: turn }]));
  return {
    chat: {
      completions: {
        async create(request: { readonly stream?: true }) {
          const reply = answer();
          const { message, finishReason } = reply;
          if (!request.stream) return { choices: [{ message, finish_reason: finishReason }] };
          return (async function* () {
            yield* toChunks(reply);
          })();
        },
      },
    },
  } as never;
}
