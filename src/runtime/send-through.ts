import { OptionsError } from "./errors.ts";
import type { AnyPolicy, CallInfo, Send } from "./kit-types.ts";
import { mediaKind } from "./media-type.ts";
import { readBytes } from "./read-bytes.ts";
import { repeatsSecret } from "./secrets.ts";
import { dropFromQuery, mayBeSecret, type Outgoing, send, type Transport, toKitError } from "./send.ts";
import { wholeResponse } from "./whole-response.ts";

// Policies are bound once, since some keep a state there; so each call brings what it is sent with.
const transportKey = Symbol("transport");
const chains = new WeakMap<readonly AnyPolicy[], Send>();
const sentFor = new WeakMap<Response, Outgoing>();

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
  const request = new Request(url, { method, headers, body, signal, redirect: "manual" });
  return chain(request, { ...call, [transportKey]: transport } as Sent);
}

function bind(next: Send, policy: AnyPolicy): Send {
  return (typeof policy === "function" ? policy : policy.send)?.(next) ?? next;
}

/**
 * Takes the request apart again: redirects need its body more than once. What comes back is read to its end, so that a
 * connection which breaks halfway is a failure that policies see; streams alone go on.
 */
async function sendLast(request: Request, call: Sent): Promise<Response> {
  const transport = call[transportKey];
  if (transport === undefined) throw new OptionsError("policies: each must pass on the call that it was given");
  const body = request.body === null ? null : await request.arrayBuffer();
  const { url, method } = request;
  const outgoing = { url, method, headers: Object.fromEntries(request.headers), body };
  const response = await send(outgoing, transport, call, request.signal);
  if (response.body === null || isEventStream(response)) return response;
  try {
    const whole = wholeResponse(await readBytes(response, transport.mostBytes), response);
    sentFor.set(whole, outgoing);
    return whole;
  } catch (error) {
    throw toKitError(error, transport);
  }
}

/** Whether nothing of a request says who makes it. A function, or a `fetch` of the host's, may know by itself. */
export function isAnonymous(request: Request, call: Sent): boolean {
  const transport = call[transportKey];
  const { fetch = globalThis.fetch, secrets = [] } = transport ?? {};
  if (transport === undefined || fetch !== globalThis.fetch || secrets.length > 0) return false;
  return call.context === undefined && ![...request.headers.keys()].some(mayBeSecret);
}

/** The request that a whole answer belongs to, as it left. None for what a policy made itself. */
export function requestOf(response: Response): Request | undefined {
  const sent = sentFor.get(response);
  return sent && new Request(sent.url, sent);
}

/** Whether a text holds a credential of the call that it answers. */
export function hasCredentials(text: string, call: Sent): boolean {
  return repeatsSecret(text, call[transportKey]?.secrets ?? []);
}

/** The URL of a request, as far as it may be told. */
export function urlWithoutCredentials(request: Request, call: Sent): string {
  const url = new URL(request.url);
  const transport = call[transportKey];
  if (transport !== undefined) dropFromQuery(url, transport.credentials);
  return url.href;
}

/** The body of a request, as far as it may be told. */
export async function bodyWithoutCredentials(request: Request, call: Sent): Promise<string | undefined> {
  if (request.body === null || call[transportKey]?.hasSecretBody) return undefined;
  return request.clone().text();
}

/** Whether an answer comes in pieces, for as long as the API likes. */
export function isEventStream({ headers }: Response): boolean {
  return mediaKind(headers.get("content-type") ?? "") === "events";
}
