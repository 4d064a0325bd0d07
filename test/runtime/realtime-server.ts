import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket as Peer, WebSocketServer } from "ws";

/** An event as the server got it. */
export interface ClientEvent {
  readonly type: string;
  readonly event_id?: string;
  readonly session?: { readonly [option: string]: unknown; readonly tools: readonly { readonly name: string }[] };
  readonly item?: { readonly type: string; readonly call_id: string; readonly output: string };
}

export interface RealtimeServer extends AsyncDisposable {
  readonly url: string;
  readonly events: ClientEvent[];
  /** The server says all of this, in this order. */
  tell(...events: readonly (object | string)[]): void;
  /** Waits for that many events of the client. */
  until(count: number): Promise<ClientEvent[]>;
  hangUp(): void;
}

/** A Realtime server on loopback that says what the test has it say, or how `react` answers. */
export async function startRealtime(
  react: (event: ClientEvent) => readonly object[] = () => [],
): Promise<RealtimeServer> {
  const events: ClientEvent[] = [];
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  let peer: Peer | undefined;
  const tell = (...list: readonly (object | string)[]) => {
    for (const event of list) peer?.send(typeof event === "string" ? event : JSON.stringify(event));
  };
  server.on("connection", (socket) => {
    peer = socket;
    socket.on("message", (data) => {
      const event = JSON.parse(String(data)) as ClientEvent;
      events.push(event);
      tell(...react(event));
    });
    tell({ type: "session.created", session: {} });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    tell,
    async until(count) {
      for (let waited = 0; events.length < count; waited += 5) {
        if (waited > 2000) throw new Error(`${events.length} of ${count} events: ${JSON.stringify(events)}`);
        await sleep(5);
      }
      return events;
    },
    hangUp: () => peer?.close(),
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How a server tells of a response that calls one function after another. */
export function response(
  id: string,
  calls: readonly (readonly [callId: string, name: string, args: string])[],
  status = "completed",
): object[] {
  const items = calls.map(([call_id, name, args]) => ({
    id: `item_${call_id}`,
    type: "function_call",
    status,
    call_id,
    name,
    arguments: args,
  }));
  return [
    { type: "response.created", response: { id, status: "in_progress", output: [] } },
    ...items.flatMap((item) => {
      const about = { response_id: id, item_id: item.id, output_index: 0 };
      return [
        { type: "response.output_item.added", ...about, item: { ...item, status: "in_progress", arguments: "" } },
        {
          type: "response.function_call_arguments.done",
          ...about,
          call_id: item.call_id,
          arguments: item.arguments,
        },
        { type: "response.output_item.done", ...about, item },
      ];
    }),
    { type: "response.done", response: { id, status, output: items } },
  ];
}
