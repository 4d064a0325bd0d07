import { OptionsError } from "./errors.ts";
import { type Features, needed } from "./features.ts";
import type { RequestOptions } from "./kit-types.ts";
import type { Api, Route } from "./types.ts";

/** The place that paths are added to: `https://host/base`, and a query of its own, maybe empty. */
export interface Base {
  readonly prefix: string;
  readonly query: string;
}

/** Who has servers: the document, and some operations their own. */
export type Served = Pick<Route, "servers"> & { readonly api: Api };

/** Where an operation's requests go. Throws `OptionsError` where the options do not say it. */
export function findBase(route: Served, options: RequestOptions, features: Features = {}): Base {
  if (options.baseUrl !== undefined) return readBase(options.baseUrl, "baseUrl");
  const { api, servers = api.servers } = route;
  const hasChoice = servers !== undefined || api.server?.includes("{");
  const url = features.server || hasChoice ? needed(features, "server")(route, options) : onlyServer(api, options);
  return readBase(url, "the document's server");
}

function onlyServer({ server: only }: Api, { server = {} }: RequestOptions): string {
  if (only === undefined) throw new OptionsError("the document has no server: give a baseUrl");
  if ((server.url ?? only) !== only || Object.keys(server.variables ?? {}).length > 0)
    throw new OptionsError(`server: the document has ${only} alone; for another, give a baseUrl`);
  return only;
}

function readBase(text: string, what: string): Base {
  const url = toWebUrl(text);
  if (url === undefined)
    throw new OptionsError(`${what} is no absolute URL of http: give a baseUrl that begins with https:// or http://`);
  if (url.username !== "" || url.password !== "")
    throw new OptionsError(`${what} holds a user name or password, which fetch refuses: use auth or headers`);
  return { prefix: url.origin + url.pathname.replace(/\/+$/, ""), query: url.search.slice(1) };
}

/** Where `fetch` can go, and nothing else. */
export function toWebUrl(text: string, base?: string): URL | undefined {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}
