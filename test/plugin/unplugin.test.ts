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
  expect(watched).toContain(join(folder, "pets.yaml"));
  expect(watched).toContain(join(folder, "fctool.config.yaml"));
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
  const watched: string[] = [];
  const context = { addWatchFile: (file: string) => void watched.push(file) } as never;
  await expect(async () => plugin.buildStart?.call(context)).rejects.toThrow(
    /^the kits cannot be made\npets\.yaml:1:5: not valid YAML: .*\n {2}Mend the YAML there/,
  );
  expect(watched).toContain(join(folder, "fctool.config.yaml"));
});

test("a change that cannot be made a kit of leaves the kit as it is", async () => {
  const folder = folderWith({
    "pets.yaml": document("list"),
    "fctool.config.yaml": "kits: {pets: {input: pets.yaml}}",
  });
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const plugin = fctool.raw({}, { framework: "vite" });
  if (Array.isArray(plugin)) throw new Error("one plug-in is expected");
  const context = { addWatchFile: () => {} } as never;
  await plugin.buildStart?.call(context);
  const before = readFileSync(join(folder, "pets.gen.ts"), "utf8");
  writeFileSync(join(folder, "fctool.config.yaml"), "kits: {pets: {inputs: pets.yaml}}");
  await plugin.watchChange?.call(context, join(folder, "fctool.config.yaml"), { event: "update" });
  expect(told.mock.calls.join("")).toContain("kits.pets.inputs is not a known key");
  expect(readFileSync(join(folder, "pets.gen.ts"), "utf8")).toBe(before);
});

test("esbuild watches what the kit depends on, as files of the kit", async () => {
  const folder = folderWith({
    "pets.yaml": document("list"),
    "fctool.config.yaml": "kits: {pets: {input: pets.yaml}}",
  });
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  const plugin = fctool.raw({}, { framework: "esbuild", esbuildHostName: "fctool" });
  if (Array.isArray(plugin)) throw new Error("one plug-in is expected");
  type Load = (file: { path: string }) => Promise<{ contents: string; watchFiles: string[] } | undefined>;
  const loads: Load[] = [];
  await plugin.esbuild?.setup?.({ onLoad: (_: object, load: Load) => void loads.push(load) });
  await plugin.buildStart?.call({} as never);
  expect(await loads[0]?.({ path: join(folder, "main.ts") })).toBeUndefined();
  const loaded = await loads[0]?.({ path: join(folder, "pets.gen.ts") });
  expect(loaded?.contents).toContain("listTool");
  expect(loaded?.watchFiles).toContain(join(folder, "pets.yaml"));
});
