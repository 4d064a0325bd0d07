import type { Encoding } from "../runtime/types.ts";
import type { Arg, Needs, ObjectSchema, Property, RequestBody, Schema } from "./api.ts";
import { byPreference, type MediaKind, mediaKind } from "./media-types.ts";
import { isStyle, neverNull } from "./parameters.ts";
import { joinPointer } from "./pointer.ts";
import { type Reading, schemaOfMedia } from "./reading.ts";
import { isRawObject, type RawObject } from "./references.ts";
import { readXml } from "./xml.ts";

/** A body, and the arguments that it is made of. */
export interface BodyAndArgs {
  readonly body?: RequestBody;
  readonly args: readonly Arg[];
}

/** The body of an operation, of the media type that suits us best, and the arguments that it is made of. */
export function readBody(raw: unknown, pointer: string, reading: Reading): BodyAndArgs {
  if (raw === undefined || raw === null) return { args: [] };
  const located = reading.references.follow(raw, pointer);
  if (!isRawObject(located.value)) return { args: [] };
  const { content, required, description } = located.value;
  const mediaTypes = isRawObject(content) ? byPreference(Object.keys(content)) : [];
  const [mediaType] = mediaTypes;
  if (mediaType === undefined) {
    reading.diagnostics.warn(
      "FC110",
      located.pointer,
      "this body has no media type; it is left out",
      "Add one to its content.",
    );
    return { args: [] };
  }
  const kind = mediaKind(mediaType);
  const media = reading.references.follow(
    (content as RawObject)[mediaType],
    joinPointer(located.pointer, "content", mediaType),
  );
  const rawMedia = isRawObject(media.value) ? media.value : {};
  const place = media.pointer;
  const given = reading.schemas.read(schemaOfMedia(rawMedia, place, reading), joinPointer(place, "schema"));
  const encoding = encodingOf(rawMedia.encoding);
  const schema = withFiles(withoutNull(given, kind, reading), kind, encoding, reading);
  const base = {
    mediaType: kind === "json" && !/^[^/*]+\/[^/*]+$/.test(mediaType) ? "application/json" : mediaType,
    required: required === true,
    ...(kind === "xml" && { xml: readXml(rawMedia.schema, joinPointer(place, "schema"), reading) }),
    ...(encoding.size > 0 && { encoding: Object.fromEntries(encoding) }),
  };
  const fields = spreadable(schema, kind, required === true, reading);
  if (fields !== undefined) {
    const { pointer } = reading.references.follow(rawMedia.schema, joinPointer(place, "schema"));
    const args = fields.map((field) => fieldToArg(field, joinPointer(pointer, "properties", field.name)));
    const object = reading.schemas.resolve(schema) as ObjectSchema;
    const { needs = needsOfSome(object, fields), notes } = object;
    const rules = { ...(needs !== undefined && { needs }), ...(notes !== undefined && { notes }) };
    const named = schema.kind === "ref" && { target: schema.target };
    return { body: { ...base, spread: true, ...named, ...filesOf(fields), ...rules }, args };
  }
  const arg: Arg = {
    name: "body",
    in: "body",
    wireName: "body",
    required: required === true,
    schema,
    pointer: joinPointer(place, "schema"),
    ...(typeof description === "string" && description.trim() !== "" && { description: description.trim() }),
  };
  const files = schema.kind === "object" ? filesOf(schema.properties, schema.additional) : {};
  return { body: { ...base, spread: false, ...files }, args: [arg] };
}

/** Which fields of a form hold files. */
function filesOf(fields: readonly Property[], additional?: Schema): Pick<RequestBody, "files"> {
  const [others, files] = [false, true].map((are) =>
    fields.filter(({ schema }) => isFile(schema) === are).map(({ name }) => name),
  ) as [string[], string[]];
  if (additional !== undefined && isFile(additional)) return { files: { except: others } };
  return files.length > 0 ? { files } : {};
}

/** The fields of a body that can be arguments of their own, without those that never go out. */
function spreadable(
  schema: Schema,
  kind: MediaKind,
  required: boolean,
  { schemas }: Reading,
): readonly Property[] | undefined {
  if (kind === "text" || kind === "binary" || kind === "events") return undefined;
  const object = schemas.resolve(schema);
  if (object.kind !== "object" || object.additional !== undefined) return undefined;
  const fields = object.properties.filter((property) => !property.readOnly);
  if (object.properties.length === 0) return undefined;
  return required || !fields.some((field) => field.required) ? fields : undefined;
}

/** A body that may not be empty needs one of its fields, wherever no field is required anyway. */
function needsOfSome({ minProperties }: ObjectSchema, fields: readonly Property[]): Needs | undefined {
  if (minProperties !== 1 || fields.length === 0 || fields.some(({ required }) => required)) return undefined;
  return { lists: fields.map(({ name }) => [name]), exactlyOne: false };
}

function fieldToArg({ name, required, schema }: Property, pointer: string): Arg {
  return { name, in: "body", wireName: name, required, schema, pointer };
}

/** A body is given, or it is not; only JSON can spell a null inside of it. */
function withoutNull(schema: Schema, kind: MediaKind, { schemas }: Reading): Schema {
  const resolved = schemas.resolve(schema);
  const { nullable: _nullable, ...value } = resolved.nullable ? resolved : schema;
  if (kind !== "form" && kind !== "multipart") return value as Schema;
  const object = schemas.resolve(value as Schema);
  if (object.kind !== "object") return value as Schema;
  const properties = object.properties.map((property) => ({
    ...property,
    schema: neverNull(property.schema, schemas),
  }));
  const isChanged = properties.some(({ schema: field }, index) => field !== object.properties[index]?.schema);
  return isChanged ? { ...object, properties } : (value as Schema);
}

/** Where a body holds bytes as such, binary strings become files. */
function withFiles(schema: Schema, kind: MediaKind, encoding: Encodings, { schemas }: Reading): Schema {
  if (kind === "binary") return fileOf(schemas.resolve(schema));
  if (kind === "text" || kind === "events") {
    const { kind: textKind } = schemas.resolve(schema);
    return textKind === "string" || textKind === "enum" ? schema : { kind: "string" };
  }
  if (kind !== "multipart") return schema;
  const object = schemas.resolve(schema);
  if (object.kind === "union") return schema;
  // Parts have names: whatever else is declared can only be what they hold.
  if (object.kind !== "object") {
    const part = fileField(schema, false, schemas);
    return { kind: "object", properties: [], additional: isFile(part) ? part : { kind: "any" } };
  }
  const properties = object.properties.map((property) => ({
    ...property,
    schema: fileField(property.schema, isBytes(encoding.get(property.name)), schemas),
  }));
  const additional = object.additional && fileField(object.additional, false, schemas);
  const hasFiles = [...properties.map((property) => property.schema), additional].some(isFile);
  return hasFiles ? { ...object, properties, ...(additional !== undefined && { additional }) } : schema;
}

function fileField(schema: Schema, isBytes: boolean, schemas: Reading["schemas"]): Schema {
  const resolved = schemas.resolve(schema);
  if (isBinary(resolved) || (isBytes && resolved.kind === "string")) return fileOf(resolved);
  if (resolved.kind === "array" && isBinary(schemas.resolve(resolved.items))) {
    return { ...resolved, items: fileOf(schemas.resolve(resolved.items)) };
  }
  return schema;
}

/** Whether a part is of media types that are neither text nor structured. */
function isBytes({ contentType }: Encoding = {}): boolean {
  return contentType?.split(",").every((mediaType) => mediaKind(mediaType) === "binary") === true;
}

function isBinary(schema: Schema): boolean {
  return schema.kind === "string" && schema.format === "binary";
}

function isFile(schema: Schema | undefined): boolean {
  return schema?.kind === "file" || (schema?.kind === "array" && schema.items.kind === "file");
}

function fileOf({ description, nullable, deprecated }: Schema): Schema {
  return {
    kind: "file",
    ...(description !== undefined && { description }),
    ...(nullable && { nullable }),
    ...(deprecated && { deprecated }),
  };
}

type Encodings = ReadonlyMap<string, Encoding>;

/** OpenAPI's Encoding Objects, by field. */
function encodingOf(raw: unknown): Encodings {
  const fields = isRawObject(raw) ? Object.entries(raw) : [];
  const encodings = fields.map(([field, value]) => [field, isRawObject(value) ? readEncoding(value) : {}] as const);
  return new Map(encodings.filter(([, encoding]) => Object.keys(encoding).length > 0));
}

function readEncoding({ contentType, style, explode, allowReserved }: RawObject): Encoding {
  return {
    ...(typeof contentType === "string" && { contentType }),
    ...(isStyle(style) && { style }),
    ...(typeof explode === "boolean" && { explode }),
    ...(allowReserved === true && { allowReserved }),
  };
}
