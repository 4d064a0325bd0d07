import { checkNumbers } from "../check-numbers.ts";
import { Recent } from "./recent.ts";

/** Where a cache keeps what it has: any store of the shape of Keyv. Values are plain JSON; a key tells nothing of what it is for. */
export interface CacheStore {
  get(key: string): unknown;
  /** Keeps a value for `ttl` milliseconds. */
  set(key: string, value: unknown, ttl: number): unknown;
}

export interface MemoryStoreOptions {
  /** How many values are kept; the one that was not used for the longest time goes first. Default: 500. */
  readonly entries?: number | undefined;
}

const memories = new WeakSet<CacheStore>();

/** Keeps values in this process. */
export function memoryStore({ entries = 500 }: MemoryStoreOptions = {}): CacheStore {
  checkNumbers({ "memoryStore: entries": [entries, 1] });
  const recent = new Recent<{ readonly value: unknown; readonly end: number }>(entries);
  const store: CacheStore = {
    get(key) {
      const entry = recent.get(key);
      if (entry === undefined || entry.end > Date.now()) return entry?.value;
      recent.delete(key);
      return undefined;
    },
    set(key, value, ttl) {
      recent.set(key, { value, end: Date.now() + ttl });
    },
  };
  memories.add(store);
  return store;
}

/** Whether nobody can look into a store: one of ours, in this process. */
export function isPrivate(store: CacheStore): boolean {
  return memories.has(store);
}
