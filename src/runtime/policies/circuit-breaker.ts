import { untilAborted } from "../abort.ts";
import { checkNumbers } from "../check-numbers.ts";
import { CircuitOpenError, isKitError } from "../errors.ts";
import type { Policy, Send } from "../kit-types.ts";
import {
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
  circuitBreaker as newBreaker,
} from "./cockatiel.ts";
import { type Key, keyOf } from "./key.ts";
import { Recent } from "./recent.ts";

export interface CircuitBreakerOptions<Context = unknown> {
  /** How many requests in a row must fail. Default: 5. */
  readonly failures?: number | undefined;
  /** Milliseconds until one request may try again. Default: 60 s. */
  readonly openFor?: number | undefined;
  /** What fails as one. Default: `"host"`. */
  readonly key?: Key<Context> | undefined;
}

const mostCircuits = 1_000;

/** Leaves an API alone for a while that fails again and again (`circuit_open`), then tries it with one request. */
export function circuitBreaker<Context = unknown>({
  failures = 5,
  openFor = 60_000,
  key = "host",
}: CircuitBreakerOptions<Context> = {}): Policy {
  checkNumbers({ "circuitBreaker: failures": [failures, 1], "circuitBreaker: openFor": [openFor, 0] });
  const circuits = new Recent<Circuit>(mostCircuits);
  return (next) => (request, call) => {
    const name = keyOf(key, request, call);
    const circuit = circuits.get(name) ?? newCircuit(failures, openFor, name);
    circuits.set(name, circuit);
    return circuit(next, request, call);
  };
}

type Circuit = (next: Send, ...input: Parameters<Send>) => Promise<Response>;

function newCircuit(failures: number, openFor: number, name: string): Circuit {
  let openUntil = 0;
  // Whatever ends the one request that tries again, its caller's abort included, has not shown that the API is well.
  const isFault = (error: unknown) => isApiFault(error) || breaker.state === CircuitState.HalfOpen;
  const faults = handleWhen(isFault).orWhenResult((response) => response instanceof Response && response.status >= 500);
  const breaker = newBreaker(faults, { halfOpenAfter: openFor, breaker: new ConsecutiveBreaker(failures) });
  breaker.onBreak(() => {
    openUntil = Date.now() + openFor;
  });

  return async (next, request, call) => {
    try {
      const work = () => breaker.execute(() => next(request, call));
      // While one tries again, the others wait for what comes of it.
      return await (breaker.state === CircuitState.Closed ? work() : untilAborted(work, request.signal));
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      throw new CircuitOpenError(`${name} failed too often, and is left alone for a while`, openUntil - Date.now());
    }
  };
}

function isApiFault(error: unknown): boolean {
  return isKitError(error) && (error.kind === "network" || error.kind === "timeout");
}
