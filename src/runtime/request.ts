import { type Content, write, writeBody } from "./body.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { FileContext } from "./files.ts";
import { canSendCookies, isHeaderValue } from "./headers.ts";
import { mediaKind } from "./media-type.ts";
import { own } from "./own.ts";
import { readPath } from "./path.ts";
import {
  type Args,
  asIs,
  encodeReserved,
  type Pair,
  percentEncode,
  spell,
  spellPairs,
  toContent,
} from "./serialize.ts";
import { refuseShadows } from "./shadowing.ts";
import type { Operation, Parameter, Route, SecurityScheme } from "./types.ts";

/** What the arguments make of a request, before server and credentials are known. */
export interface Draft {
  readonly path: string;
  /** Encoded. */
  readonly query: readonly Pair[];
  /** The query as a whole, where one parameter is all of it. */
  readonly queryString: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly cookies: readonly string[];
  readonly body: Content | undefined;
}

export type WriteDraft = (args: Args, files: FileContext) => Promise<Draft>;

/** Reads a route once. What comes back throws `InvalidArgumentsError`. */
export function readRoute<Auth>(operation: Route & Pick<Operation<Auth>, "api">, features: Features): WriteDraft {
  const { path, parameters = {}, body } = operation;
  const all = Object.entries(parameters);
  const queryNames = [...namesIn("query", operation), ...new URLSearchParams(path.split(/[?#]/)[1]).keys()];
  const cookieNames = namesIn("cookie", operation);
  const fillPath = readPath(path, all);
  const others = all.filter(([, parameter]) => parameter.in !== "path");

  return async (args, files) => {
    const query: Pair[] = [];
    const headers: { [name: string]: string } = Object.create(null);
    const cookies: string[] = [];
    let queryString = "";
    for (const [argument, parameter] of others) {
      const value = own(args, argument);
      if (value === undefined) continue;
      const name = parameter.name ?? argument;
      switch (parameter.in) {
        case "query":
          query.push(...refuseShadows(writeQuery(name, value, parameter), name, queryNames, argument));
          break;
        case "querystring":
          queryString = await writeQueryString(value, parameter, queryNames, argument, files, features);
          break;
        case "header":
          Object.assign(headers, writeHeader(name, value, parameter, argument));
          break;
        case "cookie":
          for (const pair of refuseShadows(
            writeCookies(name, value, parameter, argument),
            name,
            cookieNames,
            argument,
          )) {
            cookies.push(pair.join("="));
          }
          break;
      }
    }
    return {
      path: fillPath(args),
      query,
      queryString,
      headers,
      cookies,
      body: body && (await writeBody(body, args, files, features)),
    };
  };
}

/** The names of all that may go to a place, credentials included. */
function namesIn<Auth>(
  place: "query" | "cookie",
  { parameters = {}, credentials = {}, api }: Route & Pick<Operation<Auth>, "api">,
): string[] {
  const schemes = Object.values<SecurityScheme>(api.securitySchemes ?? {});
  const all = [
    ...Object.entries(parameters).map(([argument, parameter]) => ({ name: argument, ...parameter })),
    ...Object.values(credentials),
    ...schemes.flatMap((scheme) => (scheme.type === "apiKey" ? [scheme] : [])),
  ];
  return all.filter((each) => each.in === place).map(({ name }) => name);
}

function writeQuery(name: string, value: unknown, parameter: Parameter): Pair[] {
  const encode = parameter.allowReserved ? encodeReserved : percentEncode;
  if (parameter.mediaType === undefined) return spellPairs(name, value, parameter, encode);
  const text = toContent(value, parameter.mediaType);
  return text === undefined ? [] : [[encode(name), encode(text)]];
}

async function writeQueryString(
  value: unknown,
  { mediaType = "application/x-www-form-urlencoded" }: Parameter,
  names: readonly string[],
  argument: string,
  files: FileContext,
  features: Features,
): Promise<string> {
  const isForm = mediaKind(mediaType) === "form" && typeof value === "object" && value !== null;
  if (!isForm) return percentEncode(toContent(value, mediaType) ?? "");
  refuseShadows(spellPairs("", value, {}, asIs), "", names, argument);
  const { content } = await write(value, { mediaType, arg: argument }, files, features);
  return String(content);
}

function writeHeader(name: string, value: unknown, parameter: Parameter, argument: string): { [name: string]: string } {
  const text =
    parameter.mediaType === undefined ? spell(name, value, parameter, asIs) : toHeader(value, parameter.mediaType);
  if (text === undefined) return {};
  if (!isHeaderValue(text))
    throw new InvalidArgumentsError(argument, "it must be one line of Latin characters, as a header");
  return { [name.toLowerCase()]: text };
}

/** JSON can spell every character in ASCII, which headers need. */
function toHeader(value: unknown, mediaType: string): string | undefined {
  const text = toContent(value, mediaType);
  if (mediaKind(mediaType) !== "json") return text;
  return text?.replace(/[\x7f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function writeCookies(name: string, value: unknown, parameter: Parameter, argument: string): Pair[] {
  if (!canSendCookies()) throw new InvalidArgumentsError(argument, "a browser cannot send it, since it is a cookie");
  // A reserved character may end a cookie.
  return writeQuery(name, value, { ...parameter, allowReserved: false });
}
