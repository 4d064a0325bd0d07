import type { FunctionCall } from "../chat.ts";
import { checkNumbers } from "../check-numbers.ts";
import { readAttachment } from "../content.ts";
import { dispatchAll } from "../dispatch-all.ts";
import { KitError } from "../errors.ts";
import type { AnyKit, RunInfo, ToolOutput } from "../kit-types.ts";
import { dispatchInRun } from "../loop.ts";
import type { ContextOf, ToolName } from "../loop-options.ts";
import { offerTools } from "../offer-tools.ts";
import { failure } from "../tool-call.ts";
import type { FunctionTool } from "../types.ts";
import { type RealtimeSocket, readEvent, type SessionOptions } from "./realtime-api.ts";
import { type Asked, readResponses } from "./realtime-responses.ts";

export type { RealtimeSocket, SessionOptions } from "./realtime-api.ts";

/** What a session takes beside its socket and its kit. */
export interface RealtimeOptions<K extends AnyKit<never> = AnyKit> {
  /** Reaches credentials, `authorize`, `approval`, hooks and tools; the model never sees it. */
  readonly context?: ContextOf<K> | undefined;
  /** Lets go of the socket, and ends the calls that are being made. */
  readonly signal?: AbortSignal | undefined;
  /** Voice, formats, turn detection, …: sent with the tools, as they are. */
  readonly session?: SessionOptions | undefined;
  /** The tools that are offered, at most 128. Default: all of the kit. */
  readonly activeTools?: readonly ToolName<K>[] | undefined;
  /** How many calls of one response are made at the same time. Default: 5. */
  readonly maxParallelCalls?: number | undefined;
  /** How large an image may be that the model is shown. 0 shows none. Default: 5 000 000. */
  readonly maxContentBytes?: number | undefined;
  /** Hears of what the model does not: wrong options, a history that fails, a socket that does not send. Default: `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Lets go of the socket, which stays open, and ends the calls that are being made. */
export interface Detach<Context = unknown> {
  (): void;
  /** Offers the tools of another kit from now on. */
  use(kit: AnyKit<Context>, activeTools?: readonly string[]): void;
}

const open = 1;
const over = 2;

/** Gives a Realtime session the tools of a kit, and makes the calls that its model asks for. */
export function attachRealtime<K extends AnyKit<never>>(
  socket: RealtimeSocket,
  kit: K,
  options: RealtimeOptions<K> = {},
): Detach<ContextOf<K>> {
  const { context, signal, session, maxParallelCalls = 5, maxContentBytes, onError = console.error } = options;
  checkNumbers({ maxParallelCalls: [maxParallelCalls, 1], maxContentBytes: [maxContentBytes, 0] });
  const ended = new AbortController();
  let current: AnyKit<never> = kit;
  let offer = offerTools(kit, options, undefined, 1);

  function send(event: object): void {
    if (ended.signal.aborted || socket.readyState !== open) return;
    try {
      socket.send(JSON.stringify(event));
    } catch (error) {
      onError(error);
    }
  }

  function update(more: SessionOptions = {}): void {
    const tools = [...(session?.tools ?? []), ...offer.tools.map(toRealtimeTool)];
    send({ type: "session.update", session: { type: "realtime", ...more, tools } });
  }

  async function dispatch(call: FunctionCall, run: RunInfo): Promise<ToolOutput> {
    try {
      return await dispatchInRun(current, call, { signal: ended.signal, context, run, offered: offer.names });
    } catch (error) {
      onError(error);
      return failure(call.id, call.function.name, new KitError("internal", "").toToolError());
    }
  }

  /** The output of a call is text, so an image follows in a message of its own. */
  async function answer(output: ToolOutput): Promise<void> {
    const attachment = await readAttachment(output, maxContentBytes, (type) => /^image\/(?:png|jpeg)$/.test(type));
    const note = typeof attachment === "object" ? "shown below" : attachment;
    const text = note ? `${output.content}: ${note}` : output.content;
    add({ type: "function_call_output", call_id: output.toolCallId, output: text });
    if (typeof attachment !== "object") return;
    add({ type: "message", role: "user", content: [{ type: "input_image", image_url: attachment.url }] });
  }

  function add(item: object): void {
    send({ type: "conversation.item.create", item });
  }

  const hear = readResponses({
    begin: (run): Asked =>
      dispatchAll(
        maxParallelCalls,
        async (call) => {
          const output = await dispatch(call, run);
          await answer(output).catch(onError);
          return output;
        },
        () => {},
      ),
    goOn: (id) => send({ type: "response.create", event_id: id }),
  });

  const onOpen = () => update(session);
  const onMessage = ({ data }: { readonly data: unknown }) => {
    const event = readEvent(data);
    if (event !== undefined) hear(event);
  };

  function detach(): void {
    if (ended.signal.aborted) return;
    ended.abort(signal?.reason);
    signal?.removeEventListener("abort", detach);
    socket.removeEventListener("open", onOpen);
    socket.removeEventListener("message", onMessage);
    socket.removeEventListener("close", detach);
  }

  function use(other: AnyKit<never>, activeTools?: readonly string[]): void {
    offer = offerTools(other, { activeTools }, undefined, 1);
    current = other;
    update();
  }

  if (signal?.aborted || socket.readyState >= over) ended.abort(signal?.reason);
  else {
    signal?.addEventListener("abort", detach, { once: true });
    socket.addEventListener("message", onMessage);
    socket.addEventListener("close", detach);
    if (socket.readyState === open) onOpen();
    else socket.addEventListener("open", onOpen);
  }
  return Object.assign(detach, { use });
}

/** Realtime knows no `strict`. */
function toRealtimeTool({ function: { strict: _, ...tool } }: FunctionTool): object {
  return { type: "function", ...tool };
}
