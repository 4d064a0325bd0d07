import { untilAborted } from "../abort.ts";

/** Waits, and leaves no timer behind. Rejects with `AbortError` as soon as the signal says so. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
  try {
    await untilAborted(wait, signal);
  } finally {
    clearTimeout(timer);
  }
}
