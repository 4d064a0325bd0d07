import type { Features } from "./features.ts";
import type { Answer, ServerSentEvent } from "./kit-types.ts";
import { tooLarge } from "./read-bytes.ts";
import { hidden, readSecrets, repeatsSecret } from "./secrets.ts";
import { type Transport, toKitError } from "./send.ts";

/** Reads an answer of events: handed on while they come, or collected as text, without what is to be hidden. */
export type ReadEvents = (body: ReadableStream<Uint8Array>, transport: Transport) => Promise<Answer>;

/** Answers of type `text/event-stream`. */
export const eventStream: Features = {
  async readEvents(body, transport) {
    const events = readEvents(body, transport);
    return transport.stream ? { result: events, content: "" } : collectEvents(events, transport.secrets);
  },
};

/** The events of a `text/event-stream`, as they come: https://html.spec.whatwg.org/#event-stream-interpretation */
async function* readEvents(body: ReadableStream<Uint8Array>, transport: Transport): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let size = 0;
  let rest = "";
  let isHalf = false;
  let block = newBlock();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.byteLength;
      if (size > transport.mostBytes) throw tooLarge(transport.mostBytes);
      const text = decoder.decode(value, { stream: true });
      // A line may end between the two characters of its end.
      const [first = "", ...others] = (isHalf ? text.replace(/^\n/, "") : text).split(/\r\n|\n|\r/);
      isHalf = text === "" ? isHalf : text.endsWith("\r");
      const lines = [rest + first, ...others];
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line !== "") addLine(block, line);
        else {
          // A block without data is no event.
          if (block.data.length > 0) yield { ...block.about, data: block.data.join("\n") };
          block = newBlock();
        }
      }
    }
  } catch (error) {
    throw toKitError(error, transport);
  } finally {
    // Whoever stops early needs no more of it.
    reader.cancel().catch(() => {});
  }
}

interface Block {
  readonly data: string[];
  readonly about: { event?: string; id?: string };
}

function newBlock(): Block {
  return { data: [], about: {} };
}

function addLine({ data, about }: Block, line: string): void {
  const [, name, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
  if (name === "data") data.push(value);
  if (name === "event" || name === "id") about[name] = value;
}

const longestText = 20_000;

/** The data of all events as text for a model. What comes after its end is not waited for. */
async function collectEvents(events: AsyncIterable<ServerSentEvent>, secrets: readonly string[]): Promise<Answer> {
  const list: ServerSentEvent[] = [];
  let content = "";
  for await (const { data, ...rest } of events) {
    const event = { ...rest, data: hide(data, secrets) };
    list.push(event);
    content += `${content === "" ? "" : "\n"}${event.data}`;
    if (content.length > longestText) {
      content = `${content.slice(0, longestText)}…`;
      break;
    }
  }
  return { result: replay(list), content };
}

function hide(text: string, secrets: readonly string[]): string {
  return repeatsSecret(text, secrets) ? text.replace(readSecrets(secrets) as RegExp, hidden) : text;
}

async function* replay(list: readonly ServerSentEvent[]): AsyncGenerator<ServerSentEvent> {
  yield* list;
}
