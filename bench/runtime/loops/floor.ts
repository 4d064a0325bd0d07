import OpenAI from "openai";
import { type Call, type Completion, chatOverFetch } from "../chat-over-fetch.ts";
import { type HandWritten, handWritten } from "../hand-written.ts";
import { type Loop, model, question, type Setting, token } from "../loop.ts";

/** The floor: a loop as one writes it by hand, over `fetch`. */
export const overFetch: Loop = (setting) => byHand(setting, (body) => chatOverFetch(setting.url, body));

/** The same with the client of the openai package. */
export const overOpenai: Loop = (setting) => {
  const client = new OpenAI({ apiKey: token, baseURL: `${setting.url}/v1` });
  return byHand(
    setting,
    async (body) => (await client.chat.completions.create(body as never)) as unknown as Completion,
  );
};

function byHand({ url, kit: { tools } }: Setting, ask: (body: object) => Promise<Completion>) {
  const functions = handWritten(url);
  return async () => {
    const messages: object[] = [{ role: "user", content: question }];
    for (;;) {
      const { choices } = await ask({ model, messages, tools });
      const message = choices[0]?.message;
      if (!message?.tool_calls) return message?.content ?? "";
      messages.push(message, ...(await Promise.all(message.tool_calls.map((call) => answer(functions, call)))));
    }
  };
}

async function answer(functions: HandWritten, { id, function: { name, arguments: text } }: Call): Promise<object> {
  const run = functions[name];
  if (run === undefined) throw new Error(`no tool ${name}`);
  return { role: "tool", tool_call_id: id, content: await run(JSON.parse(text)) };
}
