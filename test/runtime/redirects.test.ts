import { describe, expect, test } from "vitest";
import type { RunOptions } from "../../src/runtime/kit-types.ts";
import type { Operation } from "../../src/runtime/types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const api = httpServer();
const other = httpServer((_, response) => response.writeHead(200, { "content-type": "text/plain" }).end("other"));

const securitySchemes = {
  bearer: { type: "http", scheme: "bearer" },
  header: { type: "apiKey", in: "header", name: "X-API-Key" },
  query: { type: "apiKey", in: "query", name: "key" },
  cookie: { type: "apiKey", in: "cookie", name: "sid" },
  odd: { type: "apiKey", in: "header", name: "User-Agent" },
} as never;

const auth = { bearer: "b-secret", header: "h-secret", query: "q-secret", cookie: "c-secret", odd: "o-secret" };
const all = [["bearer", "header", "query", "cookie", "odd"]];

function run(given: Partial<Operation>, args: object, options: RunOptions = {}) {
  return operation({ api: { securitySchemes }, security: all, ...given }).run(args as never, {
    baseUrl: api.origin,
    auth,
    ...options,
  });
}

const redirectTo = (status: number, location: () => string) =>
  api.respondWith(({ url }, response) => {
    if (url.startsWith("/from")) response.writeHead(status, { location: location() });
    response.end();
  });

describe.each([301, 302, 303, 307, 308])("status %s", (status) => {
  test.each(["GET", "POST", "PUT", "DELETE"])("of %s", async (method) => {
    redirectTo(status, () => "/to");
    const body =
      method === "GET" || method === "DELETE" ? undefined : ({ mediaType: "application/json", args: ["a"] } as const);
    await run({ method, path: "/from", ...(body && { body }) }, { a: 1 });
    const becomesGet = method !== "GET" && (status === 303 || (status < 303 && method === "POST"));
    const sent = body && !becomesGet ? ['{"a":1}', "application/json"] : ["", undefined];
    expect([api.last.url, api.last.method]).toEqual(["/to", becomesGet ? "GET" : method]);
    expect([api.last.body.toString(), api.last.headers["content-type"]]).toEqual(sent);
    expect(api.last.headers).toMatchObject({
      authorization: "Bearer b-secret",
      "x-api-key": "h-secret",
      cookie: "sid=c-secret",
    });
  });
});

test.each([302, 307])("no credential of any kind goes to another origin (%s)", async (status) => {
  redirectTo(status, () => `${other.origin}/to?key=q-secret&a=1`);
  const answer = await run(
    { method: "POST", path: "/from", body: { mediaType: "application/json", args: ["a"] } },
    { a: 1 },
    { headers: { "X-Tenant": "t-secret", "Accept-Language": "zh", "Accept-Key": "k-secret", "If-Token": "i-secret" } },
  );
  expect(answer.result).toBe("other");
  expect(JSON.stringify(other.seen.map(({ url, headers }) => [url, headers]))).not.toContain("secret");
  expect(other.last).toMatchObject({ url: "/to?a=1", headers: { "accept-language": "zh" } });
});

test("not back on the first origin either", async () => {
  other.respondWith((_, response) => response.writeHead(302, { location: `${api.origin}/back` }).end());
  redirectTo(302, () => `${other.origin}/to`);
  await run({ path: "/from" }, {});
  expect(api.last.url).toBe("/back");
  expect(JSON.stringify(api.last.headers)).not.toContain("secret");
});

test("credentials in the host's headers and in cookies of arguments are dropped too", async () => {
  redirectTo(302, () => `${other.origin}/to`);
  const parameters = { sid: { in: "cookie" } } as const;
  await run(
    { path: "/from", security: [], parameters },
    { sid: "s-secret" },
    { auth: {}, headers: { Authorization: "a-secret" } },
  );
  expect(JSON.stringify(other.last.headers)).not.toContain("secret");
});

test("a body that is not text is sent again", async () => {
  redirectTo(307, () => `${other.origin}/to`);
  const body = { mediaType: "multipart/form-data", args: ["file"], files: ["file"] } as const;
  await run({ method: "POST", path: "/from", body }, { file: "aGVsbG8=" });
  expect(other.last.body.toString()).toContain("hello");
});

test.each([
  ["file:///etc/passwd", "network"],
  ["data:text/plain,a", "network"],
  ["http://", "network"],
])("does not follow to %s", async (location, kind) => {
  redirectTo(302, () => location);
  await expect(run({ path: "/from" }, {})).rejects.toMatchObject({ kind });
});

test("a user in the location is left out", async () => {
  redirectTo(302, () => other.origin.replace("//", "//user:password@"));
  await run({ path: "/from" }, {});
  expect(other.last.headers.authorization).toBeUndefined();
});

test("ends after 20", async () => {
  redirectTo(302, () => "/from");
  await expect(run({ path: "/from" }, {})).rejects.toMatchObject({
    kind: "network",
    message: "the API redirected more than 20 times",
  });
  expect(api.seen).toHaveLength(21);
});

test("a redirect without a location is an answer", async () => {
  api.respondWith((_, response) => response.writeHead(304).end());
  await expect(run({}, {})).rejects.toMatchObject({ status: 304 });
});

test("through policies", async () => {
  redirectTo(307, () => `${other.origin}/to`);
  const body = { mediaType: "application/json", args: ["a"] } as const;
  const seen: string[] = [];
  const policies: RunOptions["policies"] = [
    (next) => (request, call) => {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return next(request, call);
    },
  ];
  await run({ method: "POST", path: "/from", body }, { a: 1 }, { policies });
  expect(seen).toEqual(["POST /from"]);
  expect(other.last.body.toString()).toBe('{"a":1}');
  expect(JSON.stringify(other.last.headers)).not.toContain("secret");
});

describe("where redirects are hidden, as in browsers", () => {
  const browser: typeof globalThis.fetch = async (_, init) =>
    init?.redirect === "manual"
      ? Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" })
      : new Response("1");

  test("one with credentials is an error", async () => {
    await expect(run({}, {}, { fetch: browser })).rejects.toMatchObject({ kind: "network" });
  });

  test("one without is followed by fetch", async () => {
    expect((await run({ security: [] }, {}, { fetch: browser })).content).toBe("1");
  });
});

test.each(["odd", "header"])("a credential alone keeps fetch from following by itself: %s", async (scheme) => {
  redirectTo(302, () => `${other.origin}/to`);
  await run({ path: "/from", security: [[scheme]] }, {});
  expect(JSON.stringify(other.last.headers)).not.toContain("secret");
});
