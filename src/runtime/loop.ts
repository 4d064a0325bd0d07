import { type FunctionCall, type ModelMessage, textOf } from "./chat.ts";
import { checkNumbers, longestTimer } from "./check-numbers.ts";
import { isOptionsError, ModelError, OptionsError } from "./errors.ts";
import type { AnyKit, DispatchOptions, RunInfo, ToolOutput } from "./kit-types.ts";
import type { LoopOptions, RunResult, RunSoFar, Step, StopReason, Usage } from "./loop-options.ts";
import { type Offer, offerTools } from "./offer-tools.ts";
import type { AskEvent, Tell } from "./run-events.ts";
import { observed } from "./run-observer.ts";
import { checkSeal, type Previous, type RunState, type StatePending, sign } from "./state.ts";
import { changeModel, type ModelTurn, notMade, type Repeats, takeTurn } from "./turn.ts";

/** One provider's API, as the loop sees it. */
export interface Adapter<Item extends object> {
  readonly api: RunState["api"];
  /** Asks a model. Calls that are complete may be told of early: then they are made while the model goes on. */
  ask(question: Question<Item>, hear: Tell<AskEvent>): Promise<ModelTurn<Item>>;
  /** Outputs as messages, each with its call. The kit is that which made them. */
  toItems(outputs: readonly ToolOutput[], calls: readonly FunctionCall[], kit: AnyKit<never>): Promise<readonly Item[]>;
  /** Whether a tool is one of those that a request takes so many of. Default: every one is. */
  readonly isCounted?: ((tool: string) => boolean) | undefined;
}

/** What a model is asked in one turn. */
export interface Question<Item extends object> {
  readonly model: string;
  readonly messages: readonly Item[];
  /** What of them the provider keeps. */
  readonly previous?: Previous | undefined;
  readonly offer: Offer;
  /** How many messages the history holds. It makes ids for calls that have none. */
  readonly place: number;
  readonly signal: AbortSignal | undefined;
}

/** Where a run begins, or goes on. */
export interface Origin {
  readonly run: string;
  readonly question: string | undefined;
  readonly turn: number;
  readonly usage: Usage;
  readonly previous: Previous | undefined;
  /** The key of a call that two resumptions of one state must not both make. */
  readonly keyOf?: ((call: FunctionCall) => Promise<string>) | undefined;
}

/** The options of a run, less typed. */
export interface SomeOptions<Item extends object> extends Omit<LoopOptions<AnyKit<never>, Item>, "context"> {
  readonly messages: readonly Item[];
  readonly context?: unknown;
}

/** A new run. */
export async function loop<Item extends object>(
  options: SomeOptions<Item>,
  adapter: Adapter<Item>,
  tell: Tell = () => {},
  origin: Origin = newRun(options.messages),
): Promise<RunResult<Item>> {
  const { run: id, question } = origin;
  return await observed("aroundRun", options, { id, question }, () => goOn(options, adapter, tell, origin));
}

/** Every run is this loop. */
export async function goOn<Item extends object>(
  options: SomeOptions<Item>,
  adapter: Adapter<Item>,
  tell: Tell,
  origin: Origin,
): Promise<RunResult<Item>> {
  const { signal, fallbackModels = [], maxTurns = 10 } = options;
  checkLimits(options);
  checkSeal(options);
  const messages = [...options.messages];
  const steps: Step[] = [];
  const models = [options.model, ...fallbackModels];
  let { turn, previous } = origin;
  let repeats: Repeats = new Map();
  let hasStepKit = false;

  const soFar = (): RunSoFar<Item> => ({
    text: lastText(steps),
    messages,
    steps,
    usage: sum([origin, ...steps]),
    ...(previous !== undefined && { responseId: previous.id, unsent: messages.slice(previous.count) }),
  });

  async function finish(stopReason: StopReason): Promise<RunResult<Item>> {
    const result = { ...soFar(), stopReason };
    const pending = pendingOf(steps.at(-1));
    if (pending.length === 0) return result;
    const { run, question } = origin;
    const { api } = adapter;
    const { usage } = result;
    const about = { version: 1, api, run, question, turn, ...(hasStepKit && { hasStepKit }), usage, previous } as const;
    return { ...result, state: await sign({ ...about, pending, messages }, options) };
  }

  async function takeTurns(): Promise<StopReason> {
    for (const end = turn + maxTurns; turn < end; ) {
      turn++;
      const change = await options.prepareStep?.({ turn, steps, messages });
      const kit = change?.kit ?? options.kit;
      hasStepKit = kit !== options.kit;
      const offer = offerTools(kit, options, change, turn, adapter.isCounted);
      const candidates = change?.model === undefined ? models : [change.model, ...fallbackModels];
      const run: RunInfo = { id: origin.run, turn, question: origin.question };
      const asked = {
        ...(change?.messages === undefined ? { messages: [...messages], previous } : { messages: change.messages }),
        offer,
        place: messages.length,
      };

      const done = await takeTurn({
        options,
        models: candidates,
        ask: (model, signal, hear) =>
          observed("aroundAsk", options, { run, model }, () => adapter.ask({ ...asked, model, signal }, hear)),
        dispatch: async (call) => {
          const key = await origin.keyOf?.(call);
          return dispatchInRun(kit, call, { signal, context: options.context, run, key, offered: offer.names });
        },
        repeats,
        tell,
      });

      repeats = done.repeats;
      messages.push(...done.items);
      if (done.id !== undefined) previous = { id: done.id, count: messages.length };
      const { model, message, outputs, usage, finishReason } = done;
      messages.push(...(await adapter.toItems(outputs, message.tool_calls ?? [], kit)));
      const step: Step = { model, message, outputs, usage, finishReason };
      steps.push(step);
      tell({ type: "turn-end", step });

      if (done.failure !== undefined) throw done.failure.error;
      if (done.refusal !== undefined) return done.refusal;
      if (signal?.aborted && outputs.length > 0) return "aborted";
      if (outputs.some(isPending)) return "needs_approval";
      if (done.error !== undefined) {
        tell(changeModel(candidates, done.error));
        continue;
      }
      if (outputs.length === 0) return "answer";
      if (await options.stopWhen?.(steps)) return "stopped";
    }
    return "max_turns";
  }

  try {
    return await finish(await takeTurns());
  } catch (error) {
    if (signal?.aborted && !isOptionsError(error)) return finish("aborted");
    throw withResult(error, soFar());
  }
}

/** Before anything is asked or called. */
export function checkLimits(options: Omit<SomeOptions<object>, "messages" | "prepareStep">): void {
  checkNumbers({
    maxTurns: [options.maxTurns, 1],
    maxParallelCalls: [options.maxParallelCalls, 1],
    maxRepeatedCalls: [options.maxRepeatedCalls, 1],
    modelTimeout: [options.modelTimeout, 1, longestTimer],
    maxContentBytes: [options.maxContentBytes, 0],
  });
}

// ------------------------------------------------------------ the calls

/** Makes a call. The end of the run is an output too. */
export async function dispatchInRun(
  kit: AnyKit<never>,
  call: FunctionCall,
  options: DispatchOptions,
): Promise<ToolOutput> {
  const aborted = () => notMade(call, "the run was aborted");
  if (options.signal?.aborted) return aborted();
  try {
    // A kit minds its signal, and has written the call down when it says so.
    return await kit.dispatch(call, options as DispatchOptions<never>);
  } catch (error) {
    if (options.signal?.aborted && !isOptionsError(error)) return aborted();
    throw error;
  }
}

/** What a run that cannot go on has done must not be lost with it. Errors are copied: several runs may throw the same one. */
export function withResult(error: unknown, result: RunSoFar): unknown {
  const { message, cause } = Object(error);
  if (error instanceof ModelError) return new ModelError(message, result, { cause });
  if (error instanceof OptionsError) return new OptionsError(message, { cause }, result);
  return new OptionsError(`the run broke off: ${message ?? error}`, { cause: error }, result);
}

function isPending(output: ToolOutput): boolean {
  return !output.ok && output.error.kind === "needs_approval";
}

/** The calls of a turn that wait for a decision, and what the model wrote. */
function pendingOf(step: Step | undefined): StatePending[] {
  const calls = step?.message.tool_calls ?? [];
  return (step?.outputs ?? []).flatMap((output, index) => {
    const toolCall = calls[index];
    return !output.ok && output.pending !== undefined && toolCall ? [{ ...output.pending, toolCall }] : [];
  });
}

// ------------------------------------------------------------ the run

/** Where a new run begins. */
export function newRun(messages: readonly object[]): Origin {
  return { run: crypto.randomUUID(), question: findQuestion(messages), turn: 0, usage: sum([]), previous: undefined };
}

/** What the user said last. */
function findQuestion(
  messages: readonly { readonly role?: unknown; readonly content?: unknown }[],
): string | undefined {
  const content = messages.findLast((message) => message.role === "user")?.content;
  return textOf(content) ?? undefined;
}

function lastText(steps: readonly Step[]): string {
  const message: ModelMessage | undefined = steps.at(-1)?.message;
  return (message?.content as string | null | undefined) || message?.refusal || "";
}

function sum(parts: readonly { readonly usage: Usage }[]): Usage {
  const total = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  for (const { usage } of parts)
    for (const field of Object.keys(total) as (keyof Usage)[]) total[field] += usage[field];
  return total;
}
