import { KitError } from "../errors.ts";
import type { CallInfo, CallOf } from "../kit-types.ts";
import { isLocal } from "../local-call.ts";

/**
 * What shares one limit: the requests to a host, those of a tool, or what a function gives the same name, such as a user.
 * Functions of yours have no host, so each has its own.
 */
export type Key<Context = unknown> = "host" | "tool" | ((call: CallOf<Context>, request: Request) => string);

/** The name of what a request belongs to. */
export function keyOf(key: Key<never>, request: Request, call: CallInfo): string {
  if (typeof key === "function") return nameBy(key, request, call);
  return key === "tool" || isLocal(request) ? call.tool : hostOf(request);
}

/** The model reads nothing of what is wrong with a function of the host's; hooks and history do. */
function nameBy(key: Exclude<Key<never>, string>, request: Request, call: CallInfo): string {
  const without = call.context === undefined ? "; the call has no context" : "";
  let name: unknown;
  try {
    name = key(call as CallOf<never>, request);
  } catch (cause) {
    throw new KitError("internal", `the key of a policy could not be had: ${cause}${without}`, { cause });
  }
  if (typeof name !== "string") throw new KitError("internal", `the key of a policy is ${name}, and no text${without}`);
  return name;
}

/** The host, with its port. A request's URL is normal, so there is nothing to parse. */
export function hostOf({ url }: Request): string {
  const start = url.indexOf("//") + 2;
  return url.slice(start, url.indexOf("/", start));
}
