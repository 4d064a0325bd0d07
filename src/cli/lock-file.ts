import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../compiler/errors.ts";
import type { FoundConfig } from "../config/load-config.ts";
import { type Lock, type LockedKit, lockedNames, noLock, parseLock, printLock } from "../lock.ts";
import type { Job } from "./jobs.ts";
import { near } from "./print.ts";

/** The lock beside a configuration. */
export interface LockFile {
  readonly path: string;
  readonly lock: Lock;
}

/** Reads the lock beside a configuration; an empty one where there is none. */
export async function readLock({ folder }: Pick<FoundConfig, "folder">): Promise<LockFile> {
  const path = join(folder, "fctool.lock.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { path, lock: noLock };
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${near(path)} cannot be read: ${reason}`, "Move it away: then names are pinned anew.");
  }
  return { path, lock: parseLock(text, near(path)) };
}

/** The text of the lock once these kits are written. What the configuration no longer has falls away. */
export function nextLock({ lock }: LockFile, { config }: FoundConfig, made: ReadonlyMap<string, LockedKit>): string {
  const kept = Object.entries(lock.kits).filter(([name]) => name in config.kits && !made.has(name));
  return printLock({ version: 1, kits: Object.fromEntries([...kept, ...made]) });
}

/** The job with the names that the lock keeps for it. */
export function withLock(job: Job, lock: LockFile | undefined): Job {
  if (lock === undefined || job.name === undefined) return job;
  return withNames(job, lock.lock.kits[job.name]);
}

/** The job as it will be once the lock holds these names. */
export function withNames(job: Job, kit: LockedKit | undefined): Job {
  return job.name === undefined ? job : { ...job, options: { ...job.options, lockedNames: lockedNames(kit) } };
}
