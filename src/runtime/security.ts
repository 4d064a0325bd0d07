import { toBase64 } from "./base64.ts";
import type { Client, ClientToken } from "./client-credentials.ts";
import { NotAuthorizedError, OptionsError } from "./errors.ts";
import { type Features, needed } from "./features.ts";
import { isHeaderValue } from "./headers.ts";
import type { RunOptions } from "./kit-types.ts";
import { own } from "./own.ts";
import { secretsIn } from "./secrets.ts";
import type { Operation, SecurityScheme } from "./types.ts";

/** The credentials of one request, each at its place. */
export interface Credentials {
  /** Names in lower case. */
  readonly headers: { [name: string]: string };
  readonly cookies: string[];
  /** By name, both encoded. */
  readonly query: Map<string, string>;
  /** What must not be told. */
  readonly secrets: string[];
  /** Forgets the token, where one was fetched. */
  forget?: (() => void) | undefined;
}

type Schemes = { readonly [name: string]: SecurityScheme };

/** A credential, and the scheme that says where it goes. */
export type Wanted = readonly [name: string, scheme: SecurityScheme, value: unknown];

/**
 * Takes the first alternative whose credentials are all there; one without any goes last.
 * Throws `NotAuthorizedError` where a credential cannot be had.
 */
export async function findCredentials(
  operation: Operation,
  features: Features,
  options: RunOptions,
  base: string,
): Promise<Credentials> {
  const { security: alternatives = [], api } = operation;
  const schemes: Schemes = api.securitySchemes ?? {};
  const values = new Map<string, unknown>();
  const wanted: Wanted[] = [];
  for (const alternative of alternatives) {
    // A certificate comes with the caller's `fetch`.
    const names = alternative.filter((name) => own(schemes, name)?.type !== "mutualTLS");
    for (const name of names) if (!values.has(name)) values.set(name, await findValue(name, options.auth, options));
    if (names.length === 0 || !names.every((name) => values.get(name) && own(schemes, name))) continue;
    wanted.push(...names.map((name) => [name, schemes[name] as SecurityScheme, values.get(name)] as const));
    break;
  }
  await features.addKeys?.(wanted, values, operation, options);
  const credentials: Credentials = { headers: {}, cookies: [], query: new Map(), secrets: [] };
  for (const [name, scheme, value] of wanted) await place(name, scheme, value, credentials, features, options, base);
  return credentials;
}

/** A value, or what a function makes of the call's context. */
export async function findValue(
  name: string,
  values: { readonly [name: string]: unknown } = {},
  { auth, call }: RunOptions,
): Promise<unknown> {
  const value = own(values, name);
  if (typeof value !== "function") return value;
  try {
    return await value(call?.context);
  } catch (cause) {
    const what = `${values === auth ? "the credential" : "the value of"} ${name} could not be had`;
    const why = call?.context === undefined ? ": the call has no context" : "";
    throw new NotAuthorizedError(`${what}${why}`, { cause });
  }
}

async function place(
  name: string,
  scheme: SecurityScheme,
  value: unknown,
  credentials: Credentials,
  features: Features,
  options: RunOptions,
  base: string,
): Promise<void> {
  const { headers, secrets } = credentials;
  const { text, forget } = isClient(value)
    ? await fetchToken(name, scheme, value, features, options, base)
    : toToken(value);
  secrets.push(...secretsIn(text));
  if (isUser(value)) secrets.push(value.password);
  credentials.forget = forget ?? credentials.forget;
  if (scheme.type !== "apiKey") {
    const kind = scheme.type === "http" ? toSchemeName(scheme.scheme) : "Bearer";
    headers.authorization = toHeader(name, `${kind} ${text}`);
  } else if (scheme.in === "header") headers[scheme.name.toLowerCase()] = toHeader(name, text);
  else needed(features, "placeKey")(name, scheme, text, credentials);
}

function toToken(value: unknown): ClientToken {
  return { text: isUser(value) ? toBase64(`${value.username}:${value.password}`) : String(value) };
}

function isClient(value: unknown): value is Client {
  return typeof value === "object" && value !== null && "clientId" in value;
}

function fetchToken(
  name: string,
  scheme: SecurityScheme,
  client: Client,
  { token }: Features,
  options: RunOptions,
  base: string,
): Promise<ClientToken> {
  if (token === undefined || !("tokenUrl" in scheme) || scheme.tokenUrl === undefined)
    throw new OptionsError(`auth: give ${name} a token: the kit does not say where one is fetched`);
  return token(name, client, scheme.tokenUrl, options, base);
}

function toHeader(name: string, text: string): string {
  const value = text.trim();
  if (!isHeaderValue(value)) throw new NotAuthorizedError(`the credential ${name} cannot stand in a header`);
  return value;
}

/** Some servers know the common schemes in this spelling only. */
function toSchemeName(scheme: string): string {
  return /^(?:basic|bearer|digest)$/i.test(scheme) ? scheme[0]?.toUpperCase() + scheme.slice(1).toLowerCase() : scheme;
}

function isUser(value: unknown): value is { username: string; password: string } {
  return typeof value === "object" && value !== null && "username" in value;
}
