import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { BuildOptions } from "esbuild";

/** A kit and `runTools`, as a bundler puts them into an application. Bytes are of minified, gzipped code. */
export interface SizeFigures {
  readonly kit: string;
  readonly tools: number;
  readonly whole: number;
  /** The tool definitions alone. */
  readonly schemas: number;
  /** Milliseconds in a fresh process, the best of several, since whatever else the machine does only adds. */
  readonly importTime: number;
  /** The same from the many files that are installed. */
  readonly unbundledImportTime: number;
}

const processes = 15;

/** Bundles a kit with the loop, and imports it a few times. */
export async function measureSize(kit: string, folder: string): Promise<SizeFigures> {
  const name = basename(kit, ".gen.ts");
  const entry = join(folder, `${name}.entry.ts`);
  writeFileSync(
    entry,
    `export { createKit, tools } from "./${basename(kit)}";\nexport { runTools } from "fctool/runtime";\n`,
  );
  const bundle = join(folder, `${name}.bundle.mjs`);
  const unbundled = join(folder, `${name}.unbundled.mjs`);
  const { build } = await import("esbuild");
  const options: BuildOptions = {
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2023",
    logLevel: "error",
  };
  await build({ ...options, outfile: bundle, minify: true });
  await build({ ...options, outfile: unbundled, external: ["fctool"] });
  const { tools } = (await import(pathToFileURL(bundle).href)) as { tools: object[] };
  return {
    kit: name,
    tools: tools.length,
    whole: gzippedSize(bundle),
    schemas: gzipSync(JSON.stringify(tools)).length,
    importTime: importTime(bundle),
    unbundledImportTime: importTime(unbundled),
  };
}

function gzippedSize(file: string): number {
  return gzipSync(readFileSync(file)).length;
}

function importTime(file: string): number {
  // The first import of a process loads the loader.
  const script = `await import("data:text/javascript,"); const start = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now() - start));`;
  const times = Array.from({ length: processes }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  return Math.min(...times);
}
