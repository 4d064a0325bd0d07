import type { Compiled } from "../generate.ts";
import type { DocumentArgs } from "./args.ts";
import { compileDocument } from "./compile-document.ts";
import { countTokens } from "./count-tokens.ts";
import { ExitCode } from "./exit-code.ts";
import { findTool } from "./find-tool.ts";
import { adviceLines, findingLines, type Row, tableLines } from "./inspect-table.ts";
import { inspectTool } from "./inspect-tool.ts";
import { lint } from "./lint.ts";
import { count, harmless, paint, printResult, toJson } from "./print.ts";
import { diagnosticLines } from "./print-diagnostics.ts";

export interface InspectArgs extends DocumentArgs {
  readonly document: string;
  readonly tool?: string;
  readonly reporter?: "pretty" | "json";
}

/** `fctool inspect`: every tool in one line, or one tool whole. */
export async function inspectCommand(args: InspectArgs): Promise<ExitCode> {
  const compiled = await compileDocument(args.document, args);
  if (args.tool !== undefined) await inspectTool(findTool(compiled.tools, args.tool), compiled, args.reporter);
  else await inspectAll(compiled, args);
  return ExitCode.done;
}

async function inspectAll(compiled: Compiled, { reporter, document, verbose = false }: InspectArgs): Promise<void> {
  const { each, all: tokens } = await countTokens(compiled.tools);
  const rows = rowsOf(compiled, each);
  const strict = rows.filter((row) => row.strict === "strict").length;
  const diagnostics = compiled.diagnostics.map((each) => ({ ...each, ...compiled.locate(each.pointer) }));
  if (reporter === "json") {
    const totals = { tools: rows.length, strict, tokens };
    return printResult(toJson({ document, tools: rows, totals, diagnostics }));
  }
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  for (const line of tableLines(rows, columns)) printResult(line);
  const share = strict === rows.length ? "all strict" : `${strict} strict`;
  const totals = [count(rows.length, "tool"), share, count(tokens, "token")].join(", ");
  printResult(`\n${paint("bold", totals, process.stdout)}`);
  for (const line of looseLines(rows, verbose)) printResult(line);
  for (const line of adviceLines(rows, compiled.tools)) printResult(line);
  for (const line of diagnosticLines(diagnostics, { isVerbose: verbose, stream: process.stdout })) printResult(line);
  for (const line of findingLines(rows, verbose)) printResult(line);
}

function rowsOf({ tools, api, diagnostics }: Compiled, tokens: readonly number[]): Row[] {
  const findings = Map.groupBy(lint(tools, api), ({ tool }) => tool);
  return tools.map((tool, index) => {
    const { name, operation, strict } = tool;
    const own = diagnostics.filter(({ pointer }) => `${pointer}/`.startsWith(`${operation.pointer}/`));
    return {
      name,
      operation: `${operation.method} ${operation.path}`,
      effect: operation.effect,
      ...(operation.approval !== undefined && { approval: operation.approval }),
      strict: strict ? "strict" : reasonOf(own, operation),
      tokens: tokens[index] ?? 0,
      warnings: own.map(({ code }) => code),
      findings: findings.get(name) ?? [],
    };
  });
}

/** Why a tool is not strict, without the words around it. */
function reasonOf(
  diagnostics: Compiled["diagnostics"],
  { method, path }: Compiled["tools"][number]["operation"],
): string {
  const { message = "not strict" } = diagnostics.find(({ code }) => code === "FC302") ?? {};
  return message.replace(`${method} ${path}: `, "").replace(/; the tool is not strict$/, "");
}

const fewLoose = 4;

/** Why tools are not strict. */
function looseLines(rows: readonly Row[], isVerbose: boolean): string[] {
  const loose = rows.filter(({ strict }) => strict !== "strict");
  const shown = isVerbose ? loose : loose.slice(0, fewLoose);
  const lines = shown.map(({ name, strict }) => harmless(`${name} is not strict: ${strict}`));
  const rest = loose.length - shown.length;
  return rest > 0 ? [...lines, `  … and ${rest.toLocaleString("en")} more; --verbose shows them all`] : lines;
}
