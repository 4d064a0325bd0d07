import { untilAborted } from "./abort.ts";
import {
  type AssistantMessage,
  type AttachmentMessage,
  type ChatClient,
  type ChatCompletion,
  type ChatMessage,
  type ChatRequest,
  type ChatUsage,
  type ContentPart,
  type ToolMessage,
  toAssistantMessage,
} from "./chat.ts";
import type { AnyKit, ToolOutput } from "./kit-types.ts";
import type { Adapter, Question } from "./loop.ts";
import type { Usage } from "./loop-options.ts";
import { own } from "./own.ts";
import type { AskEvent, Tell } from "./run-events.ts";
import type { ModelTurn } from "./turn.ts";

interface AskOptions {
  readonly request?: { readonly [field: string]: unknown } | undefined;
  readonly parallelToolCalls?: boolean | undefined;
  readonly maxContentBytes?: number | undefined;
}

/** How an answer is had: in a stream, calls are told of before it is whole. */
export type AskChat = (
  request: ChatRequest,
  question: Pick<Question<object>, "place" | "signal">,
  hear: Tell<AskEvent>,
) => Promise<ModelTurn<AssistantMessage>>;

/** Chat Completions, asked in one of two ways. */
export function chatAdapter<Item extends ChatMessage>(
  options: AskOptions,
  ask: AskChat,
): Adapter<Item | AssistantMessage | ToolMessage | AttachmentMessage> {
  return {
    api: "chat.completions",
    ask: (question, hear) => ask(toRequest(question, options), question, hear),
    toItems: (outputs, _, kit) => toMessages(outputs, kit, options.maxContentBytes),
  };
}

function toRequest({ model, messages, offer }: Question<ChatMessage>, options: AskOptions): ChatRequest {
  const { choice } = offer;
  const { parallelToolCalls, request = {} } = options;
  const tools = [...(Array.isArray(request.tools) ? request.tools : []), ...offer.tools];
  return {
    ...request,
    messages: [...messages],
    model,
    ...(tools.length > 0 && {
      tools,
      ...(choice !== undefined && {
        tool_choice: typeof choice === "string" ? choice : { type: "function", function: choice },
      }),
      ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    }),
  };
}

/** Asks for the whole answer at once. */
export function askWhole(client: ChatClient): AskChat {
  return async (request, { place, signal }) => {
    const completion = await untilAborted(() => client.chat.completions.create(request, { signal }), signal);
    return readCompletion(completion, place);
  };
}

/** Throws where it holds no message. */
export function readCompletion(completion: ChatCompletion, place: number): ModelTurn<AssistantMessage> {
  const { choices, usage, id, model, error } = completion;
  const choice = choices?.[0];
  if (!choice?.message) throw new TypeError("the answer holds no message", { cause: error });
  const message = toAssistantMessage(choice.message, place);
  return {
    message,
    items: [message],
    usage: readUsage(usage),
    finishReason: choice.finish_reason ?? undefined,
    response: { id, model, isStream: false },
  };
}

export function readUsage(usage: ChatUsage | null | undefined): Usage {
  const inputTokens = usage?.prompt_tokens ?? 0;
  const outputTokens = usage?.completion_tokens ?? 0;
  return { inputTokens, outputTokens, totalTokens: usage?.total_tokens ?? inputTokens + outputTokens };
}

/** A tool's message takes text alone, so all else follows in a message of its own. */
async function toMessages(
  outputs: readonly ToolOutput[],
  { dispatcher }: AnyKit<never>,
  limit: number | undefined,
): Promise<(ToolMessage | AttachmentMessage)[]> {
  const messages: ToolMessage[] = [];
  const parts: ContentPart[] = [];
  for (const output of outputs) {
    const attached = await own(dispatcher, output.name)?.features?.().attach?.(output, limit);
    messages.push({ role: "tool", tool_call_id: output.toolCallId, content: (attached ?? output).content });
    parts.push(...(attached?.parts ?? []));
  }
  return parts.length === 0 ? messages : [...messages, { role: "user", content: parts }];
}
