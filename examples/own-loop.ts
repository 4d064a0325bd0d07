import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { createKit } from "./pet-store.gen.ts";

const client = new OpenAI();
const kit = createKit({ auth: { bearerAuth: process.env.PET_STORE_TOKEN } });
const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "Which pets were sold?" }];

const { choices } = await client.chat.completions.create({ model: "gpt-5.5", messages, tools: kit.tools });
for (const toolCall of choices[0]?.message.tool_calls ?? []) {
  const output = await kit.dispatch(toolCall);
  console.log(output.name, output.ok ? output.result : output.error);
}
