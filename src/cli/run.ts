import type { Options } from "yargs";
import type { Reporter } from "./args.ts";
import { type Command, commands, nameOf } from "./commands.ts";
import { ExitCode } from "./exit-code.ts";
import { explainProblem, problemOf } from "./explain.ts";
import { type Known, requireWellFormed } from "./misuse.ts";
import { commonOptions, reporters } from "./options.ts";
import { readOrdinary } from "./read-ordinary.ts";
import { reportProblem } from "./report.ts";

/** What a command line asks for. */
export interface Request {
  readonly command: Command;
  readonly args: { readonly [name: string]: unknown };
}

/** Runs one command line and tells its exit code. Everything that goes wrong is explained on standard error. */
export async function run(words: readonly string[]): Promise<ExitCode> {
  const known = knownIn(words);
  try {
    requireWellFormed(words, known);
    const request = readOrdinary(words) ?? (await readAny(words, known));
    return request === undefined ? ExitCode.done : await request.command.run(request.args);
  } catch (error) {
    const problem = problemOf(error);
    const exitCode = explainProblem(problem, { isVerbose: words.includes("--verbose") });
    reportProblem(problem, reporterOf(words));
    return exitCode;
  }
}

/** By yargs, which takes a while to load. Nothing, where it gave help. */
async function readAny(words: readonly string[], known: Known): Promise<Request | undefined> {
  const { readWords } = await import("./read-words.ts");
  return readWords(words, known);
}

/** What may stand behind the command that was given. */
export function knownIn(words: readonly string[]): Known {
  const names = commands.map(nameOf);
  const name = words.find((word) => names.includes(word));
  const { command, options = {} } = commands[names.indexOf(name ?? "")] ?? {};
  const all: [string, Options][] = Object.entries({
    help: { type: "boolean", alias: "h" },
    version: { type: "boolean", alias: "V" },
    ...commonOptions,
    ...options,
  });
  return {
    commands: names,
    usage: command,
    flags: all.map(([flag]) => flag),
    switches: all.filter(([, { type }]) => type === "boolean").map(([flag]) => flag),
    letters: Object.fromEntries(all.map(([flag, { alias }]) => [alias, flag])),
    choices: Object.fromEntries(all.map(([flag, { choices = [] }]) => [flag, choices.map(String)])),
  };
}

function reporterOf(words: readonly string[]): Reporter {
  const [, , asked] = /(^| )--reporter[= ](\w+)/.exec(words.join(" ")) ?? [];
  return reporters.find((reporter) => reporter === asked) ?? "pretty";
}
