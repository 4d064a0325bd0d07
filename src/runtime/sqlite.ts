import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { checkNumbers, longestTimer } from "./check-numbers.ts";
import { OptionsError } from "./errors.ts";
import type { History, HistoryEntry } from "./kit-types.ts";
import { callRedactor } from "./policies/redact.ts";
import { columns, fromStored, type StoredCall, toStored } from "./stored-call.ts";

export interface SqliteHistoryOptions {
  /** Paths of arguments, results and errors that are not written down: `customer.email`, `items[].iban`, `**.token`. */
  readonly redact?: readonly string[] | undefined;
  /** Changes an entry, once `redact` has, before it is written down: for what has no path, such as the user's question. */
  readonly change?: ((entry: HistoryEntry) => HistoryEntry) | undefined;
  /** Milliseconds to wait while other processes write. Default: 5000. */
  readonly maxWait?: number | undefined;
}

/** Which calls are wanted. */
export interface EntryFilter {
  readonly run?: string | undefined;
  readonly tool?: string | undefined;
  /** Only calls that began then or later. */
  readonly since?: Date | undefined;
}

/** A history in a file, which can be read again. */
export interface SqliteHistory extends History, Disposable {
  append(entry: HistoryEntry): void;
  claim(key: string): boolean;
  find(key: string): HistoryEntry | undefined;
  /** The calls in the order in which they ended. */
  entries(filter?: EntryFilter): IterableIterator<HistoryEntry>;
  close(): void;
}

const version = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, run TEXT, turn INTEGER, question TEXT, call_id TEXT NOT NULL,
    tool TEXT NOT NULL, effect TEXT NOT NULL, args TEXT, ok INTEGER NOT NULL, result TEXT, content TEXT, error TEXT,
    cause TEXT, duration REAL NOT NULL, attempts INTEGER NOT NULL, cached INTEGER NOT NULL, degraded TEXT, key TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS calls_by_key ON calls (key) WHERE key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS calls_by_run ON calls (run) WHERE run IS NOT NULL;
  CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, time TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${["calls", "claims"].map((table) => forbid("UPDATE", table) + forbid("DELETE", table)).join("")}
  PRAGMA user_version = ${version};
`;

/**
 * Writes every call down in an SQLite file, which only its user can read and several processes may share. Each entry is
 * there as soon as its call is answered, and stays whatever becomes of the process.
 */
export function sqliteHistory(file: string, options: SqliteHistoryOptions = {}): SqliteHistory {
  const { redact = [], change = (entry) => entry, maxWait = 5_000 } = options;
  checkNumbers({ "history: maxWait": [maxWait, 0, longestTimer] });
  const database = open(file, maxWait);
  const { args, outcome } = callRedactor(redact);
  const insert = database.prepare(
    `INSERT INTO calls (${columns.join(", ")}) VALUES (${columns.map((column) => `:${column}`).join(", ")})`,
  );
  const claim = database.prepare("INSERT INTO claims (key, time) VALUES (?, ?) ON CONFLICT DO NOTHING");
  // A call that was refused in one process, and made in another: what counts is that it was made.
  const byKey = database.prepare("SELECT * FROM calls WHERE key = ? ORDER BY ok DESC, id LIMIT 1");

  return {
    append(entry) {
      const hidden = {
        ...entry,
        args: args(entry.args),
        outcome: outcome(entry.outcome, entry.degraded !== undefined),
      };
      insert.run({ ...toStored(change(hidden)) });
    },
    claim: (key) => claim.run(key, new Date().toISOString()).changes === 1,
    find(key) {
      const row = byKey.get(key);
      return row && fromStored(row as unknown as StoredCall);
    },
    *entries(filter = {}) {
      const { where, values } = toWhere(filter);
      for (const row of database.prepare(`SELECT * FROM calls ${where} ORDER BY id`).iterate(...values)) {
        yield fromStored(row as unknown as StoredCall);
      }
    },
    close: () => database.close(),
    [Symbol.dispose]: () => database.close(),
  };
}

function open(file: string, timeout: number): DatabaseSync {
  try {
    if (file !== ":memory:") closeSync(openSync(file, "a", 0o600));
    const database = new DatabaseSync(file, { timeout });
    prepare(database, timeout);
    return database;
  } catch (cause) {
    if (cause instanceof OptionsError) throw cause;
    throw new OptionsError(`history: ${file} cannot be opened: ${(cause as Error).message}`, { cause });
  }
}

function prepare(database: DatabaseSync, maxWait: number): void {
  const found = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (found > version) throw new OptionsError(`history: the file was written by a newer fctool (format ${found})`);
  useWal(database, Date.now() + maxWait);
  database.exec("PRAGMA synchronous = NORMAL");
  if (found === version) return;
  database.exec("BEGIN IMMEDIATE");
  database.exec(schema);
  database.exec("COMMIT");
}

/** Waits by itself: SQLite refuses this change at once while another process, which opens the same new file, has a lock. */
function useWal(database: DatabaseSync, end: number): void {
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      const isBusy = ((error as { readonly errcode?: number }).errcode ?? 0) % 256 === 5;
      if (!isBusy || Date.now() >= end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function toWhere({ run, tool, since }: EntryFilter): { readonly where: string; readonly values: SQLInputValue[] } {
  const conditions: readonly (readonly [sql: string, value: SQLInputValue | undefined])[] = [
    ["run = ?", run],
    ["tool = ?", tool],
    ["time >= ?", since?.toISOString()],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  return {
    where: given.length === 0 ? "" : `WHERE ${given.map(([sql]) => sql).join(" AND ")}`,
    values: given.map(([, value]) => value as SQLInputValue),
  };
}

function forbid(change: string, table: string): string {
  return `CREATE TRIGGER IF NOT EXISTS no_${change.toLowerCase()}_of_${table} BEFORE ${change} ON ${table}
    BEGIN SELECT RAISE(ABORT, 'a history is only ever appended to'); END;`;
}
