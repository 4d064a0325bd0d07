import { readFileSync, writeFileSync } from "node:fs";
import { HttpLlm } from "@samchon/openapi";

const [, , input = "", output = ""] = process.argv;
const text = readFileSync(input, "utf8");
const document = /^\s*\{/.test(text) ? JSON.parse(text) : (await import("js-yaml")).load(text);
const { functions } = HttpLlm.application({ document });
const tools = functions.map(({ name, description, parameters }) => ({
  type: "function",
  function: { name, description, parameters },
}));
writeFileSync(output, JSON.stringify(tools));
