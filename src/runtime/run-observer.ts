import type { AssistantMessage } from "./chat.ts";
import type { RunInfo } from "./kit-types.ts";
import type { RunResult, Usage } from "./loop-options.ts";

/**
 * Stands around a run, and around each question to a model. What `next` gives or throws is passed on, as it is and
 * when it comes.
 */
export interface RunObserver {
  aroundRun?<Result extends RunResult>(run: ObservedRun, next: () => Promise<Result>): Promise<Result>;
  aroundAsk?<Answer extends ModelAnswer>(ask: ObservedAsk, next: () => Promise<Answer>): Promise<Answer>;
}

/** A run that begins, or goes on. */
export interface ObservedRun {
  readonly id: string;
  readonly question: string | undefined;
  readonly model: string;
  readonly context: unknown;
  /** Further fields of every request. */
  readonly request: { readonly [field: string]: unknown };
}

/** A question to a model, the first of its turn or after another model failed. */
export interface ObservedAsk extends Omit<ObservedRun, "id" | "question"> {
  readonly run: RunInfo;
}

/** What a model answers. */
export interface ModelAnswer {
  /** In the form of Chat Completions. */
  readonly message: AssistantMessage;
  readonly usage: Usage;
  readonly finishReason: string | undefined;
  readonly response?: ResponseInfo | undefined;
  /** Why it broke off, after calls that are being made. */
  readonly error?: unknown;
}

/** What a provider tells of its answer. */
export interface ResponseInfo {
  readonly id: string | undefined;
  /** The model that really answered. */
  readonly model: string | undefined;
  readonly isStream: boolean;
}

interface Observed {
  readonly model: string;
  readonly context?: unknown;
  readonly request?: { readonly [field: string]: unknown } | undefined;
  readonly observer?: RunObserver | undefined;
}

/** A run, or the rest of one. */
export function observeRun<Result extends RunResult>(
  { observer, model, context, request = {} }: Observed,
  { run: id, question }: { readonly run: string; readonly question?: string | undefined },
  next: () => Promise<Result>,
): Promise<Result> {
  return observer?.aroundRun?.({ id, question, model, context, request }, next) ?? next();
}

/** A question to a model. */
export function observeAsk<Answer extends ModelAnswer>(
  { observer, context, request = {} }: Observed,
  about: { readonly run: RunInfo; readonly model: string },
  next: () => Promise<Answer>,
): Promise<Answer> {
  return observer?.aroundAsk?.({ ...about, context, request }, next) ?? next();
}
