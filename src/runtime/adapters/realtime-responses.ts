import { type FunctionCall, textOf } from "../chat.ts";
import type { Calls } from "../dispatch-all.ts";
import type { RunInfo } from "../kit-types.ts";
import { newRun } from "../loop.ts";
import type { RealtimeItem, ServerEvent } from "./realtime-api.ts";

/** The calls of one response. */
export type Asked = Pick<Calls, "add"> & { end(): Promise<unknown> };

interface Listener {
  /** A response makes its first call. */
  begin(run: RunInfo): Asked;
  /** All calls of a response are answered, and the model may speak. */
  goOn(eventId: string): void;
}

/** Finds the calls in what a server tells, each once, and when it is time to go on. */
export function readResponses({ begin, goOn }: Listener): (event: ServerEvent) => void {
  const { run } = newRun([]);
  const names = new Map<string | undefined, string>();
  const responses = new Map<string | undefined, Asked>();
  const seen = new Set<string>();
  const active = new Set<string | undefined>();
  let question: string | undefined;
  let turn = 0;
  let isOwed = false;
  let lastId: string | undefined;

  function add(response: string | undefined, { status, call_id: id, name, arguments: args = "" }: RealtimeItem): void {
    // What was broken off may look whole, but is not what the model meant to say.
    if (status === "incomplete" || !id || !name || seen.has(id)) return;
    seen.add(id);
    let asked = responses.get(response);
    if (asked === undefined) {
      asked = begin({ id: run, turn: ++turn, question });
      responses.set(response, asked);
    }
    const call: FunctionCall = { id, type: "function", function: { name, arguments: args } };
    asked.add(call);
  }

  async function end({ id, status, output }: NonNullable<ServerEvent["response"]>): Promise<void> {
    active.delete(id);
    for (const item of Array.isArray(output) ? output : []) if (item?.type === "function_call") add(id, item);
    const asked = responses.get(id);
    responses.delete(id);
    await asked?.end();
    // Whoever broke it off has something to say.
    if (asked !== undefined && status !== "cancelled") isOwed = true;
    speak();
  }

  /** A session makes one response at a time. */
  function speak(): void {
    if (!isOwed || active.size > 0) return;
    isOwed = false;
    lastId = `event_${crypto.randomUUID()}`;
    goOn(lastId);
  }

  return (event) => {
    const { type, item, response } = event;
    switch (type) {
      case "response.created":
        active.add(response?.id);
        break;
      case "response.output_item.added":
        if (item?.name !== undefined) names.set(item.id, item.name);
        break;
      case "response.function_call_arguments.done": {
        // It also comes when a response is broken off; whether it was, only the item says.
        const { response_id, item_id, call_id = "", name = names.get(item_id) ?? "", arguments: args = "" } = event;
        if (isWhole(args)) add(response_id, { call_id, name, arguments: args });
        break;
      }
      case "response.output_item.done":
        names.delete(item?.id);
        if (item?.type === "function_call") add(event.response_id, item);
        break;
      case "response.done":
        void end(response ?? {});
        break;
      case "conversation.item.input_audio_transcription.completed":
        question = event.transcript;
        break;
      case "conversation.item.added":
      case "conversation.item.created":
        if (item?.role === "user") question = textOf(item.content) || question;
        break;
      case "error":
        // The user spoke at the same moment.
        if (event.error?.code === "conversation_already_has_active_response" && event.error.event_id === lastId)
          isOwed = true;
        break;
    }
  };
}

function isWhole(args: string): boolean {
  try {
    JSON.parse(args);
    return true;
  } catch {
    return false;
  }
}
