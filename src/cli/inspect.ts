import type { Arg } from "../compiler/api.ts";
import { joinPointer } from "../compiler/pointer.ts";
import type { Tool } from "../compiler/tool.ts";
import type { Compiled } from "../generate.ts";
import type { DocumentArgs } from "./args.ts";
import { compileDocument } from "./compile-document.ts";
import { countTokens } from "./count-tokens.ts";
import { ExitCode } from "./exit-code.ts";
import { findTool } from "./find-tool.ts";
import { type Finding, lint } from "./lint.ts";
import { count, harmless, paint, place, printResult, toJson } from "./print.ts";

export interface InspectArgs extends DocumentArgs {
  readonly document: string;
  readonly tool?: string;
  readonly reporter?: "pretty" | "json";
}

/** One tool as the table shows it. */
interface Row {
  readonly name: string;
  readonly operation: string;
  readonly effect: string;
  readonly strict: string;
  readonly tokens: number;
  readonly warnings: readonly string[];
  readonly findings: readonly Finding[];
}

/** `fctool inspect`: every tool in one line, or one tool whole. */
export async function inspectCommand(args: InspectArgs): Promise<ExitCode> {
  const compiled = await compileDocument(args.document, args);
  if (args.tool !== undefined) await inspectTool(findTool(compiled.tools, args.tool), compiled, args);
  else await inspectAll(compiled, args);
  return ExitCode.done;
}

// ------------------------------------------------------------ all tools

async function inspectAll(compiled: Compiled, { reporter, document }: InspectArgs): Promise<void> {
  const { each, all: tokens } = await countTokens(compiled.tools);
  const rows = rowsOf(compiled, each);
  const strict = rows.filter((row) => row.strict === "strict").length;
  const totals = { tools: rows.length, strict, tokens };
  if (reporter === "json") {
    const { diagnostics, locate } = compiled;
    const located = diagnostics.map((diagnostic) => ({ ...diagnostic, ...locate(diagnostic.pointer) }));
    return printResult(toJson({ document, tools: rows, totals, diagnostics: located }));
  }
  printTable(rows);
  const share = strict === rows.length ? "all strict" : `${strict} strict`;
  printResult(paint("bold", `${count(rows.length, "tool")}, ${share}, ${count(tokens, "token")}`, process.stdout));
  for (const line of [...looseLines(rows), ...adviceLines(rows, tokens), ...findingLines(rows)]) printResult(line);
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
      strict: strict ? "strict" : reasonOf(own, operation),
      tokens: tokens[index] ?? 0,
      warnings: own.map(({ code }) => code),
      findings: findings.get(name) ?? [],
    };
  });
}

/** Why a tool is not strict, without the words around it. */
function reasonOf(diagnostics: Compiled["diagnostics"], { method, path }: Tool["operation"]): string {
  const { message = "not strict" } = diagnostics.find(({ code }) => code === "FC302") ?? {};
  return message.replace(`${method} ${path}: `, "").replace(/; the tool is not strict$/, "");
}

const widest = 44;
const shownOfEach = 4;

function printTable(rows: readonly Row[]): void {
  const head = ["tool", "operation", "effect", "strict", "tokens", "warnings"];
  const cells = rows.map((row) => {
    const { name, operation, effect, strict, tokens, warnings, findings } = row;
    const notes = [...new Set(warnings), ...(findings.length > 0 ? [count(findings.length, "hint")] : [])].join(" ");
    const strictness = strict === "strict" ? "strict" : "no";
    return [name, operation, effect, strictness, tokens.toLocaleString("en"), notes].map((cell) => cut(harmless(cell)));
  });
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 4 ? cell.padStart(widths[4] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  printResult(paint("dim", line(head), process.stdout));
  for (const [index, row] of cells.entries()) printResult(effectColoured(line(row), rows[index]?.effect));
}

function effectColoured(line: string, effect: string | undefined): string {
  if (effect === "destructive") return paint("red", line, process.stdout);
  return effect === "write" ? paint("yellow", line, process.stdout) : line;
}

function cut(text: string): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

/** Why tools are not strict. */
function looseLines(rows: readonly Row[]): string[] {
  const loose = rows.filter(({ strict }) => strict !== "strict");
  const shown = loose.slice(0, shownOfEach).map(({ name, strict }) => harmless(`${name} is not strict: ${strict}`));
  const rest = loose.length - shown.length;
  return rest > 0 ? [...shown, `  … and ${rest.toLocaleString("en")} more; --tool shows one whole`] : shown;
}

/** What to do about the most expensive tools, where some take much of the whole. */
function adviceLines(rows: readonly Row[], total: number): string[] {
  const dear = rows
    .toSorted((a, b) => b.tokens - a.tokens)
    .slice(0, 3)
    .filter(({ tokens }) => tokens > 500 && tokens > total * 0.1);
  if (dear.length === 0) return [];
  const list = dear.map(({ name, tokens }) => `${name} (${tokens.toLocaleString("en")})`).join(", ");
  return [
    `The most expensive: ${harmless(list)}.`,
    "  Leave them out (--exclude), shorten the words (--descriptions minimal), or inject what the model need not choose.",
  ];
}

function findingLines(rows: readonly Row[]): string[] {
  const byFix = Map.groupBy(
    rows.flatMap(({ findings }) => findings),
    ({ fix }) => fix,
  );
  return [...byFix].flatMap(([fix, findings]) => {
    const shown = findings.slice(0, shownOfEach).map(({ tool, message }) => harmless(`hint: ${tool} ${message}`));
    const rest = findings.length - shown.length;
    return [...shown, `  ${rest > 0 ? `… and ${rest.toLocaleString("en")} more. ` : ""}${fix}`];
  });
}

// ------------------------------------------------------------ one tool

async function inspectTool(tool: Tool, compiled: Compiled, { reporter }: InspectArgs): Promise<void> {
  const { name, description, strict, parameters, codec, route, operation } = tool;
  const { api, locate, diagnostics } = compiled;
  const sources = sourcesOf(tool).map(({ what, pointer }) => ({ what, ...locate(pointer) }));
  const own = diagnostics.filter(({ pointer }) => `${pointer}/`.startsWith(`${operation.pointer}/`));
  const { all: tokens } = await countTokens([tool]);
  const findings = lint([tool], api);
  if (reporter === "json") {
    const whole = { name, description, strict, effect: operation.effect, tokens, parameters, codec, route, sources };
    return printResult(toJson({ ...whole, diagnostics: own, findings }));
  }
  const title = (text: string) => paint("bold", text, process.stdout);
  const server = (operation.servers ?? api.servers)[0]?.url ?? "";
  const strictness = strict ? "strict" : "not strict";
  printResult(`${title(name)}  ${operation.effect}, ${strictness}, ${count(tokens, "token")}`);
  printResult(harmless(description));
  printResult(`\n${title("Sent")}\n${harmless(`${route.method} ${server}${route.path}`)}`);
  for (const line of placesOf(tool)) printResult(harmless(line));
  printResult(`\n${title("What the model sees")}\n${toJson(parameters)}`);
  printResult(`\n${title("Codec: the way back from it")}\n${toJson(codec)}`);
  printResult(`\n${title("In the document")}`);
  for (const { what, pointer, ...location } of sources)
    printResult(harmless(`  ${what}: ${place(location)} (${pointer})`));
  for (const { code, message } of own) printResult(paint("yellow", harmless(`${code}: ${message}`), process.stdout));
  for (const { message, fix } of findings) printResult(harmless(`hint: it ${message}. ${fix}`));
}

function placesOf({ operation, route }: Tool): string[] {
  const { args, body, injected = [], credentials = [] } = operation;
  const line = ({ name, in: where, required }: Arg) => `  ${name}: ${where}${required ? "" : ", optional"}`;
  return [
    ...args.map(line),
    ...(body === undefined ? [] : [`  the body is ${body.mediaType}`]),
    ...injected.map(({ key, arg }) => `  ${arg.name}: ${arg.in}, injected (${key})`),
    ...credentials.map(({ scheme, arg }) => `  ${arg.wireName}: ${arg.in}, credential ${scheme}`),
    ...(operation.pick === undefined ? [] : [`  the model reads of the answer: ${operation.pick.join(", ")}`]),
    ...(route.security ?? []).map((schemes) => `  credentials: ${schemes.join(" and ") || "none"}`),
  ];
}

function sourcesOf({ operation }: Tool): { what: string; pointer: string }[] {
  const { pointer, args, injected = [], credentials = [] } = operation;
  const all = [...args, ...injected.map(({ arg }) => arg), ...credentials.map(({ arg }) => arg)];
  return [
    { what: "operation", pointer },
    ...all.flatMap((arg) => (arg.pointer === undefined ? [] : { what: arg.name, pointer: arg.pointer })),
    { what: "answers", pointer: joinPointer(pointer, "responses") },
  ];
}
