/** What a media type holds, as far as the runtime cares. */
export type MediaKind = "json" | "form" | "multipart" | "xml" | "text" | "events" | "binary";

/** The compiler has the same notion, since types and schemas depend on it; a test compares the two. */
export function mediaKind(mediaType: string): MediaKind {
  const type = (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type.startsWith("multipart/")) return "multipart";
  if (type === "text/event-stream") return "events";
  if (/[/+]json$|^[^/]*$|^(?:\*|application)\/\*$|^(?:application|text)\/json\b/.test(type)) return "json";
  if (/[/+]xml$/.test(type)) return "xml";
  return textual.test(type) ? "text" : "binary";
}

const textual =
  /^text\/|^application\/(?:graphql|javascript|yaml|x-yaml|sql|csv|x-ndjson|ndjson|jsonl|json-seq|.*\+yaml)$/;
