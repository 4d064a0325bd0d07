import { expect, test } from "vitest";
import type { ServerSentEvent } from "../../src/runtime/kit-types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer();
const { run } = operation({});
const type = { "content-type": "text/event-stream; charset=utf-8" };

async function list(result: unknown): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of result as AsyncIterable<ServerSentEvent>) events.push(event);
  return events;
}

const lines = [
  "id: 1",
  "event: tick",
  'data: {"n":1}',
  "",
  ": comment",
  "data:名",
  "data:  b\u2028c",
  "data",
  "other: x",
  "",
  "id: 2",
  "",
  "",
];
const events = [{ event: "tick", id: "1", data: '{"n":1}' }, { data: "名\n b\u2028c\n" }];

test.each(["\n", "\r\n", "\r"].flatMap((end) => [1, 7, 1000].map((size) => ({ end, size }))))(
  "lines with $end in parts of $size",
  async ({ end, size }) => {
    const bytes = Buffer.from(`\ufeff${lines.join(end)}data: cut off`);
    server.respondWith(async (_, response) => {
      response.writeHead(200, type);
      for (let at = 0; at < bytes.length; at += size) {
        response.write(bytes.subarray(at, at + size));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(await list(await operation({})({}, { baseUrl: server.origin }))).toEqual(events);
    const { result, content } = await run({}, { baseUrl: server.origin });
    expect(content).toBe('{"n":1}\n名\n b\u2028c\n');
    expect(await list(result)).toEqual(events);
  },
);

test("code has the first event before the last is sent, and can stop", async () => {
  const closed = Promise.withResolvers<void>();
  server.respondWith((_, response) => {
    response.writeHead(200, type).write("data: first\n\n");
    response.once("close", closed.resolve);
  });
  const { result } = await run({}, { baseUrl: server.origin, stream: true });
  for await (const event of result as AsyncIterable<ServerSentEvent>) {
    expect(event.data).toBe("first");
    break;
  }
  await closed.promise;
});

test("a model's text is bounded, and an endless stream ends", async () => {
  server.respondWith((_, response) => {
    response.writeHead(200, type);
    const timer = setInterval(() => response.write(`data: ${"x".repeat(3_000)}\n\n`), 1);
    response.once("close", () => clearInterval(timer));
  });
  const { content } = await run({}, { baseUrl: server.origin });
  expect([content.length, content.at(-1)]).toEqual([20_001, "…"]);
});

test("a stream that breaks is a network failure", async () => {
  server.respondWith((_, response) => {
    response.writeHead(200, type).write("data: first\n\n");
    setTimeout(() => response.destroy(), 10);
  });
  const { result } = await run({}, { baseUrl: server.origin, stream: true });
  await expect(list(result)).rejects.toMatchObject({ kind: "network" });
  await expect(run({}, { baseUrl: server.origin, timeout: 1_000 })).rejects.toMatchObject({ kind: "network" });
});

test("an error is no stream", async () => {
  server.respondWith((_, response) => response.writeHead(500, type).end("data: no\n\n"));
  await expect(run({}, { baseUrl: server.origin, stream: true })).rejects.toMatchObject({
    status: 500,
    body: "data: no\n\n",
  });
});
