let known: boolean | undefined;

/** Browsers have cookies of their own, and let nobody else set them. */
export function canSendCookies(): boolean {
  known ??= new Request("http://localhost", { headers: { cookie: "a=b" } }).headers.has("cookie");
  return known && !("document" in globalThis);
}
