import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CacheStore } from "./store.ts";

interface Entry {
  readonly end: number;
  readonly value: unknown;
}

// Sweeping reads the folder, so it is done now and then.
const sweepEvery = 200;
const oldest = 24 * 60 * 60 * 1000;

/** Keeps values in a folder, which several processes may share and only their user can read. */
export function fileStore(folder: string): CacheStore {
  let count = 0;
  return {
    async get(key) {
      const entry = await read(join(folder, fileOf(key)));
      return entry !== undefined && entry.end > Date.now() ? entry.value : undefined;
    },

    async set(key, value, ttl) {
      const file = join(folder, fileOf(key));
      const part = `${file}.${randomUUID()}.part`;
      const entry: Entry = { end: Date.now() + ttl, value };
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(part, JSON.stringify(entry), { mode: 0o600 });
      // Nobody ever reads half a file.
      await rename(part, file);
      if (count++ % sweepEvery === 0) await sweep(folder);
    },
  };
}

function fileOf(key: string): string {
  if (!/^[\w-]{1,128}$/.test(key)) throw new Error("a key of a file store is 1 to 128 letters, digits, _ and -");
  return `${key}.cache.json`;
}

async function read(file: string): Promise<Entry | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Removes what is over, and what a process left half written. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const isOver = name.endsWith(".part") ? await isOld(file) : name.endsWith(".cache.json") && (await hasEnded(file));
    if (isOver) await rm(file, { force: true });
  }
}

async function hasEnded(file: string): Promise<boolean> {
  return ((await read(file))?.end ?? Number.POSITIVE_INFINITY) <= Date.now();
}

async function isOld(file: string): Promise<boolean> {
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return mtimeMs < Date.now() - oldest;
}
