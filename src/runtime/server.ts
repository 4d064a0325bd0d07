import { OptionsError } from "./errors.ts";
import { own } from "./own.ts";
import type { Api, RequestOptions, Route, Server } from "./types.ts";

/** The place that paths are added to: `https://host/base`, and a query of its own, maybe empty. */
export interface Base {
  readonly prefix: string;
  readonly query: string;
}

/** Where an operation's requests go. Throws `OptionsError` where the options do not say it. */
export function findBase(
  { api, servers }: Pick<Route, "servers"> & { readonly api: Api },
  options: RequestOptions,
): Base {
  if (options.baseUrl !== undefined) return readBase(options.baseUrl, "baseUrl");
  const shared = api.servers ?? (api.server === undefined ? [] : [{ url: api.server }]);
  return readBase(fillVariables(choose(servers ?? shared, shared, options), shared, options), "the document's server");
}

/** An operation's own servers go first, unless `options.server` names another one of them. */
function choose(servers: readonly Server[], shared: readonly Server[], { server }: RequestOptions): Server {
  const url = server?.url;
  const chosen = servers.find((candidate) => candidate.url === url) ?? servers[0];
  if (chosen === undefined) throw new OptionsError("the document has no server: give a baseUrl");
  const known = [...servers, ...shared].map((candidate) => candidate.url);
  if (url !== undefined && !known.includes(url)) {
    throw new OptionsError(`server: the document has no ${url}; it has ${known.join(", ")}`);
  }
  return chosen;
}

function fillVariables({ url, variables = {} }: Server, shared: readonly Server[], { server }: RequestOptions): string {
  const given = server?.variables ?? {};
  for (const name of Object.keys(given)) {
    const isKnown = url.includes(`{${name}}`) || shared.some((other) => other.url.includes(`{${name}}`));
    if (!isKnown) throw new OptionsError(`server: there is no variable ${name} in ${url}`);
  }
  return url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = own(variables, name);
    const value = own(given, name) ?? variable?.default;
    if (value === undefined) throw new OptionsError(`server: the variable ${name} of ${url} has no value`);
    if (variable?.enum !== undefined && !variable.enum.includes(String(value))) {
      throw new OptionsError(`server: ${name} is ${JSON.stringify(value)}; allowed: ${variable.enum.join(", ")}`);
    }
    return String(value);
  });
}

function readBase(text: string, what: string): Base {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new OptionsError(`${what} is no absolute URL: give a baseUrl that begins with https://`);
  }
  if (!/^https?:$/.test(url.protocol)) throw new OptionsError(`${what} must begin with https:// or http://`);
  if (url.username !== "" || url.password !== "") {
    throw new OptionsError(`${what} holds a user name or password, which fetch refuses: use auth or headers`);
  }
  return { prefix: url.origin + url.pathname.replace(/\/+$/, ""), query: url.search.slice(1) };
}
