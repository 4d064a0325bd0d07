import type { Xml } from "../runtime/types.ts";
import { joinPointer, splitPointer } from "./pointer.ts";
import type { Reading } from "./reading.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** The XML hints of a schema and of all that is in it; the root element is called after its schema where no hint names it. */
export function readXml(raw: unknown, pointer: string, reading: Reading): Xml {
  const { pointer: place } = reading.references.follow(raw, pointer);
  const name = place.startsWith("#/components/schemas/") ? splitPointer(place).at(-1) : undefined;
  return { ...(name !== undefined && { name }), ...hintsOf(raw, pointer, reading, new Set()) };
}

function hintsOf(raw: unknown, pointer: string, reading: Reading, open: ReadonlySet<string>): Xml {
  const { value, pointer: place } = reading.references.follow(raw, pointer);
  if (!isRawObject(value) || open.has(place)) return {};
  const inside = new Set([...open, place]);
  const parts = Array.isArray(value.allOf) ? value.allOf : [];
  const inherited = parts.map((part, index) => hintsOf(part, joinPointer(place, "allOf", index), reading, inside));
  const own = Object.entries(isRawObject(value.properties) ? value.properties : {}).map(
    ([name, property]) => [name, hintsOf(property, joinPointer(place, "properties", name), reading, inside)] as const,
  );
  const telling = [...inherited.flatMap((part) => Object.entries(part.properties ?? {})), ...own].filter(
    ([, hints]) => Object.keys(hints).length > 0,
  );
  const items = value.items === undefined ? {} : hintsOf(value.items, joinPointer(place, "items"), reading, inside);
  return {
    ...(isRawObject(value.xml) && xmlObject(value.xml)),
    ...(telling.length > 0 && { properties: Object.fromEntries(telling) }),
    ...(Object.keys(items).length > 0 && { items }),
  };
}

/** Also as 3.2 writes it, with `nodeType`. */
function xmlObject(raw: RawObject): Xml {
  return {
    ...(typeof raw.name === "string" && { name: raw.name }),
    ...(typeof raw.namespace === "string" && { namespace: raw.namespace }),
    ...(typeof raw.prefix === "string" && { prefix: raw.prefix }),
    ...((raw.attribute === true || raw.nodeType === "attribute") && { attribute: true }),
    ...((raw.wrapped === true || raw.nodeType === "element") && { wrapped: true }),
  };
}
