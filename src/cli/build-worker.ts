import { parentPort, workerData } from "node:worker_threads";
import { buildKit } from "./build-kit.ts";
import { problemOf } from "./explain.ts";

/** Makes one kit in a thread of its own. */
try {
  const kit = await buildKit(workerData, (stage) => parentPort?.postMessage({ stage }));
  parentPort?.postMessage({ kit });
} catch (error) {
  parentPort?.postMessage({ problem: problemOf(error) });
}
