/** OpenAPI ignores these parameters; they follow from the body, the answers and the credentials. */
const described = ["accept", "content-type", "authorization"];

/** The Fetch standard's forbidden request headers. */
const forbidden = [
  "accept-charset",
  "accept-encoding",
  "access-control-request-headers",
  "access-control-request-method",
  "access-control-request-private-network",
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "date",
  "dnt",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "referer",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
];

/** Whether a header can never be an argument. */
export function isForbiddenHeader(name: string): boolean {
  const header = name.toLowerCase();
  return described.includes(header) || forbidden.includes(header) || /^(proxy|sec)-/.test(header);
}
