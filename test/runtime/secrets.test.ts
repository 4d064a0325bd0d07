import { expect, test } from "vitest";
import { readSecrets, repeatsSecret, secretsIn, secretsOf, withoutSecrets } from "../../src/runtime/secrets.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer();
const secret = 'p/w+é "1"\\';
const api = { securitySchemes: { key: { type: "apiKey", in: "body", name: "key" } } } as never;
const body = { mediaType: "application/json", args: ["key"] } as const;
const { run } = operation({ method: "POST", api, body, credentials: { key: { in: "body", name: "key" } } });

async function errorOf(type: string, text: string) {
  server.respondWith((_, response) => response.writeHead(400, { "content-type": type }).end(text));
  const error = await run({}, { baseUrl: server.origin, auth: { key: secret } }).catch((thrown: unknown) => thrown);
  return (error as { toToolError(): { body?: unknown } }).toToolError().body;
}

const unicode = [...secret].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const asJson = JSON.stringify(secret);
const percent = encodeURIComponent(secret);

test.each<[name: string, type: string, text: string, want: unknown]>([
  ["JSON", "application/json", `{"a":${asJson}}`, { a: "[hidden]" }],
  ["an escaped slash", "application/json", `{"a":${asJson.replace("/", "\\/")}}`, { a: "[hidden]" }],
  ["\\u", "application/json", `{"a":"${unicode}"}`, { a: "[hidden]" }],
  ["\\U", "application/json", `{"a":["${unicode.toUpperCase().replaceAll("\\U", "\\u")}"]}`, { a: ["[hidden]"] }],
  ["a key", "application/json", `{${asJson}:1}`, { "[hidden]": 1 }],
  ["JSON in JSON", "application/json", JSON.stringify({ a: `{"b":${asJson}}` }), { a: '{"b":"[hidden]"}' }],
  ["a JSON string", "application/json", asJson, "[hidden]"],
  ["JSON said to be text", "text/plain", `{"a":"${unicode}"}`, '{"a":"[hidden]"}'],
  ["a URL", "text/plain", `/?a=${percent}&b`, "/?a=[hidden]&b"],
  [
    "JSON in a URL",
    "text/plain",
    `/?a=${encodeURIComponent(`{"b":${asJson}}`)}&b`,
    "/?a=%7B%22b%22%3A%22[hidden]%22%7D&b",
  ],
  ["a URL in lower case", "text/plain", `/?a=${percent.toLowerCase()}&b`, "/?a=[hidden]&b"],
  ["a form", "text/plain", `${new URLSearchParams({ a: secret, b: "1" })}`, "a=[hidden]&b=1"],
  ["nothing", "application/json", '{"n":12345678901234567890,"a":"p/w"}', { n: 12345678901234567000, a: "p/w" }],
])("a secret in %s is hidden", async (_, type, text, want) => {
  expect(await errorOf(type, text)).toEqual(want);
});

test.each<[name: string, type: string, text: string, want: unknown, content: string]>([
  ["JSON", "application/json", `{"a":${asJson},"n":12345678901234567890}`, { a: "[hidden]" }, '{"a":"[hidden]"'],
  ["a key", "application/json", `{${asJson}:1}`, { "[hidden]": 1 }, '{"[hidden]":1}'],
  ["a text", "text/plain", `a=${percent}`, "a=[hidden]", "a=[hidden]"],
  ["nothing", "application/json", '{"a":"p/w", "n":1.0}', { a: "p/w", n: 1 }, '{"a":"p/w", "n":1.0}'],
])("a secret that comes back with 200 in %s is hidden", async (_, type, text, want, content) => {
  server.respondWith((_, response) => response.writeHead(200, { "content-type": type }).end(text));
  const answer = await run({}, { baseUrl: server.origin, auth: { key: secret } });
  if (typeof want === "string") expect(answer.result).toBe(want);
  else expect(answer.result).toMatchObject(want as object);
  expect(answer.content).toContain(content);
  expect(JSON.stringify(answer)).not.toContain("p/w+");
});

test.each<[secret: string, text: string, want: boolean]>([
  ["plain-token", 'x "plain-token"', true],
  ["ab/cd+ef==", "ab\\/cd+ef==", true],
  ["ab/cd+ef==", "ab/cd", false],
  ["plain-token", "plain-toke", false],
  ["ab+cd/ef==", "?key=ab%2Bcd%2fef%3D%3D", true],
  ["ab+cd/ef==", "ab\\u002bcd/ef==", true],
  ["ab+cd/ef==", "?key=ab%2Bcd", false],
  ['odd"secret', 'odd\\"secret', true],
  ["seven77", "seven77", false],
  ["eight888", "eight888", true],
])("repeatsSecret: %s in %s: %s", (planted, text, want) => {
  expect(repeatsSecret(text, [planted])).toBe(want);
});

test("the text of a long answer holds no secret either", async () => {
  const shown = await errorOf("application/json", `{"a":"${unicode}","b":"${"x".repeat(5_000)}"}`);
  expect(shown).toMatch(/^\{"a":"\[hidden\]","b":"x+…$/);
});

test("secrets of the host's headers are hidden, and other headers are not", async () => {
  const headers = {
    Authorization: "Bearer the-token",
    "X-Api-Key": "the-key",
    cookie: "a=the-sid; b=c",
    tenant: "acme-1",
  };
  expect(secretsOf(headers)).toEqual(["Bearer the-token", "the-token", "the-key", "the-sid", "c"]);
  server.respondWith((request, response) => response.writeHead(403).end(JSON.stringify(request.headers)));
  const error = await operation({})
    .run({}, { baseUrl: server.origin, headers })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    body: { authorization: "[hidden]", "x-api-key": "[hidden]", cookie: "a=[hidden]; b=c", tenant: "acme-1" },
  });
});

test.each<[name: string, value: string, isSecret: boolean]>([
  ["x-signature", "9f8e7d6c5b", true],
  ["X-Internal", "s3cret of the host", true],
  ["x-internal", "correct-horse-battery", true],
  ["x-internal", "abcdefghijklmnop", true],
  ["x-internal", "seven77", false],
  ["x-internal", "marketing", false],
  ["X-Request-Source", "assistant-2", false],
  ["x-tenant-id", "550e8400-e29b", false],
  ["x-session-id", "550e8400-e29b", true],
  ["x-sid", "550e8400-e29b", true],
  ["Api-Version", "2026-01-01", false],
  ["Accept", "application/json", false],
  ["content-type", "application/json", false],
  ["accept-language", "zh-Hant-TW", false],
  ["User-Agent", "assistant/1.0", false],
  ["traceparent", "00-0af7651916cd43dd-b7ad6b71-01", false],
])("what the header %s: %s holds is hidden: %s", async (name, value, isSecret) => {
  for (const status of [200, 403]) {
    server.respondWith((request, response) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(request.headers)),
    );
    const options = { baseUrl: server.origin, headers: { [name]: value } };
    const outcome = await operation({})
      .run({}, options)
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(outcome).includes(value)).toBe(!isSecret);
  }
});

test("the password of basic credentials is hidden, and the text that holds it; the user name is shown", async () => {
  server.respondWith((request, response) =>
    response.writeHead(403).end(`${request.headers.authorization} of ada-lovelace, pass-word-1`),
  );
  const error = await operation({
    api: { securitySchemes: { basic: { type: "http", scheme: "basic" } } as never },
    security: [["basic"]],
  })
    .run({}, { baseUrl: server.origin, auth: { basic: { username: "ada-lovelace", password: "pass-word-1" } } })
    .catch((thrown: unknown) => thrown);
  expect((error as { body?: unknown }).body).toBe("Basic [hidden] of ada-lovelace, [hidden]");
});

test.each<[text: string, want: readonly string[]]>([
  ["key-1234", ["key-1234"]],
  ["Bearer key-1234", ["Bearer key-1234", "key-1234"]],
  ["correct horse battery", ["correct horse battery", "horse battery"]],
  [`Basic ${btoa("ada:pass:word")}`, [`Basic ${btoa("ada:pass:word")}`, btoa("ada:pass:word"), "pass:word"]],
  ["Basic !", ["Basic !", "!"]],
])("secretsIn: %s", (text, want) => {
  expect(secretsIn(text)).toEqual(want);
});

test.each(["auth", "headers"])("a key that is given with its scheme is hidden without it, too: %s", async (place) => {
  const key = `Basic ${btoa("ada-lovelace:pass-word-1")}`;
  const api = { securitySchemes: { key: { type: "apiKey", in: "header", name: "Authorization" } } } as never;
  const options = place === "auth" ? { auth: { key } } : { headers: { authorization: key } };
  for (const status of [200, 403]) {
    server.respondWith((request, response) => {
      const [, bare] = request.headers.authorization?.split(" ") ?? [];
      response.writeHead(status).end(JSON.stringify({ bare, wrong: `not the password of ${atob(`${bare}`)}` }));
    });
    const outcome = await operation({ api, security: [["key"]] })
      .run({}, { baseUrl: server.origin, ...options })
      .catch((thrown: unknown) => thrown);
    const wanted = { bare: "[hidden]", wrong: "not the password of ada-lovelace:[hidden]" };
    expect(outcome).toMatchObject(status === 200 ? { result: wanted } : { body: wanted });
  }
});

test("numbers are hidden, and what is nested too deeply", () => {
  const secrets = readSecrets(["123456"]) as RegExp;
  expect(withoutSecrets({ a: 123456, b: 12345 }, secrets)).toEqual({ a: "[hidden]", b: 12345 });
  const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
  expect(JSON.stringify(withoutSecrets(deep, secrets))).toContain('["[hidden]"]');
  expect(readSecrets(["short", ""])).toBeUndefined();
});
