import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
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
  /** Never answers; with `chunks`, never goes on. */
  readonly hangs?: true;
  /** What is streamed instead of the message: text goes out as it is, anything else as the data of an event. */
  readonly chunks?: readonly unknown[];
  /** Breaks the connection after the chunks. */
  readonly resets?: true;
  /** Milliseconds between chunks. */
  readonly pause?: number;
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
    if (reply?.chunks !== undefined || (request.stream && reply?.message !== undefined)) {
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      return stream(reply, outgoing);
    }
    if (reply?.hangs) return;
    if (reply?.resets) return void incoming.socket.destroy();
    const [status, body] = toResponse(reply, request.model, requests.length);
    outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const client = new OpenAI({ apiKey: "test-key", baseURL: baseUrl, maxRetries: 0, logLevel: "off" });
  return { client, baseUrl, requests, [Symbol.asyncDispose]: () => stop(server) };
}

async function stream(reply: Reply, outgoing: ServerResponse): Promise<void> {
  for (const chunk of reply.chunks ?? toChunks(reply)) {
    outgoing.write(typeof chunk === "string" ? chunk : `data: ${JSON.stringify(chunk)}\n\n`);
    await sleep(reply.pause ?? 0);
  }
  if (reply.resets) outgoing.destroy();
  else if (!reply.hangs) outgoing.end(reply.chunks === undefined ? "data: [DONE]\n\n" : "");
}

/** A piece of an answer, as OpenAI sends it. */
export function delta(delta: unknown, finishReason: string | null = null): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
}

/** Cuts a message as OpenAI does: text and arguments in pieces, the usage last. Odd calls go out whole. */
export function toChunks({ message, finishReason, usage }: Reply): object[] {
  const { content, tool_calls, ...rest } = message as { content?: unknown; tool_calls?: StreamedCall[] };
  const texts = typeof content === "string" ? piecesOf(content) : [content];
  return [
    delta({ role: "assistant", ...rest }),
    ...texts.map((content) => delta({ content })),
    ...(tool_calls ?? []).flatMap((call, index) => {
      const args = call?.function?.arguments;
      if (typeof args !== "string") return [delta({ tool_calls: [{ index, ...call }] })];
      const first = { index, ...call, function: { name: call?.function?.name, arguments: "" } };
      const more = piecesOf(args).map((piece) => ({ index, function: { arguments: piece } }));
      return [first, ...more].map((piece) => delta({ tool_calls: [piece] }));
    }),
    delta({}, finishReason ?? "stop"),
    { choices: [], usage: usage ?? { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } },
  ];
}

type StreamedCall = { readonly function?: { readonly name: string; readonly arguments?: unknown } | null } | null;

function piecesOf(text: string): string[] {
  return text.match(/.{1,5}/gs) ?? [];
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
