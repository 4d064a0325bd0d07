import type { Diagnostics } from "./diagnostics.ts";
import type { Document } from "./load.ts";
import { isRawObject, type RawObject, type References } from "./references.ts";
import type { SchemaReader } from "./schema.ts";

/** What the readers of an operation's parts share. */
export interface Reading {
  readonly document: Document;
  readonly references: References;
  readonly schemas: SchemaReader;
  readonly diagnostics: Diagnostics;
}

/** Why an operation cannot become a tool. */
export class OperationProblem extends Error {
  override name = "OperationProblem";
  readonly pointer: string;
  readonly fix: string;
  readonly code: "FC104" | "FC105";

  constructor(pointer: string, message: string, fix: string, code: "FC104" | "FC105" = "FC104") {
    super(message);
    this.pointer = pointer;
    this.fix = fix;
    this.code = code;
  }
}

/** An operation as it stands in the document. */
export interface Place {
  readonly path: string;
  readonly method: string;
  readonly raw: RawObject;
  readonly pointer: string;
  readonly pathItem: RawObject;
  readonly pathPointer: string;
}

/** The schema of a Media Type Object. One of 3.2 that speaks of a stream's items alone has none of the whole. */
export function schemaOfMedia(media: unknown, pointer: string, { diagnostics }: Reading): unknown {
  if (!isRawObject(media)) return undefined;
  if (media.schema === undefined && media.itemSchema !== undefined) {
    diagnostics.warn(
      "FC401",
      pointer,
      "itemSchema is not read: the stream is passed as it comes",
      "Describe the whole with a schema, if it can be had at once.",
    );
  }
  return media.schema;
}
