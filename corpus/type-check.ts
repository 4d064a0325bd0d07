import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runTsc } from "./workplace.ts";

/** The flags under which every kit must be free of errors. */
const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
};

/** The errors of all kits, by file, from one run of the compiler. */
export function typeCheck(folder: string, files: readonly string[], version: "7" | "5.9"): Map<string, string[]> {
  const project = join(folder, "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  const { stdout, status } = runTsc(version, ["-p", project, "--pretty", "false"]);
  const errors = new Map<string, string[]>();
  for (const line of stdout.split("\n")) {
    const [, file, place, message] = /^(.+?)\((\d+,\d+)\): (error .*)$/.exec(line) ?? [];
    if (file === undefined) continue;
    const key = resolve(file);
    errors.set(key, [...(errors.get(key) ?? []), `${place}: ${message}`]);
  }
  if (status !== 0 && errors.size === 0) throw new Error(`tsc failed: ${stdout.slice(0, 1000)}`);
  return errors;
}
