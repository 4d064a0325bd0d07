import { isKitError } from "./errors.ts";
import type { CallInfo, CallOutcome, CallProgress, RunInfo } from "./kit-types.ts";
import type { ModelAnswer, ObservedAsk, ObservedRun } from "./run-observer.ts";

/** Attributes of a span, as OpenTelemetry takes them. */
export interface SpanAttributes {
  [name: string]: string | number | boolean | string[];
}

// ------------------------------------------------------------ runs

/** What runs and questions have in common. */
export function requestAttributes(operation: string, { model, request }: ObservedRun | ObservedAsk): SpanAttributes {
  return {
    "gen_ai.operation.name": operation,
    "gen_ai.request.model": model,
    ...numbers(request, {
      temperature: "gen_ai.request.temperature",
      top_p: "gen_ai.request.top_p",
      max_tokens: "gen_ai.request.max_tokens",
      max_completion_tokens: "gen_ai.request.max_tokens",
      max_output_tokens: "gen_ai.request.max_tokens",
      frequency_penalty: "gen_ai.request.frequency_penalty",
      presence_penalty: "gen_ai.request.presence_penalty",
      seed: "gen_ai.request.seed",
    }),
  };
}

function numbers(request: { readonly [field: string]: unknown }, names: { readonly [field: string]: string }) {
  const attributes: SpanAttributes = {};
  for (const [field, name] of Object.entries(names)) {
    const value = request[field];
    if (typeof value === "number") attributes[name] = value;
  }
  return attributes;
}

/** Of the conversation that a provider keeps, where the request names one. */
export function conversationOf({ request: { conversation } }: ObservedRun | ObservedAsk): string | undefined {
  const id = typeof conversation === "object" ? (conversation as { id?: unknown } | null)?.id : conversation;
  return typeof id === "string" ? id : undefined;
}

/** What one answer, or all of a run, took. */
export function answerAttributes(answers: readonly Pick<ModelAnswer, "usage" | "finishReason">[]): SpanAttributes {
  const reason = answers.at(-1)?.finishReason;
  const total = (field: "inputTokens" | "outputTokens") =>
    answers.reduce((total, { usage }) => total + usage[field], 0);
  return {
    "gen_ai.usage.input_tokens": total("inputTokens"),
    "gen_ai.usage.output_tokens": total("outputTokens"),
    ...(reason !== undefined && { "gen_ai.response.finish_reasons": [reason] }),
  };
}

export function responseAttributes({ response }: ModelAnswer): SpanAttributes {
  if (response === undefined) return {};
  const { id, model, isStream } = response;
  return {
    ...(id !== undefined && { "gen_ai.response.id": id }),
    ...(model !== undefined && { "gen_ai.response.model": model }),
    ...(isStream && { "gen_ai.request.stream": true }),
  };
}

export function runAttributes({ id, turn }: Pick<RunInfo, "id"> & Partial<RunInfo>): SpanAttributes {
  return { "fctool.run.id": id, ...(turn !== undefined && { "fctool.run.turn": turn }) };
}

/** A class of errors, few in number: a status, a kind, or the name of what was thrown. */
export function errorType(error: unknown): string {
  const { status, cause } = (error ?? {}) as { readonly status?: unknown; readonly cause?: unknown };
  if (typeof status === "number") return String(status);
  if (isKitError(error)) {
    if (error.name === "ModelError") return errorType(cause);
    return (cause as Error | undefined)?.name === "TimeoutError" ? "timeout" : error.kind;
  }
  return error instanceof Error ? error.constructor.name : "_OTHER";
}

// ------------------------------------------------------------ calls

export function callAttributes({ id, tool, effect, run, definition }: CallInfo): SpanAttributes {
  const description = definition?.function.description;
  return {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": tool,
    "gen_ai.tool.type": "function",
    "gen_ai.tool.call.id": id,
    ...(description !== undefined && { "gen_ai.tool.description": description }),
    "fctool.effect": effect,
    ...(run && runAttributes(run)),
  };
}

export function progressAttributes({ attempts, cached, degraded }: CallProgress): SpanAttributes {
  return {
    "fctool.attempts": attempts,
    "fctool.cached": cached,
    ...(degraded !== undefined && { "fctool.degraded": degraded }),
  };
}

export function contentAttributes(args: unknown, outcome: CallOutcome): SpanAttributes {
  const text = typeof args === "string" ? args : toJson(args);
  return {
    ...(text !== undefined && { "gen_ai.tool.call.arguments": text }),
    ...(outcome.ok && { "gen_ai.tool.call.result": outcome.content }),
  };
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
