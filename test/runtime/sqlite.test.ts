import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { combineKits, defineTool, HttpError, KitError, resumeTools, runTools } from "../../src/runtime/index.ts";
import type { HistoryEntry } from "../../src/runtime/kit-types.ts";
import { type SqliteHistoryOptions, sqliteHistory } from "../../src/runtime/sqlite.ts";
import { folderWith } from "../temporary-folder.ts";
import { calls, says, startModel } from "./model-server.ts";

const entry: HistoryEntry = {
  time: "2026-05-01T10:00:00.000Z",
  run: "run_1",
  turn: 2,
  question: "Which pets were sold? 宠物",
  callId: "call_1",
  tool: "listPets",
  effect: "read",
  args: { status: "sold", tags: [{ secret: 1 }] },
  outcome: { ok: true, result: [{ id: 7, owner: { email: "a@b" } }], content: '[{"id":7,"owner":{"email":"a@b"}}]' },
  duration: 12,
  attempts: 2,
  cached: false,
  key: "key_1",
};

const error = { kind: "network", message: "could not be reached", retryable: true } as const;

function writtenAs(given: HistoryEntry, options?: SqliteHistoryOptions): HistoryEntry | undefined {
  using history = sqliteHistory(":memory:", options);
  history.append(given);
  return [...history.entries()][0];
}

describe("what is written can be read", () => {
  test.each<[what: string, given: HistoryEntry]>([
    ["a call that is done", entry],
    ["one that code made", { ...entry, run: undefined, turn: undefined, question: undefined, key: undefined }],
    ["one that failed", { ...entry, outcome: { ok: false, error } }],
    ["one that a cache answered", { ...entry, attempts: 0, cached: true }],
    ["one that something else answered", { ...entry, degraded: "the API is down" }],
    [
      "one without arguments and answer",
      { ...entry, args: undefined, outcome: { ok: true, result: undefined, content: "" } },
    ],
    ["a tool nobody has", { ...entry, tool: "__proto__'); --" }],
  ])("%s", (_, given) => {
    expect(writtenAs(given)).toEqual(given);
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each<[what: string, result: unknown, want: unknown]>([
    ["a file", new Blob(["1234"], { type: "image/png" }), { type: "image/png", size: 4 }],
    ["a bigint", { id: 2n ** 64n }, { id: "18446744073709551616" }],
    ["a circle", circle, "an object with self"],
    ["a circle without a prototype", Object.assign(Object.create(null), { circle }), "an object with circle"],
    ["what is nested too deeply", JSON.parse("[".repeat(50_000) + "]".repeat(50_000)), "an array of 1"],
  ])("%s", (_, result, want) => {
    expect(writtenAs({ ...entry, outcome: { ok: true, result, content: "" } })?.outcome).toMatchObject({
      result: want,
    });
  });
});

const refused = new TypeError("fetch failed: token=s3cret", {
  cause: Object.assign(new Error("s3cret"), { code: "ECONNREFUSED" }),
});

test.each<[what: string, kind: "internal" | "network" | "not_authorized", cause: unknown, want: unknown]>([
  ["a tool's own exception", "internal", new RangeError("no such row"), "RangeError: no such row"],
  ["an exception that is wrapped", "internal", new KitError("internal", "", { cause: "why" }), "why"],
  [
    "a broken connection, by its code alone",
    "network",
    new KitError("network", "", { cause: refused }),
    "ECONNREFUSED",
  ],
  ["a credential that could not be had, not at all", "not_authorized", new Error("s3cret"), undefined],
])("the cause: %s", (_, kind, cause, want) => {
  const written = writtenAs({ ...entry, outcome: { ok: false, error: { ...error, kind }, cause } });
  expect(written?.outcome).toEqual({
    ok: false,
    error: { ...error, kind },
    ...(want !== undefined && { cause: want }),
  });
});

describe("redaction", () => {
  const redact = ["**.email", "tags[].secret", "card"];
  const body = { owner: { email: "a@b" } };
  const invalid = {
    kind: "invalid_arguments",
    message: 'card: got "4111"',
    path: "card",
    hint: "did you mean 4112?",
    retryable: false,
  } as const;
  test.each<[what: string, given: Partial<HistoryEntry>]>([
    ["arguments, result and text", {}],
    ["what the model wrote", { args: '{"owner":{"email":"a@b"},"tags":[{"secret":1}]}' }],
    ["what the model wrote and nobody can read", { args: '{"email":"a@b" "secret":1' }],
    [
      "the body of an error",
      { outcome: { ok: false, error: { ...error, body }, cause: new HttpError(404, body, JSON.stringify(body)) } },
    ],
    ["a body whose error is not ours", { outcome: { ok: false, error: { ...error, body } } }],
    ["a body that was cut", { outcome: { ok: false, error: { ...error, body: '{"email":"a@b…' } } }],
    ["a message that quotes an argument", { outcome: { ok: false, error: invalid } }],
    [
      "an answer that something else gave",
      { degraded: "down", outcome: { ok: true, result: body, content: '{"result":{"owner":{"email":"a@b"}}}' } },
    ],
  ])("%s", (_, given) => {
    const whole = { ...entry, ...given };
    expect(JSON.stringify(whole)).toMatch(/a@b|4111/);
    const written = JSON.stringify(writtenAs(whole, { redact }));
    expect(written).not.toMatch(/a@b|"secret\\*":1|411/);
    expect(written).toContain("[redacted]");
  });

  test("what has no path is for a function", () => {
    const change = (given: HistoryEntry) => ({ ...given, question: undefined });
    expect(writtenAs(entry, { change })).toEqual({ ...entry, question: undefined });
  });
});

test("it can only be appended to, and only its user reads it", () => {
  const file = join(folderWith({}), "history.db");
  using history = sqliteHistory(file);
  history.append(entry);
  history.claim("key_1");
  const other = new DatabaseSync(file);
  for (const change of [
    "UPDATE calls SET tool = 'x'",
    "DELETE FROM calls",
    "UPDATE claims SET key = 'x'",
    "DELETE FROM claims",
  ])
    expect(() => other.exec(change)).toThrow(/only ever appended to/);
  other.close();
  for (const suffix of ["", "-wal"]) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
});

test("entries can be chosen", () => {
  using history = sqliteHistory(":memory:");
  const times = ["2026-05-01T10:00:00.000Z", "2026-05-02T10:00:00.000Z"];
  for (const time of times) for (const tool of ["getPet", "listPets"]) history.append({ ...entry, time, tool });
  const count = (filter: object) => [...history.entries(filter)].length;
  expect([
    count({}),
    count({ tool: "getPet" }),
    count({ since: new Date("2026-05-02") }),
    count({ tool: "getPet", since: new Date("2026-05-02") }),
    count({ run: "run_2" }),
  ]).toEqual([4, 2, 2, 1, 0]);
});

test.each<[what: string, file: (folder: string) => string, message: RegExp]>([
  ["a folder that is not there", (folder) => join(folder, "none", "h.db"), /cannot be opened/],
  ["a file of something else", (folder) => join(folder, "notes.txt"), /cannot be opened/],
  [
    "a file of a newer fctool",
    (folder) => {
      const file = join(folder, "new.db");
      const database = new DatabaseSync(file);
      database.exec("PRAGMA user_version = 99");
      database.close();
      return file;
    },
    /newer fctool/,
  ],
])("%s is named", (_, file, message) => {
  const folder = folderWith({ "notes.txt": "Buy milk, and then some more milk, for the cats." });
  expect(() => sqliteHistory(file(folder))).toThrow(message);
});

test("a wait that is no number is named", () => {
  const file = join(folderWith({}), "h.db");
  expect(() => sqliteHistory(file, { maxWait: Number.NaN })).toThrow(/^history: maxWait: got NaN/);
});

describe("resuming", () => {
  test("twice runs nothing twice, in another process neither", async () => {
    const file = join(folderWith({}), "history.db");
    const made: number[] = [];
    const createKit = () => {
      const history = sqliteHistory(file);
      const execute = ({ id }: { id: number }) => `removed ${id}, ${made.push(id)}.`;
      const parameters = { type: "object", properties: { id: { type: "integer" } }, required: ["id"] };
      return combineKits(defineTool({ name: "remove", effect: "destructive", parameters, execute }, { history }));
    };
    await using model = await startModel([calls(["remove", { id: 2 }, "a"]), says("Done."), says("Done.")]);
    const options = { client: model.client, model: "test" };
    const stopped = await runTools({ ...options, kit: createKit(), messages: [{ role: "user", content: "clean up" }] });
    const again = { ...options, state: stopped.state, decisions: { a: true } };
    const first = await resumeTools({ ...again, kit: createKit() });
    const second = await resumeTools({ ...again, kit: createKit() });
    expect(made).toEqual([2]);
    expect(second.messages).toEqual(first.messages);
    expect([...sqliteHistory(file).entries()]).toMatchObject([
      { question: "clean up", tool: "remove", args: { id: 2 }, run: expect.any(String), turn: 1 },
    ]);
  });
});

// ------------------------------------------------------------ several processes

const source = new URL("../../src/runtime/sqlite.ts", import.meta.url).href;

/** Starts a process that has a history of this file. */
function startProcess(file: string, body: string): ChildProcess {
  const script = `const { sqliteHistory } = await import(${JSON.stringify(source)});
    const history = sqliteHistory(${JSON.stringify(file)});
    const entry = ${JSON.stringify({ ...entry, key: undefined })};
    ${body}`;
  return spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function textOf(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (part) => {
    text += part;
  });
  await once(child, "close");
  return text;
}

test("several processes begin a file at once and lose nothing, and one claims each key", {
  timeout: 40_000,
}, async () => {
  const file = join(folderWith({}), "history.db");
  const body = `let won = 0;
    for (let index = 0; index < 200; index++) {
      history.append({ ...entry, callId: process.pid + " " + index });
      if (history.claim("key " + index)) won++;
    }
    console.log(won);`;
  const won = await Promise.all(Array.from({ length: 5 }, () => textOf(startProcess(file, body))));
  expect(won.map(Number).reduce((sum, count) => sum + count)).toBe(200);
  using history = sqliteHistory(file);
  expect(new Set([...history.entries()].map(({ callId }) => callId)).size).toBe(1_000);
});

test("a new file that another process is locking is waited for", { timeout: 20_000 }, async () => {
  const file = join(folderWith({}), "history.db");
  using other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  const child = startProcess(file, "history.append(entry); console.log('written');");
  const told = textOf(child);
  await setTimeout(1_500); // by when it has come to the lock
  other.exec("COMMIT");
  expect(await told).toBe("written\n");
});

test("kill -9 loses nothing that was answered", { timeout: 40_000 }, async () => {
  const file = join(folderWith({}), "history.db");
  for (let round = 0; round < 3; round++) {
    const body = `import { writeSync } from "node:fs";
      for (let index = 0; ; index++) {
        history.append({ ...entry, callId: "${round} " + index });
        writeSync(1, index + "\\n");
      }`;
    const child = startProcess(file, body);
    let told = "";
    const ended = once(child, "close");
    child.stdout?.on("data", (part) => {
      told += part;
      if (told.length > 2_000) child.kill("SIGKILL");
    });
    expect(await ended).toEqual([null, "SIGKILL"]);
    const last = Number(told.split("\n").at(-2));
    using history = sqliteHistory(file);
    const kept = new Set([...history.entries()].map(({ callId }) => callId));
    for (let index = 0; index <= last; index++) expect(kept).toContain(`${round} ${index}`);
    history.append({ ...entry, callId: "after" });
  }
  const database = new DatabaseSync(file);
  expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  database.close();
});
