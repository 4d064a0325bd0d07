import type { FunctionCall } from "./chat.ts";
import type { ToolOutput } from "./kit-types.ts";
import type { Step } from "./loop-options.ts";

/** The model has written more text. */
export interface TextDelta {
  readonly type: "text-delta";
  readonly text: string;
}

/** A model failed, and another takes over. What it wrote in this turn is void, but for calls that were made. */
export interface ModelChange {
  readonly type: "model-change";
  readonly from: string;
  readonly to: string;
}

/** A call is being made. */
export interface ToolCallEvent {
  readonly type: "tool-call";
  readonly toolCall: FunctionCall;
}

/** A call has its output. Outputs come as they are ready. */
export interface ToolOutputEvent {
  readonly type: "tool-output";
  readonly output: ToolOutput;
}

/** A turn is over, its calls included. */
export interface TurnEnd {
  readonly type: "turn-end";
  readonly step: Step;
}

/** What a model tells while it answers: text, and calls that are complete. */
export type AskEvent = TextDelta | ToolCallEvent;

/** What happens in a run. */
export type RunEvent = AskEvent | ModelChange | ToolOutputEvent | TurnEnd;

/** Takes what happens, as it happens. Nobody waits for it. */
export type Tell<Event = RunEvent> = (event: Event) => void;
