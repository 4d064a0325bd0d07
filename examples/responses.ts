import { runTools } from "fctool/runtime/responses";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

const options = {
  client: new OpenAI(),
  model: "gpt-5.5",
  kit: createKit({ auth: { bearerAuth: process.env.PET_STORE_TOKEN } }),
};

const first = await runTools({
  ...options,
  messages: [{ role: "user", content: "Which pets were sold?" }],
  previousResponseId: true, // OpenAI keeps the conversation, and gets what is new alone
});
const second = await runTools({
  ...options,
  messages: [{ role: "user", content: "How many is that?" }],
  previousResponseId: first.responseId,
});
console.log(first.text, second.text);
