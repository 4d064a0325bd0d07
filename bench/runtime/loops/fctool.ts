import OpenAI from "openai";
import { type AnyKit, type ChatClient, type HistoryEntry, runTools } from "../../../dist/runtime/index.js";
import { memoryStore, production } from "../../../dist/runtime/policies/index.js";
import { chatOverFetch } from "../chat-over-fetch.ts";
import { type Loop, model, question, type Setting, token } from "../loop.ts";

/** A kit with a server and a credential, and nothing else. */
export const plain: Loop = (setting) => runWith(bareKit(setting), clientOverFetch(setting.url));

/** The same with the client of the openai package. */
export const withOpenai: Loop = (setting) =>
  runWith(bareKit(setting), new OpenAI({ apiKey: token, baseURL: `${setting.url}/v1` }));

/** All options and all policies. The cache looks each answer up and keeps it a while, but never finds one. */
export const everythingOn: Loop = ({ url, kit }) => {
  let calls = 0;
  let last: HistoryEntry | undefined;
  const options = {
    baseUrl: url,
    auth: { bearerAuth: () => token },
    headers: { "x-tenant": "office" },
    timeout: 10_000,
    authorize: () => true,
    approval: () => true,
    hooks: { beforeCall() {}, afterCall() {} },
    history: {
      append(entry: HistoryEntry) {
        last = entry;
      },
    },
    policies: production({
      redact: ["secret"],
      cache: { identity: () => `caller ${calls++}`, store: memoryStore({ entries: 50 }) },
      rateLimit: { limit: 1e9 },
    }),
  };
  const run = runWith(kit.createKit(options), clientOverFetch(url), new AbortController().signal);
  return async () => {
    const text = await run();
    return last?.outcome.ok ? text : "the history is wrong";
  };
};

function bareKit({ url, kit }: Setting): AnyKit {
  return kit.createKit({ baseUrl: url, auth: { bearerAuth: token } });
}

function runWith(kit: AnyKit, client: ChatClient, signal?: AbortSignal) {
  const messages = [{ role: "user", content: question }] as const;
  return async () => (await runTools({ client, model, kit, messages, signal })).text;
}

function clientOverFetch(url: string): ChatClient {
  return { chat: { completions: { create: (body) => chatOverFetch(url, body) as never } } };
}
