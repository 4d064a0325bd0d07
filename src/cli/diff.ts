import { type Change, diff, isBreaking } from "../diff/diff.ts";
import type { Felt } from "../diff/finding.ts";
import type { Surface } from "../diff/surface.ts";
import type { DocumentArgs } from "./args.ts";
import { ExitCode } from "./exit-code.ts";
import { count, harmless, paint, printError, printResult, toJson } from "./print.ts";
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
  if ([old, next].some(({ tools }) => tools.every(({ result }) => result === undefined))) {
    printError(
      "note: kits and locks do not tell what answers look like, so answers are not compared; compare documents.",
    );
  }
  if (isLock(old) !== isLock(next)) {
    printError(
      "note: a lock tells of a tool only whether it changed, and options change it too: compare it with its kit by name.",
    );
  }
  const changes = diff(old, next);
  const exitCode = args["fail-on-breaking"] === true && changes.some(isBreaking) ? ExitCode.breaking : ExitCode.done;
  const format = args.format ?? "text";
  const results = changes.map(({ felt, message, places, tools }) => ({ felt, message, places, tools }));
  if (format === "json") printResult(toJson({ changes: results, exitCode }));
  else for (const line of linesOf(changes, format === "markdown" ? markdown : text)) printResult(line);
  return exitCode;
}

function isLock({ tools }: Surface): boolean {
  return tools.some(({ hash }) => hash !== undefined);
}

/** How changes are written. */
interface Form {
  group(felt: Felt, changes: readonly Change[]): readonly string[];
}

const shownTools = 3;

const text: Form = {
  group(felt, changes) {
    const where = (operation: string) => paint("dim", ` (${harmless(operation)})`, process.stdout);
    return [
      "",
      paint(colours[felt], titleOf(felt, changes), process.stdout),
      ...changes.map((change) => `  ${toolsText(change, harmless, where)} ${harmless(change.message)}${also(change)}`),
    ];
  },
};

/** What needs nobody's attention is folded up. */
const markdown: Form = {
  group(felt, changes) {
    const where = (operation: string) => ` (${code(operation)})`;
    const title = titleOf(felt, changes);
    const items = changes.map(
      (change) => `- ${toolsText(change, code, where)} ${escaped(change.message)}${also(change)}`,
    );
    return felt === "nobody"
      ? ["", `<details><summary>${title}</summary>`, "", ...items, "", "</details>"]
      : ["", `### ${title}`, "", ...items];
  },
};

function titleOf(felt: Felt, changes: readonly Change[]): string {
  return `${titles[felt]} (${changes.length.toLocaleString("en")})`;
}

function also({ felt }: Change): string {
  return felt.includes("code") && felt.includes("model") ? " (the model feels it too)" : "";
}

/** `a (GET /a)`; of several `a, b, c and 7 more:`. */
function toolsText(
  { tools, isEverywhere }: Change,
  name: (tool: string) => string,
  where: (operation: string) => string,
): string {
  const [{ name: only, operation }] = tools;
  if (tools.length === 1) return name(only) + (operation === undefined ? "" : where(operation));
  if (isEverywhere) return `all ${count(tools.length, "tool")}:`;
  const shown = tools.slice(0, shownTools).map((tool) => name(tool.name));
  const rest = tools.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest.toLocaleString("en")} more` : ""}:`;
}

const colours = { code: "red", model: "red", risk: "yellow", nobody: "green" } as const;

function linesOf(changes: readonly Change[], form: Form): string[] {
  if (changes.length === 0) return ["Nothing has changed."];
  const breaking = changes.filter(isBreaking).length;
  const lines = (Object.keys(titles) as Felt[]).flatMap((felt) => {
    const group = changes.filter(({ felt: [first] }) => first === felt);
    return group.length === 0 ? [] : form.group(felt, group);
  });
  return [`${count(changes.length, "change")}, ${breaking.toLocaleString("en")} of them breaking`, ...lines];
}

function code(text: string): string {
  return `\`${harmless(text).replaceAll("`", "'")}\``;
}

/** An at sign would call people. */
function escaped(text: string): string {
  return harmless(text)
    .replaceAll(/[\\`*_{}[\]<>#|]/g, "\\$&")
    .replaceAll("@", "@<!-- -->");
}
