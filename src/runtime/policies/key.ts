import type { CallInfo } from "../types.ts";

/** What shares one limit: the requests to a host, those of a tool, or what a function gives the same name, such as a user. */
export type Key = "host" | "tool" | ((call: CallInfo, request: Request) => string);

/** The name of what a request belongs to. */
export function keyOf(key: Key, request: Request, call: CallInfo): string {
  if (typeof key === "function") return key(call, request);
  return key === "tool" ? call.tool : new URL(request.url).host;
}
