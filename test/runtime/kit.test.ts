import { describe, expect, test } from "vitest";
import {
  AbortError,
  defineTool,
  type KitOptions,
  kit,
  NotAuthorizedError,
  OptionsError,
  UnknownToolError,
} from "../../src/runtime/index.ts";
import { production } from "../../src/runtime/policies/index.ts";

interface Auth {
  bearerAuth?: string;
}

const noArgs = { type: "object", properties: {}, required: [], additionalProperties: false };
const text = {
  type: "object",
  properties: { text: { type: "string" } },
  required: ["text"],
  additionalProperties: false,
};

const dispatcher = {
  ...defineTool({ name: "echo", parameters: text, execute: ({ text }: { text: string }) => text, effect: "read" })
    .dispatcher,
  ...defineTool({ name: "nothing", parameters: noArgs, execute: () => undefined }).dispatcher,
  ...defineTool({ name: "fail", parameters: noArgs, execute: () => Promise.reject(new Error("db password is 123")) })
    .dispatcher,
  ...defineTool({ name: "hang", parameters: noArgs, execute: () => new Promise<never>(() => {}) }).dispatcher,
  ...defineTool({ name: "misuse", parameters: noArgs, execute: () => Promise.reject(new OptionsError("no server")) })
    .dispatcher,
};

function createKit<Context = unknown>(options?: KitOptions<Auth, Context>) {
  return kit({ api: { securitySchemes: { bearerAuth: { type: "http", scheme: "bearer" } } }, dispatcher }, options);
}

const call = (name: string, args: unknown) => ({
  id: "c1",
  type: "function",
  function: { name, arguments: args as string },
});

describe("dispatch", () => {
  test.each<[toolCall: unknown, want: object]>([
    [call("echo", '{"text":"喂"}'), { ok: true, toolCallId: "c1", name: "echo", content: "喂", result: "喂" }],
    [call("echo", { text: "hi" }), { ok: true, content: "hi" }],
    [call("nothing", ""), { ok: true, content: "", result: undefined }],
    [call("nothing", "  "), { ok: true }],
    [call("nothing", null), { ok: true }],
    [call("nothing", undefined), { ok: true }],
    [call("nothing", "null"), { ok: true }],
    [call("echo", "{"), { error: { kind: "invalid_arguments", message: expect.stringMatching(/position 1/) } }],
    [call("echo", "[]"), { error: { kind: "invalid_arguments" } }],
    [call("echo", '"text"'), { error: { kind: "invalid_arguments" } }],
    [call("echo", "{}"), { error: { kind: "invalid_arguments", path: "text" } }],
    [call("echo", '{"txt":"x"}'), { error: { kind: "invalid_arguments" } }],
    [call("fail", ""), { error: { kind: "internal", message: "The tool failed.", retryable: false } }],
    [call("Echo", ""), { name: "Echo", error: { kind: "unknown_tool", hint: "did you mean echo?" } }],
    [call("zzz", ""), { error: { kind: "unknown_tool", hint: "tools: echo, nothing, fail, hang, misuse" } }],
    [call("__proto__", ""), { name: "__proto__", error: { kind: "unknown_tool" } }],
    [call("constructor", ""), { error: { kind: "unknown_tool" } }],
    [call("toString", ""), { error: { kind: "unknown_tool" } }],
    [call("x".repeat(1e6), ""), { name: "x".repeat(200), error: { kind: "unknown_tool" } }],
    [{ function: { name: "nothing" } }, { ok: true, toolCallId: expect.stringMatching(/^call_/) }],
    [
      { id: "", function: { name: "nothing" } },
      { ok: true, toolCallId: expect.stringMatching(/^call_/) },
    ],
    [
      { id: "c1", type: "custom", custom: { name: "sql", input: "x" } },
      { name: "sql", error: { kind: "unknown_tool" } },
    ],
    [{ id: "c1", type: "custom", custom: { name: "echo", input: "x" } }, { error: { kind: "invalid_arguments" } }],
    [
      { id: "c1", type: "function", function: { name: 7 } },
      { name: "", error: { kind: "unknown_tool" } },
    ],
    [{}, { error: { kind: "unknown_tool" } }],
    [null, { error: { kind: "unknown_tool" } }],
    ["echo", { error: { kind: "unknown_tool" } }],
  ])("%.100j", async (toolCall, want) => {
    const output = await createKit().dispatch(toolCall as never);
    expect(output).toMatchObject(want);
    if (!output.ok) expect(JSON.parse(output.content)).toEqual({ error: output.error });
    expect(JSON.stringify(output)).not.toContain("password");
  });

  test.each(["text", "value"])("arguments nested too deeply, as a %s, reach no tool, and any history", async (form) => {
    const text = `{"text":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    const written: string[] = [];
    const history = { append: (entry: object) => void written.push(JSON.stringify(entry)) };
    const output = await createKit({ history }).dispatch(call("echo", form === "text" ? text : JSON.parse(text)));
    expect(output).toMatchObject({
      error: { kind: "invalid_arguments", message: expect.stringMatching(/nested too deeply/) },
    });
    expect(written).toHaveLength(1);
  });

  test("the caller's abort rejects, before and during a call", async () => {
    const reason = new Error("closed");
    const aborted = await createKit()
      .dispatch(call("echo", ""), { signal: AbortSignal.abort(reason) })
      .catch((e) => e);
    expect(aborted).toBeInstanceOf(AbortError);
    expect(aborted.cause).toBe(reason);
    await expect(createKit().dispatch(call("hang", ""), { signal: AbortSignal.timeout(5) })).rejects.toThrow(
      AbortError,
    );
  });

  test("wrong options reject", async () => {
    await expect(createKit().dispatch(call("misuse", ""))).rejects.toThrow(OptionsError);
  });
});

describe("call", () => {
  test("resolves to the result", async () => {
    expect(await createKit().call("echo", { text: "x" })).toBe("x");
    expect(await createKit().call("nothing")).toBeUndefined();
  });

  test("throws what went wrong", async () => {
    await expect(createKit().call("fail")).rejects.toThrow("db password is 123");
    await expect(createKit().call("ecko" as "echo", { text: "" })).rejects.toThrow(UnknownToolError);
    await expect(createKit().call("__proto__" as "echo", { text: "" })).rejects.toThrow(UnknownToolError);
    await expect(createKit().call("hang", {}, { signal: AbortSignal.timeout(5) })).rejects.toThrow(AbortError);
  });
});

describe("authorize", () => {
  const general = "this call is not allowed";
  test.each<[decision: unknown, message: string | undefined]>([
    [true, undefined],
    [false, general],
    [undefined, general],
    [null, general],
    [1, general],
    ["", general],
    [{}, general],
    [{ reason: 7 }, general],
    [{ allowed: true }, general],
    ["not today", "not today"],
    [{ reason: "not today" }, "not today"],
  ])("that gives %j: %s", async (decision, message) => {
    const refusing = createKit({ authorize: async () => decision as never });
    const output = await refusing.dispatch(call("nothing", ""));
    expect(output.ok ? undefined : output.error).toEqual(
      message === undefined ? undefined : { kind: "not_authorized", message, retryable: false },
    );
  });

  const reader = createKit<{ role: string }>({
    authorize: ({ effect, context }) => context.role === "admin" || effect === "read" || { reason: "only admins may" },
  });

  test("sees the call, and its refusal is an output", async () => {
    const context = { role: "guest" };
    expect(await reader.dispatch(call("echo", '{"text":"x"}'), { context })).toMatchObject({ ok: true });
    expect(await reader.dispatch(call("nothing", ""), { context })).toMatchObject({
      error: { kind: "not_authorized", message: "only admins may", retryable: false },
    });
    expect(await reader.dispatch(call("nothing", ""), { context: { role: "admin" } })).toMatchObject({ ok: true });
    await expect(reader.call("nothing", {}, { context })).rejects.toThrow(NotAuthorizedError);
  });

  test("is asked with the decoded arguments, and only about valid ones", async () => {
    const asked: unknown[] = [];
    const watched = createKit({ authorize: (call) => asked.push(call) < 9 });
    await watched.dispatch(call("echo", '{"text":"x"}'), { context: 7 });
    await watched.dispatch(call("echo", "{}"));
    expect(asked).toMatchObject([{ id: "c1", tool: "echo", effect: "read", args: { text: "x" }, context: 7 }]);
  });

  test("that fails lets nothing through", async () => {
    const broken = createKit({ authorize: () => Promise.reject(new Error("no database")) });
    expect(await broken.dispatch(call("nothing", ""))).toMatchObject({ error: { kind: "internal" } });
  });
});

test("tools are in the dispatcher's order", () => {
  expect(createKit().tools.map((tool) => tool.function.name)).toEqual(["echo", "nothing", "fail", "hang", "misuse"]);
});

describe("pick", () => {
  test("keeps the tools named, and the options", async () => {
    const picked = createKit({ authorize: () => false }).pick("nothing", "echo");
    expect(picked.tools.map((tool) => tool.function.name)).toEqual(["echo", "nothing"]);
    expect(await picked.dispatch(call("fail", ""))).toMatchObject({ error: { kind: "unknown_tool" } });
    expect(await picked.dispatch(call("nothing", ""))).toMatchObject({ error: { kind: "not_authorized" } });
  });

  test("throws for a name that no tool has", () => {
    expect(() => createKit().pick("ecko" as "echo")).toThrow('there is no tool "ecko"; did you mean echo?');
    expect(() => createKit().pick("constructor" as "echo")).toThrow(OptionsError);
  });
});

test.each<[policies: unknown]>([[production()[0]], [[production()]], [["retry"]], [[null]], [null]])(
  "policies that are none throw at once: %j",
  (policies) => {
    expect(() => createKit({ policies } as never)).toThrow(
      new OptionsError("policies: expected a list of policies, such as [...production()]"),
    );
  },
);

test("an option that there is not throws at once", () => {
  expect(() => createKit({ baseURL: "http://127.0.0.1" } as never)).toThrow(
    'there is no option "baseURL"; did you mean baseUrl?',
  );
});

test("a scheme that the document does not declare throws at once", () => {
  const auth = { bearerauth: "x" } as Auth;
  expect(() => createKit({ auth })).toThrow(
    /no security scheme "bearerauth"; the document declares bearerAuth; did you mean/,
  );
});
