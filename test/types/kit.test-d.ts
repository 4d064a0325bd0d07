import { type AnyKit, combineKits, defineTool, type Kit, type ToolOutput } from "fctool/runtime";
import type {
  ChatCompletionFunctionTool,
  ChatCompletionMessageToolCall,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createKit, type GetPetArgs, getPet, listPets, type Pet, tools } from "../../examples/pet-store.gen.ts";

interface User {
  token: string;
}

const kit = createKit();

test("tools are what the openai package takes", () => {
  expectTypeOf(tools).toExtend<ChatCompletionTool[]>();
  expectTypeOf(kit.tools).toExtend<ChatCompletionFunctionTool[]>();
});

test("tool calls are what the openai package gives", () => {
  const call = {} as ChatCompletionMessageToolCall;
  expectTypeOf(kit.dispatch(call)).resolves.toEqualTypeOf<ToolOutput>();
});

describe("executors", () => {
  test("take natural arguments and credentials", () => {
    expectTypeOf(getPet({ petId: 7 }, { auth: { bearerAuth: "t" } })).resolves.toEqualTypeOf<Pet>();
    expectTypeOf(listPets()).resolves.toEqualTypeOf<Pet[]>();
    getPet({ petId: 7 }, { auth: { basicAuth: { username: "u", password: "p" } }, signal: undefined });
  });

  test("refuse wrong ones", () => {
    // @ts-expect-error petId is required
    getPet();
    // @ts-expect-error petId is a number
    getPet({ petId: "7" });
    // @ts-expect-error there is no such argument
    getPet({ petId: 7, pet: 1 });
    // @ts-expect-error the status is another
    listPets({ status: "lost" });
    // @ts-expect-error a misspelt scheme
    getPet({ petId: 7 }, { auth: { bearerauth: "t" } });
    // @ts-expect-error a function takes a kit, which knows the context
    getPet({ petId: 7 }, { auth: { bearerAuth: () => "t" } });
  });
});

describe("createKit", () => {
  test("takes values and functions of the context as credentials", () => {
    createKit({ auth: { bearerAuth: "t", basicAuth: undefined } });
    const bound = createKit({ auth: { bearerAuth: (user: User) => user.token } });
    expectTypeOf(bound).toEqualTypeOf<Kit<typeof kit.dispatcher, User>>();
    createKit({
      auth: { bearerAuth: async () => "t" },
      headers: { "x-tenant": "a" },
      timeout: 1000,
      baseUrl: undefined,
    });
  });

  test("refuses wrong options", () => {
    // @ts-expect-error a misspelt scheme
    createKit({ auth: { bearerauth: "t" } });
    // @ts-expect-error a basic credential is no string
    createKit({ auth: { basicAuth: "t" } });
    // @ts-expect-error a misspelt option
    createKit({ baseURL: "https://example.com" });
    // @ts-expect-error two contexts
    createKit({ auth: { bearerAuth: (user: User) => user.token, basicAuth: (_: number) => undefined } });
  });
});

describe("call", () => {
  test("is typed by name", () => {
    expectTypeOf(kit.call("getPet", { petId: 7 })).resolves.toEqualTypeOf<Pet>();
    expectTypeOf(kit.call("listPets")).resolves.toEqualTypeOf<Pet[]>();
    kit.call("listPets", { status: "sold" }, { signal: AbortSignal.timeout(1) });
  });

  test("refuses wrong names, arguments and contexts", () => {
    // @ts-expect-error an unknown name
    kit.call("getPte", { petId: 7 });
    // @ts-expect-error arguments are required
    kit.call("getPet");
    // @ts-expect-error the arguments of another tool
    kit.call("getPet", { status: "sold" });
    const bound = createKit<User>();
    bound.call("listPets", {}, { context: { token: "t" } });
    // @ts-expect-error the wrong context
    bound.call("listPets", {}, { context: "t" });
    // @ts-expect-error the wrong context
    bound.dispatch({}, { context: { tokken: "t" } });
  });
});

test("pick keeps the tools named", () => {
  const picked = kit.pick("getPet");
  expectTypeOf<keyof typeof picked.dispatcher>().toEqualTypeOf<"getPet">();
  // @ts-expect-error not picked
  picked.call("listPets");
  // @ts-expect-error an unknown name
  kit.pick("getPte");
});

test("every kit is an AnyKit", () => {
  expectTypeOf(kit).toExtend<AnyKit>();
  expectTypeOf(createKit<User>()).toExtend<AnyKit<User>>();
  expectTypeOf(createKit<User>()).not.toExtend<AnyKit<string>>();
});

describe("defineTool", () => {
  test("takes its types from a Standard Schema", () => {
    const tool = defineTool({
      name: "order",
      parameters: z.object({ sku: z.string(), count: z.number().default(1) }),
      execute: (args, { signal, id }) => {
        expectTypeOf(args).toEqualTypeOf<{ sku: string; count: number }>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal | undefined>();
        return id;
      },
    });
    expectTypeOf(tool.call("order", { sku: "a" })).resolves.toEqualTypeOf<string>();
    // @ts-expect-error sku is required
    tool.call("order", { count: 1 });
    // @ts-expect-error the name is another
    tool.call("oder", { sku: "a" });
  });

  test("takes them from the function beside JSON Schema", () => {
    const typed = defineTool({ name: "a", parameters: { type: "object" }, execute: async ({ n }: { n: number }) => n });
    expectTypeOf(typed.call("a", { n: 1 })).resolves.toEqualTypeOf<number>();
    // @ts-expect-error n is a number
    typed.call("a", { n: "1" });
    defineTool({
      name: "b",
      parameters: { type: "object" },
      execute: (args) => expectTypeOf(args).toEqualTypeOf<{ readonly [name: string]: unknown }>(),
    });
  });

  test("takes its context from the function", () => {
    const tool = defineTool({
      name: "me",
      parameters: z.object({}),
      execute: (_, { context }: { context: User }) => context.token,
    });
    tool.call("me", {}, { context: { token: "t" } });
    // @ts-expect-error the wrong context
    tool.call("me", {}, { context: 7 });
  });
});

describe("combineKits", () => {
  const add = defineTool({ name: "add", parameters: z.object({ n: z.number() }), execute: ({ n }) => n + 1 });
  const me = defineTool({
    name: "me",
    parameters: z.object({}),
    execute: (_, call: { context: User }) => call.context,
  });
  const all = combineKits(kit, add, me);

  test("has the tools of all", () => {
    expectTypeOf(all.call("getPet", { petId: 1 })).resolves.toEqualTypeOf<Pet>();
    expectTypeOf(all.call("add", { n: 1 })).resolves.toEqualTypeOf<number>();
    expectTypeOf<keyof typeof all.dispatcher>().toEqualTypeOf<
      "createPet" | "getPet" | "listPets" | "removePet" | "add" | "me"
    >();
    // @ts-expect-error an unknown name
    all.call("subtract", { n: 1 });
    // @ts-expect-error the arguments of another tool
    all.call("add", { petId: 1 });
    combineKits(all.pick("add"), me).call("add", { n: 1 });
  });

  test("takes a context that serves all", () => {
    all.call("add", { n: 1 }, { context: { token: "t" } });
    // @ts-expect-error the wrong context
    all.call("add", { n: 1 }, { context: "t" });
    const other = createKit({ auth: { bearerAuth: (context: { tenant: string }) => context.tenant } });
    combineKits(other, me).call("me", {}, { context: { token: "t", tenant: "a" } });
    // @ts-expect-error half of the context
    combineKits(other, me).call("me", {}, { context: { token: "t" } });
  });
});

expectTypeOf<GetPetArgs>().toEqualTypeOf<{ petId: number }>();
