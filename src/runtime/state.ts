import { canonicalJson } from "./canonical-json.ts";
import type { FunctionCall } from "./chat.ts";
import type { Usage } from "./loop-options.ts";
import type { PendingCall } from "./types.ts";

/** A run that waits for decisions. It is JSON, whatever way it is kept. */
export interface RunState<Item extends object = object> {
  readonly version: 1;
  /** The id of the run. */
  readonly run: string;
  readonly question?: string | undefined;
  readonly turn: number;
  readonly usage: Usage;
  /** The calls to decide about. */
  readonly pending: readonly StatePending[];
  readonly messages: readonly Item[];
  /** Where the provider keeps the conversation: its name for it, and how many messages it holds. */
  readonly previous?: Previous | undefined;
  readonly signature?: string | undefined;
}

/** A call that waits, with what the model wrote. */
export interface StatePending extends PendingCall {
  readonly toolCall: FunctionCall;
  /** Whether `args` were given by a person instead. */
  readonly isChanged?: boolean | undefined;
}

/** A conversation that the provider keeps. */
export interface Previous {
  readonly id: string;
  readonly count: number;
}

/** The state with a signature, where there is a secret. */
export async function sign<Item extends object>(
  state: RunState<Item>,
  secret: string | undefined,
): Promise<RunState<Item>> {
  return secret === undefined ? state : { ...state, signature: await signatureOf(state, secret) };
}

/** What is signed does not depend on how the JSON was kept. */
export async function signatureOf({ signature: _, ...state }: RunState, secret: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(secret), algorithm, false, ["sign"]);
  return toHex(await crypto.subtle.sign("HMAC", key, bytes(canonicalJson(state))));
}

export function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
