import type { Features } from "./features.ts";
import type { Answer, ServerSentEvent } from "./kit-types.ts";
import { type Transport, toKitError } from "./send.ts";

/** Reads an answer of events: handed on while they come, or collected as text, without what is to be hidden. */
export type ReadEvents = (
  body: ReadableStream<Uint8Array>,
  transport: Transport,
  stream: boolean,
  hide: (text: string) => string,
) => Promise<Answer>;

/** Answers of type `text/event-stream`. */
export const eventStream: Features = {
  async events(body, transport, stream, hide) {
    const events = readEvents(body, transport);
    return stream ? { result: events, content: "" } : collectEvents(events, hide);
  },
};

/** The events of a `text/event-stream`, as they come: https://html.spec.whatwg.org/#event-stream-interpretation */
async function* readEvents(body: ReadableStream<Uint8Array>, transport: Transport): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/(?:\r\n|\n|\r(?!\n)){2}/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) yield* toEvents(block);
    }
  } catch (error) {
    throw toKitError(error, transport);
  } finally {
    // Whoever stops early needs no more of it.
    reader.cancel().catch(() => {});
  }
}

/** A block without data is no event. */
function toEvents(block: string): ServerSentEvent[] {
  const data: string[] = [];
  const event: { event?: string; id?: string } = {};
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === "data") data.push(value);
    if (name === "event" || name === "id") event[name] = value;
  }
  return data.length === 0 ? [] : [{ ...event, data: data.join("\n") }];
}

const longestText = 20_000;

/** The data of all events as text for a model. What comes after its end is not waited for. */
async function collectEvents(events: AsyncIterable<ServerSentEvent>, hide: (text: string) => string): Promise<Answer> {
  const list: ServerSentEvent[] = [];
  let content = "";
  for await (const { data, ...rest } of events) {
    const event = { ...rest, data: hide(data) };
    list.push(event);
    content += `${content === "" ? "" : "\n"}${event.data}`;
    if (content.length > longestText) {
      content = `${content.slice(0, longestText)}…`;
      break;
    }
  }
  return { result: replay(list), content };
}

async function* replay(list: readonly ServerSentEvent[]): AsyncGenerator<ServerSentEvent> {
  yield* list;
}
