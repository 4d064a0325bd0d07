import type { ErrorKind, ToolError } from "./types.ts";

/** The base of everything that a kit throws. A message holds no secret: no header, no query. */
export class KitError extends Error {
  override name = "KitError";
  readonly kind: ErrorKind;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean = false;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  /** The part of it that a model may read. */
  toToolError(): ToolError {
    return { kind: this.kind, message: this.message, retryable: this.retryable };
  }
}

/** The model's arguments do not fit the tool. */
export class InvalidArgumentsError extends KitError {
  override name = "InvalidArgumentsError";
  /** The argument at fault: `items[0].sku`. Empty for the arguments as a whole. */
  readonly path: string;
  /** What to try instead. */
  readonly hint: string | undefined;

  constructor(path: string, problem: string, hint?: string) {
    super("invalid_arguments", path === "" ? problem : `${path}: ${problem}`);
    this.path = path;
    this.hint = hint;
  }

  override toToolError(): ToolError {
    return {
      kind: this.kind,
      message: this.message,
      ...(this.path !== "" && { path: this.path }),
      ...(this.hint !== undefined && { hint: this.hint }),
      retryable: false,
    };
  }
}
