import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "rolldown";
import { describe, expect, test } from "vitest";
import { folderWith } from "../temporary-folder.ts";

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** A kit with `runTools` as a bundler puts it into an application. */
async function bundle(kit: string) {
  const folder = folderWith({
    "entry.ts": `export { createKit } from ${JSON.stringify(path(kit))};\nexport { runTools } from "fctool/runtime";\n`,
  });
  const { output } = await build({
    input: `${folder}/entry.ts`,
    platform: "browser",
    write: false,
    logLevel: "silent",
    resolve: { alias: { "fctool/runtime": path("src/runtime/index.ts") } },
    output: { format: "esm", minify: true },
  });
  return output[0];
}

describe("a kit with runTools", { timeout: 30_000 }, () => {
  const limit = 22_000;

  test(`has less than ${limit} bytes, gzipped`, async () => {
    const { code } = await bundle("examples/pet-store.gen.ts");
    expect(gzipSync(code).length).toBeLessThan(limit);
  });

  test("loads nothing of the platform when it is imported", async () => {
    // Node loads its `fetch` where one of these is first named, and takes longer for that than for all of a kit.
    const lazy = ["fetch", "Request", "Response", "Headers", "FormData", "Blob", "crypto", "TextEncoder"];
    const main = `
      const named = [];
      for (const name of ${JSON.stringify(lazy)})
        Object.defineProperty(globalThis, name, { configurable: true, get() { named.push(name); } });
      const kit = await import("./kit.mjs");
      console.log(JSON.stringify([Object.keys(kit), named]));`;
    const { code } = await bundle("examples/pet-store.gen.ts");
    const cwd = folderWith({ "kit.mjs": code, "main.mjs": main });
    const { stdout, stderr } = spawnSync(process.execPath, ["main.mjs"], { cwd, encoding: "utf8" });
    expect([stderr, JSON.parse(stdout)]).toEqual(["", [["createKit", "runTools"], []]]);
  });
});
