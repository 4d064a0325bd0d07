/** What a media type holds, as far as the runtime cares. */
export type MediaKind = "json" | "form" | "multipart" | "xml" | "text" | "events" | "binary";

/** Parameters such as `charset` do not matter, nor does case. */
export function mediaKind(mediaType: string): MediaKind {
  const type = essence(mediaType);
  if (/[/+]json$/.test(type)) return "json";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type.startsWith("multipart/")) return "multipart";
  if (/[/+]xml$/.test(type)) return "xml";
  if (type === "text/event-stream") return "events";
  if (type.startsWith("text/") || textual.test(type)) return "text";
  return "binary";
}

const textual =
  /^application\/(?:.*[+.-])?(?:x-)?(?:csv|ecmascript|graphql|html|javascript|jsonl|jwt|ndjson|sql|toml|ya?ml)$/;

/** `text/html` of `Text/HTML; charset=utf-8`. */
export function essence(mediaType: string): string {
  return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
