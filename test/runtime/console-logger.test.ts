import { expect, test, vi } from "vitest";
import { KitError } from "../../src/runtime/index.ts";
import type { CallInfo, CallOutcome, CallProgress } from "../../src/runtime/kit-types.ts";
import { type ConsoleLoggerOptions, consoleLogger } from "../../src/runtime/observe.ts";

const done: CallOutcome = { ok: true, result: 1, content: "1" };

interface Told extends Omit<Partial<CallInfo>, "progress"> {
  readonly progress?: Partial<CallProgress>;
  readonly outcome?: CallOutcome;
  /** Milliseconds. 0 for a call that nobody was asked about. */
  readonly took?: number;
}

async function tell(list: readonly Told[], options: ConsoleLoggerOptions = {}): Promise<string[]> {
  vi.useFakeTimers({ toFake: ["performance"] });
  const lines: string[] = [];
  const { beforeCall, afterCall } = consoleLogger({ write: (line) => lines.push(line), color: false, ...options });
  for (const { outcome = done, took = 12, progress, ...rest } of list) {
    const call: CallInfo = {
      ...{ id: "1", tool: "getPet", effect: "read", args: { petId: 7 }, context: undefined, ...rest },
      progress: { attempts: 1, cached: false, ...progress },
    };
    if (took !== 0) await beforeCall?.(call);
    vi.advanceTimersByTime(took);
    await afterCall?.(call, outcome);
  }
  vi.useRealTimers();
  return lines;
}

const failed = (kind: "http" | "internal", message: string): CallOutcome => ({
  ok: false,
  error: { kind, message, retryable: false },
  cause: new KitError(kind, message),
});

test.each<[told: Told, line: string]>([
  [{}, "✓  getPet  petId: 7  12 ms"],
  [{ args: {} }, "✓  getPet  12 ms"],
  [{ took: 2_345 }, "✓  getPet  petId: 7  2.3 s"],
  [{ args: { tags: ["a", "猫"], name: null } }, '✓  getPet  tags: ["a","猫"], name: null  12 ms'],
  [{ progress: { attempts: 0, cached: true } }, "✓  getPet  petId: 7  cached, 12 ms"],
  [{ progress: { attempts: 3 } }, "✓  getPet  petId: 7  3 attempts, 12 ms"],
  [{ progress: { degraded: "the API is down" } }, "~  getPet  petId: 7  degraded: the API is down, 12 ms"],
  [{ outcome: failed("http", "status 404") }, "✗  getPet  petId: 7  http: status 404  12 ms"],
  [{ tool: "a\u001b[31m\nb", args: "{\u009b", took: 0 }, '✓  a [31m b  "{ "'],
  [{ args: { text: "x".repeat(200) } }, `✓  getPet  text: "${"x".repeat(113)}…  12 ms`],
])("%j", async (told, line) => {
  expect(await tell([told])).toEqual([line]);
});

test("calls stand under their question, which is told again only after another", async () => {
  const [first, second] = ["Which pets\nwere sold?", "And now?"].map((question, index) => ({
    id: `${index}`,
    turn: 1,
    question,
  }));
  expect(await tell([{ run: first }, { run: first }, { run: second }, {}, { run: first }])).toEqual([
    "? Which pets were sold?",
    "  ✓  getPet  petId: 7  12 ms",
    "  ✓  getPet  petId: 7  12 ms",
    "? And now?",
    "  ✓  getPet  petId: 7  12 ms",
    "✓  getPet  petId: 7  12 ms",
    "? Which pets were sold?",
    "  ✓  getPet  petId: 7  12 ms",
  ]);
});

test("paths are hidden, and colour is wanted or not", async () => {
  const [line] = await tell([{ args: { card: { number: "4111" } } }], { redact: ["card.number"], color: true });
  expect(line).toBe(
    '\u001b[32m✓\u001b[0m  \u001b[1mgetPet\u001b[0m  card: {"number":"[redacted]"}  \u001b[2m12 ms\u001b[0m',
  );
});

test("a message that quotes what is hidden is hidden too", async () => {
  const message = 'card: got "4111"';
  const outcome: CallOutcome = {
    ok: false,
    error: { kind: "invalid_arguments", message, path: "card", retryable: false },
  };
  const [line] = await tell([{ args: { card: "4111" }, outcome }], { redact: ["card"] });
  expect(line).toBe('✗  getPet  card: "[redacted]"  invalid_arguments: [redacted]  12 ms');
});
