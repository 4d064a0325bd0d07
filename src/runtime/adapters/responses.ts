import type { AnyKit } from "../kit-types.ts";
import { loop, newRun } from "../loop.ts";
import type { ContextOf, LoopOptions, RunResult } from "../loop-options.ts";
import { type Decisions, type MessageReader, resumeRun } from "../resume-run.ts";
import type { RunState } from "../state.ts";
import { streamRun } from "../stream-run.ts";
import type { StreamEvent } from "../stream-tools.ts";
import { askWhole, callsIn, type ResponsesOptions, responsesAdapter } from "./ask-responses.ts";
import type { InputItem, ResponsesClient, ResponsesStreamClient, RunItem } from "./responses-api.ts";
import { askStream } from "./stream-responses.ts";

export type { Decisions, Verdict } from "../resume-run.ts";
export type * from "./responses-api.ts";
export type { ResponsesOptions };

/** What a run needs, and what bounds it. */
export interface RunToolsOptions<K extends AnyKit<never> = AnyKit, Item extends InputItem = InputItem>
  extends LoopOptions<K, Item | RunItem>,
    ResponsesOptions<K> {
  /** An OpenAI client, or anything with `responses.create` of that shape. */
  readonly client: ResponsesClient;
  /** The input: the conversation so far, or what is new in it. It is not changed. */
  readonly messages: readonly Item[];
}

/** The same, with a client that streams. */
export interface StreamToolsOptions<K extends AnyKit<never> = AnyKit, Item extends InputItem = InputItem>
  extends Omit<RunToolsOptions<K, Item>, "client"> {
  readonly client: ResponsesStreamClient;
}

/** What a run that was stopped needs to go on. */
export interface Resumption<Item extends InputItem = InputItem, Context = never> {
  /** `result.state` of the run that stopped, however it was kept since. */
  readonly state: RunState<Item | RunItem> | undefined;
  readonly decisions: Decisions;
  /** The kit that `prepareStep` had chosen for the turn that waits, where it had: the approved calls are made with it. */
  readonly stepKit?: AnyKit<Context> | undefined;
  /** Those of the state count. */
  readonly messages?: readonly Item[] | undefined;
}

/** The options of the run that stopped, with its state and what was decided. */
export type ResumeToolsOptions<K extends AnyKit<never> = AnyKit, Item extends InputItem = InputItem> = Omit<
  RunToolsOptions<K, Item>,
  "messages"
> &
  Resumption<Item, ContextOf<K>>;

/** The same, with a client that streams. */
export type StreamResumedOptions<K extends AnyKit<never> = AnyKit, Item extends InputItem = InputItem> = Omit<
  StreamToolsOptions<K, Item>,
  "messages"
> &
  Resumption<Item, ContextOf<K>>;

/** `runTools` over the Responses API. */
export async function runTools<K extends AnyKit<never>, Item extends InputItem>(
  options: RunToolsOptions<K, Item>,
): Promise<RunResult<Item | RunItem>> {
  const adapter = responsesAdapter<Item>(options, askWhole(options.client));
  return await loop(options, adapter, undefined, originOf(options));
}

/** `streamTools` over the Responses API. */
export function streamTools<K extends AnyKit<never>, Item extends InputItem>(
  options: StreamToolsOptions<K, Item>,
): AsyncGenerator<StreamEvent<Item | RunItem>, void> {
  return streamRun(options.signal, (signal, tell) => {
    const adapter = responsesAdapter<Item>(options, askStream(options.client));
    return loop({ ...options, signal }, adapter, tell, originOf(options));
  });
}

/** `resumeTools` over the Responses API. */
export async function resumeTools<K extends AnyKit<never>, Item extends InputItem>(
  options: ResumeToolsOptions<K, Item>,
): Promise<RunResult<Item | RunItem>> {
  const adapter = responsesAdapter<Item>(options, askWhole(options.client));
  return await resumeRun(options, adapter, reader);
}

/** `streamResumedTools` over the Responses API. */
export function streamResumedTools<K extends AnyKit<never>, Item extends InputItem>(
  options: StreamResumedOptions<K, Item>,
): AsyncGenerator<StreamEvent<Item | RunItem>, void> {
  return streamRun(options.signal, (signal, tell) => {
    const adapter = responsesAdapter<Item>(options, askStream(options.client));
    return resumeRun({ ...options, signal }, adapter, reader, tell);
  });
}

function originOf({
  messages,
  previousResponseId: id,
}: {
  messages: readonly object[];
  previousResponseId?: string | true | undefined;
}) {
  return { ...newRun(messages), previous: typeof id === "string" ? { id, count: 0 } : undefined };
}

const reader: MessageReader = {
  outputId: (item) => ("output" in item && "call_id" in item ? item.call_id : undefined),
  callsIn,
};
