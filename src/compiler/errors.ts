import type { Location } from "./load.ts";

/** Something that only the person who runs fctool can mend. It says what is wrong and how to mend it. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly fix: string;

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}

/** The document cannot be found or read, is not OpenAPI, or nothing in it compiles. */
export class DocumentError extends Error {
  override name = "DocumentError";
  readonly fix: string;
  /** Where in which file, as far as that is known. */
  readonly location: Location | undefined;

  constructor(message: string, fix: string, location?: Location, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
    this.location = location;
  }
}
