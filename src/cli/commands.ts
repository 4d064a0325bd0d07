import type { Options, PositionalOptions } from "yargs";
import type { GenerateArgs } from "./args.ts";
import type { CallArgs } from "./call.ts";
import type { ChatArgs } from "./chat.ts";
import type { CompletionArgs } from "./completion.ts";
import type { DiffArgs } from "./diff.ts";
import type { ExitCode } from "./exit-code.ts";
import type { InitArgs } from "./init.ts";
import type { InspectArgs } from "./inspect.ts";
import {
  callOptions,
  chatOptions,
  diffOptions,
  generateExamples,
  generateOptions,
  initOptions,
  inspectOptions,
} from "./options.ts";

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

/** What stands for a command on the command line. */
export function nameOf({ command }: Command): string {
  return command.split(" ", 1)[0] as string;
}

/** What yargs is given for `-`, which it would drop. */
export const standardInput = "standard-input:";

const toDocument = (word: string) => (word === standardInput ? "-" : word);

const document = {
  type: "string",
  describe: "A path, an http(s) URL, - for standard input, or a kit of the configuration",
  coerce: toDocument,
} as const;

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
  {
    command: "inspect <document>",
    describe: "Show every tool in a line, or one whole, and what would make a model fail",
    positionals: { document },
    options: inspectOptions,
    examples: [
      ["$0 inspect openapi.yaml", "tools, effects, strictness, tokens, hints"],
      ["$0 inspect openapi.yaml --tool getPet", "one tool: schema, codec, what is sent"],
      ["$0 inspect openapi.yaml --reporter json", "for programs"],
    ],
    async run(args) {
      const { inspectCommand } = await import("./inspect.ts");
      return inspectCommand(args as InspectArgs);
    },
  },
  {
    command: "diff <old> <new>",
    describe: "Show what changed, sorted by who feels it",
    positionals: {
      old: { type: "string", describe: "A document, a kit (.ts) or a lock" },
      new: { type: "string", describe: "The same, later" },
    },
    options: diffOptions,
    examples: [
      ["$0 diff old.yaml new.yaml", "what breaks, and for whom"],
      ["$0 diff old.yaml new.yaml --fail-on-breaking", "exit 5 where something breaks"],
      ["$0 diff old.gen.ts src/pets.gen.ts --format markdown", "two kits, for a pull request"],
    ],
    async run(args) {
      const { diffCommand } = await import("./diff.ts");
      return diffCommand(args as DiffArgs);
    },
  },
  {
    command: "call <document> <tool>",
    describe: "Make one call, or show what it would send",
    positionals: { document, tool: { type: "string", describe: "The tool's name, or an operationId" } },
    options: callOptions,
    examples: [
      [`$0 call openapi.yaml getPet --args '{"petId": 7}'`, "arguments as code writes them"],
      [`FCTOOL_BEARER_AUTH=… $0 call openapi.yaml listPets`, "the credential of the scheme bearerAuth"],
      [`$0 call openapi.yaml getPet --args '{"petId": 7}' --curl`, "print a curl command instead"],
    ],
    async run(args) {
      const { callCommand } = await import("./call.ts");
      return callCommand(args as CallArgs);
    },
  },
  {
    command: "chat <document> [prompt]",
    describe: "Talk to an API through any OpenAI-compatible model",
    positionals: { document, prompt: { type: "string", describe: "What to ask [default: ask line by line]" } },
    options: chatOptions,
    examples: [
      ['$0 chat openapi.yaml "Which pets are sold?"', "one answer"],
      ["$0 chat openapi.yaml --model qwen3 --base-url http://localhost:11434/v1", "a local model, line by line"],
    ],
    async run(args) {
      const { chatCommand } = await import("./chat.ts");
      return chatCommand(args as ChatArgs);
    },
  },
  {
    command: "completion [shell]",
    describe: "Print a script that completes commands, flags, kits and tools",
    positionals: { shell: { type: "string", choices: ["bash", "zsh", "fish"], describe: "[default: by $SHELL]" } },
    options: {},
    examples: [
      ["source <($0 completion bash)", "in ~/.bashrc"],
      ["source <($0 completion zsh)", "in ~/.zshrc, behind compinit"],
      ["$0 completion fish | source", "in ~/.config/fish/config.fish"],
    ],
    async run(args) {
      const { completionCommand } = await import("./completion.ts");
      return completionCommand(args as CompletionArgs);
    },
  },
];
