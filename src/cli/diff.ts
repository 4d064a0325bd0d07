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

/** How a title and a change are written. */
interface Form {
  title(felt: Felt, changes: number): readonly string[];
  change(change: Change): string;
}

const text: Form = {
  title: (felt, changes) => [paint(colours[felt], `${titles[felt]} (${changes})`, process.stdout)],
  change: ({ tool, operation, felt, message }) => {
    const both = felt.includes("code") && felt.includes("model") ? " (the model feels it too)" : "";
    const where = operation === undefined ? "" : paint("dim", ` (${operation})`, process.stdout);
    return harmless(`  ${tool}`) + where + harmless(` ${message}${both}`);
  },
};

const colours = { code: "red", model: "red", risk: "yellow", nobody: "green" } as const;

const markdown: Form = {
  title: (felt, changes) => ["", `### ${titles[felt]} (${changes})`, ""],
  change: ({ tool, operation, message }) => {
    const where = operation === undefined ? "" : ` (${code(operation)})`;
    return `- ${code(tool)}${where} ${escaped(message)}`;
  },
};

function linesOf(changes: readonly Change[], form: Form): string[] {
  if (changes.length === 0) return ["Nothing has changed."];
  const breaking = changes.filter(isBreaking).length;
  const groups = (Object.keys(titles) as Felt[]).map(
    (felt) => [felt, changes.filter(({ felt: [first] }) => first === felt)] as const,
  );
  const lines = groups.flatMap(([felt, group]) =>
    group.length === 0 ? [] : [...form.title(felt, group.length), ...group.map(form.change)],
  );
  return [`${count(changes.length, "change")}, ${breaking.toLocaleString("en")} of them breaking`, ...lines];
}

function code(text: string): string {
  return `\`${harmless(text).replaceAll("`", "'")}\``;
}

function escaped(text: string): string {
  return harmless(text).replaceAll(/[\\`*_{}[\]<>#|]/g, "\\$&");
}
