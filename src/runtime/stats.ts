import type { CallOutcome, HistoryEntry, ToolError } from "./kit-types.ts";

/** How calls went. */
export interface CallStats {
  readonly calls: number;
  /** Of all calls, from 0 to 1, those that were not made included: rejected ones, invalid arguments. */
  readonly failureRate: number;
  /** Milliseconds that half of the calls took, at most. */
  readonly p50: number;
  /** Milliseconds that 95 of 100 calls took, at most. */
  readonly p95: number;
  /** The five most common ones, the first most of all. */
  readonly errors: readonly ErrorStats[];
}

/** An error that happened, once or more often. */
export interface ErrorStats extends Pick<ToolError, "kind" | "status" | "path"> {
  readonly count: number;
  /** Of the latest one. For an exception of a tool, what was thrown. */
  readonly message: string;
}

export interface Stats extends CallStats {
  /** The same for each tool, the one with the most calls first. Calls of names that models made up are `unknown_tool`. */
  readonly tools: { readonly [tool: string]: CallStats };
}

/** Anything that gives entries: a `sqliteHistory`, its `entries({ since })`, or an array. */
export type Entries = Iterable<HistoryEntry> | AsyncIterable<HistoryEntry> | { entries(): Iterable<HistoryEntry> };

const shownErrors = 5;

/** Sums up what a history holds: calls, failure rate, durations and the most common errors, in all and for each tool. */
export async function stats(history: Entries): Promise<Stats> {
  const all = new Tally();
  const byTool = new Map<string, Tally>();
  for await (const entry of toIterable(history)) {
    const tool = toolOf(entry);
    const tally = byTool.get(tool) ?? new Tally();
    byTool.set(tool, tally);
    for (const each of [all, tally]) each.add(entry);
  }
  const sorted = [...byTool].sort(([, a], [, b]) => b.calls - a.calls);
  return { ...all.sum(), tools: Object.fromEntries(sorted.map(([tool, tally]) => [tool, tally.sum()])) };
}

function toolOf({ tool, outcome }: HistoryEntry): string {
  return !outcome.ok && outcome.error.kind === "unknown_tool" ? outcome.error.kind : tool;
}

function toIterable(history: Entries): Iterable<HistoryEntry> | AsyncIterable<HistoryEntry> {
  return Symbol.iterator in history || Symbol.asyncIterator in history ? history : history.entries();
}

class Tally {
  readonly #durations: number[] = [];
  readonly #errors = new Map<string, ErrorStats>();
  #failures = 0;

  get calls(): number {
    return this.#durations.length;
  }

  add({ duration, outcome }: HistoryEntry): void {
    this.#durations.push(duration);
    if (outcome.ok) return;
    this.#failures++;
    const error = describe(outcome);
    const key = keyOf(error);
    this.#errors.set(key, { ...error, count: (this.#errors.get(key)?.count ?? 0) + 1 });
  }

  sum(): CallStats {
    const durations = Float64Array.from(this.#durations).sort();
    const at = (share: number) => durations[Math.ceil(share * durations.length) - 1] ?? 0;
    return {
      calls: this.calls,
      failureRate: this.calls === 0 ? 0 : this.#failures / this.calls,
      p50: at(0.5),
      p95: at(0.95),
      errors: [...this.#errors.values()].sort((a, b) => b.count - a.count).slice(0, shownErrors),
    };
  }
}

function describe({ error, cause }: CallOutcome & { readonly ok: false }): Omit<ErrorStats, "count"> {
  const { kind, status, path, message } = error;
  const isOwn = kind === "internal" && cause !== undefined;
  return {
    kind,
    ...(status !== undefined && { status }),
    ...(path !== undefined && { path: path.replace(/\[\d+\]/g, "[]") }),
    message: isOwn ? String(cause) : message,
  };
}

/** Messages quote arguments, so they tell errors apart only where nothing else does. */
function keyOf({ kind, status, path, message }: Omit<ErrorStats, "count">): string {
  return JSON.stringify([kind, status, path, kind === "internal" && message]);
}
