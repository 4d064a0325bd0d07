import { splitPointer } from "../compiler/pointer.ts";
import type { JsonSchema } from "../runtime/types.ts";
import type { Definitions } from "./natural.ts";

/** One of the things that a value may be: a type, or a schema of that type with a name. References in it are followed. */
export interface Kind {
  readonly schema: JsonSchema;
  readonly name?: string;
  readonly reference?: string;
}

/** The alternatives of a schema. */
export function branchesOf(schema: JsonSchema): JsonSchema[] {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.flatMap(branchesOf);
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  return [schema];
}

/** What a value of a schema may be. */
export function kindsOf(schema: JsonSchema, definitions: Definitions, from?: string, steps = 0): Kind[] {
  const branches = branchesOf(schema);
  return branches.flatMap((branch): Kind[] => {
    if (typeof branch.$ref === "string")
      return steps > 50 ? [] : kindsOf(definitions.resolve(branch.$ref), definitions, branch.$ref, steps + 1);
    const isNamed = from !== undefined && branches.filter(isValue).length === 1;
    return [isNamed ? { schema: branch, name: nameOf(from), reference: from } : { schema: branch }];
  });
}

/** Kinds by what tells them apart: those that are alone of their type by that, others by their names. */
export function labelled(kinds: readonly Kind[], others: readonly Kind[]): ReadonlyMap<string, Kind> {
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

export function typeOf({ type, enum: values, prefixItems }: JsonSchema): string {
  if (Array.isArray(values)) return "enum";
  if (Array.isArray(prefixItems)) return `list of ${prefixItems.length}`;
  return typeof type === "string" ? type : "anything";
}

/** The document's name for what a reference leads to. */
export function nameOf(reference: string): string {
  return splitPointer(reference).at(-1) ?? reference;
}

export function isValue({ type }: JsonSchema): boolean {
  return type !== "null";
}

export function propertiesOf({ properties }: JsonSchema): { readonly [name: string]: JsonSchema } {
  return schemaAt(properties) as { readonly [name: string]: JsonSchema };
}

export function requiredOf({ required }: JsonSchema): ReadonlySet<unknown> {
  return new Set(Array.isArray(required) ? required : []);
}

export function get<T>(map: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

export function schemaAt(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}

/** What keys that are not declared hold as code sees it: TypeScript says it only where all that are declared hold the same. */
export function restOf(schema: JsonSchema): JsonSchema | undefined {
  const { additionalProperties } = schema;
  if (additionalProperties === undefined) return undefined;
  const text = shapeText(schemaAt(additionalProperties));
  const isSame = Object.values(propertiesOf(schema)).every((property) => shapeText(property) === text);
  return isSame ? schemaAt(additionalProperties) : {};
}

const notes = new Set(["description", "default", "examples", "deprecated"]);

function shapeText(schema: JsonSchema): string {
  return JSON.stringify(schema, (key, value) => (notes.has(key) ? undefined : value));
}
