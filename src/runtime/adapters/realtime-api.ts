/** A WebSocket, as far as it is used: that of browsers, Node and Workers, or of the `ws` package. */
export interface RealtimeSocket {
  readonly readyState: number;
  send(text: string): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "open" | "close", listener: () => void): void;
  removeEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: "open" | "close", listener: () => void): void;
}

/** The options of a session. Those that are not named here go out as they are. */
export interface SessionOptions {
  /** Tools of the provider, MCP servers for instance. Those of the kit come after them. */
  readonly tools?: readonly object[] | undefined;
  readonly [option: string]: unknown;
}

/** An event of the server, whatever it is. */
export interface ServerEvent {
  readonly type?: unknown;
  readonly response_id?: string;
  readonly response?: { readonly id?: string; readonly status?: string; readonly output?: readonly RealtimeItem[] };
  readonly item?: RealtimeItem;
  readonly item_id?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly transcript?: string;
  readonly error?: { readonly code?: string; readonly event_id?: string };
}

/** An item of the conversation. */
export interface RealtimeItem {
  readonly id?: string;
  readonly type?: string;
  readonly role?: string;
  readonly status?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly content?: readonly { readonly type?: string; readonly text?: string }[];
}

/** The server's event in a message, or `undefined` where it holds none. */
export function readEvent(data: unknown): ServerEvent | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const event: unknown = JSON.parse(data);
    return typeof event === "object" && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}
