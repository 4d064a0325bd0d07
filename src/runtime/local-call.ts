import { untilAborted } from "./abort.ts";
import { readAnswer } from "./answer.ts";
import { sendLocally } from "./send-through.ts";
import type { Answer, AnyPolicy, CallInfo } from "./types.ts";

const host = "local.invalid";

/** Whether a request stands for a call of a function, which no network sees. */
export function isLocal({ url }: Request): boolean {
  return url.startsWith(`http://${host}/`);
}

/**
 * Makes a call of a function through policies around requests. They see a request that stands for it, GET where nothing is
 * changed, and a response with what the model is to read.
 */
export async function callThrough(
  policies: readonly AnyPolicy[],
  call: CallInfo,
  execute: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const answers = new WeakMap<Response, Answer>();
  const method = call.effect === "read" ? "GET" : "POST";
  const request = new Request(`http://${host}/${call.tool}`, { method, signal: call.signal ?? null });

  const response = await sendLocally(policies, request, call, async ({ signal }) => {
    const answer = await untilAborted(() => execute(signal), signal);
    const response = toResponse(answer);
    answers.set(response, answer);
    return response;
  });

  const answer = answers.get(response);
  if (answer !== undefined) return answer;
  // It comes from elsewhere, a cache for instance.
  const transport = {
    fetch,
    timeout: undefined,
    signal: call.signal,
    secrets: [],
    secretQuery: [],
    hasSecretBody: false,
  };
  return readAnswer(response, transport);
}

function toResponse({ result, content }: Answer): Response {
  if (result instanceof Blob) return new Response(null, { headers: { "content-type": "application/octet-stream" } });
  const type = typeof result === "string" ? "text/plain" : "application/json";
  return new Response(content, { headers: { "content-type": type } });
}
