import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled, tool } from "@openai/agents";
import OpenAI from "openai";
import { handWritten } from "../hand-written.ts";
import { type Loop, model, question, token } from "../loop.ts";

/** The Agents SDK, without its tracing. */
export const agents: Loop = ({ url, kit }) => {
  setTracingDisabled(true);
  const client = new OpenAI({ apiKey: token, baseURL: `${url}/v1` });
  const functions = handWritten(url);
  const agent = new Agent({
    name: "Office",
    model: new OpenAIChatCompletionsModel(client, model),
    tools: kit.tools.map(({ function: { name, description = "", parameters } }) =>
      tool({
        name,
        description,
        parameters: parameters as never,
        strict: true,
        execute: async (args) => functions[name]?.(args as never),
      }),
    ),
  });
  return async () => (await run(agent, question)).finalOutput ?? "";
};
