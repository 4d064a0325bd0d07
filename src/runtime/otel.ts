import {
  context,
  type Context as OtelContext,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ModelError } from "./errors.ts";
import type { CallInfo, CallProgress, Hooks, RunPolicy } from "./kit-types.ts";
import {
  answerAttributes,
  callAttributes,
  contentAttributes,
  conversationOf,
  errorType,
  progressAttributes,
  requestAttributes,
  responseAttributes,
  runAttributes,
  type SpanAttributes,
} from "./otel-attributes.ts";
import { callRedactor } from "./policies/redact.ts";
import type { ObservedAsk, ObservedRun, RunObserver } from "./run-observer.ts";

export interface TracingOptions<Context = unknown> {
  /** Default: the one of the global provider for `fctool`. */
  readonly tracer?: Tracer | undefined;
  /** Puts arguments, results and what was thrown into spans. Default: false, since they may hold what is private. */
  readonly content?: boolean | undefined;
  /** Paths that are hidden all the same: `customer.email`, `**.token`. */
  readonly redact?: readonly string[] | undefined;
  /** `gen_ai.provider.name`: who answers behind the client. Default: `"openai"`. */
  readonly provider?: string | undefined;
  /** `gen_ai.agent.name`: what the runs are called. */
  readonly agent?: string | undefined;
  /** `gen_ai.conversation.id`, from the run's context. Default: the `conversation` of the request, where it names one. */
  readonly conversation?: ((context: Context) => string | undefined) | undefined;
}

/** Hooks and an observer that make spans, and a policy that makes them parents. */
export interface Tracing extends Hooks, RunObserver {
  readonly run: RunPolicy;
  readonly aroundRun: NonNullable<RunObserver["aroundRun"]>;
  readonly aroundAsk: NonNullable<RunObserver["aroundAsk"]>;
}

// By the id of the run. A call may begin while its model still answers, and stands beside that question all the same.
const runs = new Map<string, OtelContext>();

/**
 * Spans by the GenAI conventions of OpenTelemetry: `invoke_agent` for each run and `chat <model>` for each question, as
 * the `observer` of a run; `execute_tool <name>` for each call, among the hooks of a kit; and first among its policies,
 * it makes the spans of a call's requests its children.
 */
export function tracing<Context = unknown>(options: TracingOptions<Context> = {}): Tracing {
  const { tracer, content = false, redact = [], provider = "openai", agent } = options;
  const spans = new WeakMap<CallProgress, Span>();
  const hide = callRedactor(redact);
  // Asked for late, since providers are often registered after kits are made.
  const by = () => tracer ?? trace.getTracer("fctool");

  function sharedAttributes(about: ObservedRun | ObservedAsk): SpanAttributes {
    const conversation = options.conversation?.(about.context as Context) ?? conversationOf(about);
    return {
      "gen_ai.provider.name": provider,
      ...(conversation !== undefined && { "gen_ai.conversation.id": conversation }),
    };
  }

  function fail(span: Span, error: unknown): void {
    span.setAttribute("error.type", errorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    if (content) span.recordException(toException(error));
  }

  function start(call: CallInfo): Span {
    const attributes = callAttributes(call);
    const span = by().startSpan(`execute_tool ${call.tool}`, { attributes }, parentOf(call.run));
    spans.set(call.progress, span);
    return span;
  }

  return {
    async aroundRun(run, next) {
      const attributes = {
        ...requestAttributes("invoke_agent", run),
        ...sharedAttributes(run),
        ...(agent !== undefined && { "gen_ai.agent.name": agent }),
        ...runAttributes(run),
      };
      const span = by().startSpan(agent === undefined ? "invoke_agent" : `invoke_agent ${agent}`, { attributes });
      const inside = trace.setSpan(context.active(), span);
      runs.set(run.id, inside);
      try {
        const result = await context.with(inside, next);
        span.setAttributes({ ...answerAttributes(result.steps), "fctool.stop_reason": result.stopReason });
        return result;
      } catch (error) {
        const steps = (error as Partial<ModelError<{ readonly steps?: never }>>).result?.steps;
        if (steps) span.setAttributes(answerAttributes(steps));
        fail(span, error);
        throw error;
      } finally {
        if (runs.get(run.id) === inside) runs.delete(run.id);
        span.end();
      }
    },

    async aroundAsk(ask, next) {
      const attributes = { ...requestAttributes("chat", ask), ...sharedAttributes(ask), ...runAttributes(ask.run) };
      const parent = parentOf(ask.run);
      const span = by().startSpan(`chat ${ask.model}`, { kind: SpanKind.CLIENT, attributes }, parent);
      try {
        const answer = await context.with(trace.setSpan(parent, span), next);
        span.setAttributes({ ...answerAttributes([answer]), ...responseAttributes(answer) });
        if (answer.error !== undefined) fail(span, answer.error);
        return answer;
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    },

    beforeCall: (call) => void start(call),

    run: (next) => (args, call) => {
      const span = spans.get(call.progress);
      return span ? context.with(trace.setSpan(parentOf(call.run), span), () => next(args, call)) : next(args, call);
    },

    afterCall(call, outcome) {
      const { progress } = call;
      // Hooks are not asked about calls of unknown tools and with arguments that do not fit.
      const span = spans.get(progress) ?? start(call);
      const hidden = hide.outcome(outcome, progress.degraded !== undefined);
      span.setAttributes({
        ...progressAttributes(progress),
        ...(content && contentAttributes(hide.args(call.args), hidden)),
      });
      if (!outcome.ok && !hidden.ok) {
        const { kind, message, status } = hidden.error;
        span.setAttributes({
          "error.type": kind,
          ...(status !== undefined && { "http.response.status_code": status }),
        });
        // It quotes arguments.
        span.setStatus({ code: SpanStatusCode.ERROR, ...(content && { message }) });
        if (content && kind === "internal") span.recordException(toException(outcome.cause));
      }
      span.end();
      spans.delete(progress);
    },
  };
}

function parentOf(run: { readonly id: string } | undefined): OtelContext {
  return (run && runs.get(run.id)) ?? context.active();
}

function toException(cause: unknown): Error | string {
  return cause instanceof Error ? cause : String(cause);
}
