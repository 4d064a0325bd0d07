import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createKit } from "../../examples/pet-store.gen.ts";
import {
  type ChatClient,
  combineKits,
  defineTool,
  type HistoryEntry,
  ModelError,
  runTools,
  type StreamToolsOptions,
  streamTools,
} from "../../src/runtime/index.ts";
import { httpServer } from "./http-server.ts";
import { calls, delta, type Reply, says, startModel, toChunks } from "./model-server.ts";

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

describe.each(ways)("%s", (_, runIt) => {
  describe("an API that fails, and a model that goes on", () => {
    test.each<[what: string, respond: Parameters<typeof api.respondWith>[0], kind: string]>([
      ["429", (_, response) => void response.writeHead(429, { "retry-after": "1" }).end("slow down"), "http"],
      ["500", (_, response) => void response.writeHead(500).end(), "http"],
      ["a hang", () => {}, "timeout"],
      ["a reset", (_, response) => void response.destroy(), "network"],
      [
        "a reset in the middle of the body",
        (_, response) => {
          response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write('[{"id":');
          setTimeout(() => response.destroy(), 5);
        },
        "network",
      ],
      [
        "a body that never ends",
        (_, response) => void response.writeHead(200, { "content-type": "application/json" }).write("["),
        "timeout",
      ],
    ])("%s", async (_, respond, kind) => {
      api.respondWith(respond);
      const kit = createKit({ baseUrl: api.origin, timeout: 200, history });
      await using model = await startModel([calls(["listPets", { status: null }]), says("Sorry.")]);
      const result = await runIt({ client: model.client, model: "test", kit, messages });
      expect(result).toMatchObject({ stopReason: "answer", text: "Sorry." });
      expect(result.steps[0]?.outputs).toMatchObject([{ ok: false, error: { kind } }]);
      expect(entries).toMatchObject([
        { tool: "listPets", turn: 1, question: "go", attempts: 1, outcome: { error: { kind } } },
      ]);
    });
  });

  const kit = defineTool(
    { name: "count", parameters: { type: "object" }, execute: ({ n }: { n: number }) => n },
    { history },
  );

  describe("a model that fails", () => {
    test.each<[what: string, reply: Reply]>([
      ["500", { status: 500 }],
      ["429", { status: 429 }],
      ["a hang", { hangs: true }],
      ["a reset", { resets: true }],
      ["a hang in the middle", { chunks: [delta({ content: "I" })], hangs: true }],
      ["a reset in the middle", { chunks: [delta({ content: "I" })], resets: true }],
      ["a body that is no answer", { body: { hello: 1 } }],
      ["malformed events", { chunks: ["data: {oops\n\n", "data: [DONE]\n\n"] }],
    ])("%s: the next one answers, or the error has the run so far", async (_, reply) => {
      const script = [calls(["count", { n: 1 }]), reply, says("fine")];
      const options = { model: "big", kit, messages, modelTimeout: 200 };
      await using model = await startModel(script);
      const result = await runIt({ ...options, client: model.client, fallbackModels: ["small"] });
      expect(result).toMatchObject({ stopReason: "answer", text: "fine" });
      await using other = await startModel(script);
      const failed = await runIt({ ...options, client: other.client }).catch((error) => error);
      expect(failed).toBeInstanceOf(ModelError);
      expect(failed.result.messages).toHaveLength(3);
      expect(entries).toHaveLength(2);
    });
  });

  test("a call that is aborted is written down before the run ends", async () => {
    const slow = { append: (entry: HistoryEntry) => sleep(50).then(() => void entries.push(entry)) };
    const hang = defineTool(
      { name: "hang", parameters: { type: "object" }, execute: () => new Promise<never>(() => {}) },
      { history: slow },
    );
    await using model = await startModel([calls(["hang", { n: 1 }])]);
    const options = { client: model.client, model: "test", kit: hang, messages };
    const result = await runIt({ ...options, signal: AbortSignal.timeout(100) });
    expect(result.stopReason).toBe("aborted");
    expect(entries).toMatchObject([{ tool: "hang", outcome: { error: { kind: "aborted" } } }]);
  });

  test("broken JSON is mended by the model", async () => {
    const script = [
      calls(["count", '{"n": 1']),
      calls(["count", '{"n": "}'], ["count", "null"]),
      calls(["count", { n: 2 }]),
      says("2"),
    ];
    await using model = await startModel(script);
    const result = await runIt({ client: model.client, model: "test", kit, messages });
    expect(result.stopReason).toBe("answer");
    expect(entries.map(({ outcome }) => outcome.ok)).toEqual([false, false, true, true]);
  });

  test("32 conversations at once stay apart", { timeout: 30_000 }, async () => {
    await using model = await startModel((request, _) => {
      const content = request.messages[0]?.content;
      const outputs = request.messages.filter(({ role }) => role === "tool");
      if (outputs.length >= 6) return says(`${content}: ${outputs.map(({ content }) => content).join()}`);
      const n = Number(content) * 100 + outputs.length;
      return calls(["count", { n }], ["count", { n: n + 1 }]);
    });
    const runs = Array.from({ length: 32 }, (_, index) =>
      runIt({ client: model.client, model: "test", kit, messages: [{ role: "user", content: `${index}` }] }),
    );
    for (const [index, { text, stopReason }] of (await Promise.all(runs)).entries()) {
      const n = index * 100;
      expect([stopReason, text]).toEqual(["answer", `${index}: ${[0, 1, 2, 3, 4, 5].map((step) => n + step).join()}`]);
    }
    expect(entries).toHaveLength(192);
    expect(new Set(entries.map(({ run, callId }) => `${run} ${callId}`)).size).toBe(192);
  });
});

test("a slow stream", async () => {
  const reply = says("slow but sure");
  await using model = await startModel([{ ...reply, chunks: toChunks(reply), pause: 25 }]);
  const kit = defineTool({ name: "count", parameters: { type: "object" }, execute: () => 1 });
  const result = await runStream({ client: model.client, model: "test", kit, messages } as never);
  expect(result.text).toBe("slow but sure");
});

describe("a thousand turns", () => {
  /** Answers in this process, so that only the loop is measured. */
  function endless(turns: number): ChatClient {
    let turn = 0;
    return {
      chat: {
        completions: {
          create: async () => {
            if (++turn > turns) return { choices: [{ message: { content: "done" }, finish_reason: "stop" }] };
            const tool_calls = [
              { id: `c${turn}`, function: { name: "count", arguments: JSON.stringify({ n: turn }) } },
            ];
            return { choices: [{ message: { content: null, tool_calls }, finish_reason: "tool_calls" }] };
          },
        },
      },
    };
  }

  const kit = defineTool({ name: "count", parameters: { type: "object" }, execute: ({ n }: { n: number }) => n });

  test.each(ways)("%s ends, and keeps nothing but the conversation", async (_, runIt) => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const options = { model: "test", kit, messages, maxTurns: 1_001, signal };
    const result = await runIt({ ...options, client: endless(1_000) });
    expect(result).toMatchObject({ stopReason: "answer", text: "done" });
    expect(result.messages).toHaveLength(2_002);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });

  test("one after the other leave the heap as it was", { timeout: 30_000 }, async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const once = () => runTools({ client: endless(50), model: "test", kit, messages, maxTurns: 51 });
    for (let count = 0; count < 20; count++) await once();
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 200; count++) await once();
    await sleep(10);
    gc();
    const grown = process.memoryUsage().heapUsed - before;
    expect(grown).toBeLessThan(3_000_000);
  });
});

describe("local and mixed tools", () => {
  test.each<[used: number, file: string]>([
    [81, "mem_high.txt"],
    [79, "mem_ok.txt"],
  ])("memory at %s %% makes %s", async (used, file) => {
    const written: { [name: string]: string } = {};
    const tools = combineKits(
      defineTool({ name: "readMemory", parameters: { type: "object" }, effect: "read", execute: () => ({ used }) }),
      defineTool({
        name: "writeFile",
        parameters: {
          type: "object",
          properties: { name: { type: "string" }, text: { type: "string" } },
          required: ["name", "text"],
          additionalProperties: false,
        },
        execute: ({ name, text }: { name: string; text: string }) => {
          written[name] = text;
        },
      }),
    );
    // What a model would do, told that 80 % is the threshold.
    await using model = await startModel((request) => {
      const outputs = request.messages.filter(({ role }) => role === "tool");
      if (outputs.length === 0) return calls(["readMemory"]);
      if (outputs.length > 1) return says("Written.");
      const { used } = JSON.parse(outputs[0]?.content as string);
      return calls(["writeFile", { name: used > 80 ? "mem_high.txt" : "mem_ok.txt", text: `${used} %` }]);
    });
    const result = await runTools({ client: model.client, model: "test", kit: tools, messages });
    expect(result.stopReason).toBe("answer");
    expect(written).toEqual({ [file]: `${used} %` });
  });

  test("tools come and go between turns", async () => {
    const first = defineTool({ name: "first", parameters: { type: "object" }, execute: () => "1" });
    const second = defineTool({ name: "second", parameters: { type: "object" }, execute: () => "2" });
    await using model = await startModel([calls(["first"]), calls(["second"], ["first"]), says("ok")]);
    const result = await runTools({
      client: model.client,
      model: "test",
      kit: first,
      messages,
      prepareStep: ({ turn }) => (turn === 1 ? undefined : { kit: turn === 2 ? second : combineKits(first, second) }),
    });
    expect(model.requests.map(({ tools }) => tools?.map((tool) => "function" in tool && tool.function.name))).toEqual([
      ["first"],
      ["second"],
      ["first", "second"],
    ]);
    expect(result.steps[1]?.outputs).toMatchObject([{ content: "2" }, { error: { kind: "unknown_tool" } }]);
  });
});
