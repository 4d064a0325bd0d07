import { eachUntilAborted, untilAborted } from "./abort.ts";
import { type AskChat, readCompletion, readUsage } from "./ask-chat.ts";
import { callDrafts } from "./call-drafts.ts";
import {
  type AssistantMessage,
  type ChatChunk,
  type ChatStreamClient,
  callsIn,
  type ModelMessage,
  textOf,
  toAssistantMessage,
} from "./chat.ts";
import { own, put } from "./own.ts";
import type { AskEvent, Tell } from "./run-events.ts";
import type { ResponseInfo } from "./run-observer.ts";
import type { ModelTurn } from "./turn.ts";

/** Asks for an answer in pieces. */
export function askStream(client: ChatStreamClient): AskChat {
  return async (request, { place, signal }, hear) => {
    const body = { stream: true, stream_options: { include_usage: true }, ...request } as const;
    const answer = await untilAborted(() => client.chat.completions.create(body, { signal }), signal);
    // Some gateways do not stream.
    if (!(Symbol.asyncIterator in answer)) return readCompletion(answer, place);
    return readChunks(eachUntilAborted(answer, signal), place, hear);
  };
}

/** Puts an answer together. Throws where it breaks off and no call is complete. */
async function readChunks(
  chunks: AsyncIterable<ChatChunk>,
  place: number,
  hear: Tell<AskEvent>,
): Promise<ModelTurn<AssistantMessage>> {
  const drafts = callDrafts(place);
  const message: { [field: string]: unknown } = {};
  let usage: ChatChunk["usage"];
  let response = { id: undefined, model: undefined, isStream: true } as ResponseInfo;
  let finishReason: string | undefined;
  let error: unknown;
  try {
    for await (const chunk of chunks) {
      usage = chunk?.usage ?? usage;
      response = { ...response, id: chunk?.id ?? response.id, model: chunk?.model ?? response.model };
      if (chunk?.error) throw new Error("the stream told of an error", { cause: chunk.error });
      const choice = chunk?.choices?.find((each) => !each?.index);
      const { tool_calls, function_call, ...delta } = (choice?.delta ?? {}) as ModelMessage;
      const text = addFields(message, delta);
      if (text !== "") hear({ type: "text-delta", text });
      for (const piece of callsIn({ tool_calls, function_call })) {
        const toolCall = drafts.add(piece);
        if (toolCall !== undefined) hear({ type: "tool-call", toolCall });
      }
      finishReason = choice?.finish_reason ?? finishReason;
    }
    if (finishReason === undefined && !usage) throw new TypeError("the stream ended before the answer did");
  } catch (broken) {
    if (drafts.calls(false).length === 0) throw broken;
    error = broken;
  }
  const calls = drafts.calls(error === undefined);
  const whole = toAssistantMessage(message, place, calls);
  return { message: whole, items: [whole], usage: readUsage(usage), finishReason, response, error };
}

/** Adds the fields of a delta to a message: texts and lists grow. Returns what is new of the text. */
function addFields(message: { [field: string]: unknown }, delta: { readonly [field: string]: unknown }): string {
  for (const [field, given] of Object.entries(delta)) {
    const value = field === "content" ? textOf(given) : given;
    const before = own(message, field);
    if (value === null || value === undefined || field === "role") continue;
    if (typeof before === "string" && typeof value === "string") put(message, field, before + value);
    else if (Array.isArray(before) && Array.isArray(value)) for (const item of value) before.push(item);
    else put(message, field, Array.isArray(value) ? [...value] : value);
  }
  return textOf(delta.content) || (typeof delta.refusal === "string" ? delta.refusal : "");
}
