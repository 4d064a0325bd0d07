import { NetworkError } from "./errors.ts";
import { isWhole } from "./whole-response.ts";

/** Reads an answer to its end. Throws `NetworkError` where it has more than `most` bytes. */
export async function readBytes(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  // What some libraries call a body is no stream of the platform's.
  const reader = isWhole(response) ? undefined : response.body?.getReader?.();
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer());
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(parts, size);
    parts.push(value);
    size += value.byteLength;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw tooLarge(most);
    }
  }
}

export function tooLarge(most: number): NetworkError {
  return new NetworkError(`the API's answer is larger than ${most / 1_000_000} MB`);
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
