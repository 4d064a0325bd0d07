import type { JsonSchema } from "../runtime/types.ts";

/** One difference between two schemas, at a place in them: `items[].sku`. */
export interface SchemaChange {
  readonly path: string;
  readonly kind: "added" | "removed" | "required" | "optional" | "type" | "enum-added" | "enum-removed";
  /** Of something added: whether it must be there. */
  readonly isRequired?: boolean;
  /** The type before and after, or the values. */
  readonly detail?: string;
}

/** What differs between two schemas without references, from the outside in. */
export function compareSchemas(old: JsonSchema, next: JsonSchema, path = ""): SchemaChange[] {
  if (JSON.stringify(old) === JSON.stringify(next)) return [];
  const [before, after] = [split(old), split(next)];
  const nullChanges: SchemaChange[] =
    before.isNullable === after.isNullable
      ? []
      : [{ path, kind: "type", detail: after.isNullable ? "null is possible now" : "null is not possible any more" }];
  if (before.branches.length !== 1 || after.branches.length !== 1) {
    const [a, b] = [typeText(old), typeText(next)];
    return a === b ? compareBranches(before.branches, after.branches, path) : [...nullChanges, changed(path, a, b)];
  }
  return [...nullChanges, ...compareOne(before.branches[0] ?? {}, after.branches[0] ?? {}, path)];
}

function compareBranches(old: readonly JsonSchema[], next: readonly JsonSchema[], path: string): SchemaChange[] {
  return old.flatMap((branch, index) => compareOne(branch, next[index] ?? branch, path));
}

function compareOne(old: JsonSchema, next: JsonSchema, path: string): SchemaChange[] {
  if (Array.isArray(old.enum) && Array.isArray(next.enum)) return compareValues(old.enum, next.enum, path);
  const [a, b] = [typeText(old), typeText(next)];
  if (old.type === "object" && next.type === "object") return compareObjects(old, next, path);
  if (old.type === "array" && next.type === "array") {
    return compareSchemas((old.items ?? {}) as JsonSchema, (next.items ?? {}) as JsonSchema, `${path}[]`);
  }
  return a === b ? [] : [changed(path, a, b)];
}

function compareObjects(old: JsonSchema, next: JsonSchema, path: string): SchemaChange[] {
  const [before, after] = [propertiesOf(old), propertiesOf(next)];
  const [needed, needs] = [requiredOf(old), requiredOf(next)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const own = names.flatMap((name): SchemaChange[] => {
    const at = path === "" ? name : `${path}.${name}`;
    const [a, b] = [get(before, name), get(after, name)];
    if (a === undefined) return [{ path: at, kind: "added", isRequired: needs.has(name) }];
    if (b === undefined) return [{ path: at, kind: "removed" }];
    const inner = compareSchemas(a, b, at);
    if (needed.has(name) === needs.has(name)) return inner;
    return [{ path: at, kind: needs.has(name) ? "required" : "optional" }, ...inner];
  });
  const [rest, nextRest] = [old.additionalProperties, next.additionalProperties];
  if (!isSchema(rest) || !isSchema(nextRest)) return own;
  return [...own, ...compareSchemas(rest, nextRest, path === "" ? "*" : `${path}.*`)];
}

function compareValues(old: readonly unknown[], next: readonly unknown[], path: string): SchemaChange[] {
  const gone = old.filter((value) => !next.includes(value));
  const come = next.filter((value) => !old.includes(value));
  return [
    ...(gone.length > 0 ? [{ path, kind: "enum-removed" as const, detail: list(gone) }] : []),
    ...(come.length > 0 ? [{ path, kind: "enum-added" as const, detail: list(come) }] : []),
  ];
}

function changed(path: string, old: string, next: string): SchemaChange {
  return { path, kind: "type", detail: `${old} → ${next}` };
}

/** The branches of a schema without null. */
function split(schema: JsonSchema): { branches: JsonSchema[]; isNullable: boolean } {
  const branches = (Array.isArray(schema.anyOf) ? schema.anyOf : [schema]).flatMap((branch: JsonSchema) =>
    Array.isArray(branch.anyOf) ? branch.anyOf : Array.isArray(branch.type) ? spread(branch) : [branch],
  );
  const others = branches.filter(({ type }: JsonSchema) => type !== "null");
  return { branches: others, isNullable: others.length < branches.length };
}

function spread(schema: JsonSchema): JsonSchema[] {
  return (schema.type as string[]).map((type) => ({ ...schema, type }));
}

function typeText(schema: JsonSchema): string {
  const { branches } = split(schema);
  const texts = branches.map(({ type, enum: values, items }): string => {
    if (Array.isArray(values)) return "enum";
    if (type === "array") return `array of ${typeText((items ?? {}) as JsonSchema)}`;
    return typeof type === "string" ? type : "anything";
  });
  return texts.length === 0 ? "null" : [...new Set(texts)].join(" or ");
}

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).map(String).join(", ");
  return values.length > 8 ? `${shown} and ${values.length - 8} more` : shown;
}

function propertiesOf({ properties }: JsonSchema): { readonly [name: string]: JsonSchema } {
  return isSchema(properties) ? (properties as { [name: string]: JsonSchema }) : {};
}

function requiredOf({ required }: JsonSchema): ReadonlySet<unknown> {
  return new Set(Array.isArray(required) ? required : []);
}

function get(properties: { readonly [name: string]: JsonSchema }, name: string): JsonSchema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
