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
    | "type"
    | "enum-added"
    | "enum-removed"
    | "narrowed"
    | "widened";
  /** Of something added: whether it must be there. */
  readonly isRequired?: boolean;
  /** The type or the rule before and after, or the values. */
  readonly detail?: string;
}

/** What differs between two schemas, from the outside in. What both refer to is compared where it is met first. */
export function compareSchemas(old: Natural, next: Natural): SchemaChange[] {
  const met = new Set<string>();
  return compare(old.schema, next.schema, "");

  function compare(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    if (typeof a.$ref === "string" && typeof b.$ref === "string") {
      const key = `${a.$ref} ${b.$ref}`;
      if (met.has(key)) return [];
      met.add(key);
      return compare(old.resolve(a.$ref), next.resolve(b.$ref), nameOf(b.$ref));
    }
    const [before, after] = [flatten(a, old), flatten(b, next)];
    const [was, is] = [typesText(before.filter(isValue)), typesText(after.filter(isValue))];
    if (was !== is) return [typeChange(path, `${was} → ${is}`)];
    const [wasNull, isNull] = [before.some(isNullType), after.some(isNullType)];
    const nullChange = wasNull === isNull ? [] : [typeChange(path, isNull ? nowNull : neverNull)];
    return [...nullChange, ...compareBranches(a, b, path)];
  }

  /** Branch by branch, by their names where they have some. */
  function compareBranches(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    const [named, nextNamed] = [branchesOf(a).filter(isValue), branchesOf(b).filter(isValue)];
    const isSplit = named.length > 1 || [...named, ...nextNamed].every(({ $ref }) => $ref !== undefined);
    if (isSplit && named.length === nextNamed.length)
      return named.flatMap((branch, index) => compare(branch, nextNamed[index] ?? branch, path));
    const [plain, nextPlain] = [flatten(a, old).filter(isValue), flatten(b, next).filter(isValue)];
    return plain.flatMap((branch, index) => compareOne(branch, nextPlain[index] ?? branch, path));
  }

  function compareOne(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
    if (Array.isArray(a.enum) && Array.isArray(b.enum)) return compareValues(a.enum, b.enum, path);
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
    return [...own, ...compare(schemaAt(a.additionalProperties), schemaAt(b.additionalProperties), rest)];
  }
}

export const nowNull = "null is possible now";
export const neverNull = "null is not possible any more";

function compareValues(old: readonly unknown[], next: readonly unknown[], path: string): SchemaChange[] {
  const gone = old.filter((value) => !next.includes(value));
  const come = next.filter((value) => !old.includes(value));
  return [
    ...(gone.length > 0 ? [{ path, kind: "enum-removed" as const, detail: list(gone) }] : []),
    ...(come.length > 0 ? [{ path, kind: "enum-added" as const, detail: list(come) }] : []),
  ];
}

const least = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const most = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];

/** Keywords that say which values of its type a schema takes. */
export const ruleKeywords = [...least, ...most, "multipleOf", "pattern", "format"] as const;

function compareRules(old: JsonSchema, next: JsonSchema, path: string): SchemaChange[] {
  return ruleKeywords.flatMap((keyword) => {
    const [was, is] = [old[keyword], next[keyword]];
    if (was === is) return [];
    const isWider = is === undefined || (was !== undefined && isWithin(keyword, was, is));
    return { path, kind: isWider ? "widened" : "narrowed", detail: `${keyword} ${was ?? "none"} → ${is ?? "none"}` };
  });
}

/** Whether all that one bound allows the other allows too. */
function isWithin(keyword: string, bound: unknown, other: unknown): boolean {
  if (least.includes(keyword)) return Number(other) <= Number(bound);
  return most.includes(keyword) && Number(other) >= Number(bound);
}

/** The rules among the keywords of a schema. */
export function rulesOf(schema: { readonly [keyword: string]: unknown }): JsonSchema {
  const given = ruleKeywords.filter((keyword) => schema[keyword] !== undefined);
  return Object.fromEntries(given.map((keyword) => [keyword, schema[keyword]]));
}

function typeChange(path: string, detail: string): SchemaChange {
  return { path, kind: "type", detail };
}

/** The document's name for what a reference leads to. */
function nameOf(reference: string): string {
  return splitPointer(reference).at(-1) ?? reference;
}

/** The alternatives of a schema. */
function branchesOf(schema: JsonSchema): JsonSchema[] {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.flatMap(branchesOf);
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  return [schema];
}

/** The same, with references followed. */
function flatten(schema: JsonSchema, natural: Natural, steps = 0): JsonSchema[] {
  return branchesOf(schema).flatMap((branch) => {
    if (typeof branch.$ref !== "string") return [branch];
    return steps > 50 ? [] : flatten(natural.resolve(branch.$ref), natural, steps + 1);
  });
}

function isNullType({ type }: JsonSchema): boolean {
  return type === "null";
}

function isValue(schema: JsonSchema): boolean {
  return !isNullType(schema);
}

function typesText(branches: readonly JsonSchema[]): string {
  const texts = branches.map(({ type, enum: values }) =>
    Array.isArray(values) ? "enum" : typeof type === "string" ? type : "anything",
  );
  if (texts.length === 0) return "null";
  const counts = Map.groupBy(texts, (text) => text);
  return [...counts].map(([text, { length }]) => (length === 1 ? text : `${length} kinds of ${text}`)).join(" or ");
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
