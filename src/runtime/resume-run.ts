import { canonicalJson } from "./canonical-json.ts";
import type { FunctionCall } from "./chat.ts";
import { isDecision } from "./decision.ts";
import { describeValue } from "./describe-value.ts";
import { dispatchAll } from "./dispatch-all.ts";
import { OptionsError } from "./errors.ts";
import type { AnyExecutor, AnyKit, ApprovalDecision, DispatchOptions, ToolOutput } from "./kit-types.ts";
import { type Adapter, checkLimits, dispatchInRun, goOn, type Origin, type SomeOptions, withResult } from "./loop.ts";
import type { RunResult } from "./loop-options.ts";
import { checkNatural } from "./natural-args.ts";
import { own } from "./own.ts";
import type { Tell } from "./run-events.ts";
import { observed } from "./run-observer.ts";
import { checkSeal, isSigned, type RunState, type Seal, type StatePending, sign } from "./state.ts";
import { keyOf } from "./turn.ts";

/** What is decided about calls, by the id of the call. Those that are left out, or `undefined`, go on waiting. */
export interface Decisions {
  readonly [toolCallId: string]: Verdict | undefined;
}

/** Yes or no; or other arguments to make the call with, about which is asked again. */
export type Verdict = ApprovalDecision | { readonly approve: true; readonly args: unknown };

interface ResumeOptions<Item extends object> extends Omit<SomeOptions<Item>, "messages"> {
  readonly state: RunState<Item> | undefined;
  readonly decisions: Decisions;
  readonly stepKit?: AnyKit<never> | undefined;
}

/** Reads the messages of an API. */
export interface MessageReader {
  /** The id of the call whose output this is. */
  readonly outputId: (message: object) => unknown;
  readonly callsIn: (message: object) => readonly FunctionCall[];
}

/** Makes the calls that were decided about, and goes on with the run. */
export async function resumeRun<Item extends object>(
  options: ResumeOptions<Item>,
  adapter: Adapter<Item>,
  reader: MessageReader,
  tell: Tell = () => {},
): Promise<RunResult<Item>> {
  checkLimits(options);
  const state = await open(options.state, options, adapter.api);
  checkDecisions(options.decisions, state.pending, kitOf(options, state));
  const { run: id, question } = state;
  return await observed("aroundRun", options, { id, question }, () => makeCalls(options, state, adapter, reader, tell));
}

async function makeCalls<Item extends object>(
  options: ResumeOptions<Item>,
  state: RunState<Item>,
  adapter: Adapter<Item>,
  { outputId, callsIn }: MessageReader,
  tell: Tell,
): Promise<RunResult<Item>> {
  const { signal, context, decisions, maxParallelCalls = 5 } = options;
  const { run, question, turn, usage, previous } = state;
  const kit = kitOf(options, state);
  const calls = new Map(
    state.pending.filter(({ id }) => own(decisions, id) !== undefined).map((call) => [call.toolCall, call]),
  );
  const placeOf = countCalls();
  const places = new Map(state.messages.flatMap(callsIn).map((call) => [call.id, placeOf(call)]));

  async function dispatch(toolCall: FunctionCall): Promise<ToolOutput> {
    const pending = calls.get(toolCall) as StatePending;
    const decided = decide(pending, decisions[pending.id] as Verdict);
    // Whoever keeps a state may have shortened its messages.
    const key = await hash([run, places.get(pending.id) ?? pending.id]);
    const shared = { signal, context, run: { id: run, turn, question }, key };
    return dispatchInRun(kit, toolCall, { ...shared, ...decided });
  }

  const making = dispatchAll(maxParallelCalls, dispatch, tell);
  for (const call of calls.keys()) making.add(call);
  const { outputs, failure } = await making.end();
  const messages = [...state.messages];
  const waiting: StatePending[] = [];
  for (const pending of state.pending) {
    const output = outputs.get(pending.toolCall);
    const args = argsOf(pending, own(decisions, pending.id));
    if (output === undefined) waiting.push(pending);
    else if (!output.ok && output.pending !== undefined) {
      waiting.push({ ...output.pending, toolCall: pending.toolCall, isChanged: args !== undefined });
    } else {
      const told = args === undefined ? output : tellArgs(output, args);
      const [item, ...more] = await adapter.toItems([told], [pending.toolCall], kit);
      const place = messages.findLastIndex((item) => outputId(item) === pending.id);
      messages.splice(place, 1, item as Item);
      messages.push(...more);
    }
  }
  if (failure === undefined && waiting.length === 0) {
    const origin: Origin = { run, question, turn, usage, previous, keyOf: (call) => hash([run, placeOf(call)]) };
    return await goOn({ ...options, messages }, adapter, tell, origin);
  }
  const next = await sign({ ...state, messages, pending: waiting, signature: undefined }, options);
  const stopReason = signal?.aborted ? "aborted" : "needs_approval";
  const result = { text: "", messages, steps: [], usage, ...(waiting.length > 0 && { state: next }) };
  if (failure !== undefined) throw withResult(failure.error, result);
  return { ...result, stopReason };
}

// ------------------------------------------------------------ the state

async function open<Item extends object>(
  state: RunState<Item> | undefined,
  seal: Seal,
  api: RunState["api"],
): Promise<RunState<Item>> {
  if (state?.version !== 1 || !Array.isArray(state.pending) || !Array.isArray(state.messages)) {
    throw new OptionsError("state: this is no state of a run that waits for decisions");
  }
  if (state.api !== api)
    throw new OptionsError(`state: it is of a run over ${state.api}, and this goes on over ${api}`);
  checkSeal(seal);
  if (seal.stateSecret === undefined && state.signature !== undefined)
    throw new OptionsError("state: it is signed, and without its stateSecret nobody can tell whether it was changed");
  if (!(await isSigned(state, seal))) {
    throw new OptionsError(
      "state: its signature is not ours: it was changed, or signed with another stateSecret, or for another stateOwner",
    );
  }
  return state;
}

/** The kit that was offered in the turn that stopped: another may go to another server. */
function kitOf(
  { kit, stepKit }: Pick<ResumeOptions<object>, "kit" | "stepKit">,
  { hasStepKit }: RunState,
): AnyKit<never> {
  if (hasStepKit !== true) return kit;
  if (stepKit === undefined)
    throw new OptionsError("stepKit: it takes the kit that prepareStep had chosen for the turn that waits");
  return stepKit;
}

/** All of them, before any call is made. */
function checkDecisions(decisions: Decisions, pending: readonly StatePending[], { dispatcher }: AnyKit<never>): void {
  if (typeof decisions !== "object" || decisions === null)
    throw new OptionsError(`decisions: got ${describeValue(decisions)}; expected an object, by the id of the call`);
  const ids = pending.map(({ id }) => id);
  for (const [id, verdict] of Object.entries(decisions)) {
    const key = JSON.stringify(id);
    if (!ids.includes(id))
      throw new OptionsError(`decisions: no call ${key} is waiting; those that are: ${ids.join(", ")}`);
    if (!isDecision(verdict))
      throw new OptionsError(
        `decisions: ${key}: got ${describeValue(verdict)}; it must be true, false, { approve, reason, args } or undefined`,
      );
    const call = pending.find((call) => call.id === id) as StatePending;
    if (typeof verdict === "object" && verdict.approve && "args" in verdict && !isSame(verdict.args, call))
      checkArgs(verdict.args, call, own(dispatcher, call.tool));
  }
}

/** What the model is told was sent has to be what is sent. */
function checkArgs(args: unknown, { id, args: before }: StatePending, executor: AnyExecutor | undefined): void {
  try {
    if (executor !== undefined) checkNatural(executor, args, before);
  } catch (cause) {
    throw new OptionsError(`decisions: ${JSON.stringify(id)}: args: ${(cause as Error).message}`, { cause });
  }
}

function isSame(args: unknown, pending: StatePending): boolean {
  return canonicalJson(args) === canonicalJson(pending.args);
}

// ------------------------------------------------------------ decisions

/** The arguments that a person gave instead of the model's. */
function argsOf(pending: StatePending, verdict: Verdict | undefined): unknown {
  const args = typeof verdict === "object" && "args" in verdict ? verdict.args : pending.args;
  return pending.isChanged || !isSame(args, pending) ? args : undefined;
}

/** About changed arguments nothing is decided yet. */
function decide(pending: StatePending, verdict: Verdict): DispatchOptions {
  const args = argsOf(pending, verdict);
  const decision = typeof verdict === "object" ? verdict : { approve: verdict };
  if (decision.approve && "args" in decision && !isSame(decision.args, pending)) return { args };
  return { args, decision: { ...decision, args: pending.args } };
}

function tellArgs(output: ToolOutput, args: unknown): ToolOutput {
  return { ...output, content: `made with other arguments, ${JSON.stringify(args)}: ${output.content}` };
}

// ------------------------------------------------------------ keys

/**
 * Tells the place of each call among those of its run that are like it. It is the same whenever the run goes on from one
 * of its states, though the model may give other ids the second time, or take other turns.
 */
function countCalls(): (call: FunctionCall) => readonly [name: string, count: number] {
  const counts = new Map<string, number>();
  return (call) => {
    const name = keyOf(call);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [name, count];
  };
}

/** Keys are kept, and arguments may hold secrets. */
async function hash(parts: readonly unknown[]): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(parts)));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
