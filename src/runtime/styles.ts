import { mediaKind } from "./media-type.ts";
import { type Encode, type Pair, toText } from "./serialize.ts";
import type { ParameterStyle } from "./types.ts";

/** How a value is spelled: https://spec.openapis.org/oas/v3.1.2.html#style-examples */
export interface Spelling {
  readonly style?: ParameterStyle | undefined;
  readonly explode?: boolean | undefined;
}

/** RFC 6570's reserved expansion, without the characters that would end a value in a query. */
export function encodeReserved(text: string): string {
  return text
    .toWellFormed()
    .replace(/%[\dA-Fa-f]{2}|[^\w.~:/?@!$'()*,;=-]/gu, (found) =>
      /^%./.test(found) ? found : encodeURIComponent(found),
    );
}

/** What is legal in one segment of a path stays, but for the semicolon, at which some servers end its name. */
export function encodeReservedInPath(text: string): string {
  return text.toWellFormed().replace(/[^\w.~:@!$&'()*+,=-]/gu, encodeURIComponent);
}

/** The value of a parameter that has a media type instead of a style. */
export function toContent(value: unknown, mediaType: string): string | undefined {
  return mediaKind(mediaType) === "json" && value !== undefined ? JSON.stringify(value) : toText(value);
}

/** One text: the styles of paths and headers. */
export function spell(
  name: string,
  value: unknown,
  { style, explode = false }: Spelling,
  encode: Encode,
): string | undefined {
  if (typeof value !== "object" || value === null) {
    const text = toText(value);
    if (text === undefined) return undefined;
    if (style === "label") return `.${encode(text)}`;
    if (style === "matrix") return text === "" ? `;${encode(name)}` : `;${encode(name)}=${encode(text)}`;
    return encode(text);
  }
  const list = expand(value, explode ? "=" : ",", encode);
  if (list.length === 0) return undefined;
  if (style === "label") return `.${list.join(explode ? "." : ",")}`;
  if (style !== "matrix") return list.join(",");
  if (!explode) return `;${encode(name)}=${list.join(",")}`;
  return list.map((item) => (Array.isArray(value) ? `;${encode(name)}=${item}` : `;${item}`)).join("");
}

/** Names and values: the styles of queries, cookies and forms. */
export function spellPairs(
  name: string,
  value: unknown,
  { style = "form", explode }: Spelling,
  encode: Encode,
): Pair[] {
  if (typeof value !== "object" || value === null) {
    const text = toText(value);
    return text === undefined ? [] : [[encode(name), encode(text)]];
  }
  if (style === "deepObject") return deepPairs(name, value, encode);
  if (explode ?? style === "form") {
    if (Array.isArray(value)) return expand(value, "", encode).map((item) => [encode(name), item]);
    return entries(value).map(([key, text]) => [encode(key), encode(text)]);
  }
  const mark = delimiters[style] ?? ",";
  const delimiter = mark === "," ? mark : encode(mark);
  const list = expand(value, delimiter, encode);
  return list.length === 0 ? [] : [[encode(name), list.join(delimiter)]];
}

const delimiters: { readonly [style in ParameterStyle]?: string } = {
  spaceDelimited: " ",
  pipeDelimited: "|",
  tabDelimited: "\t",
};

/** `a[b][0]=c`, to any depth, as servers with nested queries read it. */
export function deepPairs(name: string, value: unknown, encode: Encode): Pair[] {
  if (typeof value !== "object" || value === null) {
    const text = toText(value);
    return text === undefined ? [] : [[encode(name), encode(text)]];
  }
  return Object.entries(value).flatMap(([key, item]) => deepPairs(`${name}[${key}]`, item, encode));
}

/** The elements of an array, or the keys of an object with their values. What is null or undefined is left out. */
function expand(value: object, mark: string, encode: Encode): string[] {
  if (!Array.isArray(value)) return entries(value).map(([key, text]) => `${encode(key)}${mark}${encode(text)}`);
  return value.map(toText).flatMap((text) => (text === undefined ? [] : [encode(text)]));
}

function entries(value: object): Pair[] {
  return Object.entries(value).flatMap(([key, item]): Pair[] => {
    const text = toText(item);
    return text === undefined ? [] : [[key, text]];
  });
}
