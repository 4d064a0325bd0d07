import {
  type AnyKit,
  type ChatClient,
  type ChatStreamClient,
  type RunResult,
  resumeTools,
  runTools,
  streamTools,
  type ToolOutput,
} from "fctool/runtime";
import type OpenAI from "openai";
import type { AzureOpenAI } from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { describe, expectTypeOf, test } from "vitest";
import { createKit } from "../../examples/pet-store.gen.ts";

interface User {
  token: string;
}

declare const client: OpenAI;
const kit = createKit<User>();
const model = "gpt-5.5";

test("the client of the openai package is a client", () => {
  expectTypeOf<OpenAI>().toExtend<ChatClient>();
  expectTypeOf<AzureOpenAI>().toExtend<ChatClient>();
});

test("anything of that shape is a client", () => {
  const scripted: ChatClient = {
    chat: {
      completions: { create: async ({ messages }) => ({ choices: [{ message: { content: `${messages.length}` } }] }) },
    },
  };
  runTools({ client: scripted, model, kit, messages: [{ role: "user", content: "hi" }] });
  // @ts-expect-error no client at all
  runTools({ client: { chat: {} }, model, kit, messages: [] });
});

describe("messages", () => {
  test("those of the openai package come back as such", async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: [{ type: "text", text: "hi" }] }];
    const result = await runTools({ client, model, kit, messages });
    expectTypeOf(result.messages).toExtend<ChatCompletionMessageParam[]>();
    client.chat.completions.create({ model, messages: result.messages });
    await runTools({ client, model, kit, messages: [...result.messages, { role: "user", content: "more" }] });
  });

  test("those written on the spot too", async () => {
    const result = await runTools({
      client,
      model,
      kit,
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "hi" },
      ],
    });
    expectTypeOf(result.messages).toExtend<ChatCompletionMessageParam[]>();
    result.messages.push({ role: "user", content: "more" });
    await runTools({ client, model, kit, messages: result.messages });
  });

  test("have a role", () => {
    // @ts-expect-error a misspelt role
    runTools({ client, model, kit, messages: [{ role: "usr", content: "hi" }] });
    // @ts-expect-error a string is no conversation
    runTools({ client, model, kit, messages: "hi" });
  });
});

describe("options", () => {
  const messages: ChatCompletionMessageParam[] = [];

  test("know the kit", () => {
    runTools({
      client,
      model,
      kit,
      messages,
      toolChoice: { name: "getPet" },
      activeTools: ["getPet"],
      maxTurns: undefined,
    });
    // @ts-expect-error an unknown tool
    runTools({ client, model, kit, messages, toolChoice: { name: "getPte" } });
    // @ts-expect-error an unknown choice
    runTools({ client, model, kit, messages, toolChoice: "any" });
    // @ts-expect-error an unknown tool
    runTools({ client, model, kit, messages, activeTools: ["getPte"] });
    // @ts-expect-error not picked
    runTools({ client, model, kit: kit.pick("listPets"), messages, toolChoice: { name: "getPet" } });
    // @ts-expect-error an unknown tool
    runTools({ client, model, kit, messages, prepareStep: () => ({ activeTools: ["getPte"] }) });
  });

  test("know the context", () => {
    runTools({ client, model, kit, messages, context: { token: "t" } });
    runTools({ client, model, kit: createKit(), messages, context: 7 });
    // @ts-expect-error the wrong context
    runTools({ client, model, kit, messages, context: "t" });
    // @ts-expect-error the wrong context
    runTools({ client, model, kit, messages, context: { tokken: "t" } });
  });

  test("refuse what they do not know", () => {
    // @ts-expect-error a misspelt option
    runTools({ client, model, kit, messages, maxSteps: 3 });
    // @ts-expect-error no kit
    runTools({ client, model, kit: [], messages });
    // @ts-expect-error no model
    runTools({ client, kit, messages });
  });

  test("take a kit of whatever tools", () => {
    const any: AnyKit<User> = kit;
    runTools({ client, model, kit: any, messages, toolChoice: { name: "whatever" }, context: { token: "t" } });
  });
});

test("stopReason is one of eight", () => {
  expectTypeOf<RunResult["stopReason"]>().toEqualTypeOf<
    "answer" | "max_turns" | "needs_approval" | "aborted" | "stopped" | "repeated_call" | "length" | "content_filter"
  >();
});

describe("streams and resumed runs", () => {
  const messages: ChatCompletionMessageParam[] = [];

  test("the client of the openai package streams", () => {
    expectTypeOf<OpenAI>().toExtend<ChatStreamClient>();
    expectTypeOf<AzureOpenAI>().toExtend<ChatStreamClient>();
  });

  test("events are told apart by their type", async () => {
    for await (const event of streamTools({ client, model, kit, messages })) {
      if (event.type === "text-delta") expectTypeOf(event.text).toEqualTypeOf<string>();
      if (event.type === "tool-output") expectTypeOf(event.output).toEqualTypeOf<ToolOutput>();
      if (event.type === "finish") expectTypeOf(event.result.messages).toExtend<ChatCompletionMessageParam[]>();
    }
    // @ts-expect-error an unknown tool
    streamTools({ client, model, kit, messages, activeTools: ["getPte"] });
  });

  test("a run goes on with the options that it had", async () => {
    const options = { client, model, kit, messages, context: { token: "t" } };
    const { state } = await runTools(options);
    const decisions = {
      a: true,
      b: { approve: false, reason: "no" },
      c: { approve: true, args: { petId: 7 } },
    } as const;
    const result = await resumeTools({ ...options, state, decisions });
    expectTypeOf(result.messages).toExtend<ChatCompletionMessageParam[]>();
    await resumeTools({ client, model, kit, state: JSON.parse("{}"), decisions });
    // @ts-expect-error no decisions
    resumeTools({ ...options, state });
    // @ts-expect-error no decision
    resumeTools({ ...options, state, decisions: { a: "yes" } });
    // @ts-expect-error the wrong context
    resumeTools({ ...options, state, decisions, context: 7 });
  });
});

test("what stands around the calls of a kit knows its context", () => {
  createKit<User>({
    approval: ({ context, effect }) =>
      effect === "read" ? true : context.token === "" ? { approve: false } : undefined,
    hooks: {
      beforeCall: ({ context }) => (context.token === "" ? { veto: "no token" } : undefined),
      afterCall: async (_, outcome) => (outcome.ok ? { ...outcome, content: "hidden" } : undefined),
    },
    history: { append: ({ tool, duration }) => console.log(tool, duration) },
  });
  // @ts-expect-error no such decision
  createKit<User>({ approval: () => "yes" });
  // @ts-expect-error no such field
  createKit<User>({ approval: ({ context }) => context.tokken === "" });
  // @ts-expect-error no such hook
  createKit<User>({ hooks: { before: () => undefined } });
});
