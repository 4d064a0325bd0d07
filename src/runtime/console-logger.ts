import type { CallInfo, CallOutcome, CallProgress, Hooks } from "./kit-types.ts";
import { callRedactor } from "./policies/redact.ts";

export interface ConsoleLoggerOptions {
  /** Takes each line. Default: `console.log`. */
  readonly write?: ((line: string) => void) | undefined;
  /** Default: on a terminal, where `NO_COLOR` is not set. */
  readonly color?: boolean | undefined;
  /** Paths of arguments that are not shown, in messages about them neither: `customer.email`, `**.token`. */
  readonly redact?: readonly string[] | undefined;
  /** Characters after which arguments and messages are cut. Default: 120. */
  readonly limit?: number | undefined;
}

type Paint = (text: string) => string;

/** Tells each call in one line, as soon as it has come to something, under the question that it is part of. */
export function consoleLogger(options: ConsoleLoggerOptions = {}): Hooks {
  const { write = (line) => console.log(line), color = hasColor(), redact = [], limit = 120 } = options;
  const paint =
    (code: number): Paint =>
    (text) =>
      color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  const [bold, dim, red, green, yellow] = [1, 2, 31, 32, 33].map(paint) as [Paint, Paint, Paint, Paint, Paint];
  const hide = callRedactor(redact);
  const starts = new WeakMap<CallProgress, number>();
  let lastRun: string | undefined;

  function tellQuestion({ run }: CallInfo): void {
    if (run?.id !== lastRun && run?.question !== undefined) write(bold(`? ${cut(run.question, limit)}`));
    lastRun = run?.id;
  }

  return {
    beforeCall({ progress }) {
      starts.set(progress, performance.now());
    },
    afterCall(call, outcome) {
      tellQuestion(call);
      const { tool, args, progress, run } = call;
      const start = starts.get(progress);
      const took = start === undefined ? [] : [toTime(performance.now() - start)];
      const details = [...detailsOf(progress, limit), ...took].join(", ");
      const parts = [
        outcome.ok ? (progress.degraded === undefined ? green("✓") : yellow("~")) : red("✗"),
        bold(cut(tool, limit)),
        cut(toWords(hide.args(args)), limit),
        red(cut(reasonOf(hide.outcome(outcome, false)), limit)),
        dim(details),
      ];
      write(`${run ? "  " : ""}${parts.filter((part) => part !== "").join("  ")}`);
    },
  };
}

function hasColor(): boolean {
  const { process } = globalThis as { process?: { env?: { NO_COLOR?: string }; stdout?: { isTTY?: boolean } } };
  return process?.stdout?.isTTY === true && !process.env?.NO_COLOR;
}

function detailsOf({ attempts, cached, degraded }: CallProgress, limit: number): string[] {
  return [
    ...(degraded === undefined ? [] : [`degraded: ${cut(degraded, limit)}`]),
    ...(cached ? ["cached"] : []),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ];
}

function reasonOf(outcome: CallOutcome): string {
  return outcome.ok ? "" : `${outcome.error.kind}: ${outcome.error.message}`;
}

/** `petId: 7, status: "sold"` */
function toWords(args: unknown): string {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return args === undefined ? "" : toJson(args);
  return Object.entries(args)
    .map(([key, value]) => `${key}: ${toJson(value)}`)
    .join(", ");
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** Names and texts come from models and APIs, which must not steer a terminal. */
function cut(text: string, limit: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  const letters = [...line.slice(0, 2 * limit + 2)];
  return letters.length > limit ? `${letters.slice(0, limit).join("")}…` : line;
}

function toTime(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
