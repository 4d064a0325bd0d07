import { UsageError } from "../compiler/errors.ts";
import type { ChatChunk, ChatStreamClient } from "../runtime/chat.ts";
import { hidden } from "../runtime/secrets.ts";
import { CallFailure } from "./call-failure.ts";

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
          const init = { method: "POST", headers, body: JSON.stringify(body), signal };
          return chunksOf(await ask(url, init, apiKey));
        },
      },
    },
  };
}

async function ask(url: string, init: RequestInit, apiKey: string | undefined): Promise<Response> {
  const response = await fetch(url, init).catch((cause) => {
    if (init.signal?.aborted) throw cause;
    throw new UsageError(`${url} cannot be reached`, "Check --base-url, or OPENAI_BASE_URL.", { cause });
  });
  if (!response.ok) {
    const text = (await response.text()).replaceAll(apiKey || hidden, hidden);
    throw refusal(response.status, text.slice(0, 500));
  }
  const type = response.headers.get("content-type") ?? "nothing";
  if (type.startsWith("text/event-stream")) return response;
  await response.body?.cancel();
  const problem = `${url} answers with ${type}, and not with a stream of events`;
  throw new UsageError(problem, "Check --base-url (most end in /v1), and that the endpoint can stream.");
}

function refusal(status: number, text: string): Error {
  const problem = `the model's endpoint answers ${status}: ${text}`;
  if (status === 429 || status >= 500) return new CallFailure(problem, "Try again later, or with another --model.");
  return new UsageError(problem, status === 401 ? "Set OPENAI_API_KEY." : "Check --model and --base-url.");
}

async function* chunksOf(response: Response): AsyncGenerator<ChatChunk> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of response.body ?? []) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const data = /^data:\s*(.*?)\s*$/.exec(line)?.[1];
      if (data !== undefined && data !== "" && data !== "[DONE]") yield parseChunk(data);
    }
  }
}

/** A stream that has begun can only tell of an error in a chunk. */
function parseChunk(data: string): ChatChunk {
  let chunk: ChatChunk & { readonly error?: { readonly message?: unknown } };
  try {
    chunk = JSON.parse(data);
  } catch (cause) {
    throw new CallFailure(`the model's endpoint sends what is no JSON: ${data.slice(0, 100)}`, "Try again.", { cause });
  }
  if (chunk.error === undefined) return chunk;
  const reason = chunk.error.message ?? JSON.stringify(chunk.error);
  throw new CallFailure(`the model's endpoint breaks off: ${reason}`, "Try again, or with another --model.");
}
