import { isLocal } from "../local-call.ts";
import type { CallInfo, CallOf } from "../types.ts";

/**
 * What shares one limit: the requests to a host, those of a tool, or what a function gives the same name, such as a user.
 * Functions of yours have no host, so each has its own.
 */
export type Key<Context = unknown> = "host" | "tool" | ((call: CallOf<Context>, request: Request) => string);

/** The name of what a request belongs to. */
export function keyOf(key: Key<never>, request: Request, call: CallInfo): string {
  if (typeof key === "function") return key(call as CallOf<never>, request);
  return key === "tool" || isLocal(request) ? call.tool : hostOf(request);
}

/** The host, with its port. A request's URL is normal, so there is nothing to parse. */
export function hostOf({ url }: Request): string {
  const start = url.indexOf("//") + 2;
  return url.slice(start, url.indexOf("/", start));
}
