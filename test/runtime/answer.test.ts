import { expect, test } from "vitest";
import { unescapeText } from "../../src/runtime/answer.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer();
const get = (method = "GET") => operation({ method }).run({}, { baseUrl: server.origin });
const respond = (status: number, type: string | undefined, body: string | Uint8Array) =>
  server.respondWith((_, response) =>
    response.writeHead(status, type === undefined ? {} : { "content-type": type }).end(body),
  );

test.each<[type: string | undefined, body: string, result: unknown, content: string]>([
  ["application/json", '{"a":1}', { a: 1 }, '{"a":1}'],
  ["application/json; charset=utf-8", "[]", [], "[]"],
  ["application/problem+json", '"a"', "a", '"a"'],
  ["Application/JSON", "null", null, "null"],
  [
    "application/json",
    '{"id": 12345678901234567890, "n": 1.10}',
    { id: 1.2345678901234567e19, n: 1.1 },
    '{"id": 12345678901234567890, "n": 1.10}',
  ],
  ["application/json", '{"a":"\\u4e2d\\u6587 \\ud83c\\udf89"}', { a: "中文 🎉" }, '{"a":"中文 🎉"}'],
  ["application/json", "<html>", "<html>", "<html>"],
  ["application/json", "", undefined, ""],
  [undefined, '{"a":1}', { a: 1 }, '{"a":1}'],
  [undefined, "plain", "plain", "plain"],
  ["text/plain", "名", "名", "名"],
  ["text/html", '{"a":1}', '{"a":1}', '{"a":1}'],
  ["text/csv", "a,b\n", "a,b\n", "a,b\n"],
  ["application/xml", "<a/>", "<a/>", "<a/>"],
  ["application/x-ndjson", "{}\n{}", "{}\n{}", "{}\n{}"],
  ["image/svg+xml", "<svg/>", "<svg/>", "<svg/>"],
  ["text/plain", "", undefined, ""],
])("%s %s", async (type, body, result, content) => {
  respond(200, type, body);
  expect(await get()).toEqual({ result, content });
});

test.each(["image/png", "audio/mpeg", "application/pdf", "application/octet-stream"])("%s is a blob", async (type) => {
  respond(200, type, new Uint8Array([0, 255, 128]));
  const { result, content } = await get();
  expect(content).toBe(`[${type}, 3 bytes]`);
  expect((result as Blob).type).toBe(type);
  expect([...new Uint8Array(await (result as Blob).arrayBuffer())]).toEqual([0, 255, 128]);
});

test("another charset is obeyed", async () => {
  respond(200, "text/plain; charset=GBK", new Uint8Array([0xd6, 0xd0, 0xce, 0xc4]));
  expect((await get()).result).toBe("中文");
  respond(200, "text/plain; charset=nonsense", "a");
  expect((await get()).result).toBe("a");
});

test.each([
  [204, "GET"],
  [205, "POST"],
  [200, "HEAD"],
])("%s to %s is empty", async (status, method) => {
  respond(status, "application/octet-stream", "");
  expect(await get(method)).toEqual({ result: undefined, content: "" });
});

test.each<[status: number, type: string, body: string, error: object, shown: object]>([
  [
    404,
    "application/json",
    '{"detail":"no pet"}',
    { body: { detail: "no pet" }, retryable: false },
    { body: { detail: "no pet" } },
  ],
  [401, "text/plain", "who?", { body: "who?", retryable: false }, { body: "who?" }],
  [500, "application/json", "", { body: undefined, retryable: true }, {}],
  [502, "text/html", "x".repeat(5_000), { retryable: true }, { body: `${"x".repeat(2_000)}…` }],
  [503, "image/png", "png", { body: undefined, retryable: true }, {}],
  [429, "application/json", "1", { body: 1, retryable: true }, { body: 1 }],
  [408, "text/plain", "", { retryable: true }, {}],
  [425, "text/plain", "", { retryable: true }, {}],
  [422, "text/plain", "", { retryable: false }, {}],
])("%s %s %s", async (status, type, body, error, shown) => {
  respond(status, type, body);
  const thrown = await get().catch((cause: unknown) => cause);
  expect(thrown).toMatchObject({ name: "HttpError", kind: "http", status, ...error });
  const { retryable } = error as { retryable: boolean };
  const message = `the API answered with status ${status}`;
  expect((thrown as { toToolError(): unknown }).toToolError()).toEqual({
    kind: "http",
    message,
    status,
    retryable,
    ...shown,
  });
});

test.each([
  ["\\u4e2d", "中"],
  ["\\u4E2D", "中"],
  ["\\\\u4e2d", "\\\\u4e2d"],
  ["\\\\\\u4e2d", "\\\\中"],
  ["\\ud83c\\udf89", "🎉"],
  ["\\ud83c", "\\ud83c"],
  ["\\udf89\\ud83c", "\\udf89\\ud83c"],
  ["\\ud83c\\u4e2d", "\\ud83c中"],
  ["\\u0041\\u0022\\u000a", "\\u0041\\u0022\\u000a"],
  ["\\n\\u00e9", "\\né"],
  ["plain", "plain"],
])("%s unescaped", (escaped, want) => {
  expect(unescapeText(`"${escaped}"`)).toBe(`"${want}"`);
  expect(JSON.parse(`"${want}"`)).toBe(JSON.parse(`"${escaped}"`));
});
