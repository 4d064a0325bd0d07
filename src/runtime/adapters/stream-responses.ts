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
  const items: Items = new Map();
  const calls: Calls = new Map();
  const isMade = (id: string) => [...calls.values()].some((call) => call.id === id);
  try {
    for await (const event of events as AsyncIterable<SomeEvent>) {
      const { type, item, output_index: index = placeOf(item, items) } = event ?? {};
      switch (type) {
        case "response.output_text.delta":
        case "response.refusal.delta":
          if (event.delta) hear({ type: "text-delta", text: event.delta });
          break;
        case "response.output_item.added":
          if (item !== undefined) items.set(index, item);
          break;
        case "response.function_call_arguments.done":
        case "response.output_item.done": {
          const whole: SomeItem = item ?? { ...items.get(index), arguments: event.arguments };
          items.set(index, whole);
          if (whole.type !== "function_call" || !whole.call_id || !whole.name || isMade(whole.call_id)) break;
          const toolCall = toCall(whole);
          calls.set(index, toolCall);
          hear({ type: "tool-call", toolCall });
          break;
        }
        case "response.completed":
        case "response.incomplete": {
          // Some gateways leave out of the last event what they told before.
          const isWhole = event.response?.output?.length;
          const told = isWhole ? { output: event.response.output, early: calls } : inOrder(items, calls);
          return readResponse({ ...event.response, output: told.output }, place, true, told.early);
        }
        case "response.failed":
        case "error":
          throw new Error("the response failed", { cause: event });
      }
    }
    throw new TypeError("the stream ended before the response did");
  } catch (error) {
    if (calls.size === 0) throw error;
    const made: Items = new Map([...items].filter(([index]) => calls.has(index)));
    const { output, early } = inOrder(made, calls);
    // The provider knows nothing of what it did not finish, so that only the calls are kept.
    const unnamed = output.map(({ id: _, ...item }: SomeItem & { id?: string }) => item);
    return { ...readResponse({ output: unnamed }, place, true, early), error };
  }
}

/** By their places in the response. */
type Items = Map<number, SomeItem>;
type Calls = Map<number, FunctionCall>;

/** Where an item stands of which nobody says it. */
function placeOf(item: SomeItem | undefined, items: Items): number {
  const [known = items.size] = [...items].find(([, { call_id }]) => call_id && call_id === item?.call_id) ?? [];
  return known;
}

/** Items as a list, and the calls by their places in that. */
function inOrder(items: Items, calls: Calls): { readonly output: readonly SomeItem[]; readonly early: Calls } {
  const places = [...items.keys()].sort((a, b) => a - b);
  const made = places.flatMap((index, place): [number, FunctionCall][] => {
    const call = calls.get(index);
    return call === undefined ? [] : [[place, call]];
  });
  return { output: places.map((index) => items.get(index) as SomeItem), early: new Map(made) };
}
