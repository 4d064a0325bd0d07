import { throwIfAborted, withTimeout } from "./abort.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { FunctionCall } from "./chat.ts";
import { dispatchAll, type Ended } from "./dispatch-all.ts";
import { KitError, ModelError } from "./errors.ts";
import type { ToolOutput } from "./kit-types.ts";
import { mostCalls } from "./limits.ts";
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
interface TurnPlan<Item extends object> {
  readonly options: TurnOptions;
  /** Those that fail are dropped from the list. */
  readonly models: string[];
  readonly ask: (model: string, signal: AbortSignal | undefined, hear: Tell<AskEvent>) => Promise<ModelTurn<Item>>;
  readonly dispatch: (call: FunctionCall) => Promise<ToolOutput>;
  /** Of the turn before. */
  readonly repeats: Repeats;
  readonly tell: Tell;
}

/** What bounds a turn. */
interface TurnOptions {
  readonly maxParallelCalls?: number | undefined;
  readonly maxRepeatedCalls?: number | undefined;
  readonly modelTimeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
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

const refusals = {
  length: "not called: the message was cut off",
  content_filter: "not called: the message was filtered",
  repeated_call: "not called: it was made several times before",
} as const;

/** Asks a model and makes its calls. Throws `ModelError`, without the run so far. */
export async function takeTurn<Item extends object>(plan: TurnPlan<Item>): Promise<Turn<Item>> {
  const { options, dispatch, tell } = plan;
  const { maxParallelCalls = 5, maxRepeatedCalls = 3 } = options;
  const calls = dispatchAll(maxParallelCalls, dispatch, tell);
  const added = new Set<FunctionCall>();
  const countOf = (key: string) => (plan.repeats.get(key) ?? 0) + 1;

  function add(call: FunctionCall): void {
    if (added.size === mostCalls || added.has(call)) return;
    added.add(call);
    calls.add(call);
  }

  function hear(event: AskEvent): void {
    if (event.type !== "tool-call") tell(event);
    // Whether a repeated call is refused shows once all calls are there.
    else if (countOf(keyOf(event.toolCall)) <= maxRepeatedCalls) add(event.toolCall);
  }

  const answer = await askInTurn(plan, hear);
  const toolCalls = answer.message.tool_calls ?? [];
  const repeats = new Map(toolCalls.map(keyOf).map((key) => [key, countOf(key)]));
  const refusal = refuse(answer.finishReason, repeats, maxRepeatedCalls);
  if (refusal === undefined) toolCalls.forEach(add);
  const { outputs: made, failure } = await calls.end();
  const isFull = toolCalls.length > mostCalls;
  const broken = isFull ? `not called: a message makes at most ${mostCalls} calls` : "the run broke off";
  const reason = refusal === undefined ? broken : refusals[refusal];
  const outputs = toolCalls.map((call) => made.get(call) ?? notMade(call, reason));
  return { ...answer, repeats, refusal, outputs, failure };
}

/** The answer of the first model that gives one. */
async function askInTurn<Item extends object>(
  { options: { signal, modelTimeout }, models, ask, tell }: TurnPlan<Item>,
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

/** Drops the first model. Throws where it is the last. */
export function changeModel(models: string[], cause: unknown): ModelChange {
  const [from = "", to] = models;
  if (to === undefined) {
    // Providers quote keys and prompts in their messages, so only the status is told; the rest is the cause.
    const { status } = Object(cause);
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
  return failure(call.id, call.function?.name ?? "", new KitError("aborted", reason).toToolError());
}
