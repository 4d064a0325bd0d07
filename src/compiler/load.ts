/** A document as JSON, lifted to 3.1 where it was 2.0, with every file that it refers to in one tree. */
export interface Document {
  /** What messages and the kit's header call it: the file's base name. */
  readonly name: string;
  /** The OpenAPI version as written: "2.0", "3.0.3", … */
  readonly version: string;
  readonly root: { readonly [key: string]: unknown };
  /** Where in which file the value at a JSON pointer (`#/paths/~1pets`), or its nearest ancestor, stands. 1-based. */
  locate(pointer: string): Location;
}

export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
