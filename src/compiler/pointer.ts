/** The segments of a reference, which may be percent-encoded. Throws a `URIError` where the encoding is broken. */
export function parsePointer(pointer: string): string[] {
  return splitPointer(pointer.includes("%") ? decodeURIComponent(pointer) : pointer);
}

/** The segments of a pointer of ours, in which a `%` is a `%`: `#/a/b` → `["a", "b"]`. */
export function splitPointer(pointer: string): string[] {
  const path = pointer.startsWith("#") ? pointer.slice(1) : pointer;
  if (path === "") return [];
  return path
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** `joinPointer("#/paths", "/pets")` → `#/paths/~1pets`. */
export function joinPointer(pointer: string, ...segments: readonly (string | number)[]): string {
  return segments.reduce<string>((path, segment) => `${path}/${escapeSegment(String(segment))}`, pointer);
}

function escapeSegment(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;
}

/** The value at a pointer, own keys alone; `undefined` where there is none. */
export function valueAt(root: unknown, segments: readonly string[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

/** The last segment of a pointer that is a name: `Pet` of `#/components/schemas/Pet`. */
export function nameAt(pointer: string): string {
  const segments = splitPointer(pointer);
  const names = segments.filter(
    (segment) => !/^(\d+|properties|items|schema|schemas|allOf|oneOf|anyOf|\$defs)$/.test(segment),
  );
  return (
    (/^\d+$|^(items|schema|allOf|oneOf|anyOf)$/.test(segments.at(-1) ?? "") ? names.at(-1) : segments.at(-1)) ??
    "Document"
  );
}
