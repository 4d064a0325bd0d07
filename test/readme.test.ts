import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createKit } from "../examples/pet-store.gen.ts";
import { folderWith } from "./temporary-folder.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");

const fences = [...readme.matchAll(/(?:<!-- ([^\n]+) -->\n)?```(\w+)\n(.*?)\n```/gs)].map(
  ([, file, language = "", text = ""]) => ({ file, language, text }),
);

test.each(fences.filter(({ language }) => language === "ts"))("the snippet of $file is that file's text", (snippet) => {
  const { file = "a file is named above it", text } = snippet;
  if (file.endsWith(".gen.ts")) expect(read(file)).toContain(`\n${text}\n`);
  else expect(read(file)).toBe(`${text}\n`);
});

test("every example is in it, and no other code", () => {
  const shown = fences.filter(({ language }) => language === "ts").map(({ file }) => file);
  const examples = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"));
  expect(shown.sort()).toEqual(examples.map((file) => `examples/${file}`).sort());
});

const commands = fences.filter(({ language }) => language === "sh").flatMap(({ text }) => text.split("\n"));

test.each(commands.filter((line) => line.startsWith("npx fctool ")))("%s", { timeout: 20_000 }, async (line) => {
  const config = '{ "kits": { "pet-store": { "input": "openapi.yaml" } } }';
  const folder = folderWith({ "openapi.yaml": read("examples/pet-store.yaml"), "fctool.config.json": config });
  const words = (line.replace(/#.*/, "").match(/"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replace(/^(["'])(.*)\1$/, "$2"),
  );
  const cli = join(root, "dist/cli/cli.js");
  const run = (args: string[]) => promisify(execFile)(process.execPath, [cli, ...args], { cwd: folder });
  if (words.includes("--check")) await run(["generate", "openapi.yaml"]);
  const { stdout } = await run(words.slice(2));
  expect(stdout).not.toBe("");
  if (words[2] !== "generate") return;
  const output = words.includes("-o") ? words[words.indexOf("-o") + 1] : "openapi.gen.ts";
  expect(existsSync(join(folder, output as string))).toBe(true);
});

test("its npm commands exist", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const named = commands.flatMap((line) =>
    [...line.matchAll(/npm (?:run )?(?!install)(\w+)/g)].map(([, name]) => name),
  );
  expect(named).toEqual(["demo", "test"]);
  for (const name of named) expect(scripts).toHaveProperty(name as string);
});

test("its error is what a model gets", async () => {
  const shown = fences.find(({ language }) => language === "text")?.text;
  const toolCall = { id: "1", function: { name: "listPets", arguments: '{"status":"availible"}' } };
  expect((await createKit().dispatch(toolCall)).content).toBe(shown);
});
