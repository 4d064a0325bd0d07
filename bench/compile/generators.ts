import { besideBench } from "../measure.ts";

/** A generator, as somebody runs it. It works in an empty folder. */
export interface Generator {
  readonly name: string;
  /** What Node runs. */
  command(document: string): readonly string[];
  /** The file to type-check, where types are what it is for. */
  readonly typed?: string;
  /** The file that its tools stand in. */
  readonly tools?: string;
}

const peer = (path: string) => besideBench(`node_modules/${path}`);
export const cli = besideBench("../dist/cli/cli.js");

const fctool = {
  name: "fctool",
  command: (document) => [cli, "generate", document, "-o", "kit.gen.ts"],
  typed: "kit.gen.ts",
  tools: "kit.gen.ts",
} satisfies Generator;

/** The first is what the others are compared with. */
export const generators: readonly Generator[] = [
  fctool,
  {
    name: "openapi-mcp-generator",
    command: (document) => [
      peer("openapi-mcp-generator/bin/openapi-mcp-generator.js"),
      ...["-i", document, "-o", "server", "-b", "http://127.0.0.1:9", "--force"],
    ],
    tools: "server/src/index.ts",
  },
  {
    name: "oazapfts",
    command: (document) => [peer("oazapfts/dist/cli.js"), document, "client.ts"],
    typed: "client.ts",
  },
  {
    name: "openapi-typescript",
    command: (document) => [peer("openapi-typescript/bin/cli.js"), document, "-o", "types.ts"],
    typed: "types.ts",
  },
  {
    name: "hey-api",
    command: (document) => [
      peer("@hey-api/openapi-ts/bin/run.js"),
      ...["-i", document, "-o", "sdk", "-p", "@hey-api/typescript", "@hey-api/sdk", "-s", "--no-log-file"],
    ],
    typed: "sdk/index.ts",
  },
  {
    name: "@samchon/openapi",
    command: (document) => [besideBench("compile/samchon.ts"), document, "tools.json"],
    tools: "tools.json",
  },
];

/** Run on what `fctool` has just made. */
export const again: Generator = { ...fctool, name: "fctool, unchanged" };
