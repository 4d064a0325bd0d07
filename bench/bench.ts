import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCompile } from "./compile/compile.ts";
import { printCompile } from "./compile/print-compile.ts";
import { findDocuments } from "./documents.ts";
import { installPeers } from "./install.ts";
import { besideBench } from "./measure.ts";

const usage = `npm run bench -- [compile | runtime | all] [options] [documents..]

  compile         generators beside each other: time, memory, type-checking, tokens
  runtime         CPU for each tool call of the loops, size, import time, growth
  all             both (default)

  --runs N        how often each is run, in turns (default 3)
  --calls N       how many tool calls a loop makes in one run (default 4000)
  --json FILE     every single figure`;

const parts = ["compile", "runtime", "all"];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "3" },
      calls: { type: "string", default: "4000" },
      json: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const [first = "all", ...rest] = positionals;
  const part = parts.includes(first) ? first : "all";
  const asked = part === first ? rest : positionals;
  const runs = count(values.runs, "--runs");
  const calls = count(values.calls, "--calls");

  installPeers();
  const { folder, remove } = createWorkFolder();
  process.once("SIGINT", () => {
    remove();
    process.exit(130);
  });
  try {
    const figures: { [part: string]: unknown } = {};
    process.stdout.write(
      `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}, median of ${runs}\n\n`,
    );
    if (part !== "runtime") {
      const compile = await measureCompile({ documents: findDocuments(asked, folder), runs, folder, tell });
      figures.compile = compile;
      process.stdout.write(`## Compiling\n\n${printCompile(compile)}\n`);
    }
    if (part !== "compile") {
      const { measureRuntime } = await import("./runtime/runtime.ts");
      const { printRuntime } = await import("./runtime/print-runtime.ts");
      const runtime = await measureRuntime({ runs, calls, folder, tell });
      figures.runtime = runtime;
      process.stdout.write(`## Running\n\n${printRuntime(runtime)}\n`);
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    remove();
  }
}

/** A folder in which generated code finds its packages: the peers' above it, `fctool` in it. */
function createWorkFolder() {
  const folder = besideBench(`.work/${process.pid}`);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(besideBench(".."), join(folder, "node_modules/fctool"), "junction");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function count(text: string, flag: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${flag} takes a whole number from 1 on`);
  return number;
}

function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}\n`);
  process.exitCode = 2;
}
