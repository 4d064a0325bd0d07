import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Stage } from "../generate.ts";
import { type BuiltKit, buildKit } from "./build-kit.ts";
import { type Problem, problemOf } from "./explain.ts";
import type { Job } from "./jobs.ts";

/** What became of a job. */
export type Built = { readonly kit: BuiltKit } | { readonly problem: Problem };

export interface Watcher {
  onStage(job: Job, stage: Stage): void | Promise<void>;
  onDone(job: Job, built: Built): void;
}

/** Makes kits: one here, several at once on as many threads as there are processors. */
export async function buildKits(jobs: readonly Job[], watcher: Watcher): Promise<ReadonlyMap<Job, Built>> {
  const results = new Map<Job, Built>();
  const waiting = [...jobs];
  const threads = Math.min(jobs.length, availableParallelism());
  const build = threads > 1 ? buildInThread : buildHere;
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const built = await build(job, watcher);
      results.set(job, built);
      watcher.onDone(job, built);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return results;
}

async function buildHere(job: Job, { onStage }: Watcher): Promise<Built> {
  try {
    return { kit: await buildKit(job.options, (stage) => onStage(job, stage)) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

type Message = { readonly stage: Stage } | Built;

function buildInThread(job: Job, { onStage }: Watcher): Promise<Built> {
  return new Promise((resolve) => {
    // Beside this file in `src`, beside the folder of this file in `dist`.
    const script = new URL(`../cli/build-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(script, { workerData: job.options });
    worker.on("message", (message: Message) => {
      if ("stage" in message) void onStage(job, message.stage);
      else resolve(message);
    });
    worker.on("error", (error) => resolve({ problem: problemOf(error) }));
    worker.on("exit", () => resolve({ problem: problemOf(new Error("the thread that made the kit ended early")) }));
  });
}
