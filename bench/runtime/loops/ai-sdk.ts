import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, isStepCount, jsonSchema, type ToolSet, tool } from "ai";
import { handWritten } from "../hand-written.ts";
import { type Loop, model, question, token } from "../loop.ts";

/** `generateText` of the AI SDK. */
export const aiSdk: Loop = ({ url, kit }) => {
  const provider = createOpenAICompatible({ name: "scripted", baseURL: `${url}/v1`, apiKey: token });
  const functions = handWritten(url);
  const tools: ToolSet = Object.fromEntries(
    kit.tools.map(({ function: { name, description, parameters, strict } }) => [
      name,
      tool({
        ...(description !== undefined && { description }),
        inputSchema: jsonSchema(parameters),
        strict,
        execute: (args) => functions[name]?.(args as never),
      }),
    ]),
  );
  return async () => {
    const { text } = await generateText({
      model: provider.chatModel(model),
      prompt: question,
      tools,
      stopWhen: isStepCount(10),
    });
    return text;
  };
};
