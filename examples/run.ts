import { ModelError, runTools } from "fctool/runtime";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

const kit = createKit<{ tenant: string }>({ auth: { bearerAuth: process.env.PET_STORE_TOKEN } });

try {
  const result = await runTools({
    client: new OpenAI(),
    model: "gpt-5.5",
    fallbackModels: ["gpt-5.5-mini"],
    kit,
    messages: [{ role: "user", content: "How many pets are available?" }],
    toolChoice: { name: "listPets" }, // in the first turn; or "auto", "none", "required"
    maxTurns: 5,
    maxParallelCalls: 5,
    context: { tenant: "north" },
    signal: AbortSignal.timeout(60_000),
    request: { temperature: 0 },
  });
  console.log(result.stopReason, result.text, result.usage.totalTokens);
} catch (error) {
  if (error instanceof ModelError) console.log("so far:", error.result);
}
