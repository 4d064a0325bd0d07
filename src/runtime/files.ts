import { fromBase64 } from "./base64.ts";
import type { Content } from "./body.ts";
import { InvalidArgumentsError, isKitError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { CallInfo, FileResolver } from "./kit-types.ts";
import type { Body } from "./types.ts";

/** What files need to know of the call. */
export interface FileContext {
  readonly resolve: FileResolver | undefined;
  readonly call: CallInfo;
}

/** Bodies of bytes. */
export const binaryBody: Features = { binary: writeBinary };

/** Bytes, or JSON where they are neither bytes nor a string that stands for them. */
async function writeBinary(value: unknown, { mediaType, arg = "" }: Body, files: FileContext): Promise<Content> {
  if (value === undefined) throw new InvalidArgumentsError(arg, "it is needed");
  if (typeof value !== "string" && !isBytes(value)) return { content: JSON.stringify(value), type: mediaType };
  const file = await toFile(value, arg, files);
  return { content: file, type: mediaType.includes("*") ? file.type || "application/octet-stream" : mediaType };
}

/** Bytes that need no resolving. */
export type Bytes = Blob | ArrayBuffer | ArrayBufferView;

export function isBytes(value: unknown): value is Bytes {
  return value instanceof Blob || value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** The bytes that an argument stands for. Throws `InvalidArgumentsError`. */
export async function toFile(value: unknown, path: string, { resolve, call }: FileContext): Promise<Blob> {
  if (isBytes(value)) return toBlob(value);
  if (typeof value !== "string") throw new InvalidArgumentsError(path, "a file is needed, as a string");
  if (resolve === undefined) return decode(value, path);
  try {
    return toBlob(await resolve(value, call));
  } catch (cause) {
    if (isKitError(cause)) throw cause;
    throw new InvalidArgumentsError(path, "this file cannot be had", undefined, { cause });
  }
}

function toBlob(bytes: Bytes): Blob {
  return bytes instanceof Blob ? bytes : new Blob([bytes as BlobPart]);
}

/** Reads a data URL (RFC 2397) or base64. */
function decode(text: string, path: string): Blob {
  const url = /^data:([^,]*?)(;base64)?,(.*)$/is.exec(text);
  const [, type = "", isBase64, data = ""] = url ?? [];
  const bytes = url === null ? fromPlain(text) : isBase64 === undefined ? fromPercent(data) : fromBase64(data);
  if (bytes === undefined) throw new InvalidArgumentsError(path, "it must be a data URL or base64");
  return new Blob([bytes], { type });
}

/** Padding is needed here, which keeps most paths and names from being taken for base64. */
function fromPlain(text: string): Uint8Array<ArrayBuffer> | undefined {
  return text.replace(/\s/g, "").length % 4 === 0 ? fromBase64(text) : undefined;
}

function fromPercent(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new TextEncoder().encode(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
