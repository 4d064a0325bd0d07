import { fromBase64, toBase64 } from "./base64.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { FunctionCall } from "./chat.ts";
import { OptionsError } from "./errors.ts";
import type { PendingCall } from "./kit-types.ts";
import type { Usage } from "./loop-options.ts";

/** A run that waits for decisions. It is JSON, whatever way it is kept. */
export interface RunState<Item extends object = object> {
  readonly version: 1;
  /** Which API its messages are of. */
  readonly api: "chat.completions" | "responses";
  /** The id of the run. */
  readonly run: string;
  readonly question?: string | undefined;
  readonly turn: number;
  /** Whether `prepareStep` had chosen another kit than the run's for the turn that stopped. */
  readonly hasStepKit?: boolean | undefined;
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

/** Who vouches for a state, and whose it is. */
export interface Seal {
  readonly stateSecret?: string | undefined;
  readonly stateOwner?: string | undefined;
}

/** Without a secret nothing says whose a state is. */
export function checkSeal({ stateSecret, stateOwner }: Seal): void {
  for (const [option, value] of Object.entries({ stateSecret, stateOwner })) {
    if (value !== undefined && (typeof value !== "string" || value === ""))
      throw new OptionsError(`${option}: it must be text, and not empty`);
  }
  if (stateOwner === undefined || stateSecret !== undefined) return;
  throw new OptionsError("stateOwner: it takes a stateSecret, or anybody could change it");
}

/** The state with a signature, where there is a secret. */
export async function sign<Item extends object>(state: RunState<Item>, seal: Seal): Promise<RunState<Item>> {
  if (seal.stateSecret === undefined) return state;
  const bytes = await crypto.subtle.sign("HMAC", await keyOf(seal.stateSecret), signedPart(state, seal));
  return { ...state, signature: toBase64(bytes) };
}

/** Whether a state has the signature that it needs. The platform takes as long for one that nearly fits. */
export async function isSigned(state: RunState, seal: Seal): Promise<boolean> {
  if (seal.stateSecret === undefined) return true;
  const given = fromBase64(`${state.signature}`) ?? new Uint8Array();
  return crypto.subtle.verify("HMAC", await keyOf(seal.stateSecret), given, signedPart(state, seal));
}

function keyOf(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", toBytes(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** It does not depend on how the JSON was kept. The owner is part of it, but stands nowhere in the state. */
function signedPart({ signature: _, ...state }: RunState, { stateOwner: owner }: Seal): Uint8Array<ArrayBuffer> {
  return toBytes(canonicalJson(owner === undefined ? state : [owner, state]));
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
