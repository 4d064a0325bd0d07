import type { Content } from "./body.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { type FileContext, isBytes, toFile } from "./files.ts";
import { mediaKind } from "./media-type.ts";
import { own } from "./own.ts";
import { asIs, type Pair, percentEncode, toText } from "./serialize.ts";
import { refuseShadows } from "./shadowing.ts";
import { deepPairs, encodeReserved, spellPairs } from "./styles.ts";
import type { Body, Encoding } from "./types.ts";

/** Bodies of type `application/x-www-form-urlencoded`. */
export const formBody: Features = {
  form: (value, body) => ({
    content: typeof value === "string" ? value : writeForm(fieldsOf(value, body), body),
    type: body.mediaType,
  }),
};

/** Bodies of type `multipart/form-data` and its kin. */
export const multipartBody: Features = {
  multipart: (value, body, files) => writeMultipart(fieldsOf(value, body), body, files),
};

function fieldsOf(value: unknown = {}, { arg = "" }: Body): object {
  if (typeof value !== "object" || value === null) throw new InvalidArgumentsError(arg, "it must be an object");
  return value;
}

/** The names of all fields, given or not. */
function namesOf(fields: object, { args = [], names = {} }: Partial<Body>): string[] {
  return [...Object.keys(fields), ...args.map((name) => own(names, name) ?? name)];
}

function argumentOf(field: string, { args = [], arg, names = {} }: Partial<Body>): string {
  return arg === undefined ? (args.find((name) => own(names, name) === field) ?? field) : `${arg}.${field}`;
}

function writeForm(fields: object, body: Partial<Body>): string {
  const names = namesOf(fields, body);
  return Object.entries(fields)
    .flatMap(([field, value]) => {
      const pairs = formPairs(field, value, own(body.encoding ?? {}, field));
      return refuseShadows(pairs, field, names, argumentOf(field, body));
    })
    .map((pair) => pair.join("="))
    .join("&");
}

function formPairs(field: string, value: unknown, encoding: Encoding = {}): Pair[] {
  const encode = encoding.allowReserved ? encodeReserved : percentEncode;
  if (hasStyle(encoding)) return spellPairs(field, value, encoding, encode);
  if (encoding.contentType !== undefined && mediaKind(encoding.contentType) === "json") {
    return value === undefined ? [] : [[encode(field), encode(JSON.stringify(value))]];
  }
  const isFlat = Array.isArray(value) && value.every((item) => item === null || typeof item !== "object");
  return isFlat ? spellPairs(field, value, {}, encode) : deepPairs(field, value, encode);
}

async function writeMultipart(fields: object, body: Body, files: FileContext): Promise<Content> {
  const form = new FormData();
  const names = namesOf(fields, body);
  for (const [field, value] of Object.entries(fields)) {
    const encoding = own(body.encoding ?? {}, field) ?? {};
    if (hasStyle(encoding)) {
      const pairs = spellPairs(field, value, encoding, asIs);
      for (const [name, text] of refuseShadows(pairs, field, names, argumentOf(field, body))) form.append(name, text);
      continue;
    }
    const isFile = holdsFile(field, body);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, item] of list.entries()) {
      if (item === undefined || item === null) continue;
      if (isFile || isBytes(item)) {
        const path = Array.isArray(value) ? `${argumentOf(field, body)}[${index}]` : argumentOf(field, body);
        const file = await toFile(item, path, files);
        const typed = withType(file, encoding);
        form.append(field, typed, file instanceof File ? file.name : fileName(field, typed.type));
      } else {
        const part = toPart(item, encoding);
        if (typeof part === "string") form.append(field, part);
        else form.append(field, part);
      }
    }
  }
  return body.mediaType.toLowerCase().startsWith("multipart/form-data")
    ? { content: form }
    : renamed(form, body.mediaType);
}

function holdsFile(field: string, { files = [] }: Body): boolean {
  return "except" in files ? !files.except.includes(field) : files.includes(field);
}

/** A part has a media type of its own where the document says so; `FormData` then gives it a file's name too. */
function toPart(value: unknown, { contentType: type }: Encoding): string | Blob {
  const text = toText(value) ?? "";
  if (type === undefined || type.includes("*") || type.includes(",") || mediaKind(type) === "text") return text;
  return new Blob([mediaKind(type) === "json" ? JSON.stringify(value) : text], { type });
}

function withType(file: Blob, { contentType = "" }: Encoding): Blob {
  const [type = ""] = contentType.split(",", 1);
  return file.type !== "" || type === "" || type.includes("*") ? file : file.slice(0, file.size, type);
}

/** `avatar.png` for an `image/png`: many servers look at the extension. */
function fileName(field: string, type: string): string {
  const extension = /\/(?:x-)?([a-z\d]+)/i.exec(type)?.[1];
  return extension === undefined ? field : `${field}.${extension}`;
}

/** `FormData` knows one media type; the others have the same syntax. */
async function renamed(form: FormData, mediaType: string): Promise<Content> {
  const encoded = new Response(form);
  const boundary = /boundary=.*/.exec(encoded.headers.get("content-type") ?? "")?.[0];
  return { content: await encoded.blob(), type: `${mediaType}; ${boundary}` };
}

/** Where a style is given, the content type does not count. */
function hasStyle({ style, explode }: Encoding): boolean {
  return style !== undefined || explode !== undefined;
}
