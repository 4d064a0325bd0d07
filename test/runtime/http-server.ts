import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";

export interface Seen {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Respond = (seen: Seen, response: ServerResponse) => void;

/** A server on loopback for the tests of a file, which keeps what it saw. */
export function httpServer(respond: Respond = (_, response) => response.end()) {
  const seen: Seen[] = [];
  let answer = respond;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks) });
    answer(seen.at(-1) as Seen, response);
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen.length = 0;
    answer = respond;
  });
  return {
    seen,
    get origin() {
      return origin();
    },
    get last() {
      return seen.at(-1) as Seen;
    },
    /** Until the end of the test. */
    respondWith(other: Respond) {
      answer = other;
    },
  };
}
