import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { build, createServer, type InlineConfig } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";
import { fctool } from "../../src/plugin/unplugin.ts";
import { folderWith } from "../temporary-folder.ts";

// Bundlers are started, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const document = (path: string) =>
  `openapi: 3.0.3\ninfo: { title: Pets, version: "1" }\nservers: [{ url: https://pets.example }]\npaths: { ${path}: { get: { operationId: list, responses: {} } } }\n`;

function project(text = document("/pets")) {
  const folder = folderWith({
    "pets.yaml": text,
    "fctool.config.yaml": "kits: {pets: {input: pets.yaml}}",
    "main.ts": 'import { list } from "./pets.gen.ts";\nexport const made = list;\n',
  });
  const config = join(folder, "fctool.config.yaml");
  return {
    folder,
    config,
    input: join(folder, "main.ts"),
    kit: () => readFileSync(join(folder, "pets.gen.ts"), "utf8"),
  };
}

const external = /^fctool/;

function viteConfig({ folder, config, input }: ReturnType<typeof project>): InlineConfig {
  return {
    root: folder,
    configFile: false,
    logLevel: "silent",
    plugins: [fctool.vite({ config })],
    build: { write: false, lib: { entry: input, formats: ["es"] }, rolldownOptions: { external } },
  };
}

test("rolldown bundles a kit that was not there before", async () => {
  const { config, input, kit } = project();
  const bundle = await rolldown({ input, external, plugins: [fctool.rolldown({ config })] });
  const { output } = await bundle.generate();
  expect(output[0].code).toContain('path: "/pets"');
  expect(await bundle.watchFiles).toContainEqual(expect.stringContaining("pets.yaml"));
  expect(kit()).toContain("listTool");
});

test("vite builds with one", async () => {
  const outputs = await build(viteConfig(project()));
  const [output] = Array.isArray(outputs) ? outputs : [];
  expect(output?.output[0].code).toContain('"/pets"');
});

test("a kit that cannot be made fails the build", async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => void vi.restoreAllMocks());
  await expect(build(viteConfig(project("openapi: 3.0.3\n")))).rejects.toThrow(/the kits cannot be made/);
});

test("vite's server makes the kit again when its document changes", async () => {
  const made = project();
  const server = await createServer({ ...viteConfig(made), server: { host: "127.0.0.1", port: 0 } });
  onTestFinished(() => server.close());
  await server.listen();
  await vi.waitFor(() => expect(made.kit()).toContain('"/pets"'), { timeout: 20_000, interval: 50 });
  const wasSeen = vi.waitFor(() => expect(made.kit()).toContain('"/cats"'), { timeout: 20_000, interval: 50 });
  await vi.waitFor(() => expect(Object.values(server.watcher.getWatched()).flat()).toContain("pets.yaml"), {
    timeout: 20_000,
  });
  writeFileSync(join(made.folder, "pets.yaml"), document("/cats"));
  await wasSeen;
});
