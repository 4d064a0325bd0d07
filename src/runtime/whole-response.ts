let decoder: TextDecoder | undefined;

/**
 * An answer that has been read to its end, as often as one likes. Policies hand answers on, and reading one through a
 * stream at each step would take longer than all that they do.
 */
export class WholeResponse extends Response {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>, { status, statusText, headers }: Response) {
    super(null, { status, statusText, headers });
    this.#bytes = bytes;
  }

  override get body(): Response["body"] {
    return this.#again().body;
  }

  override async text(): Promise<string> {
    decoder ??= new TextDecoder();
    return decoder.decode(this.#bytes);
  }

  override async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice();
  }

  override blob(): Promise<Blob> {
    return this.#again().blob();
  }

  override formData(): Promise<FormData> {
    return this.#again().formData();
  }

  /** Itself, since it is never used up. */
  override clone(): WholeResponse {
    return this;
  }

  /** The same in the platform's own way, for what is seldom asked. */
  #again(): Response {
    return new Response(this.#bytes, { headers: this.headers });
  }
}
