import { setTimeout as sleep } from "node:timers/promises";
import { combineKits, defineTool } from "fctool/runtime";
import { attachRealtime, type RealtimeOptions } from "fctool/runtime/realtime";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket as WsSocket } from "ws";
import { createKit } from "../../examples/pet-store.gen.ts";
import { answerCalls } from "../../examples/realtime.ts";
import { response, startRealtime } from "./realtime-server.ts";

const log: unknown[] = [];
beforeEach(() => {
  log.length = 0;
});

const object = { type: "object" } as const;
const kit = combineKits(
  defineTool(
    {
      name: "double",
      description: "Doubles a number.",
      parameters: object,
      execute({ n }: { n: number }, { context }: { context: { user: string } | undefined }) {
        log.push(["double", n, context?.user]);
        return n * 2;
      },
    },
    { hooks: { beforeCall: ({ run }) => void log.push([run?.turn, run?.question]) } },
  ),
  defineTool({
    name: "remove",
    parameters: object,
    effect: "destructive",
    execute: () => log.push("remove"),
  }),
  defineTool({
    name: "wait",
    parameters: object,
    execute: (_, { signal }) =>
      new Promise((_, reject) => {
        log.push("wait");
        signal?.addEventListener("abort", () => reject(log.push("woken")));
      }),
  }),
);

/** A session over a new server. What is left of both goes with the test. */
async function start(
  options: RealtimeOptions<typeof kit> = {},
  Socket: typeof WsSocket | typeof WebSocket = WebSocket,
) {
  const server = await startRealtime();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const socket = new Socket(server.url);
  const detach = attachRealtime(socket, kit, options);
  onTestFinished(detach);
  await server.until(1);
  return { server, socket, detach };
}

const bytes = defineTool({
  name: "show",
  parameters: object,
  execute: ({ type }: { type: string }) => new Blob(["\x89PNG"], { type }),
});

const output = (call_id: string, text: string) => ({
  type: "conversation.item.create",
  item: { type: "function_call_output", call_id, output: text },
});
const goOn = { type: "response.create", event_id: expect.any(String) };

describe("the session", () => {
  test.each([
    ["of the platform", WebSocket],
    ["of the ws package", WsSocket],
  ])("gets the tools once a socket %s is open", async (_, Socket) => {
    const session = { voice: "marin", audio: { input: { turn_detection: null } }, tools: [{ type: "mcp" }] };
    const { server } = await start({ session, activeTools: ["double"] }, Socket as typeof WebSocket);
    const tool = { type: "function", name: "double", description: "Doubles a number.", parameters: object };
    expect(server.events).toEqual([
      {
        type: "session.update",
        session: { type: "realtime", ...session, tools: [{ type: "mcp" }, tool] },
      },
    ]);
  });

  test("gets them at once where the socket is open already", async () => {
    const { server, socket, detach } = await start();
    detach();
    attachRealtime(socket, createKit().pick("getPet"));
    const update = (await server.until(2))[1];
    expect(update?.session?.tools.map(({ name }) => name)).toEqual(["getPet"]);
    expect(JSON.stringify(update)).not.toContain("strict");
  });

  test("gets other tools on the way, and nothing else again", async () => {
    const { server, detach } = await start({ session: { voice: "marin", tools: [{ type: "mcp" }] } });
    const triple = defineTool({ name: "triple", parameters: object, execute: ({ n }: { n: number }) => n * 3 });
    detach.use(triple);
    const update = (await server.until(2))[1];
    expect(update).toEqual({
      type: "session.update",
      session: { type: "realtime", tools: [{ type: "mcp" }, { type: "function", name: "triple", parameters: object }] },
    });
    server.tell(
      ...response("r1", [
        ["c1", "triple", '{"n":2}'],
        ["c2", "double", '{"n":2}'],
      ]),
    );
    const answered = (await server.until(5)).slice(2, 4);
    expect(answered).toContainEqual(output("c1", "6"));
    const gone = answered.find(({ item }) => item?.call_id === "c2");
    expect(gone?.item?.output).toContain('"kind":"unknown_tool"');
  });
});

describe("calls", () => {
  test("are answered each once, and then the model speaks once", async () => {
    const { server } = await start({ context: { user: "ada" } });
    const user = { type: "message", role: "user", content: [{ type: "input_text", text: "Double 2 and 3" }] };
    server.tell("no JSON", "null", { type: "conversation.item.added", item: user });
    server.tell(
      ...response("r1", [
        ["c1", "double", '{"n":2}'],
        ["c2", "double", '{"n":3}'],
      ]),
    );
    expect((await server.until(4)).slice(1)).toEqual([output("c1", "4"), output("c2", "6"), goOn]);
    const heard = { type: "conversation.item.input_audio_transcription.completed", transcript: "And 4?" };
    server.tell(...response("r2", []), heard, ...response("r3", [["c3", "double", '{"n":4}']]));
    expect((await server.until(6)).slice(4)).toEqual([output("c3", "8"), goOn]);
    await sleep(30);
    expect(server.events).toHaveLength(6);
    expect(log).toEqual([
      [1, "Double 2 and 3"],
      [1, "Double 2 and 3"],
      ["double", 2, "ada"],
      ["double", 3, "ada"],
      [2, "And 4?"],
      ["double", 4, "ada"],
    ]);
  });

  test.each<[type: string, note: string, image?: string]>([
    ["image/png", "shown below", "data:image/png;base64,wolQTkc="],
    ["image/gif", "it cannot be shown to you"],
    ["audio/wav", "it cannot be shown to you"],
    ["application/pdf", "it cannot be shown to you"],
    ["image/jpeg", "it is too large to be shown to you"],
  ])("that give %s: %s", async (type, note, image_url) => {
    const { server, detach } = await start({ maxContentBytes: type === "image/jpeg" ? 4 : undefined });
    detach.use(bytes);
    server.tell(...response("r1", [["c1", "show", JSON.stringify({ type })]]));
    const image = { type: "message", role: "user", content: [{ type: "input_image", image_url }] };
    const want = [
      output("c1", `[${type}, 5 bytes]: ${note}`),
      ...(image_url ? [{ type: "conversation.item.create", item: image }] : []),
      goOn,
    ];
    expect((await server.until(2 + want.length)).slice(2)).toEqual(want);
  });

  test("are made before the response is over, but the model speaks after it", async () => {
    const { server } = await start();
    const events = response("r1", [["c1", "double", '{"n":2}']]);
    server.tell(...events.slice(0, 3));
    expect((await server.until(2))[1]).toEqual(output("c1", "4"));
    await sleep(30);
    expect(server.events).toHaveLength(2);
    server.tell(...events.slice(3));
    expect((await server.until(3))[2]).toEqual(goOn);
  });

  test("of one event alone are found, whichever it is", async () => {
    const { server } = await start();
    const [created, added, args, item, done] = response("r1", [["c1", "double", '{"n":2}']]);
    server.tell(created as object, added as object, args as object, { type: "response.done", response: { id: "r1" } });
    await server.until(3);
    server.tell(created as object, JSON.parse(JSON.stringify(item).replaceAll("c1", "c2")), {
      ...done,
      response: { id: "r1" },
    });
    await server.until(5);
    server.tell(created as object, JSON.parse(JSON.stringify(done).replaceAll("c1", "c3")));
    const answered = (await server.until(7)).flatMap(({ item }) => item?.call_id ?? []);
    expect(answered).toEqual(["c1", "c2", "c3"]);
  });

  test("that were broken off are not made, and a response that was is not gone on from", async () => {
    const { server } = await start();
    server.tell(...response("r1", [["c1", "wait", ""]], "incomplete"));
    server.tell(...response("r2", [["c2", "double", '{"n":2}']], "cancelled"));
    await server.until(2);
    await sleep(30);
    expect(server.events.slice(1)).toEqual([output("c2", "4")]);
  });

  test("are found among events that are none", async () => {
    const { server } = await start();
    const odd = [null, 5, "a", { type: "function_call", name: "double" }, { type: "function_call", call_id: "c0" }];
    server.tell(
      { type: "response.done", response: null },
      { type: "response.done", response: { id: "r0", output: null } },
      { type: "response.done", response: { id: "r0", output: { length: 1 } } },
      { type: "response.done", response: { id: "r0", output: odd } },
      { type: "response.output_item.added", item: null },
      { type: "response.output_item.done", item: null },
      ...response("r1", [["c1", "double", '{"n":2}']]),
    );
    expect((await server.until(3)).slice(1)).toEqual([output("c1", "4"), goOn]);
  });

  test("wait with the next response until no other is being made", async () => {
    const { server } = await start();
    server.tell({ type: "response.created", response: { id: "r0" } }, ...response("r1", [["c1", "double", '{"n":2}']]));
    await server.until(2);
    await sleep(30);
    expect(server.events).toHaveLength(2);
    server.tell({ type: "response.done", response: { id: "r0", status: "completed" } });
    const { event_id } = (await server.until(3))[2] ?? {};
    // The user spoke at the same moment.
    server.tell(
      { type: "response.created", response: { id: "r2" } },
      { type: "error", error: { code: "conversation_already_has_active_response", event_id } },
      { type: "response.done", response: { id: "r2", status: "completed" } },
    );
    expect((await server.until(4))[3]).toEqual(goOn);
  });

  test("fail like everywhere", async () => {
    const { server } = await start();
    server.tell(
      ...response("r1", [
        ["c1", "dubble", "{}"],
        ["c2", "double", "{"],
      ]),
    );
    const kinds = (await server.until(4)).slice(1, 3).map(({ item }) => JSON.parse(item?.output ?? "").error.kind);
    expect(kinds).toEqual(["unknown_tool", "invalid_arguments"]);
  });

  test("whose history fails are errors of the host", async () => {
    const history = { append: () => Promise.reject(new Error("disk full")) };
    const broken = createKit({ history, fetch: async () => Response.json([]) });
    const server = await startRealtime();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const onError = vi.fn();
    onTestFinished(attachRealtime(new WebSocket(server.url), broken, { onError }));
    await server.until(1);
    server.tell(...response("r1", [["c1", "listPets", "{}"]]));
    expect((await server.until(3))[1]?.item?.output).toContain('"kind":"internal"');
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ name: "OptionsError" })]]);
  });

  test("over a socket that does not send are errors of the host", () => {
    const broken = () => {
      throw new Error("no");
    };
    const socket = { readyState: 1, send: broken, addEventListener() {}, removeEventListener() {} };
    const onError = vi.fn();
    attachRealtime(socket, kit, { onError })();
    expect(onError.mock.calls).toEqual([[new Error("no")]]);
  });
});

describe("approval", () => {
  test("destructive calls wait where nothing is configured", async () => {
    const { server } = await start();
    server.tell(...response("r1", [["c1", "remove", "{}"]]));
    const [, answered, next] = await server.until(3);
    expect(JSON.parse(answered?.item?.output ?? "").error.kind).toBe("needs_approval");
    expect(next).toEqual(goOn);
    expect(log).toEqual([]);
  });

  test.each([
    [true, ["sent"], ""],
    [{ approve: false, reason: "not on Sundays" }, [], "not on Sundays"],
  ])("a person who says %j in time decides", async (decision, sent, text) => {
    const calls: string[] = [];
    const fetch = async () => {
      calls.push("sent");
      return new Response(null, { status: 204 });
    };
    const approval = async () => sleep(20).then(() => decision);
    const server = await startRealtime();
    onTestFinished(() => server[Symbol.asyncDispose]());
    onTestFinished(attachRealtime(new WebSocket(server.url), createKit({ approval, fetch })));
    await server.until(1);
    server.tell(...response("r1", [["c1", "removePet", '{"petId":7}']]));
    expect((await server.until(3))[1]?.item?.output).toContain(text);
    expect(calls).toEqual(sent);
  });
});

describe("the end", () => {
  const ends = {
    detach: ({ detach }: Started) => detach(),
    "the signal": (_: Started, abort: AbortController) => abort.abort(),
    "a socket that closes": ({ server }: Started) => server.hangUp(),
  };
  type Started = Awaited<ReturnType<typeof start>>;

  test.each(Object.entries(ends))("%s ends calls and listening", async (_, end) => {
    const abort = new AbortController();
    const started = await start({ signal: abort.signal });
    const { server, socket, detach } = started;
    server.tell(
      ...response("r1", [
        ["c1", "wait", "{}"],
        ["c2", "double", '{"n":1}'],
      ]),
    );
    await server.until(2);
    end(started, abort);
    await vi.waitFor(() => expect(log).toContain("woken"));
    server.tell(...response("r2", [["c3", "double", '{"n":2}']]));
    detach.use(kit);
    detach();
    await sleep(30);
    expect(server.events).toHaveLength(2);
    expect(log).toEqual(expect.not.arrayContaining([["double", 2, undefined]]));
    expect(socket.readyState === WebSocket.OPEN).toBe(end !== ends["a socket that closes"]);
  });

  test("leaves no listener", async () => {
    const listeners = new Map<string, number>();
    const count = (by: number) => (type: string) => void listeners.set(type, (listeners.get(type) ?? 0) + by);
    const { signal } = new AbortController();
    vi.spyOn(signal, "addEventListener").mockImplementation(count(1));
    vi.spyOn(signal, "removeEventListener").mockImplementation(count(-1));
    const socket = { readyState: 0, send() {}, addEventListener: count(1), removeEventListener: count(-1) };
    const detach = attachRealtime(socket, kit, { signal });
    expect([...listeners]).toEqual([
      ["abort", 1],
      ["message", 1],
      ["close", 1],
      ["open", 1],
    ]);
    detach();
    expect([...listeners.values()]).toEqual([0, 0, 0, 0]);
  });

  test("may be there from the start", () => {
    const socket = { readyState: 1, send: vi.fn(), addEventListener: vi.fn(), removeEventListener: vi.fn() };
    attachRealtime(socket, kit, { signal: AbortSignal.abort() });
    attachRealtime({ ...socket, readyState: 3 }, kit);
    expect(socket.addEventListener).not.toHaveBeenCalled();
    expect(socket.send).not.toHaveBeenCalled();
  });
});

test("examples/realtime.ts answers reads, and leaves changes to keepers", async () => {
  const fetch = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json([{ id: 7 }]));
  onTestFinished(() => fetch.mockRestore());
  const server = await startRealtime();
  onTestFinished(() => server[Symbol.asyncDispose]());
  onTestFinished(answerCalls(new WebSocket(server.url)));
  const { session } = (await server.until(1))[0] ?? {};
  expect(session).toMatchObject({ type: "realtime", audio: { output: { voice: "marin" } } });
  server.tell(...response("r1", [["c1", "listPets", "{}"]]));
  expect((await server.until(3))[1]).toEqual(output("c1", '[{"id":7}]'));
  server.tell(...response("r2", [["c2", "createPet", '{"name":"Tama"}']]));
  expect((await server.until(5))[3]?.item?.output).toContain("createPet needs a keeper");
  expect(fetch).toHaveBeenCalledOnce();
});
