import { runTools } from "fctool/runtime";
import { tracing } from "fctool/runtime/otel";
import { production } from "fctool/runtime/policies";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

const traced = tracing({ agent: "pet-clerk" }); // { content: true } tells arguments and results as well

const { text } = await runTools({
  client: new OpenAI(),
  model: "gpt-5.5",
  kit: createKit({
    hooks: traced,
    policies: [traced, ...production()], // first, so that the spans of requests stand below the span of their call
  }),
  messages: [{ role: "user", content: "Which pets were sold?" }],
  observer: traced,
});
console.log(text);
