import { runTools } from "fctool/runtime";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

const { text } = await runTools({
  client: new OpenAI(),
  model: "gpt-5.5",
  kit: createKit({ auth: { bearerAuth: process.env.PET_STORE_TOKEN } }),
  messages: [{ role: "user", content: "Add a cat called Tama, if there is none yet." }],
});
console.log(text);
