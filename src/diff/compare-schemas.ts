import { splitPointer } from "../compiler/pointer.ts";
import type { JsonSchema } from "../runtime/types.ts";
import type { Natural } from "./natural.ts";

/** One difference between two schemas. */
export interface SchemaChange {
  /** Its place: `items[].sku`. In a schema that has a name it begins with that: `Item.sku`. */
  readonly path: string;
  readonly kind:
    | "added"
    | "removed"
    | "required"
    | "optional"
    /** Types, enum values or null that are possible now, or are not any more. */
    | "gained"
    | "lost"
    /** One type in the place of another, of which it is a part or which is a part of it, or neither. */
    | "widened"
    | "narrowed"
    | "replaced"
    /** Rules that TypeScript does not see. */
    | "loosened"
    | "tightened"
    | "default"
    | "words";
  /** Of something added: whether it must be there. */
  readonly isRequired?: boolean;
  /** What it was, and what it is; of what was gained and lost the one or the other. */
  readonly was?: string;
  readonly is?: string;
}

/** What differs between two schemas, from the outside in. What both refer to is compared where it is met first. */
export function compareSchemas(old: Natural, next: Natural): SchemaChange[] {
  const met = new Set<string>();
  return compare(old.schema, next.schema, "");

  function compare(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    return [...compareNotes(a, b, path), ...compareValues(a, b, path)];
  }

  function compareValues(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    if (typeof a.$ref === "string" && typeof b.$ref === "string") {
      const key = `${a.$ref} ${b.$ref}`;
      if (met.has(key)) return [];
      met.add(key);
      return compare(old.resolve(a.$ref), next.resolve(b.$ref), nameOf(b.$ref));
    }
    const [plain, nextPlain] = [branchesOf(a).filter(isValue), branchesOf(b).filter(isValue)];
    const [only, nextOnly] = [plain[0] ?? {}, nextPlain[0] ?? {}];
    if (plain.length === 1 && nextPlain.length === 1 && only.$ref !== undefined && nextOnly.$ref !== undefined) {
      const wasNull = branchesOf(a).length > 1;
      return [...nullChange(wasNull, branchesOf(b).length > 1, path), ...compare(only, nextOnly, path)];
    }
    return compareKinds(kindsOf(a, old), kindsOf(b, next), path);
  }

  /** Alternatives of one type are told apart by their names. */
  function compareKinds(before: readonly Kind[], after: readonly Kind[], path: string): SchemaChange[] {
    const [was, is] = [labelled(before, after), labelled(after, before)];
    const gone = [...was.keys()].filter((label) => !is.has(label) && label !== "null");
    const come = [...is.keys()].filter((label) => !was.has(label) && label !== "null");
    const inner = [...was].flatMap(([label, kind]) => {
      const other = is.get(label);
      return other === undefined ? [] : compareKind(kind, other, path);
    });
    return [
      ...nullChange(was.has("null"), is.has("null"), path),
      ...compareTypes(gone, come, [...was.keys()], [...is.keys()], path),
      ...inner,
    ];
  }

  function compareKind(a: Kind, b: Kind, path: string): SchemaChange[] {
    if (a.name === undefined || b.name === undefined || a.name !== b.name || a.name === path)
      return compareOne(a.schema, b.schema, path);
    const key = `${a.reference} ${b.reference}`;
    if (met.has(key)) return [];
    met.add(key);
    return compareOne(a.schema, b.schema, a.name);
  }

  function compareOne(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    if (Array.isArray(a.enum) && Array.isArray(b.enum)) return compareEnums(a.enum, b.enum, path);
    if (a.type === "object" && b.type === "object") return compareObjects(a, b, path);
    const rules = compareRules(a, b, path);
    if (a.type !== "array" || b.type !== "array") return rules;
    return [...rules, ...compare(schemaAt(a.items), schemaAt(b.items), `${path}[]`)];
  }

  function compareObjects(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    const [before, after] = [propertiesOf(a), propertiesOf(b)];
    const [needed, needs] = [requiredOf(a), requiredOf(b)];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const own = names.flatMap((name): SchemaChange[] => {
      const at = path === "" ? name : `${path}.${name}`;
      const [was, is] = [get(before, name), get(after, name)];
      if (was === undefined) return [{ path: at, kind: "added", isRequired: needs.has(name) }];
      if (is === undefined) return [{ path: at, kind: "removed" }];
      const inner = compare(was, is, at);
      if (needed.has(name) === needs.has(name)) return inner;
      return [{ path: at, kind: needs.has(name) ? "required" : "optional" }, ...inner];
    });
    const rest = path === "" ? "*" : `${path}.*`;
    const [was, is] = [a.additionalProperties, b.additionalProperties];
    if (was === undefined && is === undefined) return own;
    if (was === undefined) return [...own, { path: rest, kind: "added" }];
    if (is === undefined) return [...own, { path: rest, kind: "removed" }];
    return [...own, ...compare(schemaAt(was), schemaAt(is), rest)];
  }
}

// ------------------------------------------------------------ types

/** One of the things that a value may be: a type, or a schema of that type with a name. */
interface Kind {
  readonly schema: JsonSchema;
  readonly name?: string;
  readonly reference?: string;
}

/** The alternatives of a schema. */
function branchesOf(schema: JsonSchema): JsonSchema[] {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.flatMap(branchesOf);
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  return [schema];
}

/** The same, with references followed. */
function kindsOf(schema: JsonSchema, natural: Natural, from?: string, steps = 0): Kind[] {
  const branches = branchesOf(schema);
  return branches.flatMap((branch): Kind[] => {
    if (typeof branch.$ref === "string")
      return steps > 50 ? [] : kindsOf(natural.resolve(branch.$ref), natural, branch.$ref, steps + 1);
    const isNamed = from !== undefined && branches.filter(isValue).length === 1;
    return [isNamed ? { schema: branch, name: nameOf(from), reference: from } : { schema: branch }];
  });
}

function labelled(kinds: readonly Kind[], others: readonly Kind[]): ReadonlyMap<string, Kind> {
  const count = (all: readonly Kind[], type: string) => all.filter(({ schema }) => typeOf(schema) === type).length;
  const labels = new Map<string, Kind>();
  for (const kind of kinds) {
    const type = typeOf(kind.schema);
    const isOne = count(kinds, type) === 1 && count(others, type) <= 1;
    const base = isOne ? type : (kind.name ?? tagOf(kind.schema) ?? type);
    let label = base;
    for (let number = 2; labels.has(label); number++) label = `${base} (${number})`;
    labels.set(label, kind);
  }
  return labels;
}

/** What tells an object from the others beside it: a property with one value. */
function tagOf(schema: JsonSchema): string | undefined {
  const tag = Object.entries(propertiesOf(schema)).find(
    ([, { enum: values }]) => Array.isArray(values) && values.length === 1,
  );
  return tag && `an object of ${tag[0]} ${(tag[1].enum as readonly unknown[])[0]}`;
}

function typeOf({ type, enum: values }: JsonSchema): string {
  if (Array.isArray(values)) return "enum";
  return typeof type === "string" ? type : "anything";
}

/** Of several that have neither name nor tag. */
const nth = /^(.*) \(\d+\)$/;

const containing: readonly (readonly [wide: string, narrow: string])[] = [
  ["number", "integer"],
  ["string", "enum"],
];

function compareTypes(
  gone: readonly string[],
  come: readonly string[],
  before: readonly string[],
  after: readonly string[],
  path: string,
): SchemaChange[] {
  if (gone.length === 0 && come.length === 0) return [];
  const text = (labels: readonly string[]) => labels.filter((label) => label !== "null").join(" or ") || "null";
  const both = { path, was: text(before), is: text(after) };
  if (after.includes("anything")) return [{ ...both, kind: "widened" }];
  if (before.includes("anything")) return [{ ...both, kind: "narrowed" }];
  const named = (labels: readonly string[]) =>
    list([...new Set(labels.map((label) => label.replace(nth, "another $1")))]);
  if (gone.length === 0) return [{ path, kind: "gained", is: named(come) }];
  if (come.length === 0) return [{ path, kind: "lost", was: named(gone) }];
  const [was, is] = [gone.join(), come.join()];
  if (was === "integer" && is === "number") return [{ path, kind: "loosened", was, is }];
  if (was === "number" && is === "integer") return [{ path, kind: "tightened", was, is }];
  if (containing.some(([wide, narrow]) => wide === is && narrow === was)) return [{ ...both, kind: "widened" }];
  if (containing.some(([wide, narrow]) => wide === was && narrow === is)) return [{ ...both, kind: "narrowed" }];
  return [{ ...both, kind: "replaced" }];
}

function nullChange(was: boolean, is: boolean, path: string): SchemaChange[] {
  if (was === is) return [];
  return [is ? { path, kind: "gained", is: "null" } : { path, kind: "lost", was: "null" }];
}

function compareEnums(old: readonly unknown[], next: readonly unknown[], path: string): SchemaChange[] {
  const gone = old.filter((value) => !next.includes(value));
  const come = next.filter((value) => !old.includes(value));
  return [
    ...(gone.length > 0 ? [{ path, kind: "lost" as const, was: list(gone) }] : []),
    ...(come.length > 0 ? [{ path, kind: "gained" as const, is: list(come) }] : []),
  ];
}

// ------------------------------------------------------------ rules, defaults, words

const least = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const most = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];

/** Keywords that say which values of its type a schema takes. */
export const ruleKeywords = [...least, ...most, "multipleOf", "pattern", "format"] as const;

function compareRules(old: JsonSchema, next: JsonSchema, path: string): SchemaChange[] {
  return ruleKeywords.flatMap((keyword): SchemaChange[] => {
    const [was, is] = [old[keyword], next[keyword]];
    if (was === is) return [];
    const isLooser = is === undefined || (was !== undefined && isWithin(keyword, was, is));
    if ([was, is].every((value) => value === undefined || isSize(value))) return [];
    const text = (value: unknown) => (value === undefined ? "none" : String(value));
    return [{ path, kind: isLooser ? "loosened" : "tightened", was: `${keyword} ${text(was)}`, is: text(is) }];
  });
}

/** Whether all that one bound allows the other allows too. */
function isWithin(keyword: string, bound: unknown, other: unknown): boolean {
  if (least.includes(keyword)) return Number(other) <= Number(bound);
  return most.includes(keyword) && Number(other) >= Number(bound);
}

/** Formats that tell how a number is kept, which nobody who writes one feels. */
function isSize(format: unknown): boolean {
  return typeof format === "string" && /^(u?int(8|16|32|64)|float|double|decimal)$/.test(format);
}

/** The rules among the keywords of a schema. */
export function rulesOf(schema: { readonly [keyword: string]: unknown }): JsonSchema {
  const given = ruleKeywords.filter((keyword) => schema[keyword] !== undefined);
  return Object.fromEntries(given.map((keyword) => [keyword, schema[keyword]]));
}

function compareNotes(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
  const changes: SchemaChange[] = [];
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value ?? "none"));
  const [was, is] = [text(a.default), text(b.default)];
  if (was !== is) changes.push({ path, kind: "default", was, is });
  if (path !== "" && a.description !== b.description) {
    changes.push({ path, kind: "words", was: String(a.description ?? ""), is: String(b.description ?? "") });
  }
  return changes;
}

// ------------------------------------------------------------ reading

/** The document's name for what a reference leads to. */
function nameOf(reference: string): string {
  return splitPointer(reference).at(-1) ?? reference;
}

function isValue({ type }: JsonSchema): boolean {
  return type !== "null";
}

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).map(String).join(", ");
  return values.length > 8 ? `${shown} and ${values.length - 8} more` : shown;
}

function propertiesOf({ properties }: JsonSchema): { readonly [name: string]: JsonSchema } {
  return schemaAt(properties) as { readonly [name: string]: JsonSchema };
}

function requiredOf({ required }: JsonSchema): ReadonlySet<unknown> {
  return new Set(Array.isArray(required) ? required : []);
}

function get(properties: { readonly [name: string]: JsonSchema }, name: string): JsonSchema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function schemaAt(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}
