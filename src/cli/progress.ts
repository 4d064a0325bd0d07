import { setImmediate } from "node:timers/promises";
import type { Stage } from "../generate.ts";
import { harmless, isInteractive, paint } from "./print.ts";

const patience = 500;
const interval = 80;
const frames = ["◐", "◓", "◑", "◒"];

/** A list of what is being made, and how far each thing is. */
export interface LiveList {
  /** Tells what is being done now. */
  show(item: Item, stage: Stage): Promise<void>;
  done(item: Item, state: State): void;
  stop(): void;
}

interface Item {
  readonly name?: string | undefined;
  readonly document: string;
}

type State = "made" | "unchanged" | "failed";

/** Shows a list on a terminal, once it takes longer than half a second. It disappears when all is done. */
export function startLiveList(items: readonly Item[], isWanted: boolean): LiveList {
  const stream = process.stderr;
  if (!isWanted || !isInteractive(stream)) return { show: async () => {}, done: () => {}, stop: () => {} };
  const states = new Map<Item, Stage | State | undefined>(items.map((item) => [item, undefined]));
  const keyOf = (item: Item) =>
    items.find(({ document, name }) => document === item.document && name === item.name) ?? item;
  let frame = 0;
  let height = 0;
  const erase = () => {
    if (height > 0) stream.write(`\x1b[${height}A\x1b[0J`);
    height = 0;
  };
  const draw = () => {
    erase();
    frame++;
    const shown = [...states].slice(0, Math.max(1, (stream.rows || 24) - 2));
    for (const [item, state] of shown) stream.write(`${lineOf(item, state, frame, stream.columns || 80)}\n`);
    height = shown.length;
  };
  let timer: NodeJS.Timeout = setTimeout(() => {
    draw();
    timer = setInterval(draw, interval);
  }, patience);
  return {
    async show(item, stage) {
      states.set(keyOf(item), stage);
      await setImmediate(); // The stages are busy without a pause; here the timer may fire.
    },
    done: (item, state) => void states.set(keyOf(item), state),
    stop() {
      clearTimeout(timer);
      clearInterval(timer);
      erase();
    },
  };
}

/** It must not wrap: as many lines are erased as were written. */
function lineOf({ name, document }: Item, state: Stage | State | undefined, frame: number, columns: number): string {
  const whole = harmless(name ?? (document === "-" ? "standard input" : document));
  const most = Math.max(8, columns - longestState);
  const what = whole.length > most ? `…${whole.slice(1 - most)}` : whole;
  if (state === undefined) return paint("dim", `  ${what}`);
  if (state === "made") return `${paint("green", "✓")} ${what}`;
  if (state === "unchanged") return `${paint("dim", "✓")} ${what} ${paint("dim", "unchanged")}`;
  if (state === "failed") return `${paint("red", "✗")} ${what}`;
  return `${frames[frame % frames.length]} ${what} ${paint("dim", stageNames[state])}`;
}

/** `◐`, blanks, and what is done now. */
const longestState = 20;

/** What a stage does, for people. */
const stageNames: { readonly [stage in Stage]: string } = {
  load: "reading",
  compile: "compiling",
  emit: "writing the kit",
};
