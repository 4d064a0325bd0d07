import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { AnyPolicy } from "../../src/runtime/kit-types.ts";
import { readBytes } from "../../src/runtime/read-bytes.ts";
import { wholeResponse } from "../../src/runtime/whole-response.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each([
  ["a stream", new Response("pets")],
  ["what was read before", wholeResponse(bytesOf("pets"), new Response())],
  ["nothing", new Response(null)],
])("%s is read whole", async (_, response) => {
  expect(await readBytes(response, 4)).toEqual(bytesOf(response.body === null ? "" : "pets"));
});

test("what is larger is not read to its end", async () => {
  let count = 0;
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(bytesOf(`${count++} `)) });
  await expect(readBytes(new Response(endless), 10)).rejects.toMatchObject({ kind: "network" });
  expect(count).toBeLessThan(20);
});

describe("an answer that unfolds to more than is read for a model", { timeout: 30_000 }, () => {
  const server = httpServer();
  const { run } = operation({});
  const zipped = gzipSync(Buffer.alloc(60_000_000, " "));

  test.each<[name: string, status: number, type: string, policies: AnyPolicy[]]>([
    ["JSON", 200, "application/json", []],
    ["an error", 500, "text/plain", []],
    ["bytes", 200, "image/png", []],
    ["events", 200, "text/event-stream", []],
    ["JSON, through policies", 200, "application/json", [(next) => next]],
  ])("%s", async (_, status, type, policies) => {
    server.respondWith((_, response) => {
      response.writeHead(status, { "content-type": type, "content-encoding": "gzip" }).end(zipped);
    });
    const options = { baseUrl: server.origin, policies };
    const error = { kind: "network", message: "the API's answer is larger than 50 MB" };
    await expect(run({}, options)).rejects.toMatchObject(error);
  });

  test("is there whole for code", async () => {
    server.respondWith((_, response) => {
      response.writeHead(200, { "content-type": "image/png", "content-encoding": "gzip" }).end(zipped);
    });
    const { result } = await run({}, { baseUrl: server.origin, stream: true });
    expect((result as Blob).size).toBe(60_000_000);
  });
});

test("an event that does not end takes a time that grows with it alone", { timeout: 20_000 }, async () => {
  const part = bytesOf("x".repeat(65_536));
  let left = 600;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (left-- > 0 ? controller.enqueue(part) : controller.close()),
  });
  const fetch = async () => new Response(body, { headers: { "content-type": "text/event-stream" } });
  const before = performance.now();
  await operation({}).run({}, { baseUrl: "http://localhost", fetch });
  expect(performance.now() - before).toBeLessThan(3_000);
});
