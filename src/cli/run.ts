import yargs, { type Options } from "yargs";
import type { Reporter } from "./args.ts";
import { commands, standardInput } from "./commands.ts";
import { ExitCode } from "./exit-code.ts";
import { explainProblem, problemOf } from "./explain.ts";
import { type Known, misuse, requireWellFormed } from "./misuse.ts";
import { commonOptions, reporters } from "./options.ts";
import { reportProblem } from "./report.ts";

/** Runs one command line and tells its exit code. Everything that goes wrong is explained on standard error. */
export async function run(words: readonly string[], version: string): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const parser = yargs(words.map((word) => (word === "-" ? standardInput : word)))
    .scriptName("fctool")
    .locale("en")
    .parserConfiguration({ "camel-case-expansion": false, "greedy-arrays": false })
    .usage("$0 <command>\n\nCompiles OpenAPI documents to typed tool kits for LLM function calling.");
  for (const { command, describe, positionals = {}, options, examples, run } of commands) {
    parser.command(
      command,
      describe,
      (each) => {
        for (const [name, positional] of Object.entries(positionals)) each.positional(name, positional);
        return each.options(options).example(examples.map(([line, effect]) => [line, effect]));
      },
      async (args) => {
        exitCode = await run(args);
      },
    );
  }
  const known = knownIn(words);
  parser
    .example("$0 generate openapi.yaml", "write the kit of a document, openapi.gen.ts")
    .example("$0 inspect openapi.yaml", "show its tools, and what would make a model fail")
    .example("$0 init", "write a configuration, which fctool generate reads")
    .options(commonOptions)
    .version(version)
    .alias({ help: "h", version: "V" })
    .epilogue("Every command has examples: fctool <command> --help")
    .strictCommands()
    .strictOptions()
    .demandCommand(1, "no command given")
    .wrap(asksForHelp(words) ? Math.min(110, process.stdout.columns || 110) : null)
    .exitProcess(false)
    .fail((message, error) => {
      if (error !== undefined && error.name !== "YError") throw error;
      throw misuse(message ?? error?.message, known);
    });
  try {
    requireWellFormed(words, known);
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    const problem = problemOf(error);
    const exitCode = explainProblem(problem, { isVerbose: words.includes("--verbose") });
    reportProblem(problem, reporterOf(words));
    return exitCode;
  }
}

/** The parser lays out its help in any case, and takes twice as long to break its lines. */
function asksForHelp(words: readonly string[]): boolean {
  return words.some((word) => /^(-h|--help)\b/.test(word));
}

/** What may stand behind the command that was given. */
function knownIn(words: readonly string[]): Known {
  const names = commands.map(({ command }) => command.split(" ", 1)[0] as string);
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
