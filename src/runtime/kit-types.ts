import type { Features } from "./features.ts";
import type { Effect, FunctionTool, ToolCall } from "./types.ts";

// ------------------------------------------------------------ executors

/** The result of a call and the text of it that a model reads. */
export interface Answer<Result = unknown> {
  readonly result: Result;
  readonly content: string;
}

/** One event of a `text/event-stream`, which code gets as `AsyncIterable<ServerSentEvent>`. */
export interface ServerSentEvent {
  /** Its type, where it has one. */
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

/** Runs one tool. Call it as a function, or bind it to a server with a kit. */
export interface Executor<Args, Result, Auth = unknown> {
  (...input: Input<Args, RequestOptions<Auth>>): Promise<Result>;
  readonly tool: FunctionTool;
  readonly effect: Effect;
  readonly approval?: "always" | "never" | undefined;
  /** How strict arguments become natural ones. */
  readonly codec?: { readonly [argument: string]: unknown } | undefined;
  /** What it needs of the runtime, and others do not. */
  features?(): Features;
  /** Checks a model's arguments and brings them into their natural form. Throws `InvalidArgumentsError`. */
  decode(args: unknown): Args;
  /** One call with everything a kit knows. `args` are natural ones. */
  run(args: Args, options: RunOptions): Promise<Answer<Result>>;
}

/** `args` can be left out where nothing in them is required. */
export type Input<Args, Options> =
  Record<never, never> extends Args ? [args?: Args, options?: Options] : [args: Args, options?: Options];

/** Any executor at all: being of one generic type, executors fit it without a look at their arguments and results. */
// biome-ignore lint/suspicious/noExplicitAny: nothing else fits arguments of every kind.
export type AnyExecutor = Executor<any, any, any>;

/** Tool name → executor. */
export type Dispatcher = { readonly [toolName: string]: AnyExecutor };

export type ArgsOf<E> = E extends { decode(args: unknown): infer Args } ? Args : never;
export type ResultOf<E> = E extends { run(...input: never): Promise<Answer<infer Result>> } ? Result : never;

// ------------------------------------------------------------ requests

/** One request of one tool call; `call` says which. */
export type Send = (request: Request, call: CallInfo) => Promise<Response>;

/** A wrapper around every request: retry, cache, … The first of a list is the outermost. */
export type Policy = (next: Send) => Send;

/** A whole call, from natural arguments to the answer; `call` says which. */
export type Run = (args: unknown, call: CallInfo) => Promise<Answer>;

/** A wrapper around a whole call, once it may be made: fallback, result budget, … The first of a list is the outermost. */
export type RunPolicy = (next: Run) => Run;

/** What a list of policies takes: a wrapper around requests, or an object with one around calls, or both. */
export type AnyPolicy = Policy | { readonly run?: RunPolicy | undefined; readonly send?: Policy | undefined };

export interface CallInfo {
  /** The same for every attempt of one logical call. */
  readonly id: string;
  readonly tool: string;
  readonly effect: Effect;
  /** Natural ones. Of a call that never came so far, what the model wrote. */
  readonly args: unknown;
  readonly context: unknown;
  /** The run that the call is part of. None where code calls. */
  readonly run?: RunInfo | undefined;
  /** What has come of it so far. Whoever sends or answers writes it down, for hooks and history. */
  readonly progress: CallProgress;
  /** The tool as the model sees it. */
  readonly definition?: FunctionTool | undefined;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Sent with every attempt, so that the API makes the call once. None where it has no header for that. */
  readonly idempotencyKey?: string | undefined;
}

/** Where in a run a call is made. */
export interface RunInfo {
  readonly id: string;
  /** How many times the model had been asked. */
  readonly turn: number;
  /** What the user said last. */
  readonly question?: string | undefined;
}

/** What a call took. */
export interface CallProgress {
  /** Requests that were sent for it. Of a function of yours, how often policies had it called. */
  attempts: number;
  /** Whether a cache answered. */
  cached: boolean;
  /** Why something else answered in place of the tool, where it did. */
  degraded?: string;
}

// ------------------------------------------------------------ approval, hooks, history

/** A call, as those who decide about it and watch it see it. */
export type CallOf<Context> = CallInfo & { readonly context: Context };

/** Whether a call may be made: `undefined` is for a person to say, later. */
export type Approval<Context = unknown> = (
  call: CallOf<Context>,
) => ApprovalDecision | undefined | Promise<ApprovalDecision | undefined>;

/** Yes or no. The model reads the reason. */
export type ApprovalDecision = boolean | { readonly approve: boolean; readonly reason?: string | undefined };

/** A decision that was made before the call came back. It holds for exactly these arguments: about others it is asked again. */
export interface CallDecision {
  readonly approve: boolean;
  readonly reason?: string | undefined;
  readonly args: unknown;
}

/** A call that waits for a decision. */
export interface PendingCall {
  readonly id: string;
  readonly tool: string;
  readonly effect: Effect;
  /** As code writes them; null and the like, which only strict schemas need, are gone. */
  readonly args: unknown;
}

/** Looks at every call, and may change it. What a hook throws is the outcome of the call. */
export interface Hooks<Context = unknown> {
  /** Before anybody decides about the call. `args` replaces its arguments; `veto` is why it is not made (`rejected`). */
  readonly beforeCall?:
    | ((call: CallOf<Context>) => BeforeCall | undefined | void | Promise<BeforeCall | undefined> | Promise<void>)
    | undefined;
  /** Once it has come to something, of which nobody has heard yet. Returns what is told instead. */
  readonly afterCall?:
    | ((
        call: CallOf<Context>,
        outcome: CallOutcome,
      ) => CallOutcome | undefined | void | Promise<CallOutcome | undefined> | Promise<void>)
    | undefined;
}

/** What `beforeCall` may ask for. */
export type BeforeCall = { readonly args: unknown } | { readonly veto: string };

/** What came of a call. The model reads `content`, code `result`. `cause` is what was thrown, which the model never sees. */
export type CallOutcome =
  | { readonly ok: true; readonly result: unknown; readonly content: string }
  | { readonly ok: false; readonly error: ToolError; readonly cause?: unknown };

/**
 * Where calls are written down. A history that fails is an error of the host: the call rejects with `OptionsError`, its
 * output as `result`. Runs that are resumed need `claim` and `find` as well.
 */
export interface History {
  /** Takes each call once, as soon as its outcome is known. Calls that wait for a decision come when it is made. */
  append(entry: HistoryEntry): void | Promise<void>;
  /** Whether nobody claimed this key before, in any process. From then on it is claimed. */
  claim?(key: string): boolean | Promise<boolean>;
  /** The entry with this key. */
  find?(key: string): HistoryEntry | undefined | Promise<HistoryEntry | undefined>;
}

/** One call, as a history keeps it. */
export interface HistoryEntry {
  /** When it began: ISO 8601, in UTC. */
  readonly time: string;
  /** The id of the run. None where code calls. */
  readonly run: string | undefined;
  readonly turn: number | undefined;
  /** What the user said last before the run. */
  readonly question: string | undefined;
  readonly callId: string;
  readonly tool: string;
  readonly effect: Effect;
  readonly args: unknown;
  /** After the hooks. Its `cause` is what was thrown: an `Error`, or anything. */
  readonly outcome: CallOutcome;
  /** Milliseconds. */
  readonly duration: number;
  readonly attempts: number;
  readonly cached: boolean;
  readonly degraded?: string | undefined;
  /** Set for calls that are made at most once, whoever resumes their run. */
  readonly key: string | undefined;
}

// ------------------------------------------------------------ options

/** One server of the document and its variables. */
export interface ServerChoice {
  /** As the document writes it. Default: the first. */
  readonly url?: string | undefined;
  readonly variables?: { readonly [name: string]: string } | undefined;
}

/**
 * Turns the string that a model gives for a file into bytes. Without one, a data URL or base64 is taken,
 * and nothing is ever read from disk or network.
 */
export type FileResolver = (file: string, call: CallInfo) => Blob | Uint8Array | Promise<Blob | Uint8Array>;

/** How requests are made, whoever makes them. */
export interface RequestOptions<Auth = unknown> {
  /** Replaces every server of the document, those of single operations too. */
  readonly baseUrl?: string | undefined;
  readonly server?: ServerChoice | undefined;
  readonly auth?: { readonly [Scheme in keyof Auth]?: Auth[Scheme] | undefined } | undefined;
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds for one request, its answer's body included. Default: no limit. */
  readonly timeout?: number | undefined;
  readonly policies?: readonly AnyPolicy[] | undefined;
  /** Values of arguments that the kit fills in: tenant, locale, … Models never see them, and what code gives beats them. */
  readonly inject?: { readonly [key: string]: unknown } | undefined;
  readonly files?: FileResolver | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A credential, or a function that gives it for the context of a call. */
export type Credential<Value, Context> = Value | ((context: Context) => Value | undefined | Promise<Value | undefined>);

/** The options of `createKit`. */
export interface KitOptions<Auth = unknown, Context = unknown>
  extends Omit<RequestOptions<Auth>, "auth" | "inject" | "signal"> {
  readonly auth?:
    | { readonly [Scheme in keyof Auth]?: Credential<NonNullable<Auth[Scheme]>, Context> | undefined }
    | undefined;
  /** Values of arguments that the kit fills in, or functions that give them for the context of a call: tenant, locale, … */
  readonly inject?: { readonly [key: string]: Credential<unknown, Context> } | undefined;
  /**
   * Decides whether a call may be made at all: `true` alone lets it through. Refusing it is an output of kind
   * `not_authorized`, its reason included.
   */
  readonly authorize?: ((call: CallOf<Context>) => Decision | Promise<Decision>) | undefined;
  /**
   * Decides whether a call that a model asked for is made: at once, or by `undefined` later (`needs_approval`).
   * It decides about tools with `approval: "always"` as well. Default: those wait for a decision, in a run destructive
   * calls as well, and all others are made. What is no decision fails the call (`internal`).
   */
  readonly approval?: Approval<Context> | undefined;
  readonly hooks?: Hooks<Context> | readonly Hooks<Context>[] | undefined;
  /** Every call of this kit is written down there. */
  readonly history?: History | undefined;
}

/** `true`, or the reason why not. */
export type Decision = boolean | string | { readonly reason: string };

/** What `run` gets: the options of the kit, with the one call they are for. `auth` holds values or functions of the context. */
export interface RunOptions extends Omit<RequestOptions, "auth"> {
  readonly auth?: { readonly [scheme: string]: unknown } | undefined;
  readonly call?: (Partial<CallInfo> & Pick<CallInfo, "id" | "context">) | undefined;
  /** Hands an event stream on while it runs, for code. Otherwise it is read first, for its text, and cut where that is long. */
  readonly stream?: boolean | undefined;
}

// ------------------------------------------------------------ kits

export interface CallOptions<Context = unknown> {
  readonly signal?: AbortSignal | undefined;
  /** Who asks, and whatever else credentials, `authorize`, `approval` and hooks need. The model never sees it. */
  readonly context?: Context | undefined;
}

/** Options of a call that a model asked for. */
export interface DispatchOptions<Context = unknown> extends CallOptions<Context> {
  /** Set by whoever runs a model: then destructive calls wait for a decision. */
  readonly run?: RunInfo | undefined;
  /** What was decided about this call since it was pending. */
  readonly decision?: CallDecision | undefined;
  /** Natural arguments instead of the model's own. */
  readonly args?: unknown;
  /** With a history: a call of this key is made once, and its outcome is given again. */
  readonly key?: string | undefined;
  /** The tools that the model could choose from: a call of any other is `unknown_tool`. Default: all of the kit. */
  readonly offered?: readonly string[] | undefined;
}

/** A kit of whatever tools: what the loop and the adapters need. */
export interface AnyKit<Context = unknown> {
  /** Every tool, in the form of the Chat Completions API. */
  readonly tools: FunctionTool[];
  /** Tool name → executor. */
  readonly dispatcher: Dispatcher;
  /** Decodes, checks and makes one tool call. Rejects only for the caller's own abort; all else is an output. */
  dispatch(toolCall: ToolCall, options?: DispatchOptions<Context>): Promise<ToolOutput>;
}

/** Tools bound to a server and credentials. */
export interface Kit<D extends Dispatcher, Context = unknown> extends AnyKit<Context> {
  readonly dispatcher: D;
  /** Where its calls are written down. */
  readonly history?: History | undefined;
  /** Calls a tool with natural arguments. Throws `KitError`. */
  call<Name extends keyof D & string>(
    name: Name,
    ...input: Input<ArgsOf<D[Name]>, CallOptions<Context>>
  ): Promise<ResultOf<D[Name]>>;
  /** The same kit with these tools alone. */
  pick<Name extends keyof D & string>(...names: Name[]): Kit<Pick<D, Name>, Context>;
}

export type ErrorKind =
  | "invalid_arguments"
  | "unknown_tool"
  | "http"
  | "network"
  | "timeout"
  | "rate_limited"
  | "circuit_open"
  | "not_authorized"
  | "needs_approval"
  | "rejected"
  | "aborted"
  | "internal";

/** What the model learns of a failed call. */
export interface ToolError {
  readonly kind: ErrorKind;
  readonly message: string;
  /** The argument at fault: `items[0].sku`. */
  readonly path?: string;
  /** What to try instead. */
  readonly hint?: string;
  /** HTTP status. */
  readonly status?: number;
  /** The start of the answer's body. */
  readonly body?: unknown;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
}

/** The outcome of one tool call. `content` is the text for the model. */
export type ToolOutput =
  | {
      readonly ok: true;
      readonly toolCallId: string;
      readonly name: string;
      readonly content: string;
      readonly result: unknown;
    }
  | {
      readonly ok: false;
      readonly toolCallId: string;
      readonly name: string;
      readonly content: string;
      readonly error: ToolError;
      /** With `needs_approval`: what is to be decided. */
      readonly pending?: PendingCall;
    };
