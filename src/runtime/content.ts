import type { ToolOutput } from "./kit-types.ts";

/** The kinds of content, beside text, that models take. */
const kinds = {
  "image/png": "image",
  "image/jpeg": "image",
  "image/gif": "image",
  "image/webp": "image",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "application/pdf": "pdf",
} as const;

/** A result that is no text, in base64. */
export interface Attachment {
  readonly kind: "image" | "wav" | "mp3" | "pdf";
  readonly data: string;
  /** The same as a data URL. */
  readonly url: string;
}

const defaultLimit = 5_000_000;

/** What of an output can be shown to a model, by its media type, or why it cannot. `undefined` where it is all text. */
export async function readAttachment(
  output: ToolOutput,
  limit = defaultLimit,
  isTaken: (type: string) => boolean = () => true,
): Promise<Attachment | string | undefined> {
  const result = output.ok ? output.result : undefined;
  if (!(result instanceof Blob)) return undefined;
  const [type = ""] = result.type.split(";", 1);
  const kind = Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : undefined;
  if (kind === undefined || !isTaken(type)) return "it cannot be shown to you";
  if (result.size > limit) return "it is too large to be shown to you";
  try {
    const data = toBase64(new Uint8Array(await result.arrayBuffer()));
    return { kind, data, url: `data:${type};base64,${data}` };
  } catch {
    // Those of a file that has changed since, for instance.
    return "it could not be read";
  }
}

/** A call takes only so many arguments. */
const chunk = 0x2000;

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(binary);
}
