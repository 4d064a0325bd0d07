import { throwIfAborted } from "./abort.ts";
import type { AssistantMessage, FunctionCall } from "./chat.ts";
import { dispatchAll } from "./dispatch-all.ts";
import { KitError, ModelError } from "./errors.ts";
import type { Usage } from "./loop-options.ts";
import type { AskEvent, ModelChange, RunEvent } from "./run-events.ts";
import { failure } from "./tool-call.ts";
import type { ToolOutput } from "./types.ts";

/** What a model answers in one turn. */
export interface ModelTurn<Item extends object> {
  /** In the form of Chat Completions. */
  readonly message: AssistantMessage;
  /** What goes into the history. */
  readonly items: readonly Item[];
  readonly usage: Usage;
  readonly finishReason: string | undefined;
  /** The provider's name for the conversation until here. */
  readonly id?: string | undefined;
  /** Why it broke off, after calls that are being made. */
  readonly error?: unknown;
}

/** How a turn goes. */
export interface TurnPlan<Item extends object> {
  /** Those that fail are dropped from the list. */
  readonly models: string[];
  readonly ask: (model: string, signal: AbortSignal | undefined) => AsyncGenerator<AskEvent, ModelTurn<Item>>;
  /** Milliseconds for one answer. */
  readonly modelTimeout: number | undefined;
  readonly dispatch: (call: FunctionCall) => Promise<ToolOutput>;
  readonly maxParallelCalls: number;
  readonly maxRepeatedCalls: number;
  /** Of the turn before. */
  readonly repeats: Repeats;
  readonly signal: AbortSignal | undefined;
}

/** What came of a turn. */
export interface Turn<Item extends object> extends ModelTurn<Item> {
  readonly model: string;
  readonly outputs: readonly ToolOutput[];
  readonly repeats: Repeats;
  /** Why its calls were not made, but for those that had begun. */
  readonly refusal: Refusal | undefined;
}

/** In how many turns in a row each call was made. */
export type Repeats = ReadonlyMap<string, number>;

type Refusal = keyof typeof refusals;

const refusals = {
  length: "not called: the message was cut off",
  content_filter: "not called: the message was filtered",
  repeated_call: "not called: the same call was made several times before",
} as const;

/** Asks a model and makes its calls. Throws `ModelError`, without the run so far. */
export async function* takeTurn<Item extends object>(plan: TurnPlan<Item>): AsyncGenerator<RunEvent, Turn<Item>> {
  const { maxRepeatedCalls } = plan;
  const countOf = (call: FunctionCall) => (plan.repeats.get(keyOf(call)) ?? 0) + 1;
  let turn: Omit<Turn<Item>, "outputs"> | undefined;

  async function* findCalls(): AsyncGenerator<AskEvent> {
    const early = new Set<FunctionCall>();
    const events = askInTurn(plan);
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      const event = next.value;
      if (event.type === "tool-call") {
        // Whether a repeated call is refused shows once all calls are there.
        if (countOf(event.toolCall) > maxRepeatedCalls) continue;
        early.add(event.toolCall);
      }
      yield event;
    }
    const calls = next.value.message.tool_calls ?? [];
    const repeats = new Map(calls.map((call) => [keyOf(call), countOf(call)]));
    const refusal = refuse(next.value.finishReason, repeats, maxRepeatedCalls);
    turn = { ...next.value, repeats, refusal };
    if (refusal !== undefined) return;
    for (const toolCall of calls) if (!early.has(toolCall)) yield { type: "tool-call", toolCall };
  }

  const made = yield* dispatchAll(findCalls(), plan.maxParallelCalls, plan.dispatch);
  const { message, refusal, ...rest } = turn as Omit<Turn<Item>, "outputs">;
  const reason = refusal === undefined ? "not called: the run was aborted" : refusals[refusal];
  const outputs = (message.tool_calls ?? []).map((call) => made.get(call) ?? notMade(call, reason));
  return { ...rest, message, refusal, outputs };
}

/** The answer of the first model that gives one. */
async function* askInTurn<Item extends object>({
  models,
  ask,
  modelTimeout,
  signal,
}: TurnPlan<Item>): AsyncGenerator<AskEvent, ModelTurn<Item> & { readonly model: string }> {
  for (;;) {
    const [model = ""] = models;
    try {
      throwIfAborted(signal);
      return { ...(yield* ask(model, withTimeout(signal, modelTimeout))), model };
    } catch (error) {
      if (signal?.aborted) throw error;
      yield changeModel(models, error);
    }
  }
}

function withTimeout(signal: AbortSignal | undefined, ms: number | undefined): AbortSignal | undefined {
  if (ms === undefined) return signal;
  const timeout = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Drops the first model. Throws where it is the last. */
export function changeModel(models: string[], cause: unknown): ModelChange {
  const [from = "", to] = models;
  if (to === undefined) {
    // Providers quote keys and prompts in their messages, so only the status is told; the rest is the cause.
    const status = (cause as { readonly status?: unknown } | null | undefined)?.status;
    const told = typeof status === "number" ? ` (status ${status})` : "";
    throw new ModelError(`the model ${from} did not answer${told}`, undefined, { cause });
  }
  models.shift();
  return { type: "model-change", from, to };
}

function refuse(finishReason: string | undefined, repeats: Repeats, maxRepeatedCalls: number): Refusal | undefined {
  if (finishReason === "length" || finishReason === "content_filter") return finishReason;
  return repeats.size > 0 && Math.min(...repeats.values()) > maxRepeatedCalls ? "repeated_call" : undefined;
}

function keyOf(call: FunctionCall): string {
  return JSON.stringify(call.function);
}

/** The output of a call that was not made. */
export function notMade(call: FunctionCall, reason: string): ToolOutput {
  return failure(call.id, call.function?.name ?? "", new KitError("aborted", reason));
}
