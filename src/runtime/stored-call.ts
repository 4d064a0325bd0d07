import { describeValue } from "./describe-value.ts";
import { isKitError } from "./errors.ts";
import type { CallOutcome, HistoryEntry } from "./kit-types.ts";
import type { Effect } from "./types.ts";

/** One call as a database keeps it: a row of scalars. */
export interface StoredCall {
  readonly time: string;
  readonly run: string | null;
  readonly turn: number | null;
  readonly question: string | null;
  readonly call_id: string;
  readonly tool: string;
  readonly effect: string;
  readonly args: string | null;
  readonly ok: number;
  readonly result: string | null;
  readonly content: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly duration: number;
  readonly attempts: number;
  readonly cached: number;
  readonly degraded: string | null;
  readonly key: string | null;
}

export const columns = [
  "time",
  "run",
  "turn",
  "question",
  "call_id",
  "tool",
  "effect",
  "args",
  "ok",
  "result",
  "content",
  "error",
  "cause",
  "duration",
  "attempts",
  "cached",
  "degraded",
  "key",
] as const satisfies readonly (keyof StoredCall)[];

export function toStored(entry: HistoryEntry): StoredCall {
  const { outcome } = entry;
  return {
    time: entry.time,
    run: entry.run ?? null,
    turn: entry.turn ?? null,
    question: entry.question ?? null,
    call_id: entry.callId,
    tool: entry.tool,
    effect: entry.effect,
    args: toText(entry.args),
    ok: outcome.ok ? 1 : 0,
    result: outcome.ok ? toText(outcome.result) : null,
    content: outcome.ok ? outcome.content : null,
    error: outcome.ok ? null : toText(outcome.error),
    cause: outcome.ok ? null : describeCause(outcome.error.kind, outcome.cause),
    duration: entry.duration,
    attempts: entry.attempts,
    cached: entry.cached ? 1 : 0,
    degraded: entry.degraded ?? null,
    key: entry.key ?? null,
  };
}

export function fromStored(row: StoredCall): HistoryEntry {
  return {
    time: row.time,
    run: row.run ?? undefined,
    turn: row.turn ?? undefined,
    question: row.question ?? undefined,
    callId: row.call_id,
    tool: row.tool,
    effect: row.effect as Effect,
    args: fromText(row.args),
    outcome: toOutcome(row),
    duration: row.duration,
    attempts: row.attempts,
    cached: row.cached === 1,
    ...(row.degraded !== null && { degraded: row.degraded }),
    key: row.key ?? undefined,
  };
}

function toOutcome({ ok, result, content, error, cause }: StoredCall): CallOutcome {
  if (ok === 1) return { ok: true, result: fromText(result), content: content ?? "" };
  return { ok: false, error: JSON.parse(error as string), ...(cause !== null && { cause }) };
}

/** A result that JSON cannot hold must not lose the call. */
function toText(value: unknown): string | null {
  try {
    return JSON.stringify(value, toJson) ?? null;
  } catch {
    return JSON.stringify(describeValue(value));
  }
}

function toJson(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Blob ? { type: value.type, size: value.size } : value;
}

function fromText(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

/** What the error does not say. Only a tool's own exception is told whole: others may quote a request and its credentials. */
function describeCause(kind: string, cause: unknown): string | null {
  const inner = isKitError(cause) ? cause.cause : cause;
  if (kind === "internal" && inner !== undefined) return String(inner);
  const code = kind === "network" ? codeOf(inner) : undefined;
  return code ?? null;
}

/** `ECONNREFUSED` and the like, at whatever depth. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : codeOf(error.cause);
}
