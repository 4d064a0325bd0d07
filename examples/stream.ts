import { streamTools } from "fctool/runtime";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

const events = streamTools({
  client: new OpenAI(),
  model: "gpt-5.5",
  kit: createKit({ auth: { bearerAuth: process.env.PET_STORE_TOKEN } }),
  messages: [{ role: "user", content: "Which pets were sold?" }],
});

for await (const event of events) {
  if (event.type === "text-delta") console.log(event.text);
  if (event.type === "tool-call") console.log("calls", event.toolCall.function.name);
  if (event.type === "tool-output") console.log("got", event.output.content);
  if (event.type === "finish") console.log(event.result.stopReason, event.result.usage.totalTokens);
}
