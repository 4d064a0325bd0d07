import type { Loop } from "./loop.ts";

/** Loops by what tables call them, each loaded only in the process that runs it. The first is the floor. */
export const loops: { readonly [name: string]: () => Promise<Loop> } = {
  "by hand, fetch": async () => (await import("./loops/floor.ts")).overFetch,
  "fctool, nothing optional on": async () => (await import("./loops/fctool.ts")).plain,
  "fctool, everything on": async () => (await import("./loops/fctool.ts")).everythingOn,
  "by hand, openai client": async () => (await import("./loops/floor.ts")).overOpenai,
  "fctool, openai client": async () => (await import("./loops/fctool.ts")).withOpenai,
  "openai runTools": async () => (await import("./loops/openai.ts")).openai,
  "AI SDK": async () => (await import("./loops/ai-sdk.ts")).aiSdk,
  "Agents SDK": async () => (await import("./loops/agents.ts")).agents,
};
