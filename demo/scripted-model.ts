import type OpenAI from "openai";
import { serve } from "./serve.ts";

type Request = OpenAI.ChatCompletionCreateParams;
type Message = OpenAI.ChatCompletionMessageParam;

/** What the model does next: it speaks, or calls tools. */
type Move = string | readonly (readonly [tool: string, args: Record<string, unknown>])[];

/**
 * A stand-in for a model, for a machine without one. It understands two kinds of wishes, and decides each move by what
 * stands in the conversation: the user's words, and what the tools gave.
 */
function decide(messages: readonly Message[]): Move {
  const wishes = messages
    .filter((message) => message.role === "user")
    .map((message) => String(message.content))
    .join("\n");
  const phone = wishes.match(/\b\d{11}\b/)?.[0];
  const product = wishes.match(/\bPROD-\d{3}\b/)?.[0];
  if (/order/i.test(wishes) && product !== undefined) return orderIfPlenty(messages, wishes, product, phone);
  if (/upgraded/i.test(wishes)) return tellOfUpgrade(messages, phone);
  return "I can tell customers about their membership, and order products for them.";
}

function tellOfUpgrade(messages: readonly Message[], phone: string | undefined): Move {
  if (phone === undefined) return "What is the customer's phone number?";
  const customer = outputOf(messages, "findCustomer");
  if (customer === undefined) return [["findCustomer", { phone }]];
  if (customer.error) return `I could not find the customer: ${reasonOf(customer)}.`;

  const message = outputOf(messages, "sendMessage");
  const text = `${customer.name},您好!您的会员已升级为 ${customer.membership}。`;
  if (message === undefined) return [["sendMessage", { userId: customer.userId, text }]];
  if (message.error) return `${customer.name} could not be told: ${reasonOf(message)}.`;
  return `Done. I told ${customer.name} that the membership is ${customer.membership} now (${message.id}, by ${message.channel}).`;
}

function orderIfPlenty(
  messages: readonly Message[],
  wishes: string,
  productId: string,
  phone: string | undefined,
): Move {
  if (phone === undefined) return `Whom is the ${productId} for? Please give me the customer's phone number.`;
  const stock = outputOf(messages, "getStock");
  const customer = outputOf(messages, "findCustomer");
  if (stock === undefined || customer === undefined) {
    return [
      ["getStock", { productId }],
      ["findCustomer", { phone }],
    ];
  }
  if (stock.error) return `I could not look up ${productId}: ${reasonOf(stock)}.`;
  if (customer.error) return `I could not find the customer: ${reasonOf(customer)}.`;

  const least = Number(wishes.match(/more than (\d+)/)?.[1] ?? 0);
  if (Number(stock.available) <= least) return `There are only ${stock.available} of ${productId}, so I ordered none.`;
  const order = outputOf(messages, "createOrder");
  if (order === undefined) return [["createOrder", { customerId: customer.id, productId, quantity: 1 }]];
  if (order.error) return `The order was refused: ${reasonOf(order)}.`;
  return `There are ${stock.available} of ${productId}, so I ordered one for ${customer.name}: ${order.id}, ${order.total} ${order.currency}.`;
}

/** What a tool gave last, if it was called. */
function outputOf(messages: readonly Message[], tool: string): Record<string, unknown> | undefined {
  const ids = messages.flatMap((message) => (message.role === "assistant" ? (message.tool_calls ?? []) : []));
  const call = ids.findLast((call) => call.type === "function" && call.function.name === tool);
  const output = messages.find((message) => message.role === "tool" && message.tool_call_id === call?.id);
  return output && JSON.parse(String(output.content));
}

function reasonOf(output: Record<string, unknown>): string {
  const { message, body } = output.error as { message: string; body?: { message?: string } };
  return body?.message ?? message;
}

/** Arguments as a strict schema wants them: every property there, null where there is nothing to say. */
function strictArguments(tool: OpenAI.ChatCompletionFunctionTool, args: Record<string, unknown>): string {
  const names = Object.keys((tool.function.parameters?.properties ?? {}) as object);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, args[name] ?? null])));
}

function complete({ model, messages, tools = [] }: Request): object {
  const move = decide(messages);
  const message =
    typeof move === "string"
      ? { role: "assistant", content: move }
      : { role: "assistant", content: null, tool_calls: move.map(toCall) };
  const finish_reason = typeof move === "string" ? "stop" : "tool_calls";
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  return {
    id: crypto.randomUUID(),
    object: "chat.completion",
    created: 0,
    model,
    choices: [{ index: 0, message, finish_reason }],
    usage,
  };

  function toCall([name, args]: readonly [string, Record<string, unknown>]): object {
    const tool = tools.find((tool) => tool.type === "function" && tool.function.name === name);
    if (tool?.type !== "function") throw new Error(`I was given no tool ${name}`);
    return {
      id: `call_${crypto.randomUUID().slice(0, 8)}`,
      type: "function",
      function: { name, arguments: strictArguments(tool, args) },
    };
  }
}

/** Starts the scripted model, as a server that the openai package can talk to. */
export function startScriptedModel() {
  return serve(({ method, url, text }) => {
    if (method !== "POST" || url.pathname !== "/v1/chat/completions") return [404, { error: { message: "not found" } }];
    try {
      return [200, complete(JSON.parse(text))];
    } catch (error) {
      return [400, { error: { message: String(error) } }];
    }
  });
}
