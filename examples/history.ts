import { consoleLogger, stats } from "fctool/runtime/observe";
import { sqliteHistory } from "fctool/runtime/sqlite";
import { createKit } from "./pet-store.gen.ts";

const history = sqliteHistory(process.env.HISTORY_FILE ?? "history.db", { redact: ["**.owner.email"] });
const kit = createKit({ history, hooks: consoleLogger() });

for (const petId of [7, 404, 405]) await kit.dispatch({ function: { name: "getPet", arguments: { petId } } });

const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
const { calls, p95, tools } = await stats(history.entries({ since: yesterday }));
console.log(calls, "calls, 95 of 100 within", p95, "ms");
for (const [tool, { failureRate, errors }] of Object.entries(tools)) console.log(tool, failureRate, errors);
