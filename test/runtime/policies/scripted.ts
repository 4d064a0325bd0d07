import { afterEach, beforeEach, vi } from "vitest";
import type { AnyPolicy, CallInfo, Send } from "../../../src/runtime/kit-types.ts";
import { sendThrough } from "../../../src/runtime/send-through.ts";

/** What an API does with one request: an answer, a status, an error, or nothing at all until the signal ends. */
export type Outcome = Response | number | Error | "hang" | ((request: Request) => Response);

/** A `Send` that does one thing after the other, the last for ever, and keeps what it saw. */
export function script(...outcomes: Outcome[]) {
  const seen: { readonly request: Request; readonly body: string; readonly time: number }[] = [];
  const send: Send = async (request) => {
    const outcome = outcomes[Math.min(seen.length, outcomes.length - 1)] ?? 200;
    seen.push({ request, body: request.body === null ? "" : await request.text(), time: Date.now() });
    if (typeof outcome === "number") return new Response(null, { status: outcome });
    if (outcome === "hang") return hang(request.signal);
    if (outcome instanceof Error) throw outcome;
    return typeof outcome === "function" ? outcome(request) : outcome.clone();
  };
  return { send, seen };
}

/** Sends through policies as a kit does that has nothing of its own, with `send` as the network. */
export function throughPolicies(policies: readonly AnyPolicy[], send: (request: Request) => Promise<Response>): Send {
  vi.stubGlobal("fetch", (url: string, { signal: _, ...init }: RequestInit) => send(new Request(url, init)));
  const { fetch } = globalThis;
  const transport = {
    fetch,
    timeout: undefined,
    secrets: [],
    credentials: { headers: {}, query: new Map() },
    hasSecretBody: false,
    mostBytes: 1_000_000,
  };
  return async (request, call) => {
    const { url, method, headers, signal } = request;
    const body = request.body === null ? null : await request.text();
    const outgoing = { url, method, headers: Object.fromEntries(headers), body };
    return sendThrough(policies, outgoing, { ...transport, signal }, call);
  };
}

export function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

export function newCall(given: Partial<CallInfo> = {}): CallInfo {
  const progress = { attempts: 0, cached: false };
  return { id: "call_1", tool: "getPet", effect: "read", args: {}, context: undefined, progress, ...given };
}

export const get = (path = "/", init: RequestInit = {}) => new Request(`http://api.test${path}`, init);

export const withHeaders = (status: number, headers: { [name: string]: string }) =>
  new Response(null, { status, headers });

/** Time stands still in the tests of a file, until they move it. */
export function fakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Moves time until the work is done. Says what came of it, and how long it took. */
export async function inTime<T>(work: Promise<T>): Promise<{ value?: T; error?: unknown; ms: number }> {
  const start = Date.now();
  let outcome: { value?: T; error?: unknown } | undefined;
  work.then(
    (value) => {
      outcome = { value };
    },
    (error) => {
      outcome = { error };
    },
  );
  for (let patience = 100; outcome === undefined; patience--) {
    if (patience === 0) throw new Error("nothing is left that could end it");
    await vi.advanceTimersByTimeAsync(0);
    if (outcome !== undefined || vi.getTimerCount() === 0) continue;
    await vi.advanceTimersToNextTimerAsync();
    patience = 100;
  }
  return { ...outcome, ms: Date.now() - start };
}
