/** The kinds of media type that need a treatment of their own. */
export type MediaKind = "json" | "form" | "multipart" | "text" | "xml" | "binary" | "events";

/** `Application/JSON; charset=utf-8` → `application/json`. */
export function essence(mediaType: string): string {
  return (mediaType.split(";")[0] as string).trim().toLowerCase();
}

/** The runtime has the same notion; a test compares the two. */
export function mediaKind(mediaType: string): MediaKind {
  const type = essence(mediaType);
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

const preference: readonly MediaKind[] = ["json", "form", "multipart", "text", "xml", "binary", "events"];

/** Media types, the one we would rather have first; plain JSON before its relatives. */
export function byPreference(mediaTypes: readonly string[]): string[] {
  const rank = (mediaType: string) =>
    preference.indexOf(mediaKind(mediaType)) + (essence(mediaType) === "application/json" ? -0.5 : 0);
  return [...mediaTypes].sort((a, b) => rank(a) - rank(b));
}
