import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { checkConfig } from "../src/config/check-config.ts";
import { generate, type KitConfig } from "../src/index.ts";

const folder = new URL("../examples/", import.meta.url);
const store = "*/v1/pets";
const tama = { id: 8, name: "Tama" };
const pets = [
  { id: 7, name: "Rex", status: "available" },
  { id: 9, name: "Nemo", status: "sold" },
];

interface Chat {
  readonly messages: { role: string; content?: string }[];
  readonly stream?: boolean;
}

interface Answer {
  readonly content: string | null;
  readonly tool_calls?: readonly { readonly id: string; readonly function: object }[];
}

interface Responses {
  readonly input: { role?: string; content?: string; output?: string }[];
  readonly previous_response_id?: string;
}

function toMessage({ role = "tool", content, output = "" }: Responses["input"][number]): Chat["messages"][number] {
  return { role, content: content ?? output };
}

function stream(chunks: object[]): Response {
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
}

const requests: string[] = [];

const server = setupServer(
  http.get(store, ({ request }) => {
    const status = new URL(request.url).searchParams.get("status");
    note(request);
    return HttpResponse.json(pets.filter((pet) => status === null || pet.status === status));
  }),
  http.post(store, async ({ request }) => {
    note(request);
    return HttpResponse.json({ ...tama, ...((await request.json()) as object) }, { status: 201 });
  }),
  http.get(`${store}/:petId`, ({ request, params }) => {
    note(request);
    const pet = pets.find((pet) => pet.id === Number(params.petId));
    return pet ? HttpResponse.json(pet) : HttpResponse.json({ message: "no such pet" }, { status: 404 });
  }),
  http.post("https://api.openai.com/v1/chat/completions", async ({ request }) => {
    const chat = (await request.json()) as Chat;
    const message = think(chat);
    const usage = { total_tokens: 100 };
    if (!chat.stream) return HttpResponse.json({ choices: [{ message, finish_reason: "stop" }], usage });
    return stream([{ choices: [{ delta: message, finish_reason: "stop" }] }, { choices: [], usage }]);
  }),
  http.post("https://api.openai.com/v1/responses", async ({ request }) => {
    const { input, previous_response_id: previous = null } = (await request.json()) as Responses;
    requests.push(`response after ${previous}: ${input.length} new`);
    const { content, tool_calls = [] } = think({ messages: input.map(toMessage) }) as Answer;
    const said = { type: "message", role: "assistant", content: [{ type: "output_text", text: content }] };
    const calls = tool_calls.map((call) => ({ type: "function_call", call_id: call.id, ...call.function }));
    return HttpResponse.json({ id: `resp_${requests.length}`, status: "completed", output: content ? [said] : calls });
  }),
);

function note({ method, url, headers }: Request): void {
  requests.push(`${method} ${url} ${headers.get("authorization")}`);
}

/** A model that lists pets, adds Tama when asked to, and then sums up. */
function think({ messages }: Chat): object {
  const question = messages.find((message) => message.role === "user")?.content ?? "";
  const outputs = messages.filter((message) => message.role === "tool").map((message) => message.content ?? "");
  const status = /sold/.test(question) ? "sold" : /available/.test(question) ? "available" : null;
  if (outputs.length === 0) return call("listPets", { status });
  if (/Add a cat/.test(question) && outputs.length === 1) return call("createPet", { name: "Tama", status: null });
  return { role: "assistant", content: `The last I heard: ${outputs.at(-1)}` };
}

function call(name: string, args: object): object {
  const toolCall = { id: `call_${name}`, type: "function", function: { name, arguments: JSON.stringify(args) } };
  return { role: "assistant", content: null, tool_calls: [toolCall] };
}

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());
beforeEach(() => {
  requests.length = 0;
  vi.stubEnv("OPENAI_API_KEY", "key");
  vi.stubEnv("OPENAI_BASE_URL", undefined);
  vi.stubEnv("PET_STORE_TOKEN", "token");
  vi.stubEnv("HISTORY_FILE", ":memory:");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const listed = "GET https://api.petstore.example/v1/pets";

const cases: readonly (readonly [file: string, printed: unknown[][], requests: string[]])[] = [
  [
    "quick-start.ts",
    [['The last I heard: {"id":8,"name":"Tama"}']],
    [`${listed} Bearer token`, "POST https://api.petstore.example/v1/pets Bearer token"],
  ],
  ["own-loop.ts", [["listPets", [pets[1]]]], [`${listed}?status=sold Bearer token`]],
  [
    "from-code.ts",
    [
      ["Rex", "available"],
      [404, { message: "no such pet" }],
    ],
    [`${listed}/7 Bearer token`, `${listed}/404 Bearer token`],
  ],
  [
    "options.ts",
    [[[pets[1]]], ['{"error":{"kind":"not_authorized","message":"only keepers may change pets","retryable":false}}']],
    ["GET https://staging.petstore.example/v1/pets?status=sold Bearer visitor-token"],
  ],
  ["own-tool.ts", [[["getPet", "listPets", "convertWeight"]], [{ kilograms: expect.closeTo(4.5359) }]], []],
  [
    "stream.ts",
    [
      ["calls", "listPets"],
      ["got", JSON.stringify([pets[1]])],
      [`The last I heard: ${JSON.stringify([pets[1]])}`],
      ["answer", 200],
    ],
    [`${listed}?status=sold Bearer token`],
  ],
  [
    "approval.ts",
    [
      ["May it?", "createPet", { name: "Tama" }],
      ["answer", 'The last I heard: {"id":8,"name":"Tama"}'],
    ],
    [`${listed} Bearer token`, "POST https://api.petstore.example/v1/pets Bearer token"],
  ],
  [
    "hooks.ts",
    [
      ["getPet", "is done", 1],
      [JSON.stringify(pets[0])],
      ["removePet", "rejected", 0],
      ['{"error":{"kind":"rejected","message":"nothing changes before Monday","retryable":false}}'],
    ],
    [`${listed}/7 null`],
  ],
  [
    "responses.ts",
    [[`The last I heard: ${JSON.stringify([pets[1]])}`, `The last I heard: ${JSON.stringify(pets)}`]],
    [
      "response after null: 1 new",
      `${listed}?status=sold Bearer token`,
      "response after resp_1: 1 new",
      "response after resp_3: 1 new",
      `${listed} Bearer token`,
      "response after resp_4: 1 new",
    ],
  ],
  [
    "policies.ts",
    [["listPets", 200], [[pets[1]]], [[pets[1]]], ["listPets", 200], [[pets[1]]]],
    [`${listed}?status=sold Bearer ada-token`, `${listed}?status=sold Bearer bob-token`],
  ],
  [
    "history.ts",
    [
      [expect.stringMatching(/^✓ {2}getPet {2}petId: 7 {2}\d+ ms$/)],
      ...[404, 405].map((id) => [
        expect.stringMatching(`^✗  getPet  petId: ${id}  http: the API answered with status 404  \\d+ ms$`),
      ]),
      [3, "calls, 95 of 100 within", expect.any(Number), "ms"],
      ["getPet", 2 / 3, [{ kind: "http", status: 404, message: "the API answered with status 404", count: 2 }]],
    ],
    [`${listed}/7 null`, `${listed}/404 null`, `${listed}/405 null`],
  ],
  ["tracing.ts", [[`The last I heard: ${JSON.stringify([pets[1]])}`]], [`${listed}?status=sold null`]],
  [
    "library.ts",
    [
      [true, 4, []],
      ["code", "createPet", "is gone"],
      ["code", "removePet", "is gone"],
    ],
    [],
  ],
  [
    "run.ts",
    [["answer", `The last I heard: ${JSON.stringify([pets[0]])}`, 200]],
    [`${listed}?status=available Bearer token`],
  ],
];

test.each(cases)("examples/%s does what it says", async (file, printed, sent) => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await import(new URL(file, folder).href);
  expect(log.mock.calls).toEqual(printed);
  expect(requests).toEqual(sent);
});

/** The examples that are handlers, and where they are run. */
const handlers = {
  "realtime.ts": "runtime/realtime.test.ts",
  "vercel.ts": "runtime/everywhere.test.ts",
  "worker.ts": "runtime/everywhere.test.ts",
};

test.each(Object.entries(handlers))("examples/%s is run by %s", (file, test) => {
  expect(readFileSync(new URL(test, import.meta.url), "utf8")).toContain(file);
});

test("every example is run", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !/\.(gen|config)\.ts$/.test(file));
  expect(files.sort()).toEqual([...cases.map(([file]) => file), ...Object.keys(handlers)].sort());
});

test("the kit of the examples is up to date", async () => {
  const { code } = await generate({ input: new URL("pet-store.yaml", folder).pathname });
  expect(code).toBe(readFileSync(new URL("pet-store.gen.ts", folder), "utf8"));
});

test("the configuration of the examples is right, and fits the document", async () => {
  const { default: config } = await import("../examples/fctool.config.ts");
  const { input, ...kit } = checkConfig(config, "fctool.config.ts").kits["pet-store"] as KitConfig;
  const { tools, unmatched, diagnostics } = await generate({
    input: fileURLToPath(new URL(input, folder)),
    select: kit,
    ...kit,
  });
  expect(tools.map(({ name }) => name).sort()).toEqual(["createPet", "getPet", "searchPets"]);
  expect({ unmatched, diagnostics }).toEqual({ unmatched: [], diagnostics: [] });
});
