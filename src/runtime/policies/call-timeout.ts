import { checkNumbers, longestTimer } from "../check-numbers.ts";
import type { AnyPolicy } from "../kit-types.ts";
import { timeLimit } from "./time-limit.ts";

export interface CallTimeoutOptions {
  /** Default: 60 s. */
  readonly ms?: number | undefined;
}

/** Gives up on a whole call, all its requests and the waiting between them, that takes longer than `ms`. */
export function callTimeout({ ms = 60_000 }: CallTimeoutOptions = {}): AnyPolicy {
  checkNumbers({ "callTimeout: ms": [ms, 1, longestTimer] });
  return {
    run: (next) => async (args, call) => {
      const limit = timeLimit(ms, call.signal, "the call was not done");
      const answer = await limit.hold(() => next(args, { ...call, signal: limit.signal }));
      return isStream(answer.result) ? { ...answer, result: readWhile(answer.result, limit.follow()) } : answer;
    },
  };
}

function isStream(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === "object" && result !== null && Symbol.asyncIterator in result;
}

/** A stream may be read for longer than its call took, and still minds the caller. */
async function* readWhile(stream: AsyncIterable<unknown>, release: () => void): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } finally {
    release();
  }
}
