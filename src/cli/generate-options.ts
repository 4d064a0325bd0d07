import type { Options } from "yargs";

/** Given twice, the last one counts. */
const last = (value: unknown) => (Array.isArray(value) ? value.at(-1) : value);

const several = { type: "string", array: true, requiresArg: true } as const;
const one = { type: "string", requiresArg: true, coerce: last } as const;
const flag = { type: "boolean", coerce: last } as const;

/** The flags of `fctool generate`. */
export const generateOptions: { readonly [name: string]: Options } = {
  output: { ...one, alias: "o", describe: "A file that ends in .ts, or a folder [default: <document>.gen.ts]" },
  include: { ...several, describe: 'Only these: an operationId, a tool name, or "METHOD /path/glob"' },
  exclude: { ...several, describe: "All but these" },
  "include-tags": { ...several, describe: "Only operations with one of these tags" },
  "exclude-tags": { ...several, describe: "No operation with one of these tags" },
  deprecated: { ...one, choices: ["include", "exclude"], describe: "What to do with deprecated operations" },
  root: { ...one, describe: "The folder that referenced files must lie in [default: the document's]" },
  "allow-external-refs": { ...several, describe: "A host that references may lead to" },
  reporter: { ...one, choices: ["pretty", "json"], describe: "How results are printed" },
  "fail-on": { ...one, choices: ["error", "warning"], describe: "Write nothing and exit 1 where there is one" },
  check: { ...flag, describe: "Write nothing; exit 1 where a kit is out of date" },
  "dry-run": { ...flag, describe: "Write nothing; say what would be written" },
};

/** Command lines to learn from, with what they do. */
export const generateExamples: readonly (readonly [command: string, effect: string])[] = [
  ["$0 generate openapi.yaml", "write openapi.gen.ts"],
  ["$0 generate crm.yaml stock.json -o src/kits", "write a kit for each into a folder"],
  ['$0 generate api.yaml --include "GET /pets/**" --include addPet', "some operations only"],
  ["curl -s https://api.example/openapi.json | $0 generate - -o api.gen.ts", "read standard input"],
  ["$0 generate openapi.yaml --check", "fail in CI where the kit is out of date"],
];
