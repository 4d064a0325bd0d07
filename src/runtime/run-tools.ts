import { askWhole, chatAdapter } from "./ask-chat.ts";
import type { AssistantMessage, AttachmentMessage, ChatClient, ChatMessage, ToolMessage } from "./chat.ts";
import type { AnyKit } from "./kit-types.ts";
import { loop } from "./loop.ts";
import type { LoopOptions, RunResult } from "./loop-options.ts";

/** What a run needs, and what bounds it. */
export interface RunToolsOptions<K extends AnyKit<never> = AnyKit, Message extends ChatMessage = ChatMessage>
  extends LoopOptions<K, HistoryMessage<Message>> {
  /** An OpenAI client, or anything with `chat.completions.create` of that shape. */
  readonly client: ChatClient;
  /** The conversation so far. It is not changed. */
  readonly messages: readonly Message[];
}

/** The caller's messages, the model's and the tools'. */
export type HistoryMessage<Message extends ChatMessage = ChatMessage> =
  | Message
  | AssistantMessage
  | ToolMessage
  | AttachmentMessage;

/**
 * Asks a model, makes the calls it asks for, and goes on until it answers. Throws `ModelError`, when no model
 * answers, and `OptionsError`; both carry the run so far. All else, the caller's abort too, is a `stopReason`.
 */
export async function runTools<K extends AnyKit<never>, Message extends ChatMessage>(
  options: RunToolsOptions<K, Message>,
): Promise<RunResult<HistoryMessage<Message>>> {
  return await loop(options, chatAdapter<Message>(options, askWhole(options.client)));
}
