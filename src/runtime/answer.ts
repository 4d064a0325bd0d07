import { HttpError, NetworkError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { Answer } from "./kit-types.ts";
import { mediaKind } from "./media-type.ts";
import { readBytes } from "./read-bytes.ts";
import { hidden, readSecrets, repeatsSecret, withoutSecrets } from "./secrets.ts";
import { type Transport, toKitError } from "./send.ts";

/**
 * Reads an answer, whole but for a stream, without the secrets that came back. Throws `HttpError` for a status other than
 * 2xx.
 */
export async function readAnswer(response: Response, transport: Transport, features: Features = {}): Promise<Answer> {
  const { ok, status } = response;
  const mediaType = response.headers.get("content-type") ?? "application/json";
  const kind = mediaKind(mediaType);
  const { secrets, mostBytes } = transport;
  try {
    if (ok && kind === "events" && features.readEvents && response.body !== null)
      return await features.readEvents(response.body, transport);
    if (kind === "binary") {
      if (ok) return toBlobAnswer(new Blob([await readBytes(response, mostBytes)], { type: mediaType }));
      await response.body?.cancel();
      throw new HttpError(status, undefined, "");
    }
    const text = toText(await readBytes(response, mostBytes), mediaType);
    const answer = kind === "json" ? toJsonAnswer(text) : { result: text || undefined, content: text };
    if (!ok) {
      const found = readSecrets(secrets);
      const { result, content } = found === undefined ? answer : withoutEcho(answer, found);
      throw new HttpError(status, result, content);
    }
    if (kind === "json" && answer.result === text && /^\s*[{[]/.test(text))
      throw new NetworkError("the API's answer is JSON that breaks off");
    // Most do not repeat what they were sent, so the search for every spelling is kept for those that do.
    return repeatsSecret(text, secrets) ? withoutEcho(answer, readSecrets(secrets) as RegExp) : answer;
  } catch (error) {
    throw toKitError(error, transport);
  }
}

function toBlobAnswer(blob: Blob): Answer {
  if (blob.size === 0) return { result: undefined, content: "" };
  return { result: blob, content: describeBlob(blob) };
}

/** What a model reads of a result. */
export function contentOf(result: unknown): string {
  if (result instanceof Blob) return describeBlob(result);
  return typeof result === "string" ? result : (JSON.stringify(result) ?? "");
}

/** What a model reads of bytes, if it is not shown them. */
export function describeBlob({ type, size }: Blob): string {
  return `[${type || "binary"}, ${size} bytes]`;
}

/** The text stays as it came, since numbers do not survive parsing. Many servers call JSON what is not. */
function toJsonAnswer(text: string): Answer {
  try {
    return { result: JSON.parse(text), content: unescapeText(text) };
  } catch {
    return { result: text || undefined, content: text };
  }
}

/** The text stays as it is where nothing is found. */
function withoutEcho({ result, content }: Answer, secrets: RegExp): Answer {
  const safe = withoutSecrets(result, secrets);
  if (content.search(secrets) < 0) return { result: safe, content };
  return { result: safe, content: typeof safe === "string" ? content.replace(secrets, hidden) : JSON.stringify(safe) };
}

let utf8: TextDecoder | undefined;

function toText(bytes: Uint8Array, mediaType: string): string {
  utf8 ??= new TextDecoder();
  const charset = /;\s*charset="?(?!utf-?8\b)([^\s";]+)/i.exec(mediaType)?.[1];
  return (charset === undefined ? utf8 : decoderOf(charset, utf8)).decode(bytes);
}

function decoderOf(charset: string, otherwise: TextDecoder): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return otherwise;
  }
}

/** Spells non-ASCII characters of JSON text as themselves. Half of a surrogate pair stays escaped. */
export function unescapeText(json: string): string {
  return json.includes("\\u")
    ? json.replace(escapes, (found) => (found.length > 2 ? JSON.parse(`"${found}"`) : found))
    : json;
}

// Of what stands for itself, only the first two characters are taken, so that what follows is not read as an escape.
const escapes = /\\(?:u(?!00[0-7])(?:d[89ab]..\\ud[c-f]..|(?!d[89a-f])....)|.)/gi;
