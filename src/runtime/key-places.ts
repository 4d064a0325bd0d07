import { canSendCookies } from "./cookies.ts";
import { NotAuthorizedError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { Credentials } from "./security.ts";
import { percentEncode } from "./serialize.ts";
import type { SecurityScheme } from "./types.ts";

/** API keys in queries and cookies. */
export const keyPlaces: Features = { placeKey };

export type PlaceKey = typeof placeKey;

function placeKey(
  scheme: string,
  { in: where, name }: SecurityScheme & { readonly type: "apiKey" },
  key: string,
  { cookies, query, secrets }: Credentials,
): void {
  if (where === "query") {
    query.set(percentEncode(name), percentEncode(key));
    secrets.push(percentEncode(key));
  } else {
    if (!canSendCookies())
      throw new NotAuthorizedError(`the credential ${scheme} is a cookie, which a browser cannot send`);
    cookies.push(`${name}=${toCookie(key)}`);
    secrets.push(toCookie(key));
  }
}

/** Cookies have no encoding of their own: what may stand in one goes as it is. */
function toCookie(text: string): string {
  return text.toWellFormed().replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/gu, encodeURIComponent);
}
