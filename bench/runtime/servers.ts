import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model that plays one script, and the API that its tool calls lead to, as a process of its own. */

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools: readonly { readonly function: { readonly name: string; readonly parameters: Schema } }[];
}

interface Schema {
  readonly properties: { readonly [name: string]: unknown };
}

type Call = readonly [tool: string, args: { readonly [name: string]: unknown }];

/** What the model asks for, turn by turn. After the last it answers. */
const script: readonly (readonly Call[])[] = [
  [
    ["getTask", { id: 7 }],
    ["getProject", { id: 3 }],
  ],
  [["createTask", { title: "Write the report", priority: 2, labels: ["writing"] }]],
  [["listTasks", { status: "open", limit: 5 }]],
];

const task = {
  id: 7,
  created: "2026-01-02T03:04:05Z",
  title: "Write the report",
  notes: "For the board. Ask the team for the figures of the last quarter first.",
  status: "open",
  priority: 2,
  due: "2026-02-01T12:00:00Z",
  labels: ["writing", "board"],
  owner: { name: "Ada Lovelace", email: "ada@office.example" },
};

/** What each tool has to send, and what it gets. */
const api: { readonly [request: string]: { readonly body: string; readonly answer: unknown } } = {
  "GET /tasks/7": { body: "", answer: task },
  "GET /projects/3": { body: "", answer: { ...task, id: 3 } },
  "POST /tasks": { body: JSON.stringify(script[1]?.[0]?.[1]), answer: task },
  "GET /tasks?status=open&limit=5": { body: "", answer: [task, task, task] },
};

function answerAsModel({ model, messages, tools }: ChatRequest): object {
  const turn = messages.filter(({ role }) => role === "assistant").length;
  const outputs = messages.filter(({ role }) => role === "tool");
  const made = script.slice(0, turn).flat().length;
  const isFine = outputs.length === made && outputs.every(({ content }) => `${content}`.includes("Ada Lovelace"));
  const calls = isFine ? script[turn] : undefined;
  const toolCalls = calls?.map(([name, args], index) => ({
    id: `call_${turn}_${index}`,
    type: "function",
    function: { name, arguments: strictArguments(tools, name, args) },
  }));
  const text = isFine ? "Done." : `Something went wrong: ${JSON.stringify(outputs)}`;
  return {
    id: `chatcmpl-${turn}`,
    object: "chat.completion",
    created: 1767323045,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: toolCalls ? null : text, ...(toolCalls && { tool_calls: toolCalls }) },
        finish_reason: toolCalls ? "tool_calls" : "stop",
      },
    ],
    usage: { prompt_tokens: 900, completion_tokens: 20, total_tokens: 920 },
  };
}

/** A strict schema wants every property, null where there is nothing to say. */
function strictArguments(tools: ChatRequest["tools"], name: string, args: Call[1]): string {
  const tool = tools.find((tool) => tool.function.name === name);
  const names = Object.keys(tool?.function.parameters.properties ?? {});
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, args[name] ?? null])));
}

function answerAsApi(request: IncomingMessage, text: string): readonly [status: number, body: unknown] {
  if (request.headers.authorization !== "Bearer secret") return [401, { message: "who are you?" }];
  const expected = api[`${request.method} ${request.url}`];
  if (expected === undefined) return [404, { message: `no ${request.method} ${request.url}` }];
  return text === expected.body ? [200, expected.answer] : [400, { message: `not what was expected: ${text}` }];
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const isModel = request.url === "/v1/chat/completions";
  const [status, body] = isModel ? [200, answerAsModel(JSON.parse(text))] : answerAsApi(request, text);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const server = createServer({ keepAliveTimeout: 60_000 }, answer);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
