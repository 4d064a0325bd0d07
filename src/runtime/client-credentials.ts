import { toBase64 } from "./base64.ts";
import { NotAuthorizedError, OptionsError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { RunOptions } from "./kit-types.ts";
import { readBytes } from "./read-bytes.ts";
import { causeOf } from "./send.ts";

/** An OAuth 2 client, which fetches its tokens itself. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes?: readonly string[];
}

export interface ClientToken {
  readonly text: string;
  /** Makes the next call fetch another one. */
  readonly forget?: () => void;
}

interface Token {
  readonly text: string;
  /** In milliseconds, like `Date.now()`. */
  readonly renewAt: number;
}

/** Tokens that are fetched with the credentials of an OAuth 2 client. */
export const clientCredentials: Features = { token: findToken };

/** Finds a token for what was given as the credential of a scheme. */
export type FindToken = typeof findToken;

/** The tokens of each kit: its `auth` object stands for it. */
const kits = new WeakMap<object, Map<string, Promise<Token>>>();

/** A token for the client: parallel calls share it, and it is renewed before it expires. */
async function findToken(
  name: string,
  client: Client,
  tokenUrl: string,
  options: RunOptions,
  base: string,
): Promise<ClientToken> {
  if (!URL.canParse(tokenUrl, base)) throw new OptionsError(`auth: the token URL of ${name} is none`);
  const url = new URL(tokenUrl, base).href;
  const key = JSON.stringify([url, client.clientId, client.clientSecret, client.scopes]);
  const tokens = tokensOf(options.auth ?? client);

  const known = tokens.get(key);
  if (known !== undefined && (await known).renewAt <= Date.now() && tokens.get(key) === known) tokens.delete(key);
  const current = tokens.get(key) ?? fetchToken(name, client, url, options);
  tokens.set(key, current);
  const forget = () => {
    if (tokens.get(key) === current) tokens.delete(key);
  };
  try {
    return { text: (await current).text, forget };
  } catch (error) {
    forget();
    throw error;
  }
}

function tokensOf(auth: object): Map<string, Promise<Token>> {
  const tokens = kits.get(auth) ?? new Map<string, Promise<Token>>();
  kits.set(auth, tokens);
  return tokens;
}

// A token endpoint that hangs must not hold up all calls.
const patience = 30_000;
const mostBytes = 1_000_000;

async function fetchToken(name: string, client: Client, url: string, options: RunOptions): Promise<Token> {
  const fetch = options.fetch ?? globalThis.fetch;
  const { clientId, clientSecret, scopes = [] } = client;
  const grant = { grant_type: "client_credentials", ...(scopes.length > 0 && { scope: scopes.join(" ") }) };
  const basic = `Basic ${toBase64(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`;
  const ask = async (fields: { [name: string]: string }, headers: { [name: string]: string }): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: { accept: "application/json", ...headers },
      body: new URLSearchParams(fields),
      redirect: "manual",
      signal: AbortSignal.timeout(options.timeout ?? patience),
    });

  try {
    const first = await ask(grant, { authorization: basic });
    // Every server should know the header (RFC 6749, 2.3.1); some know the fields only.
    const answer =
      first.status === 400 || first.status === 401
        ? await ask({ ...grant, client_id: clientId, client_secret: clientSecret }, {})
        : first;
    if (!answer.ok)
      throw new NotAuthorizedError(`no token for ${name}: its server answered with status ${answer.status}`);
    const { access_token, expires_in } = readToken(await readBytes(answer, mostBytes));
    if (typeof access_token !== "string")
      throw new NotAuthorizedError(`no token for ${name}: its server's answer has none`);
    return { text: access_token, renewAt: renewalTime(Number(expires_in ?? Number.NaN)) };
  } catch (cause) {
    if (cause instanceof NotAuthorizedError) throw cause;
    throw new NotAuthorizedError(
      `no token for ${name}: its server could not be reached`,
      causeOf(cause, [basic, clientSecret]),
    );
  }
}

/** What is no JSON may be a token, which an error about it would quote. */
function readToken(bytes: Uint8Array): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}

/** A minute before it expires; half of its time for one that lives shorter. */
function renewalTime(seconds: number): number {
  return Number.isFinite(seconds) ? Date.now() + Math.max(seconds - 60, seconds / 2) * 1_000 : Number.POSITIVE_INFINITY;
}
