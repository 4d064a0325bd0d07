import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Command {
  /** What Node runs, and its arguments. */
  readonly words: readonly string[];
  readonly cwd: string;
  /** Seconds. */
  readonly limit?: number;
}

/** What a process and all it started took. */
export interface Cost {
  /** Seconds of user and system time. */
  readonly cpu: number;
  /** Seconds. */
  readonly wall: number;
  /** Megabytes, at the peak of the largest process. */
  readonly memory: number;
}

export interface Outcome {
  readonly cost: Cost;
  /** Exit code; -1 where a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Peers neither ask, nor colour, nor phone home. */
const quiet = {
  CI: "1",
  NO_COLOR: "1",
  DO_NOT_TRACK: "1",
  REDOCLY_TELEMETRY: "off",
  NODE_USE_ENV_PROXY: "1",
  http_proxy: "http://127.0.0.1:9",
  https_proxy: "http://127.0.0.1:9",
  no_proxy: "",
};

type Usage = Pick<Cost, "cpu" | "memory">;

interface Meter {
  /** Stands before the command. */
  readonly prefix: (file: string) => readonly string[];
  readonly environment: (file: string) => { readonly [name: string]: string };
  readonly read: (text: string) => Usage;
}

/** Ways to learn what a whole tree of processes took. */
export const meters: { readonly [name: string]: Meter } = {
  gnu: {
    prefix: (file) => ["/usr/bin/time", "-q", "-o", file, "-f", "%U %S %M"],
    environment: () => ({}),
    read: (text) => {
      const [user = 0, system = 0, kilobytes = 0] = text.trim().split(" ").map(Number);
      return { cpu: user + system, memory: kilobytes / 1024 };
    },
  },
  bsd: {
    prefix: (file) => ["/usr/bin/time", "-l", "-o", file],
    environment: () => ({}),
    read: (text) => {
      const before = (label: string) => Number(new RegExp(`([\\d.]+)\\s+${label}`).exec(text)?.[1] ?? 0);
      return { cpu: before("user") + before("sys"), memory: before("maximum resident set size") / 2 ** 20 };
    },
  },
  /** Each Node process writes down its own; a compiler that is none stays uncounted. */
  node: {
    prefix: () => [],
    environment: (file) => ({
      NODE_OPTIONS: `--import ${new URL("report-usage.mjs", import.meta.url)}`,
      FCTOOL_BENCH_USAGE: file,
    }),
    read: (text) => {
      const lines = text
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number));
      const microseconds = lines.reduce((sum, [user = 0, system = 0]) => sum + user + system, 0);
      return { cpu: microseconds / 1e6, memory: Math.max(...lines.map(([, , kilobytes = 0]) => kilobytes)) / 1024 };
    },
  },
};

const meter = chooseMeter();

function chooseMeter(): Meter {
  const takes = (option: string, ...rest: string[]) =>
    spawnSync("/usr/bin/time", [option, ...rest, "true"], { stdio: "ignore" }).status === 0;
  const name = takes("-f", "%M") ? "gnu" : takes("-l") ? "bsd" : "node";
  return meters[name] as Meter;
}

/** Runs Node on some words and tells what it took. */
export async function measure({ words, cwd, limit = 600 }: Command): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "fctool-usage-"));
  const file = join(folder, "usage");
  const [program = "", ...args] = [...meter.prefix(file), process.execPath, ...words];
  const start = performance.now();
  const child = spawn(program, args, {
    cwd,
    detached: true,
    env: { ...process.env, ...quiet, ...meter.environment(file) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timer = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), limit * 1000);
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
  try {
    const [stdout, stderr, status] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended]);
    const wall = (performance.now() - start) / 1000;
    const usage = existsSync(file) ? meter.read(readFileSync(file, "utf8")) : { cpu: Number.NaN, memory: Number.NaN };
    return { cost: { ...usage, wall }, status, stdout, stderr };
  } finally {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  return text;
}

/** The path of a file beside this one. */
export function besideBench(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
