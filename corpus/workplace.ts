import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** A folder in which kits find `fctool/runtime` as a user's would: built, and by the package's name. */
export interface Workplace {
  readonly folder: string;
  /** The built compiler. */
  readonly compiler: string;
  remove(): void;
}

/** Builds the package as it is now into a folder of this process's own. */
export function createWorkplace(): Workplace {
  const folder = join(repository, "node_modules/.cache/fctool-corpus", String(process.pid));
  const installed = join(folder, "node_modules/fctool");
  mkdirSync(installed, { recursive: true });
  for (const name of ["package.json", "templates"]) {
    cpSync(join(repository, name), join(installed, name), { recursive: true });
  }
  const { status, stdout } = runTsc("7", [
    "-p",
    join(repository, "tsconfig.build.json"),
    "--emitDeclarationOnly",
    "false",
    "--outDir",
    join(installed, "dist"),
  ]);
  if (status !== 0) process.stderr.write(`The package does not build cleanly:\n${stdout.slice(0, 2000)}\n`);
  // What the package depends on is found from here as from any other place in the repository.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  return {
    folder,
    compiler: join(installed, "dist/index.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs one of the two compilers that kits have to please. */
export function runTsc(version: "7" | "5.9", options: readonly string[]): { status: number | null; stdout: string } {
  const tsc = join(repository, "node_modules", version === "7" ? "typescript" : "typescript-5.9", "bin/tsc");
  const memory = version === "7" ? [] : ["--max-old-space-size=6000"];
  return spawnSync(process.execPath, [...memory, tsc, ...options], { encoding: "utf8", maxBuffer: 2 ** 28 });
}
