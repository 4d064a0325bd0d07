import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { besideBench, measure, type Outcome } from "../measure.ts";

export const compilers = { "7": "typescript-7", "5.9": "typescript" } as const;
export type Compiler = keyof typeof compilers;

/** What a bundler's user has, and no more. */
const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable"],
  module: "esnext",
  moduleResolution: "bundler",
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Type-checks one generated file and what it imports. */
export function checkTypes(folder: string, file: string, version: Compiler): Promise<Outcome> {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = besideBench(`node_modules/${compilers[version]}/bin/tsc`);
  const heap = version === "7" ? [] : ["--max-old-space-size=6000"];
  return measure({ words: [...heap, tsc, "-p", folder, "--pretty", "false"], cwd: folder });
}

export function countErrors({ stdout }: Outcome): number {
  return stdout.match(/: error TS\d+:/g)?.length ?? 0;
}
