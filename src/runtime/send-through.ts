import { OptionsError } from "./errors.ts";
import { type Outgoing, send, type Transport } from "./send.ts";
import type { CallInfo, Policy, Send } from "./types.ts";

// Policies are bound once, since some keep a state there; so each call brings what it is sent with.
const transportKey = Symbol("transport");
const chains = new WeakMap<readonly Policy[], Send>();

type Sent = CallInfo & { readonly [transportKey]?: Transport };

/** Sends a request through policies, the first of which is the outermost. */
export function sendThrough(
  policies: readonly Policy[],
  { url, method, headers, body }: Outgoing,
  transport: Transport,
  call: CallInfo,
): Promise<Response> {
  const chain = chains.get(policies) ?? policies.reduceRight<Send>((next, policy) => policy(next), sendLast);
  chains.set(policies, chain);
  const signal = transport.signal ?? null;
  const request = new Request(url, { method, headers, body: body ?? null, signal, redirect: "manual" });
  return chain(request, { ...call, [transportKey]: transport } as Sent);
}

/** Takes the request apart again: redirects need its body more than once. */
async function sendLast(request: Request, call: Sent): Promise<Response> {
  const transport = call[transportKey];
  if (transport === undefined) throw new OptionsError("policies: each must pass on the call that it was given");
  const body = request.body === null ? undefined : await request.arrayBuffer();
  const { url, method } = request;
  return send({ url, method, headers: Object.fromEntries(request.headers), body }, transport, request.signal);
}
