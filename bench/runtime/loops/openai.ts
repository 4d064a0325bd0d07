import OpenAI from "openai";
import { handWritten } from "../hand-written.ts";
import { type Loop, model, question, token } from "../loop.ts";

/** `runTools` of the openai package. */
export const openai: Loop = ({ url, kit }) => {
  const client = new OpenAI({ apiKey: token, baseURL: `${url}/v1` });
  const functions = handWritten(url);
  const tools = kit.tools.map((tool) => ({
    type: "function" as const,
    function: {
      ...tool.function,
      description: tool.function.description ?? "",
      parse: JSON.parse,
      function: (args: object) => functions[tool.function.name]?.(args as never),
    },
  }));
  return async () => {
    const runner = client.chat.completions.runTools({ model, messages: [{ role: "user", content: question }], tools });
    return (await runner.finalContent()) ?? "";
  };
};
