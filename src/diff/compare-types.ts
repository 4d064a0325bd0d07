import type { SchemaChange } from "./compare-schemas.ts";
import { fits } from "./fits.ts";
import { isValue, type Kind } from "./kinds.ts";
import type { Definitions } from "./natural.ts";

/** Kinds by what tells them apart. */
type Kinds = ReadonlyMap<string, Kind>;

/** Which kinds a value may be of now, or no more. null is told by `nullChange`. */
export function compareTypes(was: Kinds, is: Kinds, path: string, old: Definitions, next: Definitions): SchemaChange[] {
  const [before, after] = [[...was.values()], [...is.values()]];
  const gone = [...was].filter(([label]) => !is.has(label) && label !== "null");
  const come = [...is].filter(([label]) => !was.has(label) && label !== "null");
  if (gone.length === 0 && come.length === 0) return [];
  const isWritable = gone.every(([, kind]) => fits(kind, old, after, next, "write"));
  const isReadable = come.every(([, kind]) => fits(kind, next, before, old, "read"));
  const lost: SchemaChange = { path, kind: "lost", was: labelsText(gone), isWritable };
  const gained: SchemaChange = { path, kind: "gained", is: labelsText(come), isReadable };
  const both = { path, was: alternatives(was), is: alternatives(is) };
  if (is.has("anything") && !was.has("anything")) return [{ ...both, kind: "widened" }];
  if (was.has("anything") && !is.has("anything")) return [{ ...both, kind: "narrowed" }];
  if (gone.length === 0) return [gained];
  if (come.length === 0) return [lost];
  if (gone.length < before.filter(({ schema }) => isValue(schema)).length) return [lost, gained];
  if (isWritable && isReadable) return sameInTypeScript(both);
  return [{ ...both, kind: isWritable ? "widened" : isReadable ? "narrowed" : "replaced" }];
}

/** Of several that have neither name nor tag. */
const nth = /^(.*) \(\d+\)$/;

function labelsText(kinds: readonly (readonly [label: string, kind: Kind])[]): string {
  return list([...new Set(kinds.map(([label, kind]) => kindText(label, kind).replace(nth, "another $1")))]);
}

function alternatives(kinds: ReadonlyMap<string, Kind>): string {
  const texts = [...kinds].filter(([label]) => label !== "null").map(([label, kind]) => kindText(label, kind));
  return texts.length === 0 ? "null" : texts.length > shownValues ? list(texts) : texts.join(" or ");
}

function kindText(label: string, { schema }: Kind): string {
  return label === "enum" && Array.isArray(schema.enum) ? `one of ${list(schema.enum.map(valueText))}` : label;
}

/** Whole numbers and others; objects with other names or tags. */
function sameInTypeScript({ path, was, is }: { path: string; was: string; is: string }): SchemaChange[] {
  const text = `${was} → ${is}`;
  if (was === "integer" && is === "number") return [{ path, kind: "loosened", is: text }];
  if (was === "number" && is === "integer") return [{ path, kind: "tightened", is: text }];
  return [];
}

export function nullChange(was: boolean, is: boolean, path: string): SchemaChange[] {
  if (was === is) return [];
  return [is ? { path, kind: "gained", is: "null" } : { path, kind: "lost", was: "null" }];
}

export function compareEnums(old: readonly unknown[], next: readonly unknown[], path: string): SchemaChange[] {
  const gone = old.filter((value) => !next.includes(value));
  const come = next.filter((value) => !old.includes(value));
  return [
    ...(gone.length > 0 ? [{ path, kind: "lost" as const, was: list(gone.map(valueText)) }] : []),
    ...(come.length > 0 ? [{ path, kind: "gained" as const, is: list(come.map(valueText)) }] : []),
  ];
}

/** A value that could be taken for a type, or for several values, is quoted. */
function valueText(value: unknown): string {
  const text = String(value);
  const isClear = /^[^\s,]+$/.test(text) && !/^(string|number|integer|boolean|null|object|array|anything)$/.test(text);
  return isClear || typeof value !== "string" ? text : JSON.stringify(text);
}

const shownValues = 8;

function list(values: readonly string[]): string {
  const shown = values.slice(0, shownValues).join(", ");
  return values.length > shownValues ? `${shown} and ${values.length - shownValues} more` : shown;
}
