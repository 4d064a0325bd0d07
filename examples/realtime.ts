import { attachRealtime } from "fctool/runtime/realtime";
import { createKit } from "./pet-store.gen.ts";

/** Lends a voice session the tools of the pet store, for as long as it lasts. */
export function answerCalls(socket: WebSocket, signal?: AbortSignal): () => void {
  const kit = createKit({
    auth: { bearerAuth: process.env.PET_STORE_TOKEN },
    approval: async ({ effect, tool }) => effect === "read" || { approve: false, reason: `${tool} needs a keeper` },
  });
  return attachRealtime(socket, kit, {
    signal,
    session: { audio: { output: { voice: "marin" } }, instructions: "Answer in one sentence." },
  });
}
