import { OptionsError } from "./errors.ts";
import { type Outgoing, send, type Transport } from "./send.ts";
import type { AnyPolicy, CallInfo, Send } from "./types.ts";

// Policies are bound once, since some keep a state there; so each call brings what it is sent with.
const transportKey = Symbol("transport");
const chains = new WeakMap<readonly AnyPolicy[], Send>();

type Sent = CallInfo & { readonly [transportKey]?: Transport };

/** Sends a request through policies, the first of which is the outermost. */
export function sendThrough(
  policies: readonly AnyPolicy[],
  { url, method, headers, body }: Outgoing,
  transport: Transport,
  call: CallInfo,
): Promise<Response> {
  const chain = chains.get(policies) ?? policies.reduceRight(bind, sendLast as Send);
  chains.set(policies, chain);
  const signal = transport.signal ?? null;
  const request = new Request(url, { method, headers, body: body ?? null, signal, redirect: "manual" });
  return chain(request, { ...call, [transportKey]: transport } as Sent);
}

function bind(next: Send, policy: AnyPolicy): Send {
  return (typeof policy === "function" ? policy : policy.send)?.(next) ?? next;
}

/** Sends a request, and counts it. */
export function sendOnce(
  request: Outgoing,
  transport: Transport,
  { progress }: CallInfo,
  signal?: AbortSignal,
): Promise<Response> {
  progress.attempts++;
  return send(request, transport, signal);
}

/** Takes the request apart again: redirects need its body more than once. */
async function sendLast(request: Request, call: Sent): Promise<Response> {
  const transport = call[transportKey];
  if (transport === undefined) throw new OptionsError("policies: each must pass on the call that it was given");
  const body = request.body === null ? undefined : await request.arrayBuffer();
  const { url, method } = request;
  return sendOnce({ url, method, headers: Object.fromEntries(request.headers), body }, transport, call, request.signal);
}
