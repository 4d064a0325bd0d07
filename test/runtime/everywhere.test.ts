import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createContext, runInContext } from "node:vm";
import { Miniflare } from "miniflare";
import { describe, expect, onTestFinished, test } from "vitest";
import { folderWith } from "../temporary-folder.ts";
import { bundle, entries } from "./bundle.ts";
import { httpServer } from "./http-server.ts";
import { calls, type ModelRequest, type Reply, says, startModel } from "./model-server.ts";

const pet = { id: 7, name: "Rex", status: "available" };
const store = httpServer((_, response) =>
  response.setHeader("content-type", "application/json").end(JSON.stringify(pet)),
);

/** Looks the pet up, and says what it was told. */
function think({ messages }: ModelRequest): Reply {
  const last = messages.at(-1);
  return last?.role === "tool" ? says(`Pet 7: ${last.content}`) : calls(["getPet", { petId: 7 }]);
}

const answer = `Pet 7: ${JSON.stringify(pet)}`;

async function environment() {
  const model = await startModel(think);
  onTestFinished(() => model[Symbol.asyncDispose]());
  return {
    OPENAI_API_KEY: "key",
    OPENAI_BASE_URL: model.baseUrl,
    PET_STORE_TOKEN: "token",
    PET_STORE_URL: store.origin,
  };
}

function expectOneRequest() {
  expect(store.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /pets/7"]);
  expect(store.last.headers.authorization).toBe("Bearer token");
}

describe("workerd", { timeout: 30_000 }, () => {
  async function startWorker() {
    const script = `${await bundle("worker.ts")}
      let evaluated = true;
      try { new Function("return 1")(); } catch { evaluated = false; }
      if (evaluated) throw new Error("this host would evaluate anything");`;
    const worker = new Miniflare({
      modules: true,
      script,
      compatibilityDate: "2026-04-01",
      compatibilityFlags: ["disallow_eval_during_startup"],
      bindings: await environment(),
    });
    onTestFinished(() => worker.dispose());
    return async () => {
      const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: "Who is pet 7?" });
      return [response.status, await response.json()];
    };
  }

  test("runs the kit, the loop and the policies of examples/worker.ts, and no eval", async () => {
    const ask = await startWorker();
    expect(await ask()).toEqual([200, { text: answer, stopReason: "answer" }]);
    expectOneRequest();
  });

  test("loads every entry but those of Node, and all that may be made once for all requests", async () => {
    const web = Object.keys(entries).filter((entry) => !/sqlite|file-store/.test(entry));
    const folder = folderWith({
      "entry.ts": `
        import { combineKits, defineTool } from "fctool/runtime";
        import { consoleLogger } from "fctool/runtime/observe";
        import { tracing } from "fctool/runtime/otel";
        import { production } from "fctool/runtime/policies";
        ${web.map((entry, index) => `import * as entry${index} from "${entry}";`).join("\n")}
        const options = { hooks: [tracing(), consoleLogger({ write() {} })], policies: production() };
        const tool = defineTool({ name: "add", parameters: { type: "object" }, execute: ({ a, b }) => a + b }, options);
        const kit = combineKits(tool);
        const loaded = [${web.map((_, index) => `entry${index}`).join()}].map((entry) => Object.keys(entry).length > 0);
        const call = { function: { name: "add", arguments: { a: 1, b: 2 } } };
        export default { fetch: async () => Response.json([loaded, (await kit.dispatch(call)).content]) };`,
    });
    const script = await bundle(join(folder, "entry.ts"));
    const worker = new Miniflare({ modules: true, script, compatibilityDate: "2026-04-01" });
    onTestFinished(() => worker.dispose());
    const response = await worker.dispatchFetch("http://worker.example/");
    expect(await response.json()).toEqual([web.map(() => true), "3"]);
    expect(web.length).toBeGreaterThan(5);
  });

  test("lets requests share the policies that are made outside of them", async () => {
    store.respondWith((_, response) => response.writeHead(500).end());
    const ask = await startWorker();
    expect(await ask()).toEqual([200, { text: expect.stringContaining("status 500"), stopReason: "answer" }]);
    const answers = await Promise.all([ask(), ask(), ask()]);
    for (const answer of answers)
      expect(answer).toEqual([200, { text: expect.stringContaining("circuit_open"), stopReason: "answer" }]);
    // Three attempts of the first, and one of each of the others until five had failed.
    expect(store.seen.length).toBeLessThanOrEqual(6);
  });
});

/**
 * What the Vercel edge runtime offers, and nothing else: https://vercel.com/docs/functions/runtimes/edge#supported-apis.
 * It stands in for that runtime, which is no program that one can run here.
 */
const edgeGlobals = [
  ..."AbortController AbortSignal Blob CryptoKey CustomEvent DOMException Event EventTarget File FormData Headers".split(
    " ",
  ),
  ..."ReadableStream ReadableStreamBYOBReader ReadableStreamDefaultReader Request Response SubtleCrypto".split(" "),
  ..."TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream URL URLPattern URLSearchParams".split(
    " ",
  ),
  ..."WritableStream WritableStreamDefaultWriter atob btoa clearInterval clearTimeout console crypto fetch".split(" "),
  ..."performance queueMicrotask setInterval setTimeout structuredClone".split(" "),
];

describe("the globals of the Vercel edge runtime, and no eval", () => {
  test("are all that examples/vercel.ts needs", async () => {
    const module = { exports: {} as { POST(request: Request): Promise<Response> } };
    const globals = Object.fromEntries(edgeGlobals.map((name) => [name, Reflect.get(globalThis, name)]));
    const sandbox = createContext(
      { ...globals, process: { env: await environment() }, module, exports: module.exports },
      { codeGeneration: { strings: false, wasm: false } },
    );
    expect(() => runInContext("eval('1')", sandbox)).toThrow(/Code generation/);
    expect(runInContext("typeof Buffer + typeof require + typeof global", sandbox)).toBe("undefined".repeat(3));
    runInContext(await bundle("vercel.ts", "cjs"), sandbox);
    const request = new Request("http://vercel.example/", { method: "POST", body: "Who is pet 7?" });
    const response = await module.exports.POST(request);
    expect([response.status, await response.text()]).toEqual([200, answer]);
    expectOneRequest();
  });
});

describe("node --disallow-code-generation-from-strings", { timeout: 30_000 }, () => {
  async function run(main: string, code: string): Promise<string> {
    const folder = folderWith({ "handler.mjs": code, "main.mjs": main });
    const env = { ...process.env, ...(await environment()) };
    const args = ["--disallow-code-generation-from-strings", "main.mjs"];
    const child = spawn(process.execPath, args, { cwd: folder, env });
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    expect(error).toBe("");
    return out;
  }

  test("is as strict as it says", async () => {
    const main = `try { new Function("return 1")(); } catch (error) { console.log(error.name); }`;
    expect(await run(main, "")).toBe("EvalError\n");
  });

  test("runs examples/vercel.ts, which streams", async () => {
    const main = `
      import { config, POST } from "./handler.mjs";
      const request = new Request("http://vercel.example/", { method: "POST", body: "Who is pet 7?" });
      const response = await POST(request);
      const pieces = await Array.fromAsync(response.body.pipeThrough(new TextDecoderStream()));
      console.log(JSON.stringify([config.runtime, response.status, pieces.length > 1, pieces.join("")]));`;
    expect(JSON.parse(await run(main, await bundle("vercel.ts")))).toEqual(["edge", 200, true, answer]);
    expectOneRequest();
  });

  test("runs examples/worker.ts", async () => {
    const main = `
      import worker from "./handler.mjs";
      const request = new Request("http://worker.example/", { method: "POST", body: "Who is pet 7?" });
      console.log(await (await worker.fetch(request, process.env)).text());`;
    expect(JSON.parse(await run(main, await bundle("worker.ts")))).toEqual({ text: answer, stopReason: "answer" });
    expectOneRequest();
  });
});
