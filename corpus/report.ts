import type { Call } from "./calls.ts";
import type { CheckedTool, DocumentReport } from "./check-document.ts";

/** A document's report, with what the type checker found. */
export interface Row extends DocumentReport {
  readonly typeErrors: readonly string[];
}

/** A figure of the table. */
export interface Figure {
  readonly id: string;
  readonly label: string;
  readonly good: number;
  readonly all: number;
  /** The share of `all` that must be good, unless another is asked for. */
  readonly goal: number;
}

/** The figures by which a corpus is measured. */
export function figuresOf(rows: readonly Row[]): Figure[] {
  const readable = rows.filter(({ unreadable, operations }) => unreadable === undefined && operations !== 0);
  const kits = rows.filter(({ kit }) => kit !== undefined);
  const operations = sum(readable, ({ operations = 0 }) => operations);
  const unnamed = sum(readable, ({ missing = [] }) => missing.filter(({ warning }) => warning === undefined).length);
  const missing = sum(readable, ({ missing = [] }) => missing.length);
  const tools = rows.flatMap(({ tools = [] }) => tools);
  const calls = rows.flatMap(({ calls = [] }) => calls);
  const right = calls.filter(({ outcome }) => outcome === "accepted" || outcome === "refused");
  const broken = tools.filter(({ findings }) => findings.some(({ level }) => level === "rule"));
  const threw = calls.filter(({ outcome }) => outcome === "threw");
  const figure = (id: string, label: string, good: number, all: number, goal: number) => ({
    id,
    label,
    good,
    all,
    goal,
  });
  return [
    figure(
      "kits",
      "readable documents that give a kit",
      readable.filter(({ kit }) => kit !== undefined).length,
      readable.length,
      1,
    ),
    figure("tools", "operations that become tools", operations - missing, operations, 0.999),
    figure("named", "operations that are tools or named in a warning", operations - unnamed, operations, 1),
    figure(
      "types",
      "kits that type-check",
      kits.filter(({ typeErrors }) => typeErrors.length === 0).length,
      kits.length,
      1,
    ),
    figure(
      "loads",
      "kits that load and were checked",
      kits.filter(({ broken: why }) => why === undefined).length,
      kits.length,
      1,
    ),
    figure("rules", "tools without a finding of the strict checker", tools.length - broken.length, tools.length, 1),
    figure("strict", "tools that are strict", tools.filter(({ strict }) => strict).length, tools.length, 0.995),
    figure("calls", "calls accepted, or refused for a stated reason", right.length, calls.length, 0.999),
    figure(
      "accepted",
      "— of these, accepted",
      calls.filter(({ outcome }) => outcome === "accepted").length,
      right.length,
      0.99,
    ),
    figure(
      "raw",
      "calls accepted by Prism as it is, errata and all",
      right.filter(({ errata }) => errata.length === 0).length,
      calls.length,
      0,
    ),
    figure("throws", "calls that dispatch did not throw for", calls.length - threw.length, calls.length, 1),
    ...grammarFigures(tools),
    figure(
      "bytes",
      "documents that give the same bytes twice",
      kits.filter(({ sameBytes }) => sameBytes).length,
      kits.length,
      1,
    ),
  ];
}

/** A second opinion, where it was asked for. */
function grammarFigures(tools: readonly CheckedTool[]): Figure[] {
  const asked = tools.flatMap(({ grammar }) => (grammar === undefined ? [] : [grammar]));
  if (asked.length === 0) return [];
  const good = asked.filter(({ problem }) => problem === undefined).length;
  return [{ id: "grammar", label: "strict tools that a grammar engine takes", good, all: asked.length, goal: 0 }];
}

/** The figures as a table in text. */
export function formatFigures(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ label }) => label.length));
  return figures
    .map((figure) => {
      const share = `${(100 * shareOf(figure)).toFixed(2)} %`;
      const mark = shareOf(figure) >= figure.goal ? " " : "✗";
      return `${mark} ${figure.label.padEnd(width)}  ${share.padStart(9)}  ${figure.good} of ${figure.all}`;
    })
    .join("\n");
}

function sum<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}

/** Nothing measured is nothing good. */
export function shareOf({ good, all }: Figure): number {
  return all === 0 ? 0 : good / all;
}

/** Something wrong that several documents may share. */
interface Case {
  readonly cause: string;
  readonly example: string;
}

/** What went wrong, the most frequent causes first, each with an example. */
export function formatCases(rows: readonly Row[], { limit = 30, examples = 1 } = {}): string {
  const groups = new Map<string, Case[]>();
  for (const one of rows.flatMap(casesOf)) groups.set(one.cause, [...(groups.get(one.cause) ?? []), one]);
  const sorted = [...groups].sort(([, some], [, others]) => others.length - some.length);
  const shown = sorted.slice(0, limit).map(([cause, cases]) => {
    const lines = spread(cases, examples).map(({ example }) => example.replaceAll("\n", "\n      "));
    return `${String(cases.length).padStart(6)}  ${cause}\n${lines.map((line) => `      ${line}`).join("\n")}`;
  });
  const rest = sorted.length > limit ? `\n… and ${sorted.length - limit} more causes` : "";
  return shown.join("\n\n") + rest;
}

function casesOf(row: Row): Case[] {
  const { file, tools = [], calls = [], missing = [] } = row;
  const name = file.split("/").at(-1) ?? file;
  const at = (cause: string, example: string): Case => ({ cause, example: `${name}: ${example}` });
  return [
    ...(row.unreadable === undefined ? [] : [at("our reader cannot read it", row.unreadable)]),
    ...(row.refused === undefined
      ? []
      : [at(row.refused.proper ? "no kit" : "the compiler crashed", row.refused.message)]),
    ...(row.broken === undefined ? [] : [at("the kit cannot be used", row.broken)]),
    ...(row.sameBytes === false ? [at("other bytes the second time", "")] : []),
    ...row.typeErrors.map((error) => at(`type: ${/TS\d+/.exec(error)?.[0]}`, error)),
    ...missing.map(({ operation, warning }) =>
      at(warning === undefined ? "no tool, not named" : "no tool, named", `${operation}: ${warning}`),
    ),
    ...tools.flatMap(({ name: tool, findings }) =>
      findings.map(({ rule, level, path, message }) => at(`${level}: ${rule}`, `${tool} at ${path}: ${message}`)),
    ),
    ...tools.flatMap(({ name: tool, grammar }) =>
      grammar?.problem === undefined
        ? []
        : [at(`(grammar engine) ${grammar.problem.slice(0, 60)}`, `${tool}: ${grammar.problem}`)],
    ),
    ...tools.filter(({ strict }) => !strict).map(({ name: tool }) => at("not strict", tool)),
    ...calls
      .filter(({ outcome }) => outcome !== "accepted")
      .map((call) => at(`${call.outcome}: ${call.cause}`, formatCall(call))),
    ...calls.flatMap(({ errata, tool }) => errata.map((erratum) => at(`(Prism) ${erratum}`, tool))),
  ];
}

function formatCall({ tool, mode, detail, args, request }: Call): string {
  return `${tool} (${mode}): ${detail.slice(0, 300)}\nargs ${args.slice(0, 300)}\n${request.slice(0, 500)}`.trim();
}

/** Some of the cases, of as many documents as there are. */
function spread(cases: readonly Case[], count: number): Case[] {
  const step = Math.max(1, Math.floor(cases.length / count));
  return cases.filter((_, index) => index % step === 0).slice(0, count);
}
