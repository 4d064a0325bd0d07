import { type ChildProcess, fork } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cli } from "../compile/generators.ts";
import { type BenchDocument, writeSmall } from "../documents.ts";
import { measure } from "../measure.ts";
import type { LoopCost } from "./client.ts";
import { loops } from "./loops.ts";
import { measureSize, type SizeFigures } from "./size.ts";

export interface RuntimeOptions {
  readonly runs: number;
  /** Tool calls that a loop makes in one run. */
  readonly calls: number;
  readonly folder: string;
  readonly tell: (message: string) => void;
}

export interface RuntimeFigures {
  /** By loop, in the order of the runs. */
  readonly loops: { readonly [name: string]: readonly LoopCost[] };
  readonly sizes: readonly SizeFigures[];
}

/** Runs every loop on the same servers, in turns, each in a fresh process; and looks at a kit as a user bundles it. */
export async function measureRuntime({ runs, calls, folder, tell }: RuntimeOptions): Promise<RuntimeFigures> {
  const small = await generateKit(writeSmall(20, folder), folder);
  const large = await generateKit(writeSmall(100, folder), folder);
  const costs: { [name: string]: LoopCost[] } = Object.fromEntries(Object.keys(loops).map((name) => [name, []]));
  const { server, url } = await startServers();
  try {
    for (let run = 0; run < runs; run++) {
      for (const name of Object.keys(loops)) {
        tell(`${name} (${run + 1}/${runs})`);
        costs[name]?.push(await runLoop(name, url, small, calls));
      }
    }
  } finally {
    server.disconnect();
  }
  const sizes: SizeFigures[] = [];
  for (const kit of [small, large]) {
    tell(`size and import time of ${basename(kit)}`);
    sizes.push(await measureSize(kit, folder));
  }
  return { loops: costs, sizes };
}

async function generateKit({ name, path }: BenchDocument, folder: string): Promise<string> {
  const kit = join(folder, `${name.replaceAll(" ", "-")}.gen.ts`);
  const { status, stderr } = await measure({ words: [cli, "generate", path, "-o", kit], cwd: folder });
  if (status !== 0) throw new Error(`fctool generate failed:\n${stderr}`);
  return kit;
}

async function startServers(): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const server = fork(fileURLToPath(new URL("servers.ts", import.meta.url)));
  const port = await new Promise<unknown>((resolve, reject) => {
    server.once("message", resolve);
    server.once("exit", (code) => reject(new Error(`the servers ended with ${code}`)));
  });
  return { server, url: `http://127.0.0.1:${port}` };
}

function runLoop(name: string, url: string, kit: string, calls: number): Promise<LoopCost> {
  const client = fork(
    fileURLToPath(new URL("client.ts", import.meta.url)),
    [name, url, pathToFileURL(kit).href, String(calls)],
    { execArgv: ["--expose-gc"], env: { ...process.env, OPENAI_AGENTS_DISABLE_TRACING: "1" } },
  );
  return new Promise((resolve, reject) => {
    client.once("message", (cost) => resolve(cost as LoopCost));
    client.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}
