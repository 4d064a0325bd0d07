import { readFile } from "node:fs/promises";
import type { Outcome, Output } from "../emit/write.ts";
import { lockChanges } from "../lock.ts";
import type { RememberedKit } from "./cache.ts";
import type { Job } from "./jobs.ts";
import type { LockFile } from "./lock-file.ts";
import { harmless, near, paint, printError } from "./print.ts";
import type { Reason } from "./report.ts";

const shownDiffLines = 40;
const fewChanges = 3;
const fix = "Run this command without --check, and commit what it writes.";

/** A file that is not what would be written now. */
interface Outdated {
  readonly path: string;
  /** Empty where there is no such file. */
  readonly old: string;
  readonly next: string;
  /** What it is made of, with its verb. */
  readonly source: string;
  /** What happened to tools, as far as the lock tells it. */
  readonly changes: readonly string[];
}

/** What `--check` found: the files that are out of date, and why. */
export async function findOutdated(
  outputs: readonly Output[],
  outcomes: readonly Outcome[],
  kits: readonly { readonly job: Job; readonly kit: RememberedKit }[],
  lock: LockFile | undefined,
): Promise<readonly Outdated[]> {
  const outdated = outputs.filter((_, index) => outcomes[index] === "outdated");
  return Promise.all(
    outdated.map(async ({ path, code }): Promise<Outdated> => {
      const made = kits.find(({ job }) => job.output === path);
      const locked = made?.job.name === undefined ? undefined : lock?.lock.kits[made.job.name];
      return {
        path,
        old: await readFile(path, "utf8").catch(() => ""),
        next: code,
        source: made === undefined ? "the kits give" : `${made.job.document} gives`,
        changes: made === undefined || locked === undefined ? [] : lockChanges(locked, made.kit.locked),
      };
    }),
  );
}

/** The same for programs. */
export function outdatedReasons(outdated: readonly Outdated[]): Reason[] {
  return outdated.map(({ path, old, changes }) => {
    const rest = changes.length > fewChanges ? `, and ${changes.length - fewChanges} more` : "";
    const why = changes.length === 0 ? "" : `: ${changes.slice(0, fewChanges).join("; ")}${rest}`;
    return { message: `${near(path)} is ${old === "" ? "not there" : "out of date"}${why}.`, fix, file: near(path) };
  });
}

/** Tells a person, with what has changed in few lines. */
export async function tellOutdated(outdated: readonly Outdated[]): Promise<void> {
  const { unifiedDiff } = await import("./unified-diff.ts");
  for (const { path, old, next, source, changes } of outdated) {
    if (old === "") {
      printError(harmless(`${near(path)} is not there: it was never generated, or not committed`));
      continue;
    }
    printError(harmless(`${near(path)} is out of date: it is not what ${source} now`));
    for (const change of changes.slice(0, shownDiffLines)) printError(`  ${harmless(change)}`);
    for (const line of unifiedDiff(old, next, shownDiffLines)) printError(`  ${colour(harmless(line))}`);
  }
  printError(fix);
}

function colour(line: string): string {
  return line.startsWith("+") ? paint("green", line) : line.startsWith("-") ? paint("red", line) : paint("dim", line);
}
