import type { AssistantMessage } from "./chat.ts";
import type { AnyKit, ToolOutput } from "./kit-types.ts";
import type { RunObserver } from "./run-observer.ts";
import type { RunState } from "./state.ts";

/** What every run takes, whichever API it speaks. `Item` is a message of its conversation. */
export interface LoopOptions<K extends AnyKit<never>, Item extends object> {
  readonly model: string;
  /** Tried in turn when a model fails. The run stays with the one that answered. */
  readonly fallbackModels?: readonly string[] | undefined;
  readonly kit: K;
  /** `"required"` and a tool's name hold for the first turn; after it the model is free to answer. Default: `"auto"`. */
  readonly toolChoice?: ToolChoice<ToolName<K>> | undefined;
  /** The tools that are offered, at most 128. Default: all of the kit. */
  readonly activeTools?: readonly ToolName<K>[] | undefined;
  /** Whether the model may call several tools at once. Default: the provider's. */
  readonly parallelToolCalls?: boolean | undefined;
  /** How many calls of one turn are made at the same time. Default: 5. */
  readonly maxParallelCalls?: number | undefined;
  /** Milliseconds for one answer of a model, after which it counts as failed. Default: no limit. */
  readonly modelTimeout?: number | undefined;
  /** How many times the model is asked. Default: 10. */
  readonly maxTurns?: number | undefined;
  /** In how many turns in a row the same calls, with the same arguments, are made. Default: 3. */
  readonly maxRepeatedCalls?: number | undefined;
  /** How large an image, a recording or a PDF may be that the model is shown. 0 shows none. Default: 5 000 000. */
  readonly maxContentBytes?: number | undefined;
  /** Changes a turn before the model is asked. */
  readonly prepareStep?: PrepareStep<ToolName<K>, Item, ContextOf<K>> | undefined;
  /** Ends the run after a turn, once its calls have been made. */
  readonly stopWhen?: ((steps: readonly Step[]) => boolean | Promise<boolean>) | undefined;
  /** Further fields of every request: `temperature`, `reasoning_effort`, … */
  readonly request?: { readonly [field: string]: unknown } | undefined;
  /** Reaches credentials, `authorize`, `approval`, hooks and tools; the model never sees it. */
  readonly context?: ContextOf<K> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Watches the run and its questions to models: `tracing()`, for instance. */
  readonly observer?: RunObserver | undefined;
  /** Signs `result.state`, so that whoever keeps it cannot edit it. */
  readonly stateSecret?: string | undefined;
  /** Whose run it is: with `stateSecret`, a state of one owner is refused for any other. */
  readonly stateOwner?: string | undefined;
}

/** The names of a kit's tools. */
export type ToolName<K extends AnyKit<never>> = keyof K["dispatcher"] & string;

/** The context that a kit's calls take. */
export type ContextOf<K> = K extends AnyKit<infer Context> ? Context : never;

/** Whether the model calls tools: as it likes, never, at least one, or this one. */
export type ToolChoice<Name extends string = string> = "auto" | "none" | "required" | { readonly name: Name };

/** Looks at the run before a turn, and may change that turn. */
export type PrepareStep<Name extends string, Item extends object, Context = unknown> = (turn: {
  /** How many times the model was asked, this time included. */
  readonly turn: number;
  readonly steps: readonly Step[];
  readonly messages: readonly Item[];
}) => StepOptions<Name, Item, Context> | undefined | Promise<StepOptions<Name, Item, Context> | undefined>;

/** What `prepareStep` may change, for one turn. */
export interface StepOptions<Name extends string = string, Item extends object = object, Context = unknown> {
  readonly model?: string | undefined;
  /** Other tools than the run's. */
  readonly kit?: AnyKit<Context> | undefined;
  readonly toolChoice?: ToolChoice<Name> | undefined;
  readonly activeTools?: readonly Name[] | undefined;
  /** What the model is sent; the history stays as it is. */
  readonly messages?: readonly Item[] | undefined;
}

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
export interface RunResult<Item extends object = object> extends RunSoFar<Item> {
  readonly stopReason: StopReason;
  /** With calls that wait for a decision: what `resumeTools` goes on from, as JSON. `state.pending` lists them. */
  readonly state?: RunState<Item> | undefined;
}

/** What a run has brought about, finished or not. */
export interface RunSoFar<Item extends object = object> {
  /** What the model said last. */
  readonly text: string;
  /** The whole conversation. Every call in it has an output, so it goes into the next run as it is. */
  readonly messages: Item[];
  /** The turns of this run, or since it was resumed. */
  readonly steps: readonly Step[];
  /** The sum over all turns. */
  readonly usage: Usage;
  /** The last response, where the provider keeps the conversation. */
  readonly responseId?: string | undefined;
  /**
   * What that provider has not got yet: the outputs of the last calls, where the run ended otherwise than by an answer. It
   * goes before what the next run says.
   */
  readonly unsent?: readonly Item[] | undefined;
}
