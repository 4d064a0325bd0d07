import { type Change, diff, type Felt, isBreaking } from "../diff/diff.ts";
import type { DocumentArgs } from "./args.ts";
import { ExitCode } from "./exit-code.ts";
import { count, harmless, paint, printResult } from "./print.ts";
import { readSurface } from "./read-surface.ts";

export interface DiffArgs extends DocumentArgs {
  readonly old: string;
  readonly new: string;
  readonly project?: string;
  readonly format?: "text" | "markdown" | "json";
  readonly "fail-on-breaking"?: boolean;
}

const titles: { readonly [felt in Felt]: string } = {
  code: "Your code stops compiling",
  model: "The model's habits break",
  risk: "Risks change",
  nobody: "Harmless",
};

/** `fctool diff`: what changed, sorted by who feels it. */
export async function diffCommand(args: DiffArgs): Promise<ExitCode> {
  const [old, next] = [await readSurface(args.old, args), await readSurface(args.new, args)];
  const changes = diff(old, next);
  const exitCode = args["fail-on-breaking"] === true && changes.some(isBreaking) ? ExitCode.breaking : ExitCode.done;
  const format = args.format ?? "text";
  if (format === "json") printResult(JSON.stringify({ changes, exitCode }, null, 2));
  else for (const line of linesOf(changes, format === "markdown" ? markdown : text)) printResult(line);
  return exitCode;
}

/** The same change in several tools. */
interface Group {
  readonly changes: readonly [Change, ...Change[]];
  readonly message: string;
}

/** How a title and a change are written. */
interface Form {
  title(felt: Felt, changes: number): readonly string[];
  change(group: Group): string;
}

const shownTools = 3;

const text: Form = {
  title: (felt, changes) => [paint(colours[felt], `${titles[felt]} (${changes})`, process.stdout)],
  change: ({ changes, message }) => {
    const [{ felt }] = changes;
    const both = felt.includes("code") && felt.includes("model") ? " (the model feels it too)" : "";
    const where = (operation: string) => paint("dim", ` (${operation})`, process.stdout);
    return `  ${toolsText(changes, harmless, (operation) => where(harmless(operation)))}${harmless(` ${message}${both}`)}`;
  },
};

/** `a (GET /a), b (GET /b) and 7 more:`; of one tool, its name alone. */
function toolsText(
  changes: readonly Change[],
  name: (tool: string) => string,
  where: (operation: string) => string,
): string {
  const shown = changes
    .slice(0, shownTools)
    .map(({ tool, operation }) => name(tool) + (operation === undefined ? "" : where(operation)));
  const rest = changes.length - shown.length;
  const all = shown.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
  return changes.length === 1 ? all : `${all}:`;
}

const colours = { code: "red", model: "red", risk: "yellow", nobody: "green" } as const;

const markdown: Form = {
  title: (felt, changes) => ["", `### ${titles[felt]} (${changes})`, ""],
  change: ({ changes, message }) =>
    `- ${toolsText(changes, code, (operation) => ` (${code(operation)})`)} ${escaped(message)}`,
};

function linesOf(changes: readonly Change[], form: Form): string[] {
  if (changes.length === 0) return ["Nothing has changed."];
  const breaking = changes.filter(isBreaking).length;
  const lines = (Object.keys(titles) as Felt[]).flatMap((felt) => {
    const group = changes.filter(({ felt: [first] }) => first === felt);
    return group.length === 0 ? [] : [...form.title(felt, group.length), ...grouped(group).map(form.change)];
  });
  return [`${count(changes.length, "change")}, ${breaking.toLocaleString("en")} of them breaking`, ...lines];
}

/** What is the same in several tools is said once: a schema that they share has changed. */
function grouped(changes: readonly Change[]): Group[] {
  const groups = Map.groupBy(changes, ({ felt, message }) => `${felt.join()} ${message}`);
  return [...groups.values()].map((group) => {
    const [first] = group as [Change, ...Change[]];
    return { changes: group as [Change, ...Change[]], message: first.message };
  });
}

function code(text: string): string {
  return `\`${harmless(text).replaceAll("`", "'")}\``;
}

function escaped(text: string): string {
  return harmless(text).replaceAll(/[\\`*_{}[\]<>#|]/g, "\\$&");
}
