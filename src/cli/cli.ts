#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { ExitCode } from "./exit-code.ts";
import { explain } from "./explain.ts";
import type { GenerateArgs } from "./generate.ts";
import { generateExamples, generateOptions } from "./generate-options.ts";
import { misuse } from "./misuse.ts";

/** What yargs is given for `-`, which it would drop. */
const standardInput = "standard-input:";

const commonOptions = {
  verbose: { type: "boolean", describe: "Print every warning, and the stack of an internal error" },
} as const;

const commands = ["generate"];
const flags = ["help", "version", ...Object.keys(commonOptions), ...Object.keys(generateOptions)];

enableCompileCache();
process.stdout.on("error", leaveQuietly);

const words = process.argv.slice(2);
const asksForVersion = words.length === 1 && (words[0] === "--version" || words[0] === "-V");
if (asksForVersion) process.stdout.write(`${version()}\n`);
else process.exitCode = await run(words);

/** Runs one command line and tells its exit code. Everything that goes wrong is explained on standard error. */
async function run(words: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const { default: yargs } = await import("yargs");
  const parser = yargs(words.map((word) => (word === "-" ? standardInput : word)))
    .scriptName("fctool")
    .locale("en")
    .parserConfiguration({ "camel-case-expansion": false, "greedy-arrays": false })
    .usage("$0 <command>\n\nCompiles OpenAPI documents to typed tool kits for LLM function calling.")
    .command(
      "generate [document..]",
      "Write the kit of a document",
      (command) =>
        command
          .positional("document", {
            type: "string",
            array: true,
            describe: "A path, an http(s) URL, or - for standard input",
            coerce: (documents: string[]) => documents.map((document) => (document === standardInput ? "-" : document)),
          })
          .options(generateOptions)
          .example(generateExamples.map(([line, effect]) => [line, effect])),
      async (args) => {
        const { generateCommand } = await import("./generate.ts");
        exitCode = await generateCommand(args as GenerateArgs);
      },
    )
    .options(commonOptions)
    .alias({ help: "h", version: "V" })
    .version(version())
    .strictCommands()
    .strictOptions()
    .demandCommand(1, "no command given")
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .fail((message, error) => {
      throw error === undefined || error.name === "YError" ? misuse(message ?? error?.message, commands, flags) : error;
    });
  try {
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    return explain(error, { isVerbose: words.includes("--verbose"), isJson: asksForJson(words) });
  }
}

function asksForJson(words: readonly string[]): boolean {
  return words.some(
    (word, index) => word === "--reporter=json" || (word === "--reporter" && words[index + 1] === "json"),
  );
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** Whoever reads our output may stop early (`| head`). */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? ExitCode.done : ExitCode.bug);
}
