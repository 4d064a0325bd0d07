import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { CallInfo, Policy, RunOptions } from "../../src/runtime/kit-types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer((_, response) =>
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}'),
);

test("a call resolves to the result", async () => {
  expect(await operation({})({}, { baseUrl: server.origin })).toEqual({ ok: true });
  expect(server.last.headers.accept).toBe("application/json, */*;q=0.8");
});

test("arguments may be left out", async () => {
  expect(await operation({ api: { server: server.origin } })()).toEqual({ ok: true });
});

test.each([
  ["GET", "read"],
  ["HEAD", "read"],
  ["OPTIONS", "read"],
  ["QUERY", "read"],
  ["POST", "write"],
  ["PATCH", "write"],
  ["DELETE", "destructive"],
] as const)("%s is %s", (method, effect) => {
  expect(operation({ method }).effect).toBe(effect);
  expect(operation({ method, effect: "read" }).effect).toBe("read");
});

test("decode checks by the tool's own schema", () => {
  const parameters = {
    type: "object",
    properties: { id: { type: "integer" } },
    required: ["id"],
    additionalProperties: false,
  };
  const { decode } = operation({ tool: { type: "function", function: { name: "get", strict: true, parameters } } });
  expect(decode({ id: 1 })).toEqual({ id: 1 });
  expect(() => decode({ id: "x" })).toThrow(expect.objectContaining({ kind: "invalid_arguments" }));
});

test("a place alone is a parameter with all defaults", async () => {
  const args = { id: "a/b", tags: ["x", "y"], "X-Trace": "1" };
  const short = { id: "path", tags: "query", "X-Trace": "header" } as const;
  const long = { id: { in: "path" }, tags: { in: "query" }, "X-Trace": { in: "header" } } as const;
  for (const parameters of [short, long]) {
    await operation({ path: "/pets/{id}", parameters })(args, { baseUrl: server.origin });
    expect(server.last).toMatchObject({ url: "/pets/a%2Fb?tags=x&tags=y", headers: { "x-trace": "1" } });
  }
});

test("the host's headers beat arguments and the default Accept, but not the body's type", async () => {
  const body = { mediaType: "application/json", args: ["a"] } as const;
  const { run } = operation({ method: "POST", body, parameters: { tenant: { in: "header", name: "X-Tenant" } } });
  const headers = { "x-tenant": "host", Accept: "text/csv", "content-type": "text/plain", Cookie: "a=1" };
  await run({ tenant: "model", a: 1 }, { baseUrl: server.origin, headers });
  expect(server.last.headers).toMatchObject({
    "x-tenant": "host",
    accept: "text/csv",
    "content-type": "application/json",
    cookie: "a=1",
  });
  await expect(run({}, { baseUrl: server.origin, headers: { a: "b\r\nc" } })).rejects.toMatchObject({
    name: "OptionsError",
  });
});

test.each([null, "text", 7])("arguments %j are refused", async (args) => {
  await expect(operation({}).run(args as never, { baseUrl: server.origin })).rejects.toMatchObject({
    kind: "invalid_arguments",
  });
});

test("the caller's abort, at any time", async () => {
  const reason = new Error("enough");
  const wanted = { name: "AbortError", kind: "aborted", cause: reason };
  const aborted = AbortSignal.abort(reason);
  await expect(operation({})({}, { baseUrl: server.origin, signal: aborted })).rejects.toMatchObject(wanted);
  expect(server.seen).toEqual([]);

  for (const respond of ["nothing", "a part"]) {
    const controller = new AbortController();
    server.respondWith((_, response) => {
      if (respond === "a part") response.writeHead(200, { "content-type": "application/json" }).write("[1,");
      setTimeout(() => controller.abort(reason), 20);
    });
    await expect(operation({}).run({}, { baseUrl: server.origin, signal: controller.signal })).rejects.toMatchObject(
      wanted,
    );
  }

  const hangs = operation({
    api: { securitySchemes: { key: { type: "http", scheme: "bearer" } } } as never,
    security: [["key"]],
  });
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 20);
  const auth = { key: () => new Promise<string>(() => {}) } as never;
  await expect(hangs({}, { baseUrl: server.origin, signal: controller.signal, auth })).rejects.toMatchObject(wanted);
});

test.each(["nothing", "a part"])("a timeout after %s", async (what) => {
  server.respondWith((_, response) => {
    if (what === "a part") response.writeHead(200, { "content-type": "application/json" }).write("[1,");
  });
  const { signal } = new AbortController();
  for (const options of [{}, { signal }, { policies: [(next) => next] as Policy[] }] satisfies RunOptions[]) {
    const call = operation({}).run({}, { baseUrl: server.origin, timeout: 30, ...options });
    await expect(call).rejects.toMatchObject({ name: "TimeoutError", kind: "timeout", retryable: true });
  }
});

test("a timeout is over with the answer", async () => {
  await operation({}).run({}, { baseUrl: server.origin, timeout: 30 });
  await sleep(50);
});

test("a network failure", async () => {
  const wanted = { name: "NetworkError", kind: "network", retryable: true, cause: expect.any(TypeError) };
  await expect(operation({}).run({}, { baseUrl: "http://127.0.0.1:1" })).rejects.toMatchObject(wanted);
  server.respondWith((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "10" }).write("[1,");
    setTimeout(() => response.destroy(), 10);
  });
  await expect(operation({}).run({}, { baseUrl: server.origin })).rejects.toMatchObject(wanted);
});

test("policies wrap each request, the first outermost, and keep their state", async () => {
  const order: string[] = [];
  const calls: CallInfo[] = [];
  const named = (name: string): Policy => {
    return (next) => {
      let count = 0;
      return async (request, call) => {
        calls.push(call);
        order.push(`${name} ${++count} ${await request.clone().text()}`);
        const response = await next(
          new Request(request, { headers: { ...Object.fromEntries(request.headers), [name]: "1" } }),
          call,
        );
        order.push(`${name} ${response.status}`);
        return response;
      };
    };
  };
  const options = {
    baseUrl: server.origin,
    policies: [named("outer"), named("inner")],
    call: { id: "call_1", context: "c" },
  };
  const body = { mediaType: "application/json", args: ["a"] } as const;
  const { run } = operation({ method: "POST", body });
  expect((await run({ a: 1 }, options)).result).toEqual({ ok: true });
  expect(order).toEqual(['outer 1 {"a":1}', 'inner 1 {"a":1}', "inner 200", "outer 200"]);
  expect(calls[0]).toMatchObject({ id: "call_1", tool: "test", effect: "write", args: { a: 1 }, context: "c" });
  expect(server.last).toMatchObject({ headers: { outer: "1", inner: "1" }, body: Buffer.from('{"a":1}') });
  await run({ a: 2 }, { ...options });
  expect(order[4]).toBe('outer 2 {"a":2}');
});

test("a policy can answer itself, try again, or fail", async () => {
  const run = (policy: Policy) => operation({}).run({}, { baseUrl: server.origin, policies: [policy] });
  const canned = await run(() => async () => Response.json({ cached: true }));
  expect([canned.result, server.seen.length]).toEqual([{ cached: true }, 0]);

  server.respondWith((_, response) =>
    response.writeHead(server.seen.length < 2 ? 503 : 200, { "content-type": "text/plain" }).end("done"),
  );
  const again = await run((next) => async (request, call) => {
    const response = await next(request.clone(), call);
    return response.status === 503 ? next(request, call) : response;
  });
  expect(again.content).toBe("done");

  const bug = new TypeError("a bug in a policy");
  await expect(run(() => () => Promise.reject(bug))).rejects.toBe(bug);
});

test("fetch is looked up at each call", async () => {
  const { run } = operation({});
  const own = vi.fn(async () => Response.json(1));
  expect((await run({}, { baseUrl: server.origin, fetch: own })).result).toBe(1);
  vi.stubGlobal("fetch", async () => Response.json(2));
  expect((await run({}, { baseUrl: server.origin })).result).toBe(2);
  vi.unstubAllGlobals();
});
