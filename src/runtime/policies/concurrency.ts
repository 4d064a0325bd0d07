import { untilAborted } from "../abort.ts";
import { checkNumbers } from "../check-numbers.ts";
import { RateLimitedError } from "../errors.ts";
import type { Policy } from "../kit-types.ts";
import { type Key, keyOf } from "./key.ts";

export interface ConcurrencyOptions<Context = unknown> {
  /** How many requests run at a time. Default: 10. */
  readonly limit?: number | undefined;
  /** How many wait for a place; any more are `rate_limited`. Default: 100. */
  readonly queue?: number | undefined;
  /** What has places of its own. Default: `"host"`. */
  readonly key?: Key<Context> | undefined;
}

/** Sends `limit` requests at a time; others wait in the order in which they came. */
export function concurrency<Context = unknown>({
  limit = 10,
  queue = 100,
  key = "host",
}: ConcurrencyOptions<Context> = {}): Policy {
  checkNumbers({ "concurrency: limit": [limit, 1], "concurrency: queue": [queue, 0] });
  const rooms = new Map<string, Room>();
  return (next) => async (request, call) => {
    const name = keyOf(key, request, call);
    const room = rooms.get(name) ?? { busy: 0, waiting: new Set() };
    rooms.set(name, room);
    await enter(room, limit, queue, request.signal);
    try {
      return await next(request, call);
    } finally {
      leave(room);
      if (room.busy === 0) rooms.delete(name);
    }
  };
}

interface Room {
  busy: number;
  readonly waiting: Set<() => void>;
}

// The library's bulkhead keeps those in its queue who have gone, and lets others overtake.
async function enter(room: Room, limit: number, queue: number, signal: AbortSignal): Promise<void> {
  if (room.busy < limit) {
    room.busy++;
    return;
  }
  if (room.waiting.size >= queue) throw new RateLimitedError(`${limit} requests run and ${queue} wait already`);
  const { promise, resolve } = Promise.withResolvers<void>();
  room.waiting.add(resolve);
  try {
    await untilAborted(() => promise, signal);
  } catch (error) {
    // Gone while its place was being given to it.
    if (!room.waiting.delete(resolve)) leave(room);
    throw error;
  }
}

/** Whoever waits longest gets the place, so that nobody can come between. */
function leave(room: Room): void {
  const [next] = room.waiting;
  if (next === undefined) room.busy--;
  else {
    room.waiting.delete(next);
    next();
  }
}
