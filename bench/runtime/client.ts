import { callsOfRun } from "./loop.ts";
import { loops } from "./loops.ts";

/** What one loop took, in a process of its own. */
export interface LoopCost {
  /** Milliseconds of user and system time for one tool call, its share of asking the model included. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly wall: number;
  /** Bytes that a thousand calls left on the heap. */
  readonly growth: number;
}

const [, , name = "", url = "", kitFile = "", calls = ""] = process.argv;
const loop = await loops[name]?.();
if (loop === undefined) throw new Error(`no loop ${name}`);
const run = loop({ url, kit: await import(kitFile) });
const runs = Math.max(1, Math.round(Number(calls) / callsOfRun));

await repeat(Math.max(1, runs >> 2));
const heapBefore = heap();
const cpuBefore = process.cpuUsage();
const start = performance.now();
await repeat(runs);
const wall = performance.now() - start;
const { user, system } = process.cpuUsage(cpuBefore);
const made = runs * callsOfRun;
const cost: LoopCost = {
  cpu: (user + system) / 1000 / made,
  wall: wall / made,
  growth: ((heap() - heapBefore) / made) * 1000,
};
process.send?.(cost, () => process.exit());

async function repeat(times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const text = await run();
    if (text !== "Done.") throw new Error(`${name} came to: ${text}`);
  }
}

function heap(): number {
  for (let time = 0; time < 4; time++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
