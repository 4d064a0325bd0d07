import {
  type ResponsesClient,
  type ResponsesStreamClient,
  resumeTools,
  runTools,
  streamTools,
} from "fctool/runtime/responses";
import type OpenAI from "openai";
import type { AzureOpenAI } from "openai";
import type { ResponseInputItem } from "openai/resources/responses/responses";
import { describe, expectTypeOf, test } from "vitest";
import { createKit } from "../../examples/pet-store.gen.ts";

declare const client: OpenAI;
const kit = createKit<{ token: string }>();
const model = "gpt-5.5";

test("the client of the openai package is a client", () => {
  expectTypeOf<OpenAI>().toExtend<ResponsesClient>();
  expectTypeOf<OpenAI>().toExtend<ResponsesStreamClient>();
  expectTypeOf<AzureOpenAI>().toExtend<ResponsesClient>();
});

describe("items", () => {
  test("those of the openai package come back as such", async () => {
    const messages: ResponseInputItem[] = [{ role: "user", content: "hi" }];
    const result = await runTools({ client, model, kit, messages });
    expectTypeOf(result.messages).toExtend<ResponseInputItem[]>();
    client.responses.create({ model, input: result.messages });
    await runTools({ client, model, kit, messages: [...result.messages, { role: "user", content: "more" }] });
  });

  test("those written on the spot too", async () => {
    const result = await runTools({ client, model, kit, messages: [{ role: "user", content: "hi" }] });
    expectTypeOf(result.messages).toExtend<ResponseInputItem[]>();
    // @ts-expect-error a misspelt role
    runTools({ client, model, kit, messages: [{ role: "usr", content: "hi" }] });
  });
});

test("options know the kit", () => {
  const messages: ResponseInputItem[] = [];
  runTools({ client, model, kit, messages, deferredTools: ["getPet"], previousResponseId: true });
  // @ts-expect-error an unknown tool
  runTools({ client, model, kit, messages, deferredTools: ["getPte"] });
  // @ts-expect-error the wrong context
  runTools({ client, model, kit, messages, context: 7 });
  // @ts-expect-error a misspelt option
  runTools({ client, model, kit, messages, previousResponse: true });
});

test("streams and resumed runs have the same items", async () => {
  const messages: ResponseInputItem[] = [];
  for await (const event of streamTools({ client, model, kit, messages })) {
    if (event.type !== "finish") continue;
    const { state } = event.result;
    const result = await resumeTools({
      client,
      model,
      kit,
      state,
      decisions: { call_1: { approve: false, reason: "no" } },
    });
    expectTypeOf(result.messages).toExtend<ResponseInputItem[]>();
  }
});
