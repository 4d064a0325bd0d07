import { untilAborted } from "../abort.ts";
import { checkNumbers } from "../check-numbers.ts";
import { CircuitOpenError, isKitError } from "../errors.ts";
import type { Policy } from "../kit-types.ts";
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
    const circuit = circuits.get(name) ?? new Circuit(name, failures, openFor);
    circuits.set(name, circuit);
    return circuit.pass(() => next(request, call), request.signal);
  };
}

/** What fails as one. The library's breaker cannot be loaded by Workers, where no module may begin with an `AbortController`. */
class Circuit {
  readonly #name: string;
  readonly #most: number;
  readonly #openFor: number;
  /** In a row. */
  #failures = 0;
  /** When the next request may try. 0 while the circuit is closed. */
  #openUntil = 0;
  /** Ends with the request that tries. */
  #trial: Promise<void> | undefined;

  constructor(name: string, most: number, openFor: number) {
    this.#name = name;
    this.#most = most;
    this.#openFor = openFor;
  }

  async pass(send: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
    while (this.#openUntil > 0) {
      const left = this.#openUntil - Date.now();
      if (left <= 0) return this.#try(send);
      const trial = this.#trial;
      if (trial === undefined)
        throw new CircuitOpenError(`${this.#name} failed too often, and is left alone for a while`, left);
      // While one tries, the others wait for what comes of it.
      await untilAborted(() => trial, signal);
    }
    try {
      const response = await send();
      this.#count(response.status >= 500);
      return response;
    } catch (error) {
      if (isApiFault(error)) this.#count(true);
      throw error;
    }
  }

  #count(isFailure: boolean): void {
    this.#failures = isFailure ? this.#failures + 1 : 0;
    // What was sent before the circuit opened says nothing new.
    if (this.#failures >= this.#most && this.#openUntil === 0) this.#open();
  }

  async #try(send: () => Promise<Response>): Promise<Response> {
    // Where this one never ends, as when a Worker is stopped with its caller, another may try in its turn.
    this.#open();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#trial = promise;
    let isWell = false;
    try {
      const response = await send();
      isWell = response.status < 500;
      return response;
    } finally {
      // Whatever else ended it, the caller's abort included, has not shown that the API is well.
      if (isWell) this.#failures = this.#openUntil = 0;
      else if (this.#trial === promise) this.#open();
      if (this.#trial === promise) this.#trial = undefined;
      resolve();
    }
  }

  #open(): void {
    this.#openUntil = Date.now() + this.#openFor;
  }
}

function isApiFault(error: unknown): boolean {
  return isKitError(error) && (error.kind === "network" || error.kind === "timeout");
}
