import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { fctool } from "../../src/plugin/unplugin.ts";
import { folderWith } from "../temporary-folder.ts";

vi.setConfig({ testTimeout: 60_000 });

const document = (name: string) =>
  `openapi: 3.0.3\ninfo: { title: Pets, version: "1" }\nservers: [{ url: https://pets.example }]\npaths: { /pets: { get: { operationId: ${name}, responses: {} } } }\n`;

afterEach(() => {
  vi.restoreAllMocks();
});

test("kits are made before a build, their inputs watched, and made again when one changes", async () => {
  const folder = folderWith({
    "pets.yaml": document("list"),
    "fctool.config.yaml": "kits: {pets: {input: pets.yaml}}",
  });
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  const plugin = fctool.raw({}, { framework: "rollup" });
  if (Array.isArray(plugin)) throw new Error("one plug-in is expected");
  const watched: string[] = [];
  const context = { addWatchFile: (file: string) => void watched.push(file) } as never;
  await plugin.buildStart?.call(context);
  expect(watched).toEqual([join(folder, "pets.yaml")]);
  expect(readFileSync(join(folder, "pets.gen.ts"), "utf8")).toContain("listTool");

  writeFileSync(join(folder, "pets.yaml"), document("list").replace("/pets", "/cats"));
  await plugin.watchChange?.call(context, join(folder, "other.yaml"), { event: "update" });
  expect(readFileSync(join(folder, "pets.gen.ts"), "utf8")).not.toContain("/cats");
  await plugin.watchChange?.call(context, join(folder, "pets.yaml"), { event: "update" });
  expect(readFileSync(join(folder, "pets.gen.ts"), "utf8")).toContain("/cats");
});

test("a kit that cannot be made fails the build", async () => {
  const folder = folderWith({ "pets.yaml": "a: b: c", "fctool.config.yaml": "kits: {pets: {input: pets.yaml}}" });
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const plugin = fctool.raw(undefined, { framework: "rollup" });
  if (Array.isArray(plugin)) throw new Error("one plug-in is expected");
  await expect(async () => plugin.buildStart?.call({} as never)).rejects.toThrow(/could not make the kits/);
});
