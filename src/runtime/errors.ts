import type { ErrorKind, ToolError } from "./kit-types.ts";
import { shownBody } from "./limits.ts";

const brand = Symbol.for("fctool.KitError");

/** The base of everything that a kit throws. A message holds no secret: no header, no query. */
export class KitError extends Error {
  override readonly name: string = "KitError";
  readonly kind: ErrorKind;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean = false;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  /** On the prototype, so that it is neither copied nor printed. */
  get [brand](): true {
    return true;
  }

  /** The part of it that a model may read. */
  toToolError(): ToolError {
    const message = this.kind === "internal" ? "The tool failed." : this.message;
    return { kind: this.kind, message, retryable: this.retryable };
  }
}

/** Whether something thrown is a `KitError`, even one of another copy of this package. */
export function isKitError(error: unknown): error is KitError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The model's arguments do not fit the tool. */
export class InvalidArgumentsError extends KitError {
  override readonly name = "InvalidArgumentsError";
  /** The argument at fault: `items[0].sku`. Empty for the arguments as a whole. */
  readonly path: string;
  /** What to try instead. */
  readonly hint: string | undefined;

  constructor(path: string, problem: string, hint?: string, options?: ErrorOptions) {
    super("invalid_arguments", path === "" ? problem : `${path}: ${problem}`, options);
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

/** The model called a tool that the kit does not have. */
export class UnknownToolError extends KitError {
  override readonly name = "UnknownToolError";
  readonly tool: string;
  /** What to try instead. */
  readonly hint: string | undefined;

  constructor(tool: string, hint?: string) {
    super("unknown_tool", `there is no tool ${JSON.stringify(tool)}`);
    this.tool = tool;
    this.hint = hint;
  }

  override toToolError(): ToolError {
    return { ...super.toToolError(), ...(this.hint !== undefined && { hint: this.hint }) };
  }
}

/** `authorize` refused the call, or a credential could not be had. */
export class NotAuthorizedError extends KitError {
  override readonly name = "NotAuthorizedError";

  constructor(reason: string, options?: ErrorOptions) {
    super("not_authorized", reason, options);
  }
}

/** The API answered with a status other than 2xx. */
export class HttpError extends KitError {
  override readonly name = "HttpError";
  override readonly retryable: boolean;
  readonly status: number;
  /** Parsed where it is JSON, otherwise its text. `undefined` where there is none. */
  readonly body: unknown;
  readonly #text: string;

  /** `text` is the body as it came. */
  constructor(status: number, body: unknown, text: string) {
    super("http", `the API answered with status ${status}`);
    this.status = status;
    this.body = body;
    this.#text = text;
    this.retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  }

  override toToolError(): ToolError {
    const body = this.#text.length > shownBody ? `${this.#text.slice(0, shownBody)}…` : this.body;
    return { ...super.toToolError(), status: this.status, ...(body !== undefined && { body }) };
  }
}

/** The API could not be reached, or the connection broke. */
export class NetworkError extends KitError {
  override readonly name = "NetworkError";
  override readonly retryable = true;

  constructor(message: string, options?: ErrorOptions) {
    super("network", message, options);
  }
}

/** The API did not answer in time. */
export class TimeoutError extends KitError {
  override readonly name = "TimeoutError";
  override readonly retryable = true;

  constructor(message: string, options?: ErrorOptions) {
    super("timeout", message, options);
  }
}

/** Too many calls: the API says so, or a limit of the host's. */
export class RateLimitedError extends KitError {
  override readonly name = "RateLimitedError";
  override readonly retryable = true;
  /** Milliseconds until it may work, where that is known. */
  readonly retryAfter: number | undefined;
  /** Of the API's answer, where it was the API. */
  readonly status: number | undefined;

  constructor(message: string, retryAfter?: number, status?: number) {
    super("rate_limited", message);
    this.retryAfter = retryAfter;
    this.status = status;
  }

  override toToolError(): ToolError {
    return {
      ...super.toToolError(),
      ...(this.retryAfter !== undefined && { hint: tryAgain(this.retryAfter) }),
      ...(this.status !== undefined && { status: this.status }),
    };
  }
}

/** The API failed so often that it is left alone for a while. */
export class CircuitOpenError extends KitError {
  override readonly name = "CircuitOpenError";
  override readonly retryable = true;
  /** Milliseconds until it is tried again. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super("circuit_open", message);
    this.retryAfter = retryAfter;
  }

  override toToolError(): ToolError {
    return { ...super.toToolError(), hint: tryAgain(this.retryAfter) };
  }
}

function tryAgain(ms: number): string {
  return `try again in ${Math.max(1, Math.ceil(ms / 1000))} s, or do without`;
}

/** The caller's own signal ended the call. Its reason is the `cause`. */
export class AbortError extends KitError {
  override readonly name = "AbortError";

  constructor(options?: ErrorOptions) {
    super("aborted", "the call was aborted", options);
  }
}

/** Options that cannot work. A person must mend them, so they are thrown and never shown to the model. */
export class OptionsError extends KitError {
  override readonly name = "OptionsError";
  /** What had come of it by then: the run so far, or the output of a call that no history took. */
  readonly result: unknown;

  constructor(message: string, options?: ErrorOptions, result?: unknown) {
    super("internal", message, options);
    this.result = result;
  }
}

/** Whether something thrown is for a person to mend: no model is told, and no run goes on. */
export function isOptionsError(error: unknown): error is OptionsError {
  return isKitError(error) && error.name === "OptionsError";
}

/** The model did not answer, after the last fallback. */
export class ModelError<Result = unknown> extends KitError {
  override readonly name = "ModelError";
  /** The run until then. */
  readonly result: Result;

  constructor(message: string, result: Result, options?: ErrorOptions) {
    super("internal", message, options);
    this.result = result;
  }
}
