import yargs from "yargs";
import { commands, standardInput } from "./commands.ts";
import { type Known, misuse } from "./misuse.ts";
import { commonOptions } from "./options.ts";
import type { Request } from "./run.ts";
import { version } from "./version.ts";

/** Reads any command line. Gives help where that is asked for, and then nothing. Throws `UsageError` for what is wrong. */
export async function readWords(words: readonly string[], known: Known): Promise<Request | undefined> {
  let request: Request | undefined;
  const parser = yargs(words.map((word) => (word === "-" ? standardInput : word)))
    .scriptName("fctool")
    .locale("en")
    .parserConfiguration({ "camel-case-expansion": false, "greedy-arrays": false })
    .usage("$0 <command>\n\nCompiles OpenAPI documents to typed tool kits for LLM function calling.");
  for (const command of commands) {
    const { positionals = {}, options, examples } = command;
    parser.command(
      command.command,
      command.describe,
      (each) => {
        for (const [name, positional] of Object.entries(positionals)) each.positional(name, positional);
        return each.options(options).example(examples.map(([line, effect]) => [line, effect]));
      },
      (args) => {
        request = { command, args };
      },
    );
  }
  await parser
    .example("$0 generate openapi.yaml", "write the kit of a document, openapi.gen.ts")
    .example("$0 inspect openapi.yaml", "show its tools, and what would make a model fail")
    .example("$0 init", "write a configuration, which fctool generate reads")
    .options(commonOptions)
    .version(version())
    .alias({ help: "h", version: "V" })
    .epilogue("Every command has examples: fctool <command> --help")
    .strictCommands()
    .strictOptions()
    .demandCommand(1, "no command given")
    .wrap(Math.min(110, process.stdout.columns || 110))
    .exitProcess(false)
    .fail((message, error) => {
      if (error !== undefined && error.name !== "YError") throw error;
      throw misuse(message ?? error?.message, known);
    })
    .parseAsync();
  return request;
}
