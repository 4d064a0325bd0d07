import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export type Outgoing = readonly [status: number, body: object];

/** Starts a JSON server on a free port of loopback. */
export async function serve(handle: (request: Incoming) => Outgoing | Promise<Outgoing>) {
  const server = createServer(async (incoming, outgoing) => {
    let text = "";
    for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const [status, body] = await handle({ method: incoming.method ?? "", url, headers: incoming.headers, text });
    outgoing.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
