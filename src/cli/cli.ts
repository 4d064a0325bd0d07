#!/usr/bin/env node
import module from "node:module";
import { setFlagsFromString } from "node:v8";
import { ExitCode } from "./exit-code.ts";
import { version } from "./version.ts";

const [nodeMajor = 0, nodeMinor = 0] = process.versions.node.split(".").map(Number);

requireNode();
expectShortRun();
// What is imported from here on is compiled once, for all runs to come.
module.enableCompileCache();
process.stdout.on("error", leave);
// Whoever stops reading what is said on the way still wants the work done.
process.stderr.on("error", () => {});
process.exitCode = await main(process.argv.slice(2));

async function main(given: readonly string[]): Promise<ExitCode> {
  const words = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    process.stdout.write(`${version()}\n`);
    return ExitCode.done;
  }
  if (words[0] === "--complete") {
    const { completeCommand } = await import("./completion.ts");
    return completeCommand(words.slice(1));
  }
  const { run } = await import("./run.ts");
  return run(words);
}

/** Older ones lack half of what is used here, and say so in riddles. */
function requireNode(): void {
  if (nodeMajor > 22 || (nodeMajor === 22 && nodeMinor >= 19)) return;
  process.stderr.write(`error: fctool needs Node 22.19 or newer; this is ${process.version}\n`);
  process.exit(ExitCode.usage);
}

/**
 * Sets V8 up for a run of a second or two, in which its thorough compiler spends more on other threads than its code
 * brings back, and collecting garbage in many steps more than in one: a sixth of all time, on large documents. A Node to
 * come may not know these flags, and would complain; others that run this may not let them be set.
 */
function expectShortRun(): void {
  if (nodeMajor > 26 || "bun" in process.versions || "deno" in process.versions) return;
  for (const flag of ["--no-turbofan", "--no-maglev-inlining", "--no-incremental-marking"]) setFlagsFromString(flag);
}

/** Whoever reads our output may stop early (`| head`). */
function leave(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(ExitCode.done);
  process.stderr.write(`error: standard output cannot be written: ${error.message}\n`);
  process.exit(ExitCode.bug);
}
