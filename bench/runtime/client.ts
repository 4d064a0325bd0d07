import { callsOfRun } from "./loop.ts";
import { loops } from "./loops.ts";

/** What one loop took, in a process of its own. */
export interface LoopCost {
  /** Milliseconds of user and system time for one tool call, its share of asking the model included. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly wall: number;
  /** Bytes that a thousand calls left on the heap, in the second half. */
  readonly growth: number;
}

const [, , name = "", url = "", kitFile = "", calls = ""] = process.argv;
const loop = await loops[name]?.();
if (loop === undefined) throw new Error(`no loop ${name}`);
const run = loop({ url, kit: await import(kitFile) });
const runs = Math.max(1, Math.round(Number(calls) / callsOfRun));

const half = Math.max(1, runs >> 1);
await repeat(Math.max(1, half >> 1));
const first = await timed();
const heapBefore = heap();
const second = await timed();
const made = half * callsOfRun;
const cost: LoopCost = {
  cpu: (first.cpu + second.cpu) / 2 / made,
  wall: (first.wall + second.wall) / 2 / made,
  growth: ((heap() - heapBefore) / made) * 1000,
};
process.send?.(cost, () => process.exit());

/** Milliseconds of half the runs. */
async function timed(): Promise<{ readonly cpu: number; readonly wall: number }> {
  const before = process.cpuUsage();
  const start = performance.now();
  await repeat(half);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - start };
}

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
