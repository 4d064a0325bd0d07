import { untilAborted } from "./abort.ts";
import { contentOf } from "./answer.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isDecision } from "./decision.ts";
import { describeValue } from "./describe-value.ts";
import { isKitError, isOptionsError, KitError, NotAuthorizedError, OptionsError } from "./errors.ts";
import type {
  Answer,
  CallDecision,
  CallInfo,
  CallOutcome,
  Dispatcher,
  DispatchOptions,
  Executor,
  History,
  HistoryEntry,
  Hooks,
  KitOptions,
  Run,
  RunOptions,
} from "./kit-types.ts";
import { own } from "./own.ts";
import { runThrough } from "./run-through.ts";
import { toToolOutput } from "./tool-call.ts";
import { unknownTool } from "./unknown-tool.ts";

export type SomeExecutor = Executor<unknown, unknown>;

/** What is to be called. */
export interface Wanted {
  readonly id: string;
  readonly name: string;
  /** Natural arguments. Throws where they are none. */
  readonly args: (executor: SomeExecutor) => unknown;
  /** As the model wrote them. */
  readonly rawArgs?: unknown;
  /** Models need approval, code does not. */
  readonly byModel: boolean;
}

/** A call and what came of it. */
export interface Made {
  readonly call: CallInfo;
  readonly outcome: CallOutcome;
}

/** Every call of a kit goes this way: hooks, permission, approval, policies and executor, hooks, history. */
export async function makeCall(
  dispatcher: Dispatcher,
  wanted: Wanted,
  options: KitOptions<unknown, never>,
  { signal, context, run, decision, key, offered }: DispatchOptions<unknown>,
): Promise<Made> {
  const { history } = options;
  if (!isDecision(decision) || typeof decision === "boolean")
    throw new OptionsError(`decision: got ${describeValue(decision)}; it must be { approve, reason, args }`);
  const hooks = [options.hooks ?? []].flat() as Hooks[];
  const start = Date.now();
  const progress = { attempts: 0, cached: false };
  const { id, name: tool, rawArgs: args } = wanted;
  let call: CallInfo = { id, tool, effect: "read", args, context, run, progress, signal };
  let isOurs = true;

  async function answer(): Promise<Answer> {
    const isOffered = offered?.includes(tool) ?? true;
    // Names come from the model, `__proto__` and the like included.
    const executor = isOffered ? (own(dispatcher, tool) as SomeExecutor | undefined) : undefined;
    if (executor === undefined) throw unknownTool(tool, offered ?? Object.keys(dispatcher));
    call = { ...call, effect: executor.effect, definition: executor.tool };
    call = { ...call, args: wanted.args(executor) };
    for (const hook of hooks) {
      const wish = await hook.beforeCall?.(call);
      if (wish && "veto" in wish) throw new KitError("rejected", wish.veto);
      if (wish) call = { ...call, args: wish.args };
    }
    await authorize(call, options);
    if (wanted.byModel) await approve(call, executor, options, decision);
    if (key !== undefined) isOurs = (await history?.claim?.(key)) ?? true;
    if (!isOurs) throw new KitError("aborted", "made before, with an unknown outcome; not made again");
    const last: Run = (args, call) =>
      executor.run(args, { ...options, stream: !wanted.byModel, signal: call.signal, call } as RunOptions);
    return runThrough(options.policies, last, call);
  }

  if (key !== undefined && history !== undefined) {
    if (!history.claim || !history.find)
      throw new OptionsError("history: where runs are resumed it takes claim and find");
    const known = await history.find(key);
    if (known !== undefined) return { call, outcome: known.outcome };
  }
  let outcome: CallOutcome;
  try {
    outcome = { ok: true, ...(await untilAborted(answer, signal)) };
  } catch (error) {
    if (isOptionsError(error)) throw error;
    const failed = toOutcome(error);
    if (!isOurs || failed.error.kind === "needs_approval") return { call, outcome: failed };
    outcome = failed;
  }
  for (const hook of hooks) outcome = await changeOutcome(hook, call, outcome);
  const made = { call, outcome };
  if (history !== undefined) await append(history, toEntry(call, outcome, start, key), made);
  return made;
}

/** The outcome of a call that failed. Only a `KitError` may tell the model its reason. */
export function toOutcome(cause: unknown): CallOutcome & { readonly ok: false } {
  const known = isKitError(cause) ? cause : new KitError("internal", "", { cause });
  return { ok: false, error: known.toToolError(), cause };
}

// ------------------------------------------------------------ who decides

async function authorize(call: CallInfo, { authorize }: KitOptions<unknown, never>): Promise<void> {
  if (authorize === undefined) return;
  const decision: unknown = await authorize(call as never);
  if (decision !== true) {
    const reason = typeof decision === "string" ? decision : Object(decision).reason;
    throw new NotAuthorizedError(textOr(reason, "this call is not allowed"));
  }
}

async function approve(
  call: CallInfo,
  executor: SomeExecutor,
  { approval }: KitOptions<unknown, never>,
  decided: CallDecision | undefined,
): Promise<void> {
  const isAbout = decided && (!decided.approve || canonicalJson(decided.args) === canonicalJson(call.args));
  const decision = isAbout ? decided : approval ? await approval(call as never) : approveByTool(call, executor);
  if (!isDecision(decision)) {
    const wanted = "it must be true, false, { approve, reason } or undefined";
    throw new KitError("internal", `approval: got ${describeValue(decision)}; ${wanted}`);
  }
  if (decision === undefined) {
    throw new KitError("needs_approval", "not made yet: this call waits until it is approved");
  }
  const { approve, reason } = typeof decision === "object" ? decision : { approve: decision };
  if (!approve) throw new KitError("rejected", textOr(reason, "this call was not approved"));
}

/** With nothing configured. Code that dispatches on its own has decided already, but for tools that always ask. */
function approveByTool({ run }: CallInfo, { effect, approval }: SomeExecutor): true | undefined {
  const isAsked = approval === undefined ? run !== undefined && effect === "destructive" : approval === "always";
  return !isAsked || undefined;
}

/** Reasons may come from anywhere. */
function textOr(reason: unknown, otherwise: string): string {
  return (typeof reason === "string" && reason) || otherwise;
}

// ------------------------------------------------------------ who watches

async function changeOutcome({ afterCall }: Hooks, call: CallInfo, outcome: CallOutcome): Promise<CallOutcome> {
  try {
    const changed = (await afterCall?.(call, outcome)) ?? outcome;
    if (!changed.ok || !outcome.ok) return changed;
    // Whoever changes the result alone does not mean the model to read the old one.
    const isStale = changed.result !== outcome.result && changed.content === outcome.content;
    return isStale ? { ...changed, content: contentOf(changed.result) } : changed;
  } catch (error) {
    // A hook that should have hidden something must not let it through.
    return toOutcome(error);
  }
}

async function append(history: History, entry: HistoryEntry, made: Made): Promise<void> {
  try {
    await history.append(entry);
  } catch (cause) {
    throw new OptionsError("history: a call could not be written down", { cause }, toToolOutput(made));
  }
}

function toEntry(call: CallInfo, outcome: CallOutcome, start: number, key: string | undefined): HistoryEntry {
  const { id, tool, effect, args, run, progress } = call;
  return {
    time: new Date(start).toISOString(),
    run: run?.id,
    turn: run?.turn,
    question: run?.question,
    callId: id,
    tool,
    effect,
    args,
    outcome,
    duration: Date.now() - start,
    ...progress,
    key,
  };
}
