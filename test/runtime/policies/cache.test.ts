import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { defineTool, executor, kit, type Policy } from "../../../src/runtime/index.ts";
import type { AnyPolicy, CallInfo } from "../../../src/runtime/kit-types.ts";
import {
  type CacheOptions,
  type CacheStore,
  cache,
  memoryStore,
  production,
} from "../../../src/runtime/policies/index.ts";
import { fakeClock, get, newCall, script, throughPolicies } from "./scripted.ts";

fakeClock();
afterEach(() => {
  vi.unstubAllGlobals();
});

const json = (headers: { [name: string]: string } = {}, status = 200) => {
  let count = 0;
  return () =>
    new Response(`{"answer":${++count}}`, { status, headers: { "content-type": "application/json", ...headers } });
};

interface Asked {
  readonly path?: string;
  readonly init?: RequestInit;
  readonly call?: Partial<CallInfo>;
}

function cached(options?: CacheOptions, respond = json()) {
  const { send, seen } = script(respond);
  const through = throughPolicies([cache(options)], (request) => send(request, newCall()));
  const ask = async ({ path, init, call }: Asked = {}) => {
    const info = newCall(call);
    const response = await through(get(path, init), info);
    const { answer } = (await response.json()) as { answer: number };
    return info.progress.cached ? `${answer} again` : answer;
  };
  return { ask, seen };
}

const byUser: CacheOptions = { identity: ({ context }) => (context as { user?: string } | undefined)?.user };

describe("what is asked once", () => {
  test.each<[what: string, first: Asked, second: Asked]>([
    ["the same", {}, {}],
    ["the same arguments in another order", { call: { args: { a: 1, b: 2 } } }, { call: { args: { b: 2, a: 1 } } }],
    ["another call of the same", { call: { id: "call_1" } }, { call: { id: "call_2" } }],
  ])("%s", async (_, first, second) => {
    const { ask, seen } = cached();
    expect([await ask(first), await ask(second), seen.length]).toEqual([1, "1 again", 1]);
  });

  test.each<[what: string, first: Asked, second: Asked]>([
    ["other arguments", { call: { args: { id: 1 } } }, { call: { args: { id: "1" } } }],
    ["another tool", { call: { tool: "a" } }, { call: { tool: "b" } }],
    ["another path", { path: "/a" }, { path: "/b" }],
    ["another query", { path: "/?a=1" }, { path: "/?a=2" }],
    [
      "another language",
      { init: { headers: { "accept-language": "de" } } },
      { init: { headers: { "accept-language": "fr" } } },
    ],
    ["another method", {}, { init: { method: "HEAD" } }],
    ["another body", { init: { method: "POST", body: "a" } }, { init: { method: "POST", body: "b" } }],
    ["arguments with files", { call: { args: { a: new Blob(["1"]) } } }, { call: { args: { a: new Blob(["2"]) } } }],
    ["what the host wants fresh", {}, { init: { headers: { "cache-control": "no-store" } } }],
  ])("but not %s", async (_, first, second) => {
    const { ask } = cached(byUser);
    const call = { context: { user: "ada" } };
    await ask({ ...first, call: { ...call, ...first.call } });
    expect(await ask({ ...second, call: { ...call, ...second.call } })).toBe(2);
  });
});

describe("who gets it", () => {
  test.each<[what: string, asked: Asked]>([
    ["a context", { call: { context: { user: "ada" } } }],
    ["credentials", { init: { headers: { authorization: "Bearer secret" } } }],
    ["a key", { init: { headers: { "x-api-key": "secret" } } }],
    ["a cookie", { init: { headers: { cookie: "session=secret" } } }],
    ["a header of the host", { init: { headers: { "x-tenant": "north" } } }],
  ])("with %s, and no identity given, nobody", async (_, asked) => {
    const { ask } = cached();
    expect([await ask(asked), await ask(asked)]).toEqual([1, 2]);
  });

  test.each<[what: string, identity: CacheOptions["identity"]]>([
    ["undefined", () => undefined],
    ["empty", () => ""],
  ])("where the identity is %s, nobody", async (_, identity) => {
    const { ask } = cached({ identity });
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  test.each<[what: string, identity: () => unknown, shown: string]>([
    ["a promise", async () => "ada", "an object with no keys"],
    ["an object", () => ({ user: "ada" }), "an object with user"],
    ["a number", () => 7, "7"],
  ])("where the identity is %s, nobody, and somebody is told", async (_, identity, shown) => {
    const { ask } = cached({ identity: identity as never });
    await expect(ask()).rejects.toThrow(`the identity of a cache is ${shown}, and no text`);
  });

  test("each user what they were answered themselves", async () => {
    const { ask } = cached(byUser);
    const ada = { call: { context: { user: "ada" } } };
    const bob = { call: { context: { user: "bob" } } };
    expect([await ask(ada), await ask(bob), await ask(ada), await ask(bob)]).toEqual([1, 2, "1 again", "2 again"]);
  });

  /** An API that answers with the user of its request. */
  const api = async (url: string, { headers }: RequestInit = {}) =>
    Response.json({ url, user: new Headers(headers).get("x-user") });
  const parameters = { type: "object", properties: {}, required: [], additionalProperties: false };
  const getOrders = executor({
    api: { server: "https://api.test" },
    tool: { type: "function", function: { name: "getOrders", strict: true, parameters } },
    method: "GET",
    path: "/orders",
  });
  const as =
    (user: string | undefined): Policy =>
    (next) =>
    (request, call) => {
      if (user !== undefined) request.headers.set("x-user", user);
      return next(request, call);
    };
  const bound = (options: object) => kit({ api: {}, dispatcher: { getOrders } }, options);

  type Make = (user: string, policies: readonly AnyPolicy[]) => Promise<unknown>;
  const functions: Make = (user, policies) => {
    const orders = () => `orders of ${user}`;
    return defineTool({ name: "getOrders", effect: "read", parameters, execute: orders }, { policies }).call(
      "getOrders",
    );
  };
  const ownFetch: Make = (user, policies) => {
    const fetch = (url: string, init: RequestInit) => api(url, { ...init, headers: { "x-user": user } });
    return bound({ policies, fetch }).call("getOrders");
  };
  const policyInside: Make = (user, policies) => bound({ policies: [...policies, as(user)] }).call("getOrders");
  const answeredInside: Make = (user, policies) =>
    bound({ policies: [...policies, () => async () => Response.json({ user })] }).call("getOrders");

  test.each<[what: string, make: Make]>([
    ["functions", functions],
    ["kits with a fetch of their own", ownFetch],
    ["kits with a policy that says who asks", policyInside],
    ["kits with a policy that answers", answeredInside],
  ])("nobody what %s answer, on shared policies or a shared store", async (_, make) => {
    vi.stubGlobal("fetch", api);
    const shared = production();
    const store = memoryStore();
    for (const policies of [() => shared, () => production({ cache: { store } })]) {
      expect(JSON.stringify(await make("ada", policies()))).toContain("ada");
      expect(JSON.stringify(await make("bob", policies()))).toContain("bob");
    }
  });

  test.each<[what: string, inside: readonly AnyPolicy[], hits: number]>([
    ["nothing", [], 1],
    ["a policy that changes nothing", [as(undefined)], 1],
    ["a policy that says who asks", [as("ada")], 0],
    [
      "a policy that asks for another language",
      [
        (next) => (request, call) => {
          request.headers.set("accept-language", "de");
          return next(request, call);
        },
      ],
      0,
    ],
    [
      "a policy that asks elsewhere",
      [(next) => (request, call) => next(new Request("https://other.test/orders", request), call)],
      0,
    ],
  ])("others with %s further in: %#", async (_, inside, hits) => {
    const fetch = vi.fn(api);
    vi.stubGlobal("fetch", fetch);
    const { call } = bound({ policies: [...production(), ...inside] });
    await call("getOrders");
    await call("getOrders");
    expect(fetch).toHaveBeenCalledTimes(2 - hits);
  });

  test("never somebody else, whatever is asked", async () => {
    const someone = fc.constantFrom("ada", "bob", "ada\u0000", '"', "null", "[]");
    const user = fc.oneof({ weight: 4, arbitrary: someone }, fc.string());
    const something = fc.constantFrom({}, { id: 1 });
    const args = fc.oneof(
      { weight: 4, arbitrary: something },
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })),
    );
    const effect = fc.constantFrom("read", "read", "read", "read", "read", "read", "write", "destructive");
    const asked = fc.array(fc.tuple(user, args, effect), { minLength: 10, maxLength: 40, size: "max" });
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(asked, async (asked) => {
        const store = memoryStore();
        // Two kits on one store.
        const kits = [0, 1].map(() => {
          const send = async (request: Request) =>
            new Response(JSON.stringify(request.headers.get("x-user")), {
              headers: { "content-type": "application/json" },
            });
          return cache({ ...byUser, store })(send);
        });
        for (const [index, [user, args, effect]] of asked.entries()) {
          const headers = { "x-user": encodeURIComponent(user.toWellFormed()) };
          const call = newCall({ args, effect: effect as "read", context: { user } });
          const response = await kits[index % 2]?.(get("/", { headers }), call);
          expect(await response?.json()).toBe(headers["x-user"]);
          if (call.progress.cached) hits++;
          vi.advanceTimersByTime(1);
        }
      }),
      { seed: 1 },
    );
    expect(hits).toBeGreaterThan(50);
  });
});

describe("how long it is kept", () => {
  test.each<[headers: { [name: string]: string }, seconds: number]>([
    [{}, 60],
    [{ "cache-control": "max-age=5" }, 5],
    [{ "cache-control": "public, max-age=500" }, 60],
    [{ "cache-control": "max-age=30", age: "10" }, 20],
    [{ "cache-control": "no-store" }, 0],
    [{ "cache-control": "private, No-Store" }, 0],
    [{ "cache-control": "no-cache" }, 0],
    [{ "cache-control": "max-age=0" }, 0],
    [{ "cache-control": "private" }, 0],
    [{ "set-cookie": "a=b" }, 0],
    [{ vary: "*" }, 0],
    [{ vary: "accept" }, 60],
    [{ "content-type": "application/octet-stream" }, 0],
    [{ "content-type": "text/event-stream" }, 0],
    [{ "content-type": "text/plain; charset=utf-8" }, 60],
    [{ "content-type": "text/plain; charset=latin1" }, 0],
  ])("%j: %i s", async (headers, seconds) => {
    const { ask } = cached({}, json(headers));
    await ask();
    if (seconds > 0) {
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(await ask()).toBe("1 again");
    }
    await vi.advanceTimersByTimeAsync(1);
    expect(await ask()).toBe(2);
  });

  test("private answers are kept for whom they are", async () => {
    const { ask } = cached({ identity: () => "ada" }, json({ "cache-control": "private", "set-cookie": "a=b" }));
    expect([await ask(), await ask()]).toEqual([1, "1 again"]);
  });

  test.each([201, 206, 404, 429, 500])("status %i is not", async (status) => {
    const { ask } = cached({}, json({}, status));
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  test("long answers are not", async () => {
    const { ask } = cached({ maxLength: 5 });
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  test("not after something was changed on the host, whoever did it", async () => {
    const { ask } = cached(byUser);
    const ada = { call: { context: { user: "ada" } } };
    await ask(ada);
    expect(await ask(ada)).toBe("1 again");
    await vi.advanceTimersByTimeAsync(1);
    for (const effect of ["write", "destructive"] as const) {
      await ask({ call: { effect, context: { user: "bob" } } });
      await vi.advanceTimersByTimeAsync(1);
      expect(await ask(ada)).toBeTypeOf("number");
      expect(await ask(ada)).toMatch("again");
    }
  });

  test("nor what was asked before a change and answered after it", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let count = 0;
    const through = throughPolicies([cache()], async ({ method }) => {
      count++;
      if (method === "GET") await promise;
      return json()();
    });
    const slow = through(get(), newCall());
    await vi.advanceTimersByTimeAsync(5);
    await through(get("/", { method: "POST" }), newCall({ effect: "write" }));
    resolve();
    await slow;
    await through(get(), newCall());
    expect(count).toBe(3);
  });
});

describe("stores", () => {
  test("any of the shape of Keyv, which learns nothing of who asked for what", async () => {
    const seen: unknown[] = [];
    const map = new Map<string, unknown>();
    const store: CacheStore = {
      get: async (key) => map.get(key),
      set: async (key, value, ttl) => {
        seen.push(key, ttl);
        map.set(key, JSON.parse(JSON.stringify(value)));
        return true;
      },
    };
    const { ask } = cached({ ttl: 5_000, store, identity: () => "ada-secret" });
    expect([await ask({ path: "/secret" }), await ask({ path: "/secret" })]).toEqual([1, "1 again"]);
    expect(seen).toEqual([expect.stringMatching(/^[\da-f]{64}$/), 5_000]);
    expect(JSON.stringify([...map])).not.toContain("secret");
  });

  test("one that knows nothing of time", async () => {
    const { ask } = cached({ ttl: 1_000, store: new Map<string, unknown>() });
    await ask();
    await vi.advanceTimersByTimeAsync(999);
    expect(await ask()).toBe("1 again");
    await vi.advanceTimersByTimeAsync(1);
    expect(await ask()).toBe(2);
  });

  test("one that is down costs no call", async () => {
    const fail = () => {
      throw new Error("the store is down");
    };
    const { ask } = cached({ store: { get: fail, set: async () => fail() } });
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  test("one that gives junk", async () => {
    const { ask } = cached({ store: { get: () => "junk", set: () => {} } });
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  test("memory forgets the oldest", () => {
    const store = memoryStore({ entries: 2 });
    store.set("a", 1, 1_000);
    store.set("b", 2, 1_000);
    store.get("a");
    store.set("c", 3, 1_000);
    expect([store.get("a"), store.get("b"), store.get("c")]).toEqual([1, undefined, 3]);
    vi.advanceTimersByTime(1_000);
    expect([store.get("a"), store.get("c")]).toEqual([undefined, undefined]);
  });
});
