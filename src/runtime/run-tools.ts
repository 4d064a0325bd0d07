import { untilAborted } from "./abort.ts";
import type { AssistantMessage, ChatClient, ChatMessage, ToolMessage } from "./chat.ts";
import { loop } from "./loop.ts";
import type { AnyKit, ToolOutput } from "./types.ts";

/** What a run needs, and what bounds it. */
export interface RunToolsOptions<K extends AnyKit<never> = AnyKit, Message extends ChatMessage = ChatMessage> {
  /** An OpenAI client, or anything with `chat.completions.create` of that shape. */
  readonly client: ChatClient;
  readonly model: string;
  /** Tried in turn when a model fails. The run stays with the one that answered. */
  readonly fallbackModels?: readonly string[] | undefined;
  readonly kit: K;
  /** The conversation so far. It is not changed. */
  readonly messages: readonly Message[];
  /** `"required"` and a tool's name hold for the first turn; after it the model is free to answer. Default: `"auto"`. */
  readonly toolChoice?: ToolChoice<ToolName<K>> | undefined;
  /** The tools that are offered, at most 128. Default: all of the kit. */
  readonly activeTools?: readonly ToolName<K>[] | undefined;
  /** Whether the model may call several tools at once. Default: the provider's. */
  readonly parallelToolCalls?: boolean | undefined;
  /** How many calls of one turn are made at the same time. Default: 5. */
  readonly maxParallelCalls?: number | undefined;
  /** How many times the model is asked. Default: 10. */
  readonly maxTurns?: number | undefined;
  /** In how many turns in a row the same calls, with the same arguments, are made. Default: 3. */
  readonly maxRepeatedCalls?: number | undefined;
  /** Changes a turn before the model is asked. */
  readonly prepareStep?: PrepareStep<ToolName<K>, Message> | undefined;
  /** Ends the run after a turn, once its calls have been made. */
  readonly stopWhen?: ((steps: readonly Step[]) => boolean | Promise<boolean>) | undefined;
  /** Further fields of every request: `temperature`, `reasoning_effort`, … */
  readonly request?: { readonly [field: string]: unknown } | undefined;
  /** Reaches credentials, `authorize` and tools; the model never sees it. */
  readonly context?: ContextOf<K> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The names of a kit's tools. */
export type ToolName<K extends AnyKit<never>> = keyof K["dispatcher"] & string;

/** The context that a kit's calls take. */
export type ContextOf<K> = K extends AnyKit<infer Context> ? Context : never;

/** Whether the model calls tools: as it likes, never, at least one, or this one. */
export type ToolChoice<Name extends string = string> = "auto" | "none" | "required" | { readonly name: Name };

/** Looks at the run before a turn, and may change that turn. */
export type PrepareStep<Name extends string, Message extends ChatMessage> = (turn: {
  /** How many times the model was asked, this time included. */
  readonly turn: number;
  readonly steps: readonly Step[];
  readonly messages: readonly HistoryMessage<Message>[];
}) => StepOptions<Name, Message> | undefined | Promise<StepOptions<Name, Message> | undefined>;

/** What `prepareStep` may change, for one turn. */
export interface StepOptions<Name extends string = string, Message extends ChatMessage = ChatMessage> {
  readonly model?: string | undefined;
  readonly toolChoice?: ToolChoice<Name> | undefined;
  readonly activeTools?: readonly Name[] | undefined;
  /** What the model is sent; the history stays as it is. */
  readonly messages?: readonly HistoryMessage<Message>[] | undefined;
}

/** The caller's messages, the model's and the tools'. */
export type HistoryMessage<Message extends ChatMessage> = Message | AssistantMessage | ToolMessage;

/** One turn: a model's message and what came of its calls. */
export interface Step {
  readonly model: string;
  readonly message: AssistantMessage;
  /** In the order of the calls. */
  readonly outputs: readonly ToolOutput[];
  readonly usage: Usage;
  /** As the provider gave it. */
  readonly finishReason: string | undefined;
}

/** Tokens, as the provider counts them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

/** `stopped`: by `stopWhen`. `repeated_call`: the model made the same calls over and over. */
export type StopReason =
  | "answer"
  | "max_turns"
  | "needs_approval"
  | "aborted"
  | "stopped"
  | "repeated_call"
  | "length"
  | "content_filter";

/** The outcome of a run. */
export interface RunResult<Message extends ChatMessage = ChatMessage> extends RunSoFar<Message> {
  readonly stopReason: StopReason;
}

/** What a run has brought about, finished or not. */
export interface RunSoFar<Message extends ChatMessage = ChatMessage> {
  /** What the model said last. */
  readonly text: string;
  /** The whole conversation. Every call in it has an output, so it goes into the next run as it is. */
  readonly messages: HistoryMessage<Message>[];
  readonly steps: readonly Step[];
  /** The sum over all steps. */
  readonly usage: Usage;
}

/**
 * Asks a model, makes the calls it asks for, and goes on until it answers. Throws `ModelError`, which carries the
 * run so far, when no model answers; and `OptionsError`. All else, the caller's abort too, is a `stopReason`.
 */
export async function runTools<K extends AnyKit<never>, Message extends ChatMessage>(
  options: RunToolsOptions<K, Message>,
): Promise<RunResult<Message>> {
  const { client, signal } = options;
  const events = loop(options, async function* (request) {
    return await untilAborted(() => client.chat.completions.create(request, { signal }), signal);
  });
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value;
  }
}
