import { checkNumbers, longestTimer } from "../check-numbers.ts";
import type { Policy } from "../kit-types.ts";
import { isLocal } from "../local-call.ts";
import { isEventStream } from "../send-through.ts";
import { type TimeLimit, timeLimit } from "./time-limit.ts";

export interface TimeoutOptions {
  /** Default: 10 s. */
  readonly ms?: number | undefined;
}

/** Gives up on a request that takes longer than `ms` with its answer. A stream may go on, but not be silent for so long. */
export function timeout({ ms = 10_000 }: TimeoutOptions = {}): Policy {
  checkNumbers({ "timeout: ms": [ms, 1, longestTimer] });
  return (next) => async (request, call) => {
    const who = isLocal(request) ? "tool" : "API";
    const limit = timeLimit(ms, request.signal, `the ${who} did not answer`);
    const response = await limit.hold(() => next(new Request(request, { signal: limit.signal }), call));
    if (!isEventStream(response)) return response;
    limit.follow();
    return watch(response, limit);
  };
}

/** The time runs while somebody waits for the next piece. */
function watch(response: Response, limit: TimeLimit): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      const { done, value } = await limit.hold(() => reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  };
  const { status, statusText, headers } = response;
  return new Response(new ReadableStream(source, { highWaterMark: 0 }), { status, statusText, headers });
}
