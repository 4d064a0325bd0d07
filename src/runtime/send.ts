import { throwIfAborted, withTimeout } from "./abort.ts";
import { isKitError, NetworkError, TimeoutError } from "./errors.ts";
import type { CallInfo, RunOptions } from "./kit-types.ts";
import { mostLookedAt, mostRedirects } from "./limits.ts";
import type { Credentials } from "./security.ts";
import { toWebUrl } from "./server.ts";

/** A request in parts, which can be sent more than once. */
export interface Outgoing {
  readonly url: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body: BodyInit | null;
}

/** How requests leave, and what of them no error may tell. */
export interface Transport extends Pick<RunOptions, "fetch" | "timeout" | "signal" | "stream"> {
  readonly secrets: readonly string[];
  /** Those that stand in headers, whatever these are called, and in the query. */
  readonly credentials: Pick<Credentials, "headers" | "query">;
  /** Whether the body holds one. */
  readonly hasSecretBody: boolean;
  /** The largest answer. */
  readonly mostBytes: number;
}

const redirects = [301, 302, 303, 307, 308];
const harmless = /^(?:accept(?:-language)?|content-(?:language|type)|user-agent)$/;

/** Whether a header may hold a credential, whoever set it. */
export function mayBeSecret(name: string): boolean {
  return !harmless.test(name);
}

function isSecret(header: string, { credentials }: Transport): boolean {
  return mayBeSecret(header) || Object.hasOwn(credentials.headers, header);
}

/** Sends a request, counts it, and follows redirects without taking credentials to another origin. */
export async function send(
  request: Outgoing,
  transport: Transport,
  { progress }: CallInfo,
  signal = transport.signal,
): Promise<Response> {
  progress.attempts++;
  const { fetch = globalThis.fetch, hasSecretBody, credentials } = transport;
  const isHarmless =
    !hasSecretBody &&
    credentials.query.size === 0 &&
    !Object.keys(request.headers).some((name) => isSecret(name, transport));
  const init = {
    redirect: isHarmless ? ("follow" as const) : ("manual" as const),
    signal: withTimeout(signal, transport.timeout) ?? null,
  };
  try {
    let next = request;
    for (let count = 0; count <= mostRedirects; count++) {
      const { url, ...rest } = next;
      const response = await fetch(url, { ...rest, ...init });
      // Browsers hide where a redirect leads.
      if (response.type === "opaqueredirect")
        throw new NetworkError("the API redirected, and a browser would take credentials along");
      const location = redirects.includes(response.status) ? response.headers.get("location") : null;
      if (location === null) return response;
      await response.body?.cancel();
      next = follow(next, response.status, location, transport);
    }
    throw new NetworkError(`the API redirected more than ${mostRedirects} times`);
  } catch (error) {
    throw toKitError(error, transport);
  }
}

/** What a failure of `fetch`, or of reading its answer, means. */
export function toKitError(error: unknown, { signal, secrets }: Transport): unknown {
  throwIfAborted(signal);
  if (isKitError(error)) return error;
  const { name } = Object(error);
  if (name === "TimeoutError") return new TimeoutError("the API did not answer in time", { cause: error });
  // A policy aborted; it knows why.
  if (name === "AbortError") return error;
  return new NetworkError("the API could not be reached, or the connection broke", causeOf(error, secrets));
}

/** An error as a cause, if nothing in it holds a secret: some runtimes name the whole URL, some libraries all headers. */
export function causeOf(error: unknown, secrets: readonly string[]): ErrorOptions | undefined {
  // What is added is looked at in its turn.
  const parts = new Set<unknown>([error]);
  for (const part of parts) {
    if (typeof part === "string" && secrets.some((secret) => secret !== "" && part.includes(secret))) return undefined;
    if (typeof part !== "object" || part === null || ArrayBuffer.isView(part) || parts.size > mostLookedAt) continue;
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(part))) parts.add(value);
  }
  return { cause: error };
}

/** The next request, by the rules of https://fetch.spec.whatwg.org/#http-redirect-fetch. */
function follow(request: Outgoing, status: number, location: string, transport: Transport): Outgoing {
  const url = toWebUrl(location, request.url);
  if (url === undefined) throw new NetworkError("the API redirected to no http address");
  url.username = "";
  url.password = "";
  const { method } = request;
  const becomesGet = status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST";
  const staysHere = url.origin === new URL(request.url).origin;
  if (transport.hasSecretBody && !staysHere && !becomesGet) {
    throw new NetworkError("the API redirected to another origin, and the body holds a credential");
  }
  if (!staysHere) dropFromQuery(url, transport.credentials);
  const headers = Object.entries(request.headers).filter(
    ([name]) => (staysHere || !isSecret(name, transport)) && !(becomesGet && name.startsWith("content-")),
  );
  return {
    url: url.href,
    method: becomesGet ? "GET" : method,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : request.body,
  };
}

/** A query that holds none stays as it is spelled. */
export function dropFromQuery({ searchParams }: URL, { query }: Transport["credentials"]): void {
  const names = [...query.keys()].map(decodeURIComponent);
  for (const name of names) if (searchParams.has(name)) searchParams.delete(name);
}
