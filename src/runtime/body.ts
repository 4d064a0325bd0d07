import { InvalidArgumentsError } from "./errors.ts";
import { type FileContext, isBytes, toFile } from "./files.ts";
import { writeForm, writeMultipart } from "./form.ts";
import { mediaKind } from "./media-type.ts";
import { own } from "./own.ts";
import { type Args, toText } from "./serialize.ts";
import type { Body } from "./types.ts";
import { writeXml } from "./xml.ts";

/** A body as `fetch` takes it. Without a type, `fetch` finds it. */
export interface Content {
  readonly content: BodyInit;
  readonly type?: string | undefined;
}

/** Makes the body of a request; `undefined` where there is none. Throws `InvalidArgumentsError`. */
export async function writeBody(body: Body, args: Args, files: FileContext): Promise<Content | undefined> {
  const value = body.arg === undefined ? fieldsOf(body, args) : own(args, body.arg);
  if (value === undefined && !body.required) return undefined;
  return write(body, value, files);
}

/** The arguments that are fields, under their names on the wire; `undefined` where none is given. */
function fieldsOf({ args: names = [], names: wireNames = {} }: Body, args: Args): object | undefined {
  const fields: { [field: string]: unknown } = Object.create(null);
  let isEmpty = true;
  for (const name of names) {
    const value = own(args, name);
    if (value === undefined) continue;
    fields[own(wireNames, name) ?? name] = value;
    isEmpty = false;
  }
  return isEmpty ? undefined : fields;
}

async function write(body: Body, given: unknown, files: FileContext): Promise<Content> {
  const { mediaType } = body;
  const value = given ?? (given === undefined ? {} : null);
  switch (mediaKind(mediaType)) {
    case "json":
      return { content: JSON.stringify(value), type: mediaType };
    case "form":
      return { content: typeof value === "string" ? value : writeForm(record(value, body), body), type: mediaType };
    case "multipart":
      return writeMultipart(record(value, body), body, files);
    case "xml":
      return { content: typeof value === "string" ? value : writeXml(value, body.xml ?? {}), type: mediaType };
    case "text":
    case "events":
      if (given === undefined) throw new InvalidArgumentsError(body.arg ?? "", "it is needed");
      return { content: toText(value) ?? "", type: mediaType.replace(/\*/, "plain") };
    case "binary":
      return writeBinary(body, given, files);
  }
}

/** Bytes, or JSON where they are neither bytes nor a string that stands for them. */
async function writeBinary({ mediaType, arg = "" }: Body, value: unknown, files: FileContext): Promise<Content> {
  if (value === undefined) throw new InvalidArgumentsError(arg, "it is needed");
  if (typeof value !== "string" && !isBytes(value)) return { content: JSON.stringify(value), type: mediaType };
  const file = await toFile(value, arg, files);
  return { content: file, type: mediaType.includes("*") ? file.type || "application/octet-stream" : mediaType };
}

function record(value: unknown, { arg = "" }: Body): object {
  if (typeof value !== "object" || value === null) throw new InvalidArgumentsError(arg, "it must be an object");
  return value;
}
