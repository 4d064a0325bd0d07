/** The kinds of media type that need a treatment of their own. */
export type MediaKind = "json" | "form" | "multipart" | "text" | "xml" | "binary" | "events";

/** `Application/JSON; charset=utf-8` → `application/json`. */
export function essence(mediaType: string): string {
  return (mediaType.split(";")[0] as string).trim().toLowerCase();
}

export function mediaKind(mediaType: string): MediaKind {
  const type = essence(mediaType);
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type.startsWith("multipart/")) return "multipart";
  if (type === "text/event-stream") return "events";
  // What is no media type at all is most likely JSON.
  if (
    /[/+]json$/.test(type) ||
    !type.includes("/") ||
    type === "*/*" ||
    type === "application/*" ||
    /^(application|text)\/json\b/.test(type)
  )
    return "json";
  if (/[/+]xml$/.test(type)) return "xml";
  if (
    type.startsWith("text/") ||
    /^application\/(graphql|javascript|yaml|x-yaml|sql|csv|x-ndjson|ndjson|jsonl|json-seq|.*\+yaml)$/.test(type)
  )
    return "text";
  return "binary";
}

const preference: readonly MediaKind[] = ["json", "form", "multipart", "text", "xml", "binary", "events"];

/** Media types, the one we would rather have first; plain JSON before its relatives. */
export function byPreference(mediaTypes: readonly string[]): string[] {
  const rank = (mediaType: string) =>
    preference.indexOf(mediaKind(mediaType)) + (essence(mediaType) === "application/json" ? -0.5 : 0);
  return [...mediaTypes].sort((a, b) => rank(a) - rank(b));
}
