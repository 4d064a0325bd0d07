import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { folderWith } from "../temporary-folder.ts";
import { fctool } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const document = `openapi: 3.0.3
info: { title: Pets, version: "1" }
paths: { /pets: { get: { operationId: list, responses: {} } } }
`;

describe("fctool init", () => {
  test.for<[what: string, files: { [path: string]: string }, words: string[], lines: string[]]>([
    [
      "the one document here",
      { "api/pets.yaml": document, "package.json": "{}" },
      [],
      ['pets: { input: "api/pets.yaml", output: "pets.gen.ts" },'],
    ],
    [
      "a document that is named",
      {},
      ["https://a.example/openapi.json"],
      ['openapi: { input: "https://a.example/openapi.json", output: "openapi.gen.ts" },'],
    ],
    [
      "into src, where there is one",
      { "src/.keep": "", "pet store.json": `{"swagger": "2.0"}` },
      [],
      ['"pet-store": { input: "pet store.json", output: "src/pet-store.gen.ts" },'],
    ],
    [
      "all documents, without asking, and names stay unique",
      { "a/pets.yaml": document, "b/pets.json": `{"openapi": "3.1.0"}`, "node_modules/x/c.yaml": document },
      ["--yes", "-o", "kits"],
      [
        'pets: { input: "a/pets.yaml", output: "kits/pets.gen.ts" },',
        '"pets-2": { input: "b/pets.json", output: "kits/pets-2.gen.ts" },',
      ],
    ],
  ])("%s", async ([, files, words, lines]) => {
    const folder = folderWith(files);
    const { code, stderr } = await fctool(folder, ["init", ...words]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const text = `export default {\n  kits: {\n${lines.map((line) => `    ${line}\n`).join("")}  },\n};\n`;
    expect(readFileSync(join(folder, "fctool.config.ts"), "utf8")).toBe(text);
  });

  test.each([".", "packages/shop"])("with its type, where fctool is installed at the top: in %s", async (below) => {
    const manifest = '{ "name": "fctool", "version": "1.0.0" }';
    const top = folderWith({ "node_modules/fctool/package.json": manifest, [`${below}/pets.yaml`]: document });
    expect((await fctool(join(top, below), ["init"])).code).toBe(0);
    const text = readFileSync(join(top, below, "fctool.config.ts"), "utf8");
    expect(text).toContain('import { defineConfig } from "fctool";\n\nexport default defineConfig({\n');
  });

  test("what it writes can be used at once", async () => {
    const folder = folderWith({ "pets.yaml": document });
    await fctool(folder, ["init"]);
    expect(await fctool(folder, ["generate"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("pets.gen.ts: 1 tool"),
    });
  });

  test.for<[files: { [path: string]: string }, words: string[], message: RegExp]>([
    [{}, [], /no OpenAPI document here\n {2}Name what to start with/],
    [
      { "a.yaml": document, "b.yaml": document },
      [],
      /there are 2 documents here: a\.yaml, b\.yaml\n {2}Name those to start with, fctool init a\.yaml, or take all/,
    ],
    [{ "a.yaml": document }, ["-o", "kit.ts"], /-o kit\.ts is a file, and init takes a folder/],
    [{ "fctool.config.json": "{}" }, ["a.yaml"], /fctool\.config\.json is there already/],
  ])("%j %j is refused", async ([files, words, message]) => {
    expect(await fctool(folderWith(files), ["init", ...words])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  });
});
