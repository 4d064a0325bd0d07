import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type GenerateResult, generate } from "../src/generate.ts";

const root = new URL("..", import.meta.url).pathname;
const fixtures = join(root, "fixtures");
const cases = readdirSync(fixtures)
  .filter((name) => !name.startsWith("."))
  .map((name) => [name, documentOf(name)] as const);

function documentOf(name: string): string {
  const yaml = join(fixtures, name, "openapi.yaml");
  return existsSync(yaml) ? yaml : join(fixtures, name, "openapi.json");
}

test.each(cases)("%s", async (name, input) => {
  const result = await generate({ input });
  const expected = join(fixtures, name, "expected");
  await expect(result.code).toMatchFileSnapshot(join(expected, "openapi.gen.ts"));
  const diagnostics = print(result);
  if (diagnostics === "") expect(existsSync(join(expected, "diagnostics.txt"))).toBe(false);
  else await expect(diagnostics).toMatchFileSnapshot(join(expected, "diagnostics.txt"));
});

/** One diagnostic a paragraph, as the command line says it. */
function print({ diagnostics, locate }: GenerateResult): string {
  return diagnostics
    .map(({ severity, code, pointer, message, fix }) => {
      const { line, column } = locate(pointer);
      return `${severity} ${code} at ${pointer} (${line}:${column}): ${message}\n  ${fix}\n`;
    })
    .join("\n");
}

test.each(cases)("%s: the order of paths and a second run change nothing", async (_, input) => {
  const { code } = await generate({ input });
  expect((await generate({ input })).code).toBe(code);
  const document = parse(await readFile(input, "utf8"));
  const turned = { ...document, paths: Object.fromEntries(Object.entries(document.paths).toReversed()) };
  expect((await generate({ input, text: JSON.stringify(turned) })).code).toBe(code);
});

// ------------------------------------------------------------ the compiler of the user

/** What the contract promises to type-check under. */
const flags = {
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fctool-fixtures-"));
});

afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["typescript", "nodenext"],
  ["typescript", "bundler"],
  ["typescript-5.9", "nodenext"],
  ["typescript-5.9", "bundler"],
])("every expected module type-checks: %s, %s", { timeout: 120_000 }, async (compiler, moduleResolution) => {
  const project = join(folder, `${compiler}-${moduleResolution}.json`);
  const options = {
    ...flags,
    target: "es2023",
    lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"],
    module: moduleResolution === "nodenext" ? "nodenext" : "esnext",
    moduleResolution,
    types: [],
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: { "fctool/runtime": [join(root, "src/runtime/index.ts")] },
  };
  const files = cases.map(([name]) => join(fixtures, name, "expected/openapi.gen.ts"));
  await writeFile(project, JSON.stringify({ compilerOptions: options, files }));
  const tsc = join(root, "node_modules", compiler, "bin/tsc");
  const output = await promisify(execFile)(process.execPath, [tsc, "-p", project]).then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
  expect(output).toBe("");
});
