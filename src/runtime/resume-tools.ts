import { askWhole, chatAdapter } from "./ask-chat.ts";
import { type ChatMessage, toAssistantMessage } from "./chat.ts";
import type { AnyKit } from "./kit-types.ts";
import type { ContextOf, RunResult } from "./loop-options.ts";
import { type Decisions, type MessageReader, resumeRun } from "./resume-run.ts";
import type { HistoryMessage, RunToolsOptions } from "./run-tools.ts";
import type { RunState } from "./state.ts";
import { askStream } from "./stream-chat.ts";
import { streamRun } from "./stream-run.ts";
import type { StreamEvent, StreamToolsOptions } from "./stream-tools.ts";

/** What a run that was stopped needs to go on. */
export interface Resumption<Message extends ChatMessage = ChatMessage, Context = never> {
  /** `result.state` of the run that stopped, however it was kept since. */
  readonly state: RunState<HistoryMessage<Message>> | undefined;
  readonly decisions: Decisions;
  /** The kit that `prepareStep` had chosen for the turn that waits, where it had: the approved calls are made with it. */
  readonly stepKit?: AnyKit<Context> | undefined;
  /** Those of the state count. */
  readonly messages?: readonly Message[] | undefined;
}

/** The options of the run that stopped, with its state and what was decided. */
export type ResumeToolsOptions<K extends AnyKit<never> = AnyKit, Message extends ChatMessage = ChatMessage> = Omit<
  RunToolsOptions<K, Message>,
  "messages"
> &
  Resumption<Message, ContextOf<K>>;

/** The same, with a client that streams. */
export type StreamResumedOptions<K extends AnyKit<never> = AnyKit, Message extends ChatMessage = ChatMessage> = Omit<
  StreamToolsOptions<K, Message>,
  "messages"
> &
  Resumption<Message, ContextOf<K>>;

/** Goes on with a run that waits for decisions: makes the calls that were approved, and tells the model of those that were not. */
export async function resumeTools<K extends AnyKit<never>, Message extends ChatMessage>(
  options: ResumeToolsOptions<K, Message>,
): Promise<RunResult<HistoryMessage<Message>>> {
  const adapter = chatAdapter<Message>(options, askWhole(options.client));
  return await resumeRun(options, adapter, reader);
}

/** The same as `resumeTools`, told as it happens. */
export function streamResumedTools<K extends AnyKit<never>, Message extends ChatMessage>(
  options: StreamResumedOptions<K, Message>,
): AsyncGenerator<StreamEvent<HistoryMessage<Message>>, void> {
  return streamRun(options.signal, (signal, tell) => {
    const adapter = chatAdapter<Message>(options, askStream(options.client));
    return resumeRun({ ...options, signal }, adapter, reader, tell);
  });
}

const reader: MessageReader = {
  outputId: (message) => ("tool_call_id" in message ? message.tool_call_id : undefined),
  callsIn: (message) => toAssistantMessage(message, 0).tool_calls ?? [],
};
