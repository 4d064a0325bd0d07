import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { own } from "./own.ts";
import { toText } from "./serialize.ts";
import type { Xml } from "./types.ts";

/** Bodies of XML. */
export const xmlBody: Features = {
  xml: (value = {}, { mediaType, xml = {} }) => ({
    content: typeof value === "string" ? value : writeXml(value, xml),
    type: mediaType,
  }),
};

/** A value as an XML document, by OpenAPI's hints. Throws `InvalidArgumentsError` for a key that is no XML name. */
function writeXml(value: unknown, hints: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(hints.name ?? "root", value, hints, true)}`;
}

/** One element; of an array, one for each item, within one of their own where `wrapped`. */
function element(name: string, value: unknown, hints: Xml, isWrapped = hints.wrapped): string {
  if (value === undefined || value === null) return "";
  if (!Array.isArray(value)) return tag(name, hints, attributes(value, hints), children(value, hints));
  const items = hints.items ?? {};
  const elements = value.map((item) => element(items.name ?? name, item, items)).join("");
  return isWrapped ? tag(name, hints, "", elements) : elements;
}

function tag(name: string, { prefix, namespace }: Xml, attributes: string, content: string): string {
  const full = xmlName(name, prefix);
  const declaration = prefix === undefined ? "xmlns" : xmlName(prefix, "xmlns");
  const declared = namespace === undefined ? "" : ` ${declaration}="${escapeXml(namespace)}"`;
  return `<${full}${declared}${attributes}>${content}</${full}>`;
}

function attributes(value: unknown, hints: Xml): string {
  return fields(value, hints)
    .filter(([, item, { attribute }]) => attribute && item !== undefined && item !== null)
    .map(([name, item, { prefix }]) => ` ${xmlName(name, prefix)}="${escapeXml(toText(item) ?? "")}"`)
    .join("");
}

function children(value: unknown, hints: Xml): string {
  if (typeof value !== "object" || value === null) return escapeXml(toText(value) ?? "");
  return fields(value, hints)
    .filter(([, , { attribute }]) => !attribute)
    .map(([name, item, itemHints]) => element(name, item, itemHints))
    .join("");
}

/** The properties of an object, with their names in XML. */
function fields(value: unknown, { properties = {} }: Xml): [name: string, value: unknown, hints: Xml][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, item]) => {
    const hints = own(properties, key) ?? {};
    // The name of an array that is not wrapped counts for nothing.
    return [Array.isArray(item) && !hints.wrapped ? key : (hints.name ?? key), item, hints];
  });
}

function xmlName(local: string, prefix?: string): string {
  const name = prefix === undefined ? local : `${prefix}:${local}`;
  if (/^[\p{L}_][\p{L}\p{N}._-]*(?::[\p{L}_][\p{L}\p{N}._-]*)?$/u.test(name)) return name;
  throw new InvalidArgumentsError("", `${JSON.stringify(name)} cannot be a name in XML`);
}

/** Control characters that XML 1.0 cannot hold become U+FFFD; white space keeps its kind in attributes too. */
function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
  );
}
