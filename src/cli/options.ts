import type { Options } from "yargs";

/** Given twice, the last one counts. */
const last = (value: unknown) => (Array.isArray(value) ? value.at(-1) : value);

const several = { type: "string", array: true, requiresArg: true } as const;
const one = { type: "string", requiresArg: true, coerce: last } as const;
const flag = { type: "boolean", coerce: last } as const;

const number = { type: "number", requiresArg: true, coerce: last } as const;

export const reporters = ["pretty", "json", "github", "sarif"] as const;

/** The flags of every command. */
export const commonOptions: { readonly [name: string]: Options } = {
  verbose: {
    type: "boolean",
    describe: "Print every warning, the time of each stage, and the stack of an internal error",
  },
};

/** The flags of every command that compiles a document. */
export const documentOptions: { readonly [name: string]: Options } = {
  include: { ...several, describe: 'Only these: an operationId, a tool name, or "METHOD /path/glob"' },
  exclude: { ...several, describe: "All but these" },
  "include-tags": { ...several, describe: "Only operations with one of these tags" },
  "exclude-tags": { ...several, describe: "No operation with one of these tags" },
  deprecated: { ...one, choices: ["include", "exclude"], describe: "What to do with deprecated operations" },
  overlay: { ...several, describe: "An OpenAPI Overlay to apply first; several in their order" },
  descriptions: { ...one, choices: ["full", "concise", "minimal"], describe: "How much prose reaches the model" },
  root: { ...one, describe: "The folder that referenced files must lie in [default: the document's]" },
  "allow-external-refs": { ...several, describe: "A host that references may lead to" },
};

/** The flags of `fctool generate`. */
export const generateOptions: { readonly [name: string]: Options } = {
  output: { ...one, alias: "o", describe: "A file that ends in .ts, or a folder [default: <document>.gen.ts]" },
  project: { ...several, alias: "p", describe: "A kit of the configuration [default: all]" },
  config: { ...one, describe: "The configuration [default: fctool.config.* here or above]" },
  ...documentOptions,
  "max-tokens": { ...number, describe: "The most tokens that the tools may take; exit 4 beyond" },
  "max-tools": { ...number, describe: "The most tools that there may be; exit 4 beyond" },
  reporter: { ...one, choices: reporters, describe: "How results are printed" },
  "fail-on": { ...one, choices: ["error", "warning"], describe: "Write nothing and exit 1 where there is one" },
  check: { ...flag, describe: "Write nothing; exit 1 where a kit is out of date" },
  "dry-run": { ...flag, describe: "Write nothing; say what would be written" },
  "frozen-lock": { ...flag, describe: "Exit 1 where the lock would change" },
  watch: { ...flag, alias: "w", describe: "Generate again whenever a file changes" },
  silent: { ...flag, describe: "Print errors alone" },
};

/** Command lines to learn from, with what they do. */
export const generateExamples: readonly (readonly [command: string, effect: string])[] = [
  ["$0 generate openapi.yaml", "write openapi.gen.ts"],
  ["$0 generate crm.yaml stock.json -o src/kits", "write a kit for each into a folder"],
  ['$0 generate api.yaml --include "GET /pets/**" --include addPet', "some operations only"],
  ["curl -s https://api.example/openapi.json | $0 generate - -o api.gen.ts", "read standard input"],
  ["$0 generate", "all kits of fctool.config.ts"],
  ["$0 generate -p pets --watch", "one of them, again whenever its document changes"],
  ["$0 generate openapi.yaml --max-tokens 8000", "fail where the tools cost more"],
  ["$0 generate openapi.yaml --check", "fail in CI where the kit is out of date"],
];

/** The flags of `fctool init`. */
export const initOptions: { readonly [name: string]: Options } = {
  output: { ...one, alias: "o", describe: "The folder of the kits [default: src, where there is one]" },
  yes: { ...flag, alias: "y", describe: "Ask nothing" },
};

/** The flags of `fctool inspect`. */
export const inspectOptions: { readonly [name: string]: Options } = {
  tool: { ...one, describe: "Show one tool whole: schema, codec, route, and where each comes from" },
  ...documentOptions,
  reporter: { ...one, choices: ["pretty", "json"], describe: "How results are printed" },
};

/** The flags of `fctool diff`. */
export const diffOptions: { readonly [name: string]: Options } = {
  format: { ...one, choices: ["text", "markdown", "json"], describe: "How the changes are written" },
  "fail-on-breaking": { ...flag, describe: "Exit 5 where code or the model's habits break" },
  project: { ...one, alias: "p", describe: "The kit to compare, of a lock with several" },
  ...documentOptions,
};

/** The flags of `fctool call`. */
export const callOptions: { readonly [name: string]: Options } = {
  args: { ...one, describe: "The arguments as JSON, as code writes them [default: {}]" },
  "base-url": { ...one, describe: "Replaces the document's server [default: $FCTOOL_BASE_URL]" },
  header: { ...several, alias: "H", describe: 'A header to send: "X-Trace: 1"' },
  "dry-run": { ...flag, describe: "Show the request, and send nothing" },
  curl: { ...flag, describe: "Show the request as a curl command, with variables for secrets" },
  ...documentOptions,
};

/** The flags of `fctool chat`. */
export const chatOptions: { readonly [name: string]: Options } = {
  model: { ...one, alias: "m", describe: "The model [default: $OPENAI_MODEL, or gpt-5.5]" },
  "base-url": { ...one, describe: "An OpenAI-compatible endpoint, with $OPENAI_API_KEY [default: $OPENAI_BASE_URL]" },
  "api-base-url": { ...one, describe: "Replaces the document's server [default: $FCTOOL_BASE_URL]" },
  yes: { ...flag, alias: "y", describe: "Approve of every call" },
  ...documentOptions,
};
