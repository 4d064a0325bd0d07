import { canonicalJson } from "./canonical-json.ts";
import type { Features } from "./features.ts";
import type { CallInfo } from "./kit-types.ts";

/** Requests that carry a key, where the API has a header for one. */
export const idempotencyKeys: Features = { addIdempotencyKey };

export type AddIdempotencyKey = typeof addIdempotencyKey;

/** Adds the key to the headers of a request, and to the call that policies see. */
async function addIdempotencyKey(
  header: string,
  headers: { [name: string]: string },
  call: CallInfo,
): Promise<CallInfo> {
  const idempotencyKey = await idempotencyKeyOf(call, call.args);
  headers[header.toLowerCase()] = idempotencyKey;
  return { ...call, idempotencyKey };
}

// Some gateways count from one in every answer, and two calls must never have the same key.
const shortestId = 16;

type Call = Pick<CallInfo, "id" | "tool" | "run">;

/**
 * The key of one logical call, as a UUID: the same for each attempt, and for one that is made after a restart. The ids of
 * calls are as models and gateways like, and in two runs they may be the same.
 */
export async function idempotencyKeyOf({ id, tool, run }: Call, args: unknown): Promise<string> {
  if (run === undefined && id.length < shortestId) return crypto.randomUUID();
  const text = new TextEncoder().encode(canonicalJson([run?.id, run?.turn, id, tool, args]));
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).slice(0, 16);
  // Version 8 of RFC 9562: what the bits hold is ours to say.
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
