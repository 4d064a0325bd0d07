import { attachRealtime, type RealtimeSocket } from "fctool/runtime/realtime";
import { expectTypeOf, test } from "vitest";
import type { WebSocket as WsSocket } from "ws";
import { createKit } from "../../examples/pet-store.gen.ts";

declare const socket: WebSocket;
const kit = createKit<{ token: string }>();

test("sockets of the platform and of the ws package are sockets", () => {
  expectTypeOf<WebSocket>().toExtend<RealtimeSocket>();
  expectTypeOf<WsSocket>().toExtend<RealtimeSocket>();
});

test("options know the kit", () => {
  const detach = attachRealtime(socket, kit, { context: { token: "t" }, activeTools: ["getPet"] });
  detach();
  detach.use(kit.pick("getPet"));
  // @ts-expect-error an unknown tool
  attachRealtime(socket, kit, { activeTools: ["getPte"] });
  // @ts-expect-error the wrong context
  attachRealtime(socket, kit, { context: 7 });
  // @ts-expect-error a misspelt option
  attachRealtime(socket, kit, { sesion: {} });
  // @ts-expect-error another context
  detach.use(createKit<{ other: number }>({ auth: { bearerAuth: ({ other }) => `${other}` } }));
});
