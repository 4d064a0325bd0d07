import { OptionsError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { RequestOptions } from "./kit-types.ts";
import { own } from "./own.ts";
import type { Served } from "./server.ts";
import type { Server } from "./types.ts";

/** Servers to choose from, and their variables. */
export const serverChoices: Features = { server: chooseServer };

function chooseServer({ api, servers }: Served, options: RequestOptions): string {
  const shared = api.servers ?? (api.server === undefined ? [] : [{ url: api.server }]);
  return fillVariables(choose(servers ?? shared, shared, options), shared, options);
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
  return url.replace(/\{([^{}]*)\}/g, (found, name: string, index: number) => {
    const variable = own(variables, name);
    const value = own(given, name) ?? variable?.default;
    if (value === undefined) throw new OptionsError(`server: the variable ${name} of ${url} has no value`);
    if (variable?.enum !== undefined && !variable.enum.includes(String(value))) {
      throw new OptionsError(`server: ${name} is ${JSON.stringify(value)}; allowed: ${variable.enum.join(", ")}`);
    }
    // What the document says itself may be more than a part of the host.
    const isNamed = variable?.default === value || variable?.enum !== undefined;
    if (
      !isNamed &&
      !keepsHost(String(value), url.slice(0, index), url.slice(index + found.length), variable?.default)
    ) {
      const what = `server: ${name} is ${JSON.stringify(value)}, which would lead to another host`;
      throw new OptionsError(`${what}; give a baseUrl, if it may`);
    }
    return String(value);
  });
}

/**
 * Whether a value stays in its part of the host, where it is one: it may come from a user. The whole of an address may be
 * given, and a path behind a host, where the document has one there.
 */
function keepsHost(value: string, before: string, after: string, usual = ""): boolean {
  if (before === "") return !after.startsWith("://") || /^[a-z]+$/i.test(value);
  if (!inHost.test(before)) return true;
  return isPath(usual, before) ? isPath(value, before) : !/[/?#@\\\s]/.test(value);
}

function isPath(value: string, before: string): boolean {
  return value.startsWith("/") && !before.endsWith("/");
}

const inHost = /^[^/]*:\/\/[^/?#]*$/;
