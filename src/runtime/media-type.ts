/** What a media type holds, as far as the runtime cares. */
export type MediaKind = "json" | "form" | "multipart" | "xml" | "text" | "events" | "binary";

/** The compiler has the same notion, since types and schemas depend on it; a test compares the two. */
export function mediaKind(mediaType: string): MediaKind {
  const type = (mediaType.split(";")[0] as string).trim().toLowerCase();
  return kinds.find(([, types]) => types.test(type))?.[0] ?? "binary";
}

/** What is no media type at all is most likely JSON. */
const kinds: readonly (readonly [kind: MediaKind, types: RegExp])[] = [
  ["json", /\/json\b|\+json$|^[^/]*$|^(?:\*|application)\/\*$/],
  ["form", /\/x-www-form-urlencoded$/],
  ["multipart", /^multipart\//],
  ["events", /\/event-stream$/],
  ["xml", /[/+]xml$/],
  ["text", /^text\/|[/+](?:x-)?(?:graphql|javascript|yaml|sql|csv|ndjson|jsonl)$/],
];
