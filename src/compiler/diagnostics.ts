/** Something that a person should know about a document. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: "error" | "warning";
  /** JSON pointer in the document: `#/paths/~1pets/get`. */
  readonly pointer: string;
  /** What is wrong. */
  readonly message: string;
  /** How to mend it. */
  readonly fix: string;
}

/** Every code that fctool reports. A code keeps its meaning for ever. */
export const codes = {
  FC101: "a reference cannot be resolved",
  FC102: "a reference is not allowed",
  FC103: "a duplicate key",
  FC104: "an operation cannot be compiled",
  FC105: "a method that fetch cannot send",
  FC106: "a parameter is not understood",
  FC107: "a header that is not an argument",
  FC108: "a path template and its parameters do not agree",
  FC109: "an unknown security scheme",
  FC110: "a media type is not understood",
  FC111: "a part of the document is not of the expected type",
  FC112: "a parameter that carries a credential",
  FC113: "a path or a method is not written as it has to be",
  FC114: "a server is not written as it has to be",
  FC201: "two operations want the same tool name",
  FC203: "the lock keeps a tool's name",
  FC301: "a part of a schema is passed as JSON text",
  FC302: "a tool cannot be strict",
  FC304: "a schema contradicts itself",
  FC401: "OpenAPI 3.2 is read as far as it is like 3.1",
  FC402: "an overlay changes nothing",
  FC403: "an extension or a setting is not understood",
  FC404: "a field is picked that an answer does not have",
} as const;

export type Code = keyof typeof codes;

/** Collects what the stages have to say, each thing once. */
export class Diagnostics {
  readonly #list = new Map<string, Diagnostic>();
  #told = 0;

  warn(code: Code, pointer: string, message: string, fix: string): void {
    this.#told++;
    const key = `${code} ${pointer} ${message}`;
    if (!this.#list.has(key)) this.#list.set(key, { code, severity: "warning", pointer, message, fix });
  }

  /** How often something was said, be it again. */
  get told(): number {
    return this.#told;
  }

  get list(): readonly Diagnostic[] {
    return [...this.#list.values()];
  }
}
