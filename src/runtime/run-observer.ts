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

type Around<Result> = (observed: object, next: () => Promise<Result>) => Promise<Result>;

/** Lets an observer stand around a run, or the rest of one, or a question to a model. */
export function observed<Result>(
  method: keyof RunObserver,
  { observer, model, context, request = {} }: Observed,
  about: Pick<ObservedRun, "id" | "question"> | Pick<ObservedAsk, "run" | "model">,
  next: () => Promise<Result>,
): Promise<Result> {
  const around = observer as { readonly [method: string]: Around<Result> | undefined } | undefined;
  return around?.[method]?.({ model, context, request, ...about }, next) ?? next();
}
