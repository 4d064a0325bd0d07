import type { AnyPolicy } from "../types.ts";
import { timeLimit } from "./time-limit.ts";

export interface CallTimeoutOptions {
  /** Default: 60 s. */
  readonly ms?: number | undefined;
}

/** Gives up on a whole call, all its requests and the waiting between them, that takes longer than `ms`. */
export function callTimeout({ ms = 60_000 }: CallTimeoutOptions = {}): AnyPolicy {
  return {
    run: (next) => async (args, call) => {
      const limit = timeLimit(ms, call.signal, "the call was not done");
      limit.start();
      try {
        return await limit.hold(() => next(args, { ...call, signal: limit.signal }));
      } finally {
        limit.stop();
      }
    },
  };
}
