import { throwIfAborted } from "./abort.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { FunctionCall } from "./chat.ts";
import { dispatchAll, type Ended } from "./dispatch-all.ts";
import { KitError, ModelError } from "./errors.ts";
import type { ToolOutput } from "./kit-types.ts";
import type { AskEvent, ModelChange, Tell } from "./run-events.ts";
import type { ModelAnswer } from "./run-observer.ts";
import { failure } from "./tool-call.ts";

/** What a model answers in one turn. */
export interface ModelTurn<Item extends object> extends ModelAnswer {
  /** What goes into the history. */
  readonly items: readonly Item[];
  /** The provider's name for the conversation until here. */
  readonly id?: string | undefined;
}

/** How a turn goes. */
export interface TurnPlan<Item extends object> {
  /** Those that fail are dropped from the list. */
  readonly models: string[];
  readonly ask: (model: string, signal: AbortSignal | undefined, hear: Tell<AskEvent>) => Promise<ModelTurn<Item>>;
  /** Milliseconds for one answer. */
  readonly modelTimeout: number | undefined;
  readonly dispatch: (call: FunctionCall) => Promise<ToolOutput>;
  readonly maxParallelCalls: number;
  readonly maxRepeatedCalls: number;
  /** Of the turn before. */
  readonly repeats: Repeats;
  readonly signal: AbortSignal | undefined;
  readonly tell: Tell;
}

/** What came of a turn. */
export interface Turn<Item extends object> extends ModelTurn<Item> {
  readonly model: string;
  readonly outputs: readonly ToolOutput[];
  readonly repeats: Repeats;
  /** Why its calls were not made, but for those that had begun. */
  readonly refusal: Refusal | undefined;
  readonly failure: Ended["failure"];
}

/** In how many turns in a row each call was made. */
export type Repeats = ReadonlyMap<string, number>;

type Refusal = keyof typeof refusals;

// What providers take in one message.
const mostCalls = 128;

const refusals = {
  length: "not called: the message was cut off",
  content_filter: "not called: the message was filtered",
  repeated_call: "not called: the same call was made several times before",
} as const;

/** Asks a model and makes its calls. Throws `ModelError`, without the run so far. */
export async function takeTurn<Item extends object>(plan: TurnPlan<Item>): Promise<Turn<Item>> {
  const { maxRepeatedCalls, tell } = plan;
  const calls = dispatchAll(plan.maxParallelCalls, plan.dispatch, tell);
  const early = new Set<FunctionCall>();
  const countOf = (call: FunctionCall) => (plan.repeats.get(keyOf(call)) ?? 0) + 1;

  function hear(event: AskEvent): void {
    if (event.type !== "tool-call") tell(event);
    // Whether a repeated call is refused shows once all calls are there.
    else if (early.size < mostCalls && countOf(event.toolCall) <= maxRepeatedCalls) {
      early.add(event.toolCall);
      calls.add(event.toolCall);
    }
  }

  const answer = await askInTurn(plan, hear);
  const toolCalls = answer.message.tool_calls ?? [];
  const repeats = new Map(toolCalls.map((call) => [keyOf(call), countOf(call)]));
  const refusal = refuse(answer.finishReason, repeats, maxRepeatedCalls);
  const others = refusal === undefined ? toolCalls.filter((call) => !early.has(call)) : [];
  for (const call of others.slice(0, mostCalls - early.size)) calls.add(call);
  const { outputs: made, failure } = await calls.end();
  const tooMany = toolCalls.length > mostCalls ? `not called: a message makes at most ${mostCalls} calls` : undefined;
  const reason = refusal === undefined ? (tooMany ?? "the run broke off") : refusals[refusal];
  const outputs = toolCalls.map((call) => made.get(call) ?? notMade(call, reason));
  return { ...answer, repeats, refusal, outputs, failure };
}

/** The answer of the first model that gives one. */
async function askInTurn<Item extends object>(
  { models, ask, modelTimeout, signal, tell }: TurnPlan<Item>,
  hear: Tell<AskEvent>,
): Promise<ModelTurn<Item> & { readonly model: string }> {
  for (;;) {
    const [model = ""] = models;
    try {
      throwIfAborted(signal);
      return { ...(await ask(model, withTimeout(signal, modelTimeout), hear)), model };
    } catch (error) {
      if (signal?.aborted) throw error;
      tell(changeModel(models, error));
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

/** The same for calls that differ in spelling alone. */
export function keyOf({ id: _, ...call }: FunctionCall): string {
  try {
    return canonicalJson([call.function.name, JSON.parse(call.function.arguments)]);
  } catch {
    return canonicalJson(call.function ?? call);
  }
}

/** The output of a call that was not made. */
export function notMade(call: FunctionCall, reason: string): ToolOutput {
  return failure(call.id, call.function?.name ?? "", new KitError("aborted", reason));
}
