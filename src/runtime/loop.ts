import { throwIfAborted, untilAborted } from "./abort.ts";
import type { ChatCompletion, ChatMessage, ChatRequest, FunctionCall, ModelMessage, ToolMessage } from "./chat.ts";
import { toAssistantMessage } from "./chat.ts";
import { type CallEvent, dispatchAll } from "./dispatch-all.ts";
import { KitError, ModelError } from "./errors.ts";
import { checkLimits, offerTools } from "./offer-tools.ts";
import type { RunResult, RunSoFar, RunToolsOptions, Step, StopReason, Usage } from "./run-tools.ts";
import { failure } from "./tool-call.ts";
import type { AnyKit, ToolOutput } from "./types.ts";
import { unknownTool } from "./unknown-tool.ts";

export type RunEvent = CallEvent | { readonly type: "turn-end"; readonly step: Step };

/** How a model is asked: for all of its answer, or in a stream that tells of the parts. */
export type Ask = (request: ChatRequest) => AsyncGenerator<RunEvent, ChatCompletion>;

/** Every run is this loop. It yields what happens, and returns the result. */
export async function* loop<K extends AnyKit<never>, Message extends ChatMessage>(
  options: RunToolsOptions<K, Message>,
  ask: Ask,
): AsyncGenerator<RunEvent, RunResult<Message>> {
  const { signal, fallbackModels = [], maxTurns = 10, maxParallelCalls = 5, maxRepeatedCalls = 3 } = options;
  checkLimits({ maxTurns, maxParallelCalls, maxRepeatedCalls });
  const messages: RunSoFar<Message>["messages"] = [...options.messages];
  const steps: Step[] = [];
  const models = [options.model, ...fallbackModels];
  let repeats = new Map<string, number>();

  const soFar = (): RunSoFar<Message> => ({ text: lastText(steps), messages, steps, usage: sumUsage(steps) });
  const finish = (stopReason: StopReason): RunResult<Message> => ({ ...soFar(), stopReason });

  for (let turn = 1; turn <= maxTurns; turn++) {
    const change = await options.prepareStep?.({ turn, steps, messages });
    const { names, fields } = offerTools(options, change, turn);
    const request = { ...options.request, messages: [...(change?.messages ?? messages)], ...fields };
    const candidates = change?.model === undefined ? models : [change.model, ...fallbackModels];

    let answer: Answer;
    try {
      throwIfAborted(signal);
      answer = yield* askInTurn(candidates, request, ask, signal);
    } catch (error) {
      if (signal?.aborted) return finish("aborted");
      throw new ModelError(describeFailure(candidates[0], error), soFar(), { cause: error });
    }

    const message = toAssistantMessage(answer.message, messages.length);
    const calls = message.tool_calls ?? [];
    repeats = countRepeats(calls, repeats);
    const refusal = refuse(answer.finishReason, repeats, maxRepeatedCalls);
    const outputs =
      refusal === undefined
        ? yield* dispatchAll(calls, maxParallelCalls, (call) => dispatch(options, names, call))
        : calls.map((call) => notMade(call, reasons[refusal]));
    messages.push(message, ...outputs.map(toToolMessage));

    const { model, usage, finishReason } = answer;
    const step: Step = { model, message, outputs, usage, finishReason };
    steps.push(step);
    yield { type: "turn-end", step };

    if (refusal !== undefined) return finish(refusal);
    if (calls.length === 0) return finish("answer");
    if (signal?.aborted) return finish("aborted");
    if (outputs.some((output) => !output.ok && output.error.kind === "needs_approval")) return finish("needs_approval");
    if (await options.stopWhen?.(steps)) return finish("stopped");
  }
  return finish("max_turns");
}

// ------------------------------------------------------------ the model

interface Answer {
  readonly model: string;
  readonly message: ModelMessage;
  readonly usage: Usage;
  readonly finishReason: string | undefined;
}

/** The answer of the first model that gives one. Those that fail are dropped from the list. */
async function* askInTurn(
  models: string[],
  request: Omit<ChatRequest, "model">,
  ask: Ask,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, Answer> {
  for (;;) {
    const [model = ""] = models;
    try {
      const { choices, usage } = yield* ask({ ...request, model });
      const choice = choices?.[0];
      if (!choice?.message) throw new TypeError("the answer holds no message");
      const { prompt_tokens, completion_tokens, total_tokens } = usage ?? {};
      const [inputTokens, outputTokens] = [prompt_tokens ?? 0, completion_tokens ?? 0];
      return {
        model,
        message: choice.message,
        usage: { inputTokens, outputTokens, totalTokens: total_tokens ?? inputTokens + outputTokens },
        finishReason: choice.finish_reason ?? undefined,
      };
    } catch (error) {
      if (signal?.aborted || models.length === 1) throw error;
      models.shift();
    }
  }
}

/** Providers quote keys and prompts in their messages, so only the status is told; the rest is the `cause`. */
function describeFailure(model: string | undefined, error: unknown): string {
  const status = (error as { readonly status?: unknown } | null | undefined)?.status;
  return `the model ${model} did not answer${typeof status === "number" ? ` (status ${status})` : ""}`;
}

// ------------------------------------------------------------ the calls

const reasons = {
  length: "not called: the message was cut off",
  content_filter: "not called: the message was filtered",
  repeated_call: "not called: the same call was made several times before",
} as const;

/** Why the calls of a message are not made. */
function refuse(
  finishReason: string | undefined,
  repeats: ReadonlyMap<string, number>,
  maxRepeatedCalls: number,
): keyof typeof reasons | undefined {
  if (finishReason === "length" || finishReason === "content_filter") return finishReason;
  return repeats.size > 0 && Math.min(...repeats.values()) > maxRepeatedCalls ? "repeated_call" : undefined;
}

/** In how many turns in a row each call was made. */
function countRepeats(calls: readonly FunctionCall[], before: ReadonlyMap<string, number>): Map<string, number> {
  const keys = calls.map((call) => JSON.stringify(call.function));
  return new Map(keys.map((key) => [key, (before.get(key) ?? 0) + 1]));
}

async function dispatch(
  {
    kit,
    signal,
    context,
  }: { readonly kit: AnyKit<never>; readonly signal?: AbortSignal | undefined; readonly context?: unknown },
  names: readonly string[],
  call: FunctionCall,
): Promise<ToolOutput> {
  const name = call.function?.name;
  // The kit would make a call that was not on offer.
  if (!names.includes(name) && Object.hasOwn(kit.dispatcher, name))
    return failure(call.id, name, unknownTool(name, names));
  try {
    return await untilAborted(() => kit.dispatch(call, { signal, context: context as never }), signal);
  } catch (error) {
    if (signal?.aborted) return notMade(call, "the run was aborted");
    throw error;
  }
}

function notMade(call: FunctionCall, reason: string): ToolOutput {
  return failure(call.id, call.function?.name ?? "", new KitError("aborted", reason));
}

function toToolMessage({ toolCallId, content }: ToolOutput): ToolMessage {
  return { role: "tool", tool_call_id: toolCallId, content };
}

// ------------------------------------------------------------ the result

function lastText(steps: readonly Step[]): string {
  const message: ModelMessage | undefined = steps.at(-1)?.message;
  return (message?.content as string | null | undefined) || message?.refusal || "";
}

function sumUsage(steps: readonly Step[]): Usage {
  const sum = (field: keyof Usage) => steps.reduce((total, step) => total + step.usage[field], 0);
  return { inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens"), totalTokens: sum("totalTokens") };
}
