import { untilAborted } from "./abort.ts";
import { HttpError, OptionsError } from "./errors.ts";
import type { Answer, AnyPolicy, CallInfo, Send } from "./kit-types.ts";

const host = "local.invalid";

/** Whether a request stands for a call of a function, which no network sees. */
export function isLocal({ url }: Request): boolean {
  return url.startsWith(`http://${host}/`);
}

// Policies are bound once, since some keep a state there; so each call brings what it executes at last.
const lastKey = Symbol("last");
const chains = new WeakMap<readonly AnyPolicy[], Send>();

type Sent = CallInfo & { readonly [lastKey]?: Send };

/**
 * Makes a call of a function through policies around requests. They see a request that stands for it, GET where nothing
 * is changed, and a response with what the model is to read.
 */
export async function callThrough(
  policies: readonly AnyPolicy[],
  call: CallInfo,
  execute: (signal: AbortSignal | undefined) => Promise<Answer>,
): Promise<Answer> {
  const sends = policies.flatMap((policy) => (typeof policy === "function" ? policy : (policy.send ?? [])));
  if (sends.length === 0) return execute(call.signal);
  const chain = chains.get(policies) ?? sends.reduceRight<Send>((next, send) => send(next), sendLast);
  chains.set(policies, chain);

  const answers = new WeakMap<Response, Answer>();
  const last: Send = async ({ signal }, { progress }) => {
    progress.attempts++;
    const answer = await untilAborted(() => execute(signal), signal);
    const response = toResponse(answer);
    answers.set(response, answer);
    return response;
  };

  const method = call.effect === "read" ? "GET" : "POST";
  const request = new Request(`http://${host}/${call.tool}`, { method, signal: call.signal ?? null });
  const response = await chain(request, { ...call, [lastKey]: last } as Sent);
  return answers.get(response) ?? readResponse(response);
}

async function sendLast(request: Request, call: Sent): Promise<Response> {
  const last = call[lastKey];
  if (last === undefined) throw new OptionsError("policies: each must pass on the call that it was given");
  return last(request, call);
}

function toResponse({ result, content }: Answer): Response {
  if (result instanceof Blob) return new Response(null, { headers: { "content-type": "application/octet-stream" } });
  const type = typeof result === "string" ? "text/plain" : "application/json";
  return new Response(content, { headers: { "content-type": type } });
}

/** A response that a policy made, a cache for instance. */
async function readResponse(response: Response): Promise<Answer> {
  const content = await response.text();
  const isJson = response.headers.get("content-type") === "application/json" && content !== "";
  const result: unknown = isJson ? JSON.parse(content) : content || undefined;
  if (!response.ok) throw new HttpError(response.status, result, content);
  return { result, content };
}
