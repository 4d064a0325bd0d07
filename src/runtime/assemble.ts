import { OptionsError } from "./errors.ts";
import { isHeaderValue } from "./headers.ts";
import type { RequestOptions } from "./kit-types.ts";
import type { Draft } from "./request.ts";
import type { Credentials } from "./security.ts";
import type { Outgoing } from "./send.ts";
import type { Base } from "./server.ts";
import type { Route } from "./types.ts";

/** Puts a request together. Where several say the same thing, the host's headers beat arguments, and credentials beat both. */
export function assemble(
  { method, accept }: Pick<Route, "method" | "accept">,
  draft: Draft,
  base: Base,
  credentials: Credentials,
  hostHeaders: RequestOptions["headers"],
): Outgoing {
  return {
    url: urlOf(draft, base, credentials),
    method,
    headers: headersOf(accept, draft, credentials, hostHeaders),
    body: draft.body?.content ?? null,
  };
}

function urlOf({ path, query }: Draft, base: Base, credentials: Credentials): string {
  const [segments = "", ownQuery = ""] = path.split("?", 2);
  const args = query.filter(([name]) => !credentials.query.has(name));
  const pairs = [...args, ...credentials.query].map((pair) => pair.join("="));
  const whole = [base.query, ownQuery, ...pairs].filter((part) => part !== "").join("&");
  return `${base.prefix}${segments.startsWith("/") ? "" : "/"}${segments}${whole === "" ? "" : `?${whole}`}`;
}

function headersOf(
  accept = "application/json, */*;q=0.8",
  draft: Draft,
  credentials: Credentials,
  hostHeaders: RequestOptions["headers"] = {},
): Outgoing["headers"] {
  const headers: { [name: string]: string } = Object.assign(Object.create(null), { accept }, draft.headers);
  for (const [name, value] of Object.entries(hostHeaders)) {
    if (!isHeaderValue(value)) throw new OptionsError(`headers: ${name} cannot stand in a header`);
    headers[name.toLowerCase()] = value;
  }
  // `fetch` knows best how a multipart body is bounded.
  if (draft.body?.type !== undefined) headers["content-type"] = draft.body.type;
  else delete headers["content-type"];
  Object.assign(headers, credentials.headers);
  const cookies = [headers.cookie || [], draft.cookies, credentials.cookies].flat();
  if (cookies.length > 0) headers.cookie = cookies.join("; ");
  return headers;
}
