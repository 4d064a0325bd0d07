import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isUrl } from "../compiler/read-source.ts";
import { configNames } from "../config/load-config.ts";
import type { GenerateArgs } from "./args.ts";
import type { LocatedDiagnostic } from "./build-kit.ts";
import { ExitCode } from "./exit-code.ts";
import { generateOnce, type Objection, type Run } from "./generate.ts";
import { place } from "./print.ts";
import type { Reason } from "./report.ts";

/** Makes kits whenever something has changed. */
export interface Remaker {
  make(): Promise<Run>;
  /** All files that the kits depend on. After a failure, what they depended on before stays among them. */
  files(): readonly string[];
}

/**
 * What a change costs a kit is not written where it may be half saved: a reference that led somewhere before, to a file
 * that is gone or cannot be read, leaves the kits as they are until it leads there again.
 */
export function remaker(args: GenerateArgs): Remaker {
  let files = filesOf(args, undefined, []);
  let accepted: ReadonlySet<string> | undefined;
  return {
    async make() {
      let losses: readonly LocatedDiagnostic[] = [];
      const objection: Objection = (diagnostics) => {
        losses = diagnostics.filter(({ code }) => code === "FC101" || code === "FC104");
        const lost = losses.find(({ message }) => accepted !== undefined && !accepted.has(message));
        return lost && objectionTo(lost);
      };
      const run = await generateOnce(args, objection);
      if (run.exitCode === ExitCode.done) accepted = new Set(losses.map(({ message }) => message));
      files = filesOf(args, run, files);
      return run;
    },
    files: () => files,
  };
}

function objectionTo(lost: LocatedDiagnostic): Reason {
  const message = `${place(lost)}: ${lost.message}; kits stay as they are`;
  return { message, fix: "Mend it. Without it kits are made by fctool generate." };
}

function filesOf({ document = [], config }: GenerateArgs, run: Run | undefined, before: readonly string[]): string[] {
  const inputs = run === undefined ? document : run.jobs.flatMap((job) => [job.document, ...job.templateFiles]);
  const addresses = (run?.addresses ?? []).filter((address) => address.startsWith("file:"));
  const configs = document.length > 0 ? [] : config === undefined ? configNames : [config];
  const found = [...inputs.filter((input) => !isUrl(input)), ...configs].map((path) => resolve(path));
  const kept = run?.exitCode === ExitCode.done ? [] : before;
  return [...new Set([...found, ...addresses.map((address) => fileURLToPath(address)), ...kept])];
}
