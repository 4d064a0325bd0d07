#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { ExitCode } from "./exit-code.ts";

enableCompileCache();
process.stdout.on("error", leaveQuietly);

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  const { run } = await import("./commands.ts");
  process.exitCode = await run(words, version());
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** Whoever reads our output may stop early (`| head`). */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? ExitCode.done : ExitCode.bug);
}
