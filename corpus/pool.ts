import { type ChildProcess, fork } from "node:child_process";

export interface PoolOptions {
  readonly script: URL;
  readonly size: number;
  /** Milliseconds for one task. */
  readonly limit: number;
  /** Megabytes of heap for one process. */
  readonly memory: number;
}

/** Thrown away by the pool, with the process that did it. */
export interface Failure {
  readonly failure: string;
}

/**
 * Runs each task in one of a few processes. A task that hangs, crashes or takes all memory costs its process, and is
 * a failure; the others go on.
 */
export async function runAll<Task, Outcome>(
  tasks: readonly Task[],
  { script, size, limit, memory }: PoolOptions,
  onDone: (task: Task, outcome: Outcome | Failure) => void,
): Promise<(Outcome | Failure)[]> {
  const outcomes: (Outcome | Failure)[] = [];
  let next = 0;

  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    for (let index = next++; index < tasks.length; index = next++) {
      worker ??= fork(script, {
        execArgv: [`--max-old-space-size=${memory}`],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      const outcome = await runOne<Task, Outcome>(worker, tasks[index] as Task, limit);
      if (isFailure(outcome)) {
        worker.kill("SIGKILL");
        worker = undefined;
      }
      outcomes[index] = outcome;
      onDone(tasks[index] as Task, outcome);
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: size }, work));
  return outcomes;
}

export function isFailure(outcome: unknown): outcome is Failure {
  return typeof outcome === "object" && outcome !== null && "failure" in outcome;
}

function runOne<Task, Outcome>(worker: ChildProcess, task: Task, limit: number): Promise<Outcome | Failure> {
  return new Promise((resolve) => {
    let errors = "";
    const collect = (chunk: Buffer) => {
      errors = `${errors}${chunk}`.slice(-500);
    };
    const finish = (outcome: Outcome | Failure) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      worker.stderr?.off("data", collect);
      resolve(outcome);
    };
    const timer = setTimeout(() => finish({ failure: `took longer than ${limit / 1000} s` }), limit);
    worker.stderr?.on("data", collect);
    worker.on("message", (outcome) => finish(outcome as Outcome));
    worker.on("error", (error) => finish({ failure: error.message }));
    worker.on("exit", (code, signal) => finish({ failure: `ended with ${signal ?? code}: ${errors}` }));
    worker.send(task as object);
  });
}
