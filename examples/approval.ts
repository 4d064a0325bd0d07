import { type Decisions, resumeTools, runTools } from "fctool/runtime";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

const kit = createKit({
  auth: { bearerAuth: process.env.PET_STORE_TOKEN },
  approval: ({ effect }) => effect === "read" || undefined, // true, false, or undefined: a person decides, later
});
const options = { client: new OpenAI(), model: "gpt-5.5", kit, stateSecret: "a secret of the server" };

const stopped = await runTools({ ...options, messages: [{ role: "user", content: "Add a cat called Tama." }] });
const kept = JSON.stringify(stopped.state); // goes to a database, or to the browser

// Some days later, in another process:
const state: typeof stopped.state = JSON.parse(kept);
const decisions: { [id: string]: Decisions[string] } = {};
for (const { id, tool, args } of state?.pending ?? []) {
  console.log("May it?", tool, args);
  decisions[id] = true; // or false, or { approve: false, reason: "we have a Tama" }, or { approve: true, args: { name: "Tora" } }
}
const { stopReason, text } = await resumeTools({ ...options, state, decisions });
console.log(stopReason, text);
