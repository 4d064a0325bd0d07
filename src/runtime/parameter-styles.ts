import { write } from "./body.ts";
import { canSendCookies } from "./cookies.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { FileContext } from "./files.ts";
import { checkHeader } from "./headers.ts";
import { mediaKind } from "./media-type.ts";
import type { Placed } from "./request.ts";
import { asIs, type Encode, type Pair, parametersOf, percentEncode } from "./serialize.ts";
import { refuseShadows } from "./shadowing.ts";
import { encodeReserved, encodeReservedInPath, spell, spellPairs, toContent } from "./styles.ts";
import type { Operation, Parameter, SecurityScheme } from "./types.ts";

/** Parameters of another style than that of their place, objects, cookies, and whole queries. */
export const parameterStyles: Features = { styles: readStyles, styleInPath };

/** Puts a value to its place. */
export type PlaceStyled = (
  placed: Placed,
  argument: string,
  parameter: Parameter,
  value: unknown,
  files: FileContext,
) => Promise<void>;

export type ReadStyles = typeof readStyles;

/** A value before and after it is encoded. */
export type StyleInPath = typeof styleInPath;

function styleInPath(name: string, value: unknown, parameter: Parameter): readonly (string | undefined)[] {
  const { mediaType, allowReserved } = parameter;
  const content = mediaType === undefined ? undefined : (toContent(value, mediaType) ?? "");
  const write = (encode: Encode) => (content === undefined ? spell(name, value, parameter, encode) : encode(content));
  return [write(asIs), write(allowReserved ? encodeReservedInPath : percentEncode)];
}

function readStyles(operation: Operation, features: Features): PlaceStyled {
  const inPath = new URLSearchParams(operation.path.split(/[?#]/)[1]).keys();
  const queryNames = [...namesIn("query", operation), ...inPath];
  const cookieNames = namesIn("cookie", operation);

  return async (placed, argument, parameter, value, files) => {
    const { query, headers, cookies } = placed;
    const name = parameter.name ?? argument;
    switch (parameter.in) {
      case "query":
        query.push(...refuseShadows(writeQuery(name, value, parameter), name, queryNames, argument));
        break;
      case "querystring":
        query.push([await writeQueryString(value, parameter, queryNames, argument, files, features)]);
        break;
      case "header": {
        const text = writeHeader(name, value, parameter);
        if (text !== undefined) headers[name.toLowerCase()] = checkHeader(text, argument);
        break;
      }
      case "cookie": {
        const pairs = writeCookies(name, value, parameter, argument);
        cookies.push(...refuseShadows(pairs, name, cookieNames, argument).map((pair) => pair.join("=")));
        break;
      }
    }
  };
}

/** The names of all that may go to a place, credentials included. */
function namesIn(place: "query" | "cookie", operation: Operation): string[] {
  const { credentials = {}, api } = operation;
  const schemes = Object.values<SecurityScheme>(api.securitySchemes ?? {});
  const all = [
    ...parametersOf(operation).map(([argument, parameter]) => ({ name: argument, ...parameter })),
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

function writeHeader(name: string, value: unknown, parameter: Parameter): string | undefined {
  if (parameter.mediaType === undefined) return spell(name, value, parameter, asIs);
  const text = toContent(value, parameter.mediaType);
  return mediaKind(parameter.mediaType) === "json" ? text?.replace(/[\x7f-\uffff]/g, toAscii) : text;
}

/** JSON can spell every character in ASCII, which headers need. */
function toAscii(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function writeCookies(name: string, value: unknown, parameter: Parameter, argument: string): Pair[] {
  if (!canSendCookies()) throw new InvalidArgumentsError(argument, "a browser cannot send it, since it is a cookie");
  // A reserved character may end a cookie.
  return writeQuery(name, value, { ...parameter, allowReserved: false });
}
