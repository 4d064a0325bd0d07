import { UsageError } from "../compiler/errors.ts";
import type { ChatChunk, ChatStreamClient } from "../runtime/chat.ts";

interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

/** A client of any OpenAI-compatible endpoint, as far as a streamed run needs one. */
export function chatClient({ baseUrl, apiKey }: Endpoint): ChatStreamClient {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new UsageError(
      `the model's address ${JSON.stringify(baseUrl)} is no http(s) URL`,
      "Write it like --base-url http://localhost:11434/v1, or set OPENAI_BASE_URL.",
    );
  }
  const url = `${baseUrl.replace(/\/+$/, "")}/chat/completions`;
  const headers = {
    "content-type": "application/json",
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  return {
    chat: {
      completions: {
        async create(body, options) {
          const signal = options?.signal ?? null;
          const response = await ask(url, { method: "POST", headers, body: JSON.stringify(body), signal });
          return chunksOf(response);
        },
      },
    },
  };
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((cause) => {
    if (init.signal?.aborted) throw cause;
    throw new UsageError(`${url} cannot be reached`, "Check --base-url, or OPENAI_BASE_URL.", { cause });
  });
  if (response.ok) return response;
  const text = (await response.text()).slice(0, 500);
  const fix = response.status === 401 ? "Set OPENAI_API_KEY." : "Check --model and --base-url.";
  throw new UsageError(`the model's endpoint answers ${response.status}: ${text}`, fix);
}

async function* chunksOf(response: Response): AsyncGenerator<ChatChunk> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of response.body ?? []) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const data = /^data:\s*(.*?)\s*$/.exec(line)?.[1];
      if (data !== undefined && data !== "" && data !== "[DONE]") yield JSON.parse(data);
    }
  }
}
