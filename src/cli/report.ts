import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { codes } from "../compiler/diagnostics.ts";
import type { Outcome } from "../emit/write.ts";
import type { Reporter } from "./args.ts";
import type { LocatedDiagnostic } from "./build-kit.ts";
import type { RememberedKit } from "./cache.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Problem } from "./explain.ts";
import type { Job } from "./jobs.ts";
import { count, harmless, near, paint, printResult, toJson } from "./print.ts";

/** A kit and what became of it; no outcome: it was not written. */
export interface Reported {
  readonly job: Job;
  readonly kit: RememberedKit;
  readonly outcome: Outcome | undefined;
}

/** What a run fails for; programs read it here, people on standard error. */
export type Reason = Pick<Told, "message" | "fix" | "file">;

/** Prints what was generated, in the form that was asked for. */
export function report(
  kits: readonly Reported[],
  reporter: Reporter,
  exitCode: ExitCode,
  reasons: readonly Reason[] = [],
): void {
  for (const line of reportLines(kits, reporter, exitCode, reasons)) printResult(line);
}

function reportLines(
  kits: readonly Reported[],
  reporter: Reporter,
  exitCode: ExitCode,
  reasons: readonly Reason[],
): string[] {
  const errors = reasons.map((reason) => ({ ...reason, ...(reason.file !== undefined && { line: 1, column: 1 }) }));
  const diagnostics = kits.flatMap(({ kit }) => kit.diagnostics);
  const lines = () => kits.map((kit) => lineOf(summarize(kit)));
  switch (reporter) {
    case "pretty":
      return lines();
    case "json":
      return [toJson({ kits: kits.map(asData), ...(reasons.length > 0 && { errors: reasons }), exitCode })];
    case "github":
      return [
        ...diagnostics.map((each) => annotation(each.severity, each.code, each)),
        ...errors.map((each) => annotation("error", "fctool", each)),
        ...lines(),
      ];
    case "sarif":
      return [toJson(sarif(diagnostics, errors))];
  }
}

/** Prints what went wrong for programs; people read it on standard error. */
export function reportProblem(problem: Problem, reporter: Reporter): void {
  const line = problemLine(problem, reporter);
  if (line !== undefined) printResult(line);
}

function problemLine({ message, fix, location, exitCode }: Problem, reporter: Reporter): string | undefined {
  switch (reporter) {
    case "pretty":
      return undefined;
    case "json":
      return toJson({ error: { message, fix, ...location }, exitCode });
    case "github":
      return annotation("error", "fctool", { message, fix, ...location });
    case "sarif":
      return toJson(sarif([], [{ message, fix, ...location }]));
  }
}

// ------------------------------------------------------------ people, JSON

type Summary = ReturnType<typeof summarize>;

function summarize({ job, kit, outcome }: Reported) {
  return {
    ...(job.name !== undefined && { name: job.name }),
    document: job.document,
    output: near(job.output),
    outcome: outcome ?? "refused",
    tools: kit.tools.length,
    available: kit.available.length,
    strict: kit.tools.filter(({ strict }) => strict).length,
    tokens: kit.tokens,
    diagnostics: kit.diagnostics,
  };
}

function asData(reported: Reported) {
  return { ...summarize(reported), tokens: reported.kit.tokens.all };
}

const outcomeWords: { readonly [outcome in Summary["outcome"]]: string } = {
  written: "",
  unchanged: " (unchanged)",
  outdated: " (not written)",
  refused: " (not written)",
};

function lineOf({ document, output, outcome, tools, available, strict, tokens, diagnostics }: Summary): string {
  const strictness = strict === tools ? "all strict" : `${strict.toLocaleString("en")} strict`;
  const offered =
    tools === available ? count(tools, "tool") : `${tools.toLocaleString("en")} of ${count(available, "tool")}`;
  const figures = [offered, strictness, tokensOf(tokens), count(diagnostics.length, "warning")];
  const name = paint("bold", harmless(output), process.stdout);
  return `${document === "-" ? "standard input" : harmless(document)} → ${name}${outcomeWords[outcome]}: ${figures.join(", ")}`;
}

/** An estimate is told as one, by its first three digits. */
function tokensOf({ all, each }: RememberedKit["tokens"]): string {
  return each === undefined ? `about ${count(Number(all.toPrecision(3)), "token")}` : count(all, "token");
}

// ------------------------------------------------------------ GitHub, SARIF

interface Told {
  readonly message: string;
  readonly fix: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A workflow command: it becomes a note beside the line in a pull request. */
function annotation(severity: "error" | "warning", title: string, { message, fix, file, line, column }: Told): string {
  const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const place = file === undefined ? "" : `file=${property(file)},line=${line},col=${column},`;
  return `::${severity} ${place}title=${property(title)}::${data(harmless(sentences(message, fix)))}`;
}

/** What is wrong and how to mend it, in one line. */
function sentences(message: string, fix: string): string {
  return `${message}${/[.!?:]$/.test(message) ? "" : "."} ${fix}`.trim();
}

function sarifResult(ruleId: string, level: string, { message, fix, file, line, column }: Told) {
  const region = { startLine: line, startColumn: column };
  const uri = file === undefined ? "" : isAbsolute(file) ? pathToFileURL(file).href : encodeURI(file);
  return {
    ruleId,
    level,
    message: { text: sentences(message, fix) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  };
}

/** A result has to have a place; what has none is a notification of the run. */
function sarif(diagnostics: readonly LocatedDiagnostic[], errors: readonly Told[]) {
  const results = [
    ...diagnostics.map((each) => sarifResult(each.code, each.severity, each)),
    ...errors.filter(({ file }) => file !== undefined).map((each) => sarifResult("error", "error", each)),
  ];
  const notifications = errors
    .filter(({ file }) => file === undefined)
    .map(({ message, fix }) => ({ level: "error", message: { text: sentences(message, fix) } }));
  const known: { readonly [code: string]: string } = {
    ...codes,
    error: "the kit cannot be made, or is not as it should be",
  };
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => ({
    id,
    shortDescription: { text: known[id] },
  }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "fctool", rules } },
        ...(notifications.length > 0 && {
          invocations: [{ executionSuccessful: false, toolExecutionNotifications: notifications }],
        }),
        results,
      },
    ],
  };
}
