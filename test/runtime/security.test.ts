import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { RunOptions } from "../../src/runtime/kit-types.ts";
import type { Operation, SecurityScheme } from "../../src/runtime/types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer();

const schemes = {
  header: { type: "apiKey", in: "header", name: "X-API-Key" },
  query: { type: "apiKey", in: "query", name: "api key" },
  cookie: { type: "apiKey", in: "cookie", name: "sid" },
  basic: { type: "http", scheme: "basic" },
  bearer: { type: "http", scheme: "bearer" },
  hawk: { type: "http", scheme: "Hawk" },
  oauth: { type: "oauth2" },
  openId: { type: "openIdConnect" },
  tls: { type: "mutualTLS" },
} as const satisfies { [name: string]: SecurityScheme };

const withSecurity = (security: Operation["security"], more: Partial<Operation> = {}) =>
  operation({ api: { securitySchemes: schemes } as never, ...(security && { security }), ...more });

async function call(security: Operation["security"], auth: RunOptions["auth"], options: RunOptions = {}) {
  await withSecurity(security).run({}, { baseUrl: server.origin, auth, ...options });
  const { headers, url } = server.last;
  return { url, authorization: headers.authorization, key: headers["x-api-key"], cookie: headers.cookie };
}

const nothing = { url: "/", authorization: undefined, key: undefined, cookie: undefined };

test.each<[name: keyof typeof schemes, value: unknown, want: object]>([
  ["header", "k1", { key: "k1" }],
  ["query", "a b&c", { url: "/?api%20key=a%20b%26c" }],
  ["cookie", "a=b/c+d", { cookie: "sid=a=b/c+d" }],
  ["cookie", "a; b=c\r\n", { cookie: "sid=a%3B%20b=c%0D%0A" }],
  ["basic", { username: "名", password: "p:w" }, { authorization: "Basic 5ZCNOnA6dw==" }],
  ["bearer", "t1", { authorization: "Bearer t1" }],
  ["bearer", "t1\n", { authorization: "Bearer t1" }],
  ["hawk", 'id="1"', { authorization: 'Hawk id="1"' }],
  ["oauth", "t2", { authorization: "Bearer t2" }],
  ["openId", "t3", { authorization: "Bearer t3" }],
  ["bearer", () => "t4", { authorization: "Bearer t4" }],
  ["bearer", async () => "t5", { authorization: "Bearer t5" }],
  ["bearer", undefined, {}],
  ["bearer", "", {}],
  ["bearer", () => undefined, {}],
])("%s with %j", async (name, value, want) => {
  expect(await call([[name]], { [name]: value })).toEqual({ ...nothing, ...want });
});

test.each<[security: string[][], auth: object, want: object]>([
  [[["bearer"], ["header"]], { bearer: "b", header: "h" }, { authorization: "Bearer b" }],
  [[["bearer"], ["header"]], { header: "h" }, { key: "h" }],
  [[["bearer", "header"], ["query"]], { header: "h", query: "q" }, { url: "/?api%20key=q" }],
  [[["bearer", "header"]], { bearer: "b", header: "h" }, { authorization: "Bearer b", key: "h" }],
  [[["bearer", "header"]], { bearer: "b" }, {}],
  [[[], ["bearer"]], { bearer: "b" }, { authorization: "Bearer b" }],
  [[[], ["bearer"]], {}, {}],
  [[], { bearer: "b" }, {}],
  [[["tls"], ["bearer"]], { bearer: "b" }, { authorization: "Bearer b" }],
  [[["tls", "header"]], { header: "h" }, { key: "h" }],
  [[["unknown"], ["bearer"]], { unknown: "u", bearer: "b" }, { authorization: "Bearer b" }],
  [[["constructor"]], {}, {}],
])("%j with %j", async (security, auth, want) => {
  expect(await call(security, auth as never)).toEqual({ ...nothing, ...want });
});

test("a function gets the context, once", async () => {
  const token = vi.fn((context: unknown) => (context as { token: string }).token);
  const options = { call: { id: "1", context: { token: "of the user" } } };
  expect(await call([["bearer", "query"], ["bearer"]], { bearer: token }, options)).toMatchObject({
    authorization: "Bearer of the user",
  });
  expect(token).toHaveBeenCalledExactlyOnceWith({ token: "of the user" });
});

test("a credential that is a parameter too is found and sent once, with the alternative and without it", async () => {
  const cookie = vi.fn(() => "c");
  const places = { credentials: { cookie: { in: "cookie", name: "sid" }, query: { in: "query", name: "q" } } } as const;
  const run = withSecurity([["cookie"], ["query"]], places).run;
  await run({}, { baseUrl: server.origin, auth: { cookie, query: "q" } });
  expect([server.last.url, server.last.headers.cookie]).toEqual(["/?q=q", "sid=c"]);
  expect(cookie).toHaveBeenCalledOnce();
});

test("a function that fails is not_authorized", async () => {
  const cause = new Error("vault is down");
  const bearer = () => Promise.reject(cause);
  const message = "the credential bearer could not be had";
  const want = { kind: "not_authorized", cause, message: `${message}: the call has no context` };
  await expect(call([["bearer"]], { bearer })).rejects.toMatchObject(want);
  const options = { call: { id: "1", context: "ada" } };
  await expect(call([["bearer"]], { bearer }, options)).rejects.toMatchObject({ ...want, message });
  expect(server.seen).toEqual([]);
});

test("a credential that is no header says nothing of itself", async () => {
  const error = await call([["bearer"]], { bearer: "secret\nX-Evil: 1" }).catch((thrown: unknown) => thrown as Error);
  expect(error).toMatchObject({ kind: "not_authorized" });
  expect(String((error as Error).stack)).not.toContain("secret");
});

test("arguments and the host's headers do not replace credentials", async () => {
  const run = withSecurity([["header", "query"]], {
    parameters: {
      key: { in: "header", name: "x-api-key" },
      other: { in: "query", name: "api key" },
      rest: { in: "query" },
    },
  }).run;
  const args = { key: "of the model", other: "of the model", rest: { a: 1 } };
  await run(args, {
    baseUrl: server.origin,
    auth: { header: "h", query: "q" },
    headers: { "X-Api-Key": "of the host" },
  });
  expect([server.last.url, server.last.headers["x-api-key"]]).toEqual(["/?a=1&api%20key=q", "h"]);
});

test("an answer that repeats credentials does not tell them", async () => {
  server.respondWith(({ headers, url }, response) => {
    response
      .writeHead(400, { "content-type": "application/json" })
      .end(JSON.stringify({ you: headers.authorization, url }));
  });
  const error = await call([["bearer", "query"]], { bearer: "secret-token", query: "secret key" }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ status: 400, body: { you: "Bearer [hidden]", url: "/?api%20key=[hidden]" } });
});

test.each<[name: string, fail: (url: unknown, init?: RequestInit) => unknown]>([
  ["the URL", (url) => new TypeError(`error sending request for url (${url})`)],
  ["the URL as a field", (url) => Object.assign(new Error("failed"), { path: `${url}` })],
  ["the headers", (_, init) => Object.assign(new Error("failed"), { config: { headers: init?.headers } })],
  ["them deep inside", (_, init) => new Error("failed", { cause: new AggregateError([{ request: [init] }]) })],
  [
    "them in a circle",
    (_, init) =>
      Object.assign(new Error("failed"), {
        get self() {
          return this;
        },
        init,
      }),
  ],
])("an error of fetch that tells %s is not passed on", async (_, fail) => {
  const fetch = async (url: unknown, init?: RequestInit) => {
    throw fail(url, init);
  };
  const auth = { query: "secret-key", header: "secret-key" };
  const error = await call([["query", "header"]], auth, { fetch }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "network" });
  expect(inspect(error, { depth: 9 })).not.toContain("secret-key");
});

test("any other error of fetch is", async () => {
  const cause = Object.assign(new Error("failed"), { code: "ECONNREFUSED" });
  const fetch = () => Promise.reject(cause);
  await expect(call([["header"]], { header: "secret-key" }, { fetch })).rejects.toMatchObject({ cause });
});

test("cookies are an error in browsers", async () => {
  vi.stubGlobal("document", {});
  await expect(call([["cookie"]], { cookie: "c" })).rejects.toMatchObject({ kind: "not_authorized" });
  const { run } = operation({ parameters: { a: { in: "cookie" } } });
  await expect(run({ a: 1 }, { baseUrl: server.origin })).rejects.toMatchObject({
    kind: "invalid_arguments",
    path: "a",
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("client credentials", () => {
  const client = { clientId: "id/1", clientSecret: "s:2", scopes: ["read", "write"] };
  const api = { securitySchemes: { oauth: { type: "oauth2", tokenUrl: "/token" } } } as never;
  const withClient = operation({ api, security: [["oauth"]] });
  let issued = 0;

  const respond = (more: { expires?: number; basic?: boolean; valid?: (authorization: string) => boolean } = {}) => {
    issued = 0;
    server.respondWith(({ url, headers }, response) => {
      if (url === "/token") {
        if (more.basic === false && headers.authorization !== undefined) return response.writeHead(401).end();
        const token = {
          access_token: `token-${++issued}`,
          ...(more.expires !== undefined && { expires_in: more.expires }),
        };
        return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(token));
      }
      return response.writeHead((more.valid?.(headers.authorization ?? "") ?? true) ? 200 : 401).end();
    });
  };
  const tokens = () => server.seen.filter(({ url }) => url === "/token");
  const calls = () => server.seen.filter(({ url }) => url !== "/token").map(({ headers }) => headers.authorization);
  const options = () => ({ baseUrl: server.origin, auth: { oauth: client } });

  test("one token for parallel and later calls", async () => {
    respond({ expires: 3600 });
    const kit = options();
    await Promise.all([1, 2, 3].map(() => withClient.run({}, kit)));
    await withClient.run({}, kit);
    expect(calls()).toEqual(Array(4).fill("Bearer token-1"));
    expect(tokens()).toHaveLength(1);
    const { headers, body, method } = tokens()[0] ?? {};
    expect([method, headers?.authorization, headers?.["content-type"], `${body}`]).toEqual([
      "POST",
      `Basic ${btoa("id%2F1:s%3A2")}`,
      "application/x-www-form-urlencoded;charset=UTF-8",
      "grant_type=client_credentials&scope=read+write",
    ]);
    await withClient.run({}, options());
    expect(tokens()).toHaveLength(2);
  });

  test("is renewed before it expires, once for all", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    respond({ expires: 3600 });
    const kit = options();
    await withClient.run({}, kit);
    vi.setSystemTime(Date.now() + 3_500_000);
    await withClient.run({}, kit);
    expect(tokens()).toHaveLength(1);
    vi.setSystemTime(Date.now() + 50_000);
    await Promise.all([1, 2, 3].map(() => withClient.run({}, kit)));
    expect(tokens()).toHaveLength(2);
    expect(calls().at(-1)).toBe("Bearer token-2");
  });

  test("is renewed once after a 401", async () => {
    const kit = options();
    respond({ valid: (authorization) => authorization === "Bearer token-2" });
    await Promise.all([1, 2, 3].map(() => withClient.run({}, kit)));
    expect(tokens()).toHaveLength(2);
    respond({ valid: () => false });
    await expect(withClient.run({}, kit)).rejects.toMatchObject({ status: 401 });
    expect(tokens()).toHaveLength(3);
  });

  test("goes in the body where the header is refused", async () => {
    respond({ basic: false });
    await withClient.run({}, options());
    expect(`${tokens()[1]?.body}`).toBe(
      "grant_type=client_credentials&scope=read+write&client_id=id%2F1&client_secret=s%3A2",
    );
    expect(calls()).toEqual(["Bearer token-1"]);
  });

  test("a refusal is not_authorized, tells nothing, and is not kept", async () => {
    const kit = options();
    server.respondWith((_, response) => response.writeHead(400).end("client s:2 unknown"));
    const error = await withClient.run({}, kit).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: "not_authorized",
      message: "no token for oauth: its server answered with status 400",
    });
    respond();
    await withClient.run({}, kit);
    expect(calls()).toEqual(["Bearer token-1"]);
  });

  test.each([
    ["a form", "access_token=token-of-a-form"],
    ["text", "token-of-a-form"],
    ["null", "null"],
    ["far too much", `{"access_token":"token-of-a-form${" ".repeat(1_100_000)}"}`],
  ])("a token in %s is none, and not quoted", async (_, body) => {
    server.respondWith((_, response) => response.writeHead(200).end(body));
    const error = await withClient.run({}, options()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "not_authorized" });
    expect(inspect(error, { depth: 9 })).not.toContain("token-of");
  });

  test("what a fetch of the host's says of a failed request is not passed on where it holds the secret", async () => {
    const fetch = async (_: unknown, init?: RequestInit) => {
      throw Object.assign(new Error("failed"), { request: { init: { ...init, body: `${init?.body}` } } });
    };
    const error = await withClient.run({}, { ...options(), fetch }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "not_authorized", message: expect.stringContaining("could not be reached") });
    expect(inspect(error, { depth: 9 })).not.toContain(btoa("id%2F1:s%3A2"));
  });
});
