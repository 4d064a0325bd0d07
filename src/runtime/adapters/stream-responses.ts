import { eachUntilAborted, untilAborted } from "../abort.ts";
import type { FunctionCall } from "../chat.ts";
import type { AskEvent, Tell } from "../run-events.ts";
import type { ModelTurn } from "../turn.ts";
import { type AskResponse, readResponse, type SomeItem, toCall } from "./ask-responses.ts";
import type { ModelResponse, ResponsesStreamClient, RunItem } from "./responses-api.ts";

/** An event of whatever kind. */
interface SomeEvent {
  readonly type?: string;
  readonly delta?: string;
  readonly output_index?: number;
  readonly item?: SomeItem;
  readonly arguments?: string;
  readonly response?: ModelResponse;
}

/** Asks for a response in pieces. */
export function askStream(client: ResponsesStreamClient): AskResponse {
  return async (request, { place, signal }, hear) => {
    const body = { ...request, stream: true as const };
    const answer = await untilAborted(() => client.responses.create(body, { signal }), signal);
    // Some gateways do not stream.
    if (!(Symbol.asyncIterator in answer)) return readResponse(answer, place);
    return readEvents(eachUntilAborted(answer, signal), place, hear);
  };
}

/** Puts a response together. Throws where it breaks off and no call is complete. */
async function readEvents(
  events: AsyncIterable<object>,
  place: number,
  hear: Tell<AskEvent>,
): Promise<ModelTurn<RunItem>> {
  const items: SomeItem[] = [];
  const calls = new Map<unknown, FunctionCall>();
  try {
    for await (const event of events as AsyncIterable<SomeEvent>) {
      const { type, item, output_index: index = items.length } = event ?? {};
      switch (type) {
        case "response.output_text.delta":
        case "response.refusal.delta":
          if (event.delta) hear({ type: "text-delta", text: event.delta });
          break;
        case "response.output_item.added":
          if (item !== undefined) items[index] = item;
          break;
        case "response.function_call_arguments.done":
        case "response.output_item.done": {
          const whole: SomeItem = item ?? { ...items[index], arguments: event.arguments };
          items[index] = whole;
          if (whole.type !== "function_call" || !whole.call_id || !whole.name || calls.has(whole.call_id)) break;
          const toolCall = toCall(whole);
          calls.set(whole.call_id, toolCall);
          hear({ type: "tool-call", toolCall });
          break;
        }
        case "response.completed":
        case "response.incomplete":
          return readResponse({ ...event.response, output: outputOf(event.response, items) }, place, true, calls);
        case "response.failed":
        case "error":
          throw new Error("the response failed", { cause: event });
      }
    }
    throw new TypeError("the stream ended before the response did");
  } catch (error) {
    if (calls.size === 0) throw error;
    // The provider knows nothing of what it did not finish, so that only the calls are kept.
    const output = items
      .filter((item) => calls.has(item?.call_id))
      .map(({ id: _, ...item }: SomeItem & { id?: string }) => item);
    return { ...readResponse({ output }, place, true, calls), error };
  }
}

/** Some gateways leave out of the last event what they told before. */
function outputOf(response: ModelResponse | undefined, items: readonly SomeItem[]): readonly object[] {
  return response?.output?.length ? response.output : items.filter((item) => item !== undefined);
}
