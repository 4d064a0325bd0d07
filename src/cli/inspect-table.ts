import type { Tool } from "../compiler/tool.ts";
import type { Finding } from "./lint.ts";
import { count, harmless, paint } from "./print.ts";

/** One tool as the table shows it. */
export interface Row {
  readonly name: string;
  readonly operation: string;
  readonly effect: string;
  /** Whether a person is asked before each call, where that does not follow from the effect. */
  readonly approval?: "always" | "never";
  /** `strict`, or why it is not. */
  readonly strict: string;
  readonly tokens: number;
  readonly warnings: readonly string[];
  readonly findings: readonly Finding[];
}

const heads = ["tool", "operation", "effect", "strict", "tokens", "warnings"] as const;
const [operationColumn, tokensColumn] = [1, 4];
const narrowest = 24;

/** A table, with the operations cut so that a line fits into so many columns. Names are never cut: they are to be copied. */
export function tableLines(rows: readonly Row[], columns: number): string[] {
  const cells = rows.map((row) => cellsOf(row).map(harmless));
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const others = widths.reduce((sum, width) => sum + width + 2, -2) - (widths[operationColumn] ?? 0);
  const most = Math.max(narrowest, columns - others);
  widths[operationColumn] = Math.min(most, widths[operationColumn] ?? 0);
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === tokensColumn ? cell.padStart(width) : cut(cell, width).padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const head = paint("dim", line(heads), process.stdout);
  return [head, ...cells.map((row, index) => effectColoured(line(row), rows[index]?.effect))];
}

function cellsOf({ name, operation, effect, approval, strict, tokens, warnings, findings }: Row): string[] {
  const notes = [...new Set(warnings), ...(findings.length > 0 ? [count(findings.length, "hint")] : [])].join(" ");
  const asked = approval === undefined ? effect : `${effect}, approval ${approval}`;
  return [name, operation, asked, strict === "strict" ? "strict" : "no", tokens.toLocaleString("en"), notes];
}

/** Without its middle: paths differ at their ends. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.ceil((width - 1) / 3);
  return `${text.slice(0, head)}…${text.slice(head + 1 - width)}`;
}

function effectColoured(line: string, effect: string | undefined): string {
  if (effect === "destructive") return paint("red", line, process.stdout);
  return effect === "write" ? paint("yellow", line, process.stdout) : line;
}

// ------------------------------------------------------------ what to do

const dear = 500;
const mostTools = 128;

/** What to do about many tools, and about those that cost the most. */
export function adviceLines(rows: readonly Row[], tools: readonly Tool[]): string[] {
  const costs = new Map(rows.map(({ name, tokens }) => [name, tokens]));
  const costOf = ({ name }: Tool) => costs.get(name) ?? 0;
  const dearest = tools
    .toSorted((a, b) => costOf(b) - costOf(a))
    .slice(0, 3)
    .filter((tool) => costOf(tool) > dear);
  const list = dearest.map((tool) => `${tool.name} ${costOf(tool).toLocaleString("en")}${mostlyFor(tool)}`).join(", ");
  return [
    ...(tools.length > mostTools ? manyTools(tools) : []),
    ...(dearest.length === 0
      ? []
      : [
          harmless(`The most expensive: ${list}.`),
          "  Leave them out (--exclude), inject what the model need not choose, or shorten the words: --descriptions minimal.",
        ]),
  ];
}

function manyTools(tools: readonly Tool[]): string[] {
  const tags = Map.groupBy(
    tools.flatMap(({ operation }) => operation.tags),
    (tag) => tag,
  );
  const largest = [...tags].sort(([, a], [, b]) => b.length - a.length).slice(0, 8);
  const list = largest.map(([tag, { length }]) => `${tag} ${length}`).join(", ");
  return [
    `A request takes at most ${mostTools} tools.`,
    harmless(`  Choose some: --include "GET /**"${list === "" ? "" : `, or --include-tags (${list}, …)`}.`),
  ];
}

/** The argument that takes most of a tool. */
function mostlyFor({ parameters }: Tool): string {
  const { properties = {}, $defs = {} } = parameters as {
    readonly [part: string]: { readonly [name: string]: unknown };
  };
  const all = JSON.stringify(parameters).length;
  const most = Object.entries(properties).find(([, schema]) => sizeWith(schema, $defs) > all / 2);
  return most === undefined ? "" : ` (most of it for ${most[0]})`;
}

/** The size of a schema with the definitions that it needs. */
function sizeWith(schema: unknown, definitions: { readonly [name: string]: unknown }): number {
  const texts = new Map([["", JSON.stringify(schema)]]);
  for (const text of texts.values()) {
    for (const [, name = ""] of text.matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      if (!texts.has(name)) texts.set(name, JSON.stringify(definitions[name]) ?? "");
    }
  }
  return [...texts.values()].reduce((sum, { length }) => sum + length, 0);
}

const fewFindings = 4;

/** What makes models fail, by what to do about it. */
export function findingLines(rows: readonly Row[], isVerbose: boolean): string[] {
  const byFix = Map.groupBy(
    rows.flatMap(({ findings }) => findings),
    ({ fix }) => fix,
  );
  return [...byFix].flatMap(([fix, findings]) => {
    const shown = isVerbose ? findings : findings.slice(0, fewFindings);
    const lines = shown.map(({ tool, message }) => harmless(`hint: ${tool} ${message}`));
    const rest = findings.length - shown.length;
    return [...lines, `  ${rest > 0 ? `… and ${rest.toLocaleString("en")} more. ` : ""}${fix}`];
  });
}
