import { spawn, spawnSync } from "node:child_process";
import { onTestFinished, vi } from "vitest";
import { cli } from "./run.ts";

/** Whether there is a pseudo-terminal to be had: `script` of util-linux makes one. */
export const hasTerminal = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "");

export interface Terminal {
  /** Waits until the screen shows something, from where the last one ended. */
  saw(pattern: RegExp): Promise<void>;
  type(text: string): void;
  /** All that was shown. */
  screen(): string;
  readonly exitCode: Promise<number | null>;
}

/** Runs the real command as a person would see it. */
export function startInTerminal(folder: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Terminal {
  const command = [process.execPath, cli, ...words].map((word) => `'${word}'`).join(" ");
  const { CI: _, NO_COLOR: __, ...rest } = process.env;
  const child = spawn("script", ["-qec", `stty rows 40 cols 100; exec ${command}`, "/dev/null"], {
    cwd: folder,
    env: { ...rest, TERM: "xterm-256color", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  let seen = 0;
  child.stdout.on("data", (part) => (text += part));
  return {
    async saw(pattern) {
      await vi.waitFor(
        () => {
          const found = pattern.exec(text.slice(seen));
          if (found === null) throw new Error(`${pattern} is not shown, but ${JSON.stringify(text.slice(seen))}`);
          seen += found.index + found[0].length;
        },
        { timeout: 30_000, interval: 20 },
      );
    },
    type: (keys) => void child.stdin.write(keys),
    screen: () => text,
    exitCode: new Promise((resolve) => child.once("exit", resolve)),
  };
}
