import { type Features, needed } from "./features.ts";
import type { FileContext } from "./files.ts";
import { mediaKind } from "./media-type.ts";
import { own } from "./own.ts";
import type { Args } from "./serialize.ts";
import type { Body } from "./types.ts";

/** A body as `fetch` takes it. Without a type, `fetch` finds it. */
export interface Content {
  readonly content: BodyInit;
  readonly type?: string | undefined;
}

/** Makes the body of a request; `undefined` where there is none. Throws `InvalidArgumentsError`. */
export async function writeBody(
  body: Body,
  args: Args,
  files: FileContext,
  features: Features,
): Promise<Content | undefined> {
  const value = body.arg === undefined ? fieldsOf(body, args) : own(args, body.arg);
  if (value === undefined && !body.required) return undefined;
  return write(value, body, files, features);
}

/** The arguments that are fields, under their names on the wire; `undefined` where none is given. */
function fieldsOf({ args: names = [], names: wireNames = {} }: Body, args: Args): object | undefined {
  const fields: { [field: string]: unknown } = Object.create(null);
  for (const name of names) {
    const value = own(args, name);
    if (value !== undefined) fields[own(wireNames, name) ?? name] = value;
  }
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** JSON; all else is a feature. */
export function write(value: unknown, body: Body, files: FileContext, features: Features): Content | Promise<Content> {
  const kind = mediaKind(body.mediaType);
  if (kind !== "json") return needed(features, kind)(value, body, files);
  return { content: JSON.stringify(value === undefined ? {} : value), type: body.mediaType };
}
