import { canonicalJson } from "../canonical-json.ts";
import { checkNumbers } from "../check-numbers.ts";
import { describeValue } from "../describe-value.ts";
import { KitError } from "../errors.ts";
import type { CallInfo, CallOf, Policy } from "../kit-types.ts";
import { mediaKind } from "../media-type.ts";
import {
  bodyWithoutCredentials,
  hasCredentials,
  isAnonymous,
  requestOf,
  urlWithoutCredentials,
} from "../send-through.ts";
import { hostOf } from "./key.ts";
import { type CacheStore, isPrivate, memoryStore } from "./store.ts";

export interface CacheOptions<Context = unknown> {
  /** The longest time that an answer is used, in milliseconds; `Cache-Control` may shorten it. Default: 60 s. */
  readonly ttl?: number | undefined;
  /**
   * Names everything that an answer depends on besides the tool and its arguments: the user, the tenant. Calls that it
   * gives no name are not cached. Without it only answers are kept whose request, as it left, says nothing of who asks:
   * no context, credentials, headers or `fetch` of yours, and nothing that a policy further in added. No function's are.
   */
  readonly identity?: ((call: CallOf<Context>) => string | undefined) | undefined;
  /** Default: 500 answers in memory. */
  readonly store?: CacheStore | undefined;
  /** Longer answers are not kept. Default: a million characters. */
  readonly maxLength?: number | undefined;
}

interface Entry {
  /** When the request was made. */
  readonly time: number;
  /** When it is too old. A store, such as a `Map`, may know nothing of time. */
  readonly until: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Answers reads from a store, each caller from what it was answered itself. A call that changes something makes all
 * older answers of the same host old. `no-store` is obeyed.
 */
export function cache<Context = unknown>({
  ttl = 60_000,
  identity,
  store = memoryStore(),
  maxLength = 1_000_000,
}: CacheOptions<Context> = {}): Policy {
  checkNumbers({ "cache: ttl": [ttl, 0], "cache: maxLength": [maxLength, 0] });
  const shelf = neverFailing(store);
  // A digest takes as long as half a request.
  const toKey = isPrivate(store) ? canonicalJson : digest;

  return (next) => async (request, call) => {
    const changeKey = () => toKey(["changed", hostOf(request)]);
    if (call.effect !== "read") {
      try {
        return await next(request, call);
      } finally {
        await shelf.set(await changeKey(), Date.now(), ttl);
      }
    }
    const about = await describe(request, call, identity as CacheOptions["identity"]);
    if (about === undefined) return next(request, call);
    const key = await toKey(about);
    const changed = await shelf.get(await changeKey());
    const entry = await shelf.get(key);
    if (isEntry(entry) && Date.now() < entry.until && !(Number(changed ?? 0) >= entry.time)) {
      call.progress.cached = true;
      return new Response(entry.text, { headers: { "content-type": entry.type } });
    }
    const time = Date.now();
    const response = await next(request, call);
    const keepFor = lifetime(response, ttl, identity === undefined);
    if (keepFor > 0 && (identity !== undefined || (await isAnswerTo(about, response, call)))) {
      const type = response.headers.get("content-type") ?? "application/json";
      const text = await response.clone().text();
      if (text.length <= maxLength && !hasCredentials(text, call))
        await shelf.set(key, { time, until: Date.now() + keepFor, type, text } satisfies Entry, keepFor);
    }
    return response;
  };
}

/** What an answer depends on. `undefined` for calls that are not cached. */
async function describe(
  request: Request,
  call: CallInfo,
  identity: CacheOptions["identity"],
): Promise<readonly unknown[] | undefined> {
  const { headers, method } = request;
  const caller = identity && nameBy(identity, call);
  if (identity === undefined ? !isAnonymous(request, call) : !caller) return undefined;
  if (/\bno-(?:store|cache)\b/i.test(headers.get("cache-control") ?? "") || !isData(call.args)) return undefined;
  const accepted = [...headers].filter(([name]) => name.startsWith("accept"));
  const url = urlWithoutCredentials(request, call);
  // It may hold what the kit fills in beside the arguments.
  const body = await bodyWithoutCredentials(request, call);
  return [call.tool, method, url, accepted, call.args, body ?? null, caller ?? null];
}

/** What is no text, a promise for instance, would be the same for all. */
function nameBy(identity: NonNullable<CacheOptions["identity"]>, call: CallInfo): string | undefined {
  const caller: unknown = identity(call as never);
  if (caller === undefined || caller === null || typeof caller === "string") return caller ?? undefined;
  throw new KitError("internal", `the identity of a cache is ${describeValue(caller)}, and no text`);
}

/** Whether the request that left was the one that is described: policies further in may have said in it who asks. */
async function isAnswerTo(about: readonly unknown[], response: Response, call: CallInfo): Promise<boolean> {
  const sent = requestOf(response);
  const described = sent && (await describe(sent, call, undefined));
  return described !== undefined && canonicalJson(described) === canonicalJson(about);
}

/** No store learns from it who asked for what. */
async function digest(about: readonly unknown[]): Promise<string> {
  const text = new TextEncoder().encode(canonicalJson(about));
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Files and the like have no text to tell them apart by. */
function isData(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  const isPlain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain && Object.values(value).every(isData);
}

/** For how many milliseconds an answer may be used again: https://www.rfc-editor.org/rfc/rfc9111#section-3 */
function lifetime({ status, headers }: Response, ttl: number, isShared: boolean): number {
  const type = headers.get("content-type") ?? "application/json";
  if (status !== 200 || !["json", "xml", "text"].includes(mediaKind(type))) return 0;
  if (/charset="?(?!utf-?8)/i.test(type) || headers.get("vary")?.includes("*")) return 0;
  const control = headers.get("cache-control") ?? "";
  if (/\bno-(?:store|cache)\b/i.test(control)) return 0;
  if (isShared && (/\bprivate\b/i.test(control) || headers.has("set-cookie"))) return 0;
  const seconds = /\bmax-age="?(\d+)/i.exec(control)?.[1];
  const age = Number(headers.get("age") ?? 0) || 0;
  return seconds === undefined ? ttl : Math.min(ttl, (Number(seconds) - age) * 1000);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && ["text", "time", "type", "until"].every((key) => key in value);
}

/** A store that is down costs speed, and no call. */
function neverFailing(store: CacheStore) {
  return {
    get: async (key: string): Promise<unknown> => {
      try {
        return await store.get(key);
      } catch {
        return undefined;
      }
    },
    set: async (key: string, value: unknown, ttl: number): Promise<void> => {
      try {
        await store.set(key, value, ttl);
      } catch {
        // The next call asks the API again.
      }
    },
  };
}
