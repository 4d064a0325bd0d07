#!/usr/bin/env node
import { readFileSync } from "node:fs";
import module from "node:module";
import type { Options } from "yargs";
import type { Reporter } from "./args.ts";
import { commands, standardInput } from "./commands.ts";
import { ExitCode } from "./exit-code.ts";
import { explainProblem, problemOf } from "./explain.ts";
import { type Known, misuse, requireWellFormed } from "./misuse.ts";
import { commonOptions, reporters } from "./options.ts";
import { reportProblem } from "./report.ts";

requireNode();
module.enableCompileCache();
process.stdout.on("error", leaveQuietly);

const given = process.argv.slice(2);
const words = given[0] === "help" ? [...given.slice(1), "--help"] : given;
const asksForVersion = words.length === 1 && (words[0] === "--version" || words[0] === "-V");
if (asksForVersion) process.stdout.write(`${version()}\n`);
else process.exitCode = await (words[0] === "--complete" ? complete(words.slice(1)) : run(words));

/** Runs one command line and tells its exit code. Everything that goes wrong is explained on standard error. */
async function run(words: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const { default: yargs } = await import("yargs");
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
    .alias({ help: "h", version: "V" })
    .version(version())
    .epilogue("Every command has examples: fctool <command> --help")
    .strictCommands()
    .strictOptions()
    .demandCommand(1, "no command given")
    .wrap(Math.min(110, process.stdout.columns || 110))
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

/** What shells ask for. */
async function complete(words: readonly string[]): Promise<ExitCode> {
  const { completeCommand } = await import("./completion.ts");
  return completeCommand(words, commands);
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

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** Older ones lack half of what is used here, and say so in riddles. */
function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return;
  process.stderr.write(`error: fctool needs Node 22.19 or newer; this is ${process.version}\n`);
  process.exit(ExitCode.usage);
}

/** Whoever reads our output may stop early (`| head`). */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? ExitCode.done : ExitCode.bug);
}
