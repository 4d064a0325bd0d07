import { type Attributes, context, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { callRedactor } from "./policies/redact.ts";
import type { CallInfo, CallOutcome, CallProgress, Hooks, RunPolicy } from "./types.ts";

export interface TracingOptions {
  /** Default: the one of the global provider for `fctool`. */
  readonly tracer?: Tracer | undefined;
  /** Puts arguments and results into spans, and what a tool threw. Default: false, since they may hold what is private. */
  readonly content?: boolean | undefined;
  /** Paths that are hidden all the same: `customer.email`, `**.token`. */
  readonly redact?: readonly string[] | undefined;
}

/** Hooks that make spans, and a policy that makes them parents. */
export interface Tracing extends Hooks {
  readonly run: RunPolicy;
}

/**
 * A span `execute_tool <name>` for each call, by the GenAI conventions of OpenTelemetry. Among the hooks it tells of every
 * call; first among the policies as well, it makes the spans of the call's requests its children.
 */
export function tracing({ tracer, content = false, redact = [] }: TracingOptions = {}): Tracing {
  const spans = new WeakMap<CallProgress, Span>();
  const hide = callRedactor(redact);

  function start(call: CallInfo): Span {
    // Asked for late, since providers are often registered after kits are made.
    const by = tracer ?? trace.getTracer("fctool");
    const span = by.startSpan(`execute_tool ${call.tool}`, { attributes: attributesOf(call) });
    spans.set(call.progress, span);
    return span;
  }

  return {
    beforeCall: (call) => void start(call),

    run: (next) => (args, call) => {
      const span = spans.get(call.progress);
      return span ? context.with(trace.setSpan(context.active(), span), () => next(args, call)) : next(args, call);
    },

    afterCall(call, outcome) {
      const { progress } = call;
      // Hooks are not asked about calls of unknown tools and with arguments that do not fit.
      const span = spans.get(progress) ?? start(call);
      const hidden = hide.outcome(outcome, progress.degraded !== undefined);
      span.setAttributes({ ...progressOf(progress), ...(content && contentOf(hide.args(call.args), hidden)) });
      if (!outcome.ok && !hidden.ok) {
        const { kind, message, status } = hidden.error;
        span.setAttributes({
          "error.type": kind,
          ...(status !== undefined && { "http.response.status_code": status }),
        });
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        if (content && kind === "internal") span.recordException(toException(outcome.cause));
      }
      span.end();
      spans.delete(progress);
    },
  };
}

function attributesOf({ id, tool, effect, run, definition }: CallInfo): Attributes {
  const description = definition?.function.description;
  return {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": tool,
    "gen_ai.tool.type": "function",
    "gen_ai.tool.call.id": id,
    ...(description !== undefined && { "gen_ai.tool.description": description }),
    "fctool.effect": effect,
    ...(run && { "fctool.run.id": run.id, "fctool.run.turn": run.turn }),
  };
}

function progressOf({ attempts, cached, degraded }: CallProgress): Attributes {
  return {
    "fctool.attempts": attempts,
    "fctool.cached": cached,
    ...(degraded !== undefined && { "fctool.degraded": degraded }),
  };
}

function contentOf(args: unknown, outcome: CallOutcome): Attributes {
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

function toException(cause: unknown): Error | string {
  return cause instanceof Error ? cause : String(cause);
}
