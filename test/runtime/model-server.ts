import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import type { ChatCompletionCreateParams, ChatCompletionMessageParam } from "openai/resources/chat/completions";

/** One answer of the scripted model. What is not given is as OpenAI would send it. */
export interface Reply {
  readonly message?: unknown;
  readonly finishReason?: string;
  readonly usage?: unknown;
  /** An error instead of an answer. */
  readonly status?: number;
  /** The whole body instead of a completion. */
  readonly body?: unknown;
  /** Never answers. */
  readonly hangs?: true;
}

type Call = readonly [name: string, args?: unknown, id?: string | null];

/** The model says something. */
export function says(content: string, finishReason = "stop"): Reply {
  return { message: { role: "assistant", content, refusal: null }, finishReason };
}

let callCount = 0;

/** The model calls tools. Arguments that are text go out as they are. */
export function calls(...list: readonly Call[]): Reply {
  const tool_calls = list.map(([name, args = {}, id = `call_${++callCount}`]) => ({
    ...(id !== null && { id }),
    type: "function",
    function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
  }));
  return { message: { role: "assistant", content: null, refusal: null, tool_calls }, finishReason: "tool_calls" };
}

/** A request as the server got it. */
export type ModelRequest = ChatCompletionCreateParams & { readonly messages: ChatCompletionMessageParam[] };

export interface ModelServer extends AsyncDisposable {
  readonly client: OpenAI;
  readonly baseUrl: string;
  readonly requests: ModelRequest[];
}

type Script = readonly Reply[] | ((request: ModelRequest, turn: number) => Reply);

/** Starts an OpenAI-compatible server on loopback that plays a script, and a client of it. */
export async function startModel(script: Script): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const request = JSON.parse(await readText(incoming)) as ModelRequest;
    requests.push(request);
    const reply = typeof script === "function" ? script(request, requests.length) : script[requests.length - 1];
    if (reply?.hangs) return;
    const [status, body] = toResponse(reply, request.model, requests.length);
    outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const client = new OpenAI({ apiKey: "test-key", baseURL: baseUrl, maxRetries: 0 });
  return { client, baseUrl, requests, [Symbol.asyncDispose]: () => stop(server) };
}

function toResponse(reply: Reply | undefined, model: string, turn: number): [status: number, body: unknown] {
  if (reply === undefined) return [500, { error: { message: `the script has no turn ${turn}` } }];
  if (reply.status !== undefined) return [reply.status, reply.body ?? { error: { message: "scripted error" } }];
  if (reply.body !== undefined) return [200, reply.body];
  const choice = { index: 0, message: reply.message, finish_reason: reply.finishReason, logprobs: null };
  const usage = reply.usage ?? { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  return [200, { id: `chatcmpl-${turn}`, object: "chat.completion", created: 0, model, choices: [choice], usage }];
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
  return text;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
