import { chatAdapter } from "./ask-chat.ts";
import type { ChatMessage, ChatStreamClient } from "./chat.ts";
import type { AnyKit } from "./kit-types.ts";
import { loop } from "./loop.ts";
import type { RunResult } from "./loop-options.ts";
import type { RunEvent } from "./run-events.ts";
import type { HistoryMessage, RunToolsOptions } from "./run-tools.ts";
import { askStream } from "./stream-chat.ts";
import { streamRun } from "./stream-run.ts";

/** What a streamed run needs: as `runTools`, with a client that streams. */
export interface StreamToolsOptions<K extends AnyKit<never> = AnyKit, Message extends ChatMessage = ChatMessage>
  extends Omit<RunToolsOptions<K, Message>, "client"> {
  /** An OpenAI client, or anything with `chat.completions.create` of that shape. */
  readonly client: ChatStreamClient;
}

/** What happens in a streamed run. Its result comes last. */
export type StreamEvent<Item extends object = object> = RunEvent | Finish<Item>;

/** The run is over. */
export interface Finish<Item extends object = object> {
  readonly type: "finish";
  readonly result: RunResult<Item>;
}

/**
 * The same run as that of `runTools`, told as it happens. A call is made as soon as its arguments are complete.
 * Whoever stops listening ends the run.
 */
export function streamTools<K extends AnyKit<never>, Message extends ChatMessage>(
  options: StreamToolsOptions<K, Message>,
): AsyncGenerator<StreamEvent<HistoryMessage<Message>>, void> {
  return streamRun(options.signal, (signal, tell) =>
    loop({ ...options, signal }, chatAdapter<Message>(options, askStream(options.client)), tell),
  );
}
