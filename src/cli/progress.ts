import { setImmediate } from "node:timers/promises";
import type { Stage } from "../generate.ts";
import { isInteractive } from "./print.ts";

const patience = 500;

export interface Progress {
  /** Tells what is being done now. */
  show(message: string): Promise<void>;
  stop(): void;
}

/** Shows what is being done, on a terminal and once it takes longer than half a second. */
export function startProgress(isWanted: boolean): Progress {
  if (!isWanted || !isInteractive(process.stderr)) return { show: async () => {}, stop: () => {} };
  let message = "";
  let spinner: { start(text: string): void; message(text: string): void; clear(): void } | undefined;
  let isStopped = false;
  const timer = setTimeout(async () => {
    const clack = await import("@clack/prompts");
    if (isStopped) return;
    spinner = clack.spinner({ output: process.stderr });
    spinner.start(message);
  }, patience);
  return {
    async show(text) {
      message = text;
      spinner?.message(text);
      await setImmediate(); // The stages are busy without a pause; here the timer may fire.
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      spinner?.clear();
    },
  };
}

/** What a stage does, for people. */
export const stageNames: { readonly [stage in Stage]: string } = {
  load: "Reading",
  compile: "Compiling",
  emit: "Writing the kit of",
};
