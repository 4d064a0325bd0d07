import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { type HistoryEntry, isKitError, type KitOptions, kit, OptionsError } from "../../../src/runtime/index.ts";
import { type ProductionOptions, production, redactor } from "../../../src/runtime/policies/index.ts";
import type { Operation } from "../../../src/runtime/types.ts";
import { httpServer, type Seen } from "../http-server.ts";
import { operation } from "../operation.ts";

const server = httpServer();

const api = {
  securitySchemes: {
    bearer: { type: "http", scheme: "bearer" },
    key: { type: "apiKey", in: "query", name: "api_key" },
  },
};

function tool(name: string, given: Partial<Operation>) {
  const definition = { type: "function" as const, function: { name, strict: true, parameters: {} } };
  return operation({ api: api as never, tool: definition, security: [["bearer", "key"]], ...given });
}

const body = { mediaType: "application/json", args: ["name"] };
const dispatcher = {
  listPets: tool("listPets", { path: "/pets" }),
  getPet: tool("getPet", { path: "/pets/{id}", parameters: { id: { in: "path" } } }),
  createPet: tool("createPet", { method: "POST", path: "/pets", body }),
  payPet: tool("payPet", { method: "POST", path: "/pay", body, idempotencyKey: "Idempotency-Key" }),
};

interface User {
  readonly user: string;
}

/** A kit with everything on, and the entries of its history. */
function createKit(options: ProductionOptions<User> = {}, more: KitOptions<never, User> = {}) {
  const entries: HistoryEntry[] = [];
  const quick = { retry: { delay: 1 }, timeout: { ms: 200 } };
  const pets = kit({ api: api as never, dispatcher }, {
    baseUrl: server.origin,
    policies: production<User>({ ...quick, ...options }),
    history: { append: (entry) => void entries.push(entry) },
    ...more,
  } as KitOptions<never, User>);
  const dispatch = (name: string, args: object = {}, callOptions = {}) =>
    pets.dispatch({ id: `call_${"x".repeat(20)}`, function: { name, arguments: JSON.stringify(args) } }, callOptions);
  return { pets, dispatch, entries };
}

const sendJson = (response: ServerResponse, value: unknown, status = 200, headers = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
};

/** The answers of a server, one after the other, the last for ever. */
function inTurn(...answers: ((response: ServerResponse, seen: Seen) => void)[]) {
  let count = 0;
  server.respondWith((seen, response) => answers[Math.min(count++, answers.length - 1)]?.(response, seen));
}

const ok = (response: ServerResponse) => sendJson(response, { ok: true });
const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    sendJson(response, { code }, code, headers);
const reset = (response: ServerResponse) => response.destroy();
const resetHalfway = (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"half":');
  setTimeout(() => response.destroy(), 5);
};
const hang = () => {};

describe("faults", () => {
  test.each<[what: string, answers: ((response: ServerResponse) => void)[], want: object, attempts: number]>([
    ["a server error", [status(500), ok], { ok: true, result: { ok: true } }, 2],
    ["too many calls", [status(429, { "retry-after": "0" }), ok], { ok: true }, 2],
    [
      "too many calls for long",
      [status(429, { "retry-after": "99" })],
      { error: { kind: "rate_limited", status: 429 } },
      1,
    ],
    ["a reset", [reset, ok], { ok: true }, 2],
    ["a reset in the middle of a body", [resetHalfway, ok], { ok: true, content: '{"ok":true}' }, 2],
    ["a hang", [hang, ok], { ok: true }, 2],
    ["a hang that stays", [hang], { error: { kind: "timeout", message: "the API did not answer within 0.2 s" } }, 3],
    ["resets that stay", [reset], { error: { kind: "network" } }, 3],
    ["errors that stay", [status(503)], { error: { kind: "http", status: 503, body: { code: 503 } } }, 3],
    ["what is not there", [status(404)], { error: { kind: "http", status: 404 } }, 1],
  ])("%s", async (_, answers, want, attempts) => {
    inTurn(...answers);
    const { dispatch, entries } = createKit();
    expect(await dispatch("listPets")).toMatchObject(want);
    expect(server.seen.length).toBe(attempts);
    expect(entries).toMatchObject([{ tool: "listPets", attempts, cached: false }]);
  });

  test("a change is made once, whatever happens", async () => {
    for (const answer of [status(500), status(429), reset, resetHalfway, hang]) {
      server.seen.length = 0;
      inTurn(answer, ok);
      expect(await createKit().dispatch("createPet", { name: "Tama" })).toMatchObject({ ok: false });
      expect(server.seen.length).toBe(1);
    }
  });

  test("and repeated where the API knows it by its key", async () => {
    inTurn(status(500), reset, ok);
    const { dispatch, pets } = createKit();
    expect(await dispatch("payPet", { name: "Tama" })).toMatchObject({ ok: true });
    const keys = server.seen.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual(
      Array(3).fill(expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)),
    );
    expect(new Set(keys).size).toBe(1);
    expect(server.seen.map(({ body }) => String(body))).toEqual(Array(3).fill('{"name":"Tama"}'));
    await createKit().dispatch("payPet", { name: "Tama" });
    expect(server.last.headers["idempotency-key"], "the same call after a restart").toBe(keys[0]);
    await dispatch("payPet", { name: "Kuro" });
    await pets.call("payPet", { name: "Tama" });
    for (const id of ["call_1", "call_1"]) await pets.dispatch({ id, function: { name: "payPet", arguments: "{}" } });
    expect(new Set(server.seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(5);
  });

  test("a server that fails is left alone", async () => {
    inTurn(status(500));
    const { dispatch, entries } = createKit({ retry: false });
    for (let count = 0; count < 7; count++) await dispatch("listPets");
    expect(server.seen.length).toBe(5);
    expect(entries.map(({ outcome }) => (outcome.ok ? "" : outcome.error.kind))).toEqual([
      ...Array(5).fill("http"),
      ...Array(2).fill("circuit_open"),
    ]);
  });

  test("a limit for the whole call", async () => {
    inTurn(hang);
    const { dispatch } = createKit({ callTimeout: { ms: 250 }, timeout: { ms: 150 } });
    expect(await dispatch("listPets")).toMatchObject({
      error: { kind: "timeout", message: "the call was not done within 0.25 s" },
    });
    expect(server.seen.length).toBe(2);
  });

  test("a fallback, of which the model learns", async () => {
    inTurn(status(503));
    const { dispatch, entries } = createKit({ fallback: { listPets: () => [{ email: "ada" }] }, redact: ["[].email"] });
    const output = await dispatch("listPets");
    expect(output).toMatchObject({ ok: true, result: [{ email: "[redacted]" }] });
    expect(JSON.parse(output.content)).toEqual({
      degraded: "http: the API answered with status 503; this is a substitute, which may be old or incomplete",
      result: [{ email: "[redacted]" }],
    });
    expect(entries).toMatchObject([{ attempts: 3, degraded: expect.stringContaining("503") }]);
  });

  test("a result past the budget", async () => {
    inTurn((response) =>
      sendJson(
        response,
        Array.from({ length: 5_000 }, (_, id) => ({ id })),
      ),
    );
    const { dispatch, pets } = createKit({ resultBudget: { limit: 1_000 } });
    const { content } = await dispatch("listPets");
    expect(content.length).toBeLessThanOrEqual(1_000);
    expect(JSON.parse(content).truncated.cut[0].left).toBeGreaterThan(4_000);
    expect(await pets.call("listPets", {})).toHaveLength(5_000);
  });

  test("a stream goes on for as long as it is not silent", async () => {
    inTurn((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      let count = 0;
      const timer = setInterval(() => {
        response.write(`data: ${++count}\n\n`);
        if (count === 6) clearInterval(timer);
      }, 30);
    });
    const { pets } = createKit({ timeout: { ms: 100 } });
    const events = (await pets.call("listPets", {})) as AsyncIterable<{ data: string }>;
    const read: string[] = [];
    const all = async () => {
      for await (const { data } of events) read.push(data);
    };
    await expect(all()).rejects.toMatchObject({ kind: "timeout" });
    expect(read).toEqual(["1", "2", "3", "4", "5", "6"]);
  });
});

describe("users", () => {
  const identity = ({ context }: { readonly context: User }) => context.user;

  test("never see each other's answers", async () => {
    let count = 0;
    inTurn((response, { headers }) => sendJson(response, { of: headers.authorization?.slice(-3), count: ++count }));
    const { dispatch, entries } = createKit(
      { cache: { identity } },
      { auth: { bearer: ({ user }: User) => `token-of-${user}`, key: "k" } as never },
    );
    const ask = async (user: string) => (await dispatch("getPet", { id: "1" }, { context: { user } })).content;
    expect([await ask("ada"), await ask("bob"), await ask("ada"), await ask("bob")]).toEqual([
      '{"of":"ada","count":1}',
      '{"of":"bob","count":2}',
      '{"of":"ada","count":1}',
      '{"of":"bob","count":2}',
    ]);
    expect(entries.map(({ attempts, cached }) => [attempts, cached])).toEqual([
      [1, false],
      [1, false],
      [0, true],
      [0, true],
    ]);
  });

  test("with credentials and no identity, nothing is cached", async () => {
    inTurn(ok);
    const { dispatch } = createKit({}, { auth: { bearer: "token", key: "key" } as never });
    await dispatch("listPets");
    await dispatch("listPets");
    expect(server.seen.length).toBe(2);
  });

  test("authorize decides about cached answers, too", async () => {
    inTurn(ok);
    let isAllowed = true;
    const { dispatch } = createKit({}, { authorize: () => isAllowed });
    expect(await dispatch("listPets")).toMatchObject({ ok: true });
    expect(await dispatch("listPets")).toMatchObject({ ok: true });
    isAllowed = false;
    expect(await dispatch("listPets")).toMatchObject({ error: { kind: "not_authorized" } });
    expect(server.seen.length).toBe(1);
  });
});

test("a secret is found nowhere", async () => {
  const secret = "planted-s3cret/+";
  const told: unknown[] = [];
  const print = (value: unknown, depth = 0): string => {
    if (typeof value !== "object" || value === null || depth > 6) return String(value);
    const own = Object.getOwnPropertyNames(value).map((key) => `${key}:${print((value as never)[key], depth + 1)}`);
    return `${value}{${own.join()}}`;
  };
  const map = new Map<string, unknown>();
  const store = {
    get: (key: string) => map.get(key),
    set: (key: string, value: unknown) => void told.push(key, map.set(key, value) && JSON.stringify(value)),
  };
  for (const method of ["log", "warn", "error", "info", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...input) => void told.push(...input));
  }
  const echo =
    (code: number) =>
    (response: ServerResponse, { url, headers }: Seen) =>
      sendJson(response, { url, authorization: headers.authorization }, code);
  const { dispatch, entries, pets } = createKit(
    { cache: { store, identity: () => secret }, callTimeout: { ms: 300 }, timeout: { ms: 100 } },
    {
      auth: { bearer: secret, key: secret } as never,
      hooks: {
        beforeCall: (call) => void told.push(call),
        afterCall: (call, outcome) => void told.push(call, outcome),
      },
    },
  );
  const echoText = (response: ServerResponse, { url, headers }: Seen) =>
    response.writeHead(200, { "content-type": "text/plain" }).end(`${url} ${headers.authorization}`);
  const echoEvent = (response: ServerResponse, { url, headers }: Seen) =>
    response
      .writeHead(200, { "content-type": "text/event-stream" })
      .end(`data: ${url}\n\ndata: ${headers.authorization}\n\n`);
  for (const answer of [
    ok,
    echo(200),
    echoText,
    echo(500),
    echo(404),
    status(429, { "retry-after": "99" }),
    reset,
    resetHalfway,
    hang,
  ]) {
    inTurn(answer);
    for (const id of ["1", "2"]) {
      told.push(await dispatch("getPet", { id }));
      told.push(await pets.call("getPet", { id: `${id}b` }).catch((error: unknown) => error));
    }
    told.push(await dispatch("payPet", { name: "Tama" }));
  }
  inTurn(echoEvent);
  for (const id of ["3", "4"]) told.push(await dispatch("getPet", { id }));
  vi.restoreAllMocks();
  told.push(...entries, ...map.keys(), ...map.values());
  const text = told.map((value) => print(value)).join("\n");
  expect(text.length).toBeGreaterThan(10_000);
  expect(text).not.toContain("planted");
});

describe("the caller's abort", () => {
  test.each<[where: string, options: ProductionOptions<User>, prepare: number]>([
    ["a request", {}, 0],
    ["a pause between attempts", { timeout: { ms: 10 }, retry: { delay: 5_000, attempts: 9 } }, 0],
    ["waiting for a token", { rateLimit: { limit: 1, maxWait: 60_000 } }, 1],
    ["waiting for a place", { concurrency: { limit: 1 }, timeout: false }, 1],
    ["a store that hangs", { cache: { store: { get: () => new Promise(() => {}), set: () => {} } } }, 0],
    [
      "a fallback that hangs",
      { timeout: { ms: 5 }, retry: false, fallback: { listPets: () => new Promise(() => {}) } },
      0,
    ],
  ])("ends %s at once", async (_, options, prepare) => {
    inTurn(hang);
    const { dispatch, entries } = createKit(options);
    const others = new AbortController();
    const before = Array.from({ length: prepare }, () =>
      dispatch("listPets", {}, { signal: others.signal }).catch(() => {}),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const abort = new AbortController();
    const work = dispatch("listPets", {}, { signal: abort.signal }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const start = performance.now();
    abort.abort();
    const error = await work;
    expect(performance.now() - start).toBeLessThan(50);
    expect(isKitError(error) && error.kind).toBe("aborted");
    expect(entries.at(-1)?.outcome).toMatchObject({ ok: false, error: { kind: "aborted" } });
    others.abort();
    await Promise.all(before);
  });
});

test("a thousand calls on one signal leave nothing behind", { timeout: 20_000 }, async () => {
  let count = 0;
  server.respondWith((_, response) => (++count % 50 === 0 ? status(500)(response) : ok(response)));
  const abort = new AbortController();
  // Other parts of the process set timers too, so those of the policies are told by how long they are.
  const ours = [5_000, 60_000];
  const timers = new Set<unknown>();
  let started = 0;
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  vi.stubGlobal("setTimeout", (run: () => void, ms: number) => {
    const timer = set(run, ms);
    if (ours.includes(ms)) timers.add(timer) && started++;
    return timer;
  });
  vi.stubGlobal("clearTimeout", (timer: never) => {
    timers.delete(timer);
    clear(timer);
  });
  const warnings: unknown[] = [];
  const warn = (warning: unknown) => warnings.push(warning);
  process.on("warning", warn);
  const { dispatch } = createKit({ rateLimit: { limit: 5_000 }, cache: false, timeout: { ms: 5_000 } });
  for (let round = 0; round < 50; round++) {
    const outputs = Array.from({ length: 20 }, () => dispatch("listPets", {}, { signal: abort.signal }));
    expect((await Promise.all(outputs)).filter(({ ok }) => !ok)).toEqual([]);
  }
  vi.unstubAllGlobals();
  process.off("warning", warn);
  expect([started >= 2_000, timers.size]).toEqual([true, 0]);
  expect(warnings).toEqual([]);
  expect(getEventListeners(abort.signal, "abort")).toEqual([]);
});

test("redactor hides in logs what redact hides in results", () => {
  const hide = redactor(["**.iban"]);
  expect(hide({ args: { iban: "DE1" }, tool: "pay" })).toEqual({ args: { iban: "[redacted]" }, tool: "pay" });
});

test("what is false is left out", () => {
  const off = { resultBudget: false, callTimeout: false, cache: false, retry: false, rateLimit: false } as const;
  expect(production({ ...off, concurrency: false, circuitBreaker: false, timeout: false })).toEqual([]);
  expect(production().length).toBe(8);
  expect(production({ redact: ["a"], fallback: {} }).length).toBe(10);
});

test("a misspelt policy is told, not left out", () => {
  const misspelt: object = { rateLimits: { limit: 5 } };
  expect(() => production(misspelt)).toThrow(
    new OptionsError('production: there is no option "rateLimits"; did you mean rateLimit?'),
  );
});
