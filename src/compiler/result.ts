import type { Result, Schema } from "./api.ts";
import { byPreference, mediaKind } from "./media-types.ts";
import { joinPointer } from "./pointer.ts";
import { type Reading, schemaOfMedia } from "./reading.ts";
import { isRawObject, type RawObject, UnresolvedReference } from "./references.ts";

/** What a call that succeeds gives: the bodies of all 2xx answers, or of `default` where there is none. */
export function readResult(raw: unknown, pointer: string, reading: Reading): Result | undefined {
  if (!isRawObject(raw)) return undefined;
  const codes = Object.keys(raw);
  const successes = codes.filter((code) => /^2(\d\d|XX)$/i.test(code));
  const chosen = successes.length > 0 ? successes : codes.filter((code) => code === "default");
  const bodies = chosen.map((code) => readResponse(raw[code], joinPointer(pointer, code), reading));
  const given = bodies.filter((body) => body !== undefined);
  if (given.length === 0) return undefined;
  const schemas = new Map(given.flatMap((body) => body.schemas).map((schema) => [JSON.stringify(schema), schema]));
  return {
    mediaTypes: byPreference([...new Set(given.flatMap((body) => body.mediaTypes))]),
    schemas: [...schemas.values()],
    maybeEmpty: given.length < bodies.length,
  };
}

interface ResponseBody {
  readonly mediaTypes: readonly string[];
  readonly schemas: readonly Schema[];
}

/** An answer that cannot be read costs its type, not the operation. */
function readResponse(raw: unknown, pointer: string, reading: Reading): ResponseBody | undefined {
  try {
    const { value, pointer: place } = reading.references.follow(raw, pointer);
    if (!isRawObject(value) || !isRawObject(value.content)) return undefined;
    return readResponseContent(value.content, joinPointer(place, "content"), reading);
  } catch (error) {
    if (!(error instanceof UnresolvedReference)) throw error;
    if (!error.isTold)
      reading.diagnostics.warn("FC101", pointer, error.message, "Correct the reference, or add what it names.");
    return { mediaTypes: [], schemas: [{ kind: "any" }] };
  }
}

function readResponseContent(content: RawObject, pointer: string, reading: Reading): ResponseBody | undefined {
  const mediaTypes = byPreference(Object.keys(content));
  const [best] = mediaTypes;
  if (best === undefined) return undefined;
  // Media types of the same kind carry the same schema, or their best one does.
  const media = reading.references.follow(content[best], joinPointer(pointer, best));
  const given = schemaOfMedia(media.value, media.pointer, reading);
  const schema = reading.schemas.read(given, joinPointer(media.pointer, "schema"));
  return { mediaTypes, schemas: [ofKind(schema, best)] };
}

function ofKind(schema: Schema, mediaType: string): Schema {
  switch (mediaKind(mediaType)) {
    case "json":
      return schema;
    case "text":
    case "xml":
      return schema.kind === "enum" ? schema : { kind: "string" };
    case "binary":
    case "multipart":
      return { kind: "file" };
    case "form":
    case "events":
      return { kind: "any" };
  }
}
