import type { AnyPolicy } from "../types.ts";
import { timeLimit } from "./time-limit.ts";

export interface CallTimeoutOptions {
  /** Default: 60 s. */
  readonly ms?: number | undefined;
}

/** Gives up on a whole call, all its requests and the waiting between them, that takes longer than `ms`. */
export function callTimeout({ ms = 60_000 }: CallTimeoutOptions = {}): AnyPolicy {
  return {
    run: (next) => (args, call) => {
      const limit = timeLimit(ms, call.signal, "the call was not done");
      // The stream that a call gives may be read for longer than the call takes, and still minds the caller.
      const signal = call.signal === undefined ? limit.signal : AbortSignal.any([call.signal, limit.signal]);
      return limit.hold(() => next(args, { ...call, signal }));
    },
  };
}
