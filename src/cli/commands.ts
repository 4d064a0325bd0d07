import type { Options, PositionalOptions } from "yargs";
import type { GenerateArgs } from "./args.ts";
import type { ExitCode } from "./exit-code.ts";
import type { InitArgs } from "./init.ts";
import { generateExamples, generateOptions, initOptions } from "./options.ts";

/** A command of the command line. What it needs is loaded when it runs. */
export interface Command {
  /** Its name and its positional arguments. */
  readonly command: string;
  readonly describe: string;
  readonly positionals?: { readonly [name: string]: PositionalOptions };
  readonly options: { readonly [name: string]: Options };
  /** Command lines to learn from, with what they do. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
  run(args: unknown): Promise<ExitCode>;
}

/** What yargs is given for `-`, which it would drop. */
export const standardInput = "standard-input:";

const toDocument = (word: string) => (word === standardInput ? "-" : word);

export const commands: readonly Command[] = [
  {
    command: "generate [document..]",
    describe: "Write the kit of a document, or all kits of the configuration",
    positionals: {
      document: {
        type: "string",
        array: true,
        describe: "A path, an http(s) URL, or - for standard input",
        coerce: (documents: string[]) => documents.map(toDocument),
      },
    },
    options: generateOptions,
    examples: generateExamples,
    async run(args) {
      const { generateCommand } = await import("./generate.ts");
      return generateCommand(args as GenerateArgs);
    },
  },
  {
    command: "init [document..]",
    describe: "Write a configuration",
    positionals: { document: { type: "string", array: true, describe: "The documents to start with" } },
    options: initOptions,
    examples: [
      ["$0 init", "find the documents here, and ask what cannot be seen"],
      ["$0 init openapi.yaml -o src/kits", "ask nothing"],
      ["$0 init --yes", "take every document that is found"],
    ],
    async run(args) {
      const { initCommand } = await import("./init.ts");
      return initCommand(args as InitArgs);
    },
  },
];
