/**
 * An answer that has been read to its end, as often as one likes. Policies hand answers on, and reading one through a
 * stream at each step would take longer than all that they do.
 */
export function wholeResponse(bytes: Uint8Array<ArrayBuffer>, response: Response): Response {
  WholeResponse ??= defineWholeResponse();
  return new WholeResponse(bytes, response);
}

/** Whether an answer is one of these: all of it is at hand. */
export function isWhole(response: Response): boolean {
  return WholeResponse !== undefined && response instanceof WholeResponse;
}

// Node loads its `fetch` where `Response` is first named, which an import should not wait for.
let WholeResponse: ReturnType<typeof defineWholeResponse> | undefined;

function defineWholeResponse() {
  const decoder = new TextDecoder();

  return class extends Response {
    readonly #bytes: Uint8Array<ArrayBuffer>;

    constructor(bytes: Uint8Array<ArrayBuffer>, response: Response) {
      super(null, response);
      this.#bytes = bytes;
    }

    override get body(): Response["body"] {
      return this.#again().body;
    }

    override async text(): Promise<string> {
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
    override clone(): Response {
      return this;
    }

    /** The same in the platform's own way, for what is seldom asked. */
    #again(): Response {
      return new Response(this.#bytes, { headers: this.headers });
    }
  };
}
