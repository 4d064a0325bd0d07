import type { Codec, CodecNode, JsonSchema } from "../runtime/types.ts";
import type { ObjectSchema, Schema, UnionSchema } from "./api.ts";
import {
  closedObject,
  enumOf,
  type FirstKey,
  isIdentity,
  type Lowered,
  type Lowering,
  shorten,
  strictKeys,
  withOrigin,
} from "./strict.ts";

/**
 * A union as an `anyOf` whose branches are told apart by their JSON type, and objects by their first key: by the value of
 * a tag, or by a key that only this branch has. Branches that nothing tells apart are wrapped into an object of one key.
 */
export function lowerUnion(union: UnionSchema, lowering: Lowering): Lowered {
  const objects = union.branches.filter((branch) => isPlainObject(branch, lowering));
  const firstKeys = firstKeysOf(union, objects, lowering);
  const branches = union.branches.map((schema, index) => {
    const lowered = lowering.lower(schema, "", firstKeys?.get(schema));
    const isWrapped = firstKeys === undefined && objects.includes(schema);
    return { lowered, isWrapped, name: branchName(schema, index, lowering), kind: kindOf(lowered, schema, lowering) };
  });
  const settled = settle(branches);
  const scalars = settled
    .filter(({ kind, isWrapped }) => !isWrapped && kind === "scalar")
    .map(({ lowered }) => lowered);
  const others = settled.filter(({ kind, isWrapped }) => isWrapped || kind !== "scalar");
  const taken = new Set(
    others.flatMap(({ lowered }) =>
      lowering.objectBranches(lowered.schema).flatMap(({ properties }) => Object.keys(properties as object)),
    ),
  );
  const names = strictKeys(
    distinctNames(
      others.map(({ name }) => name),
      taken,
    ),
  );
  const all: Lowered[] = [
    ...joinScalars(scalars),
    ...others.map(({ lowered, isWrapped }, index) =>
      isWrapped ? wrap(lowered, names[index] as string, union) : lowered,
    ),
  ];
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  const codecs: Codec[] = all.map(({ codec }) => shorten(codec));
  const codec: CodecNode = all.every(({ codec: each }) => isIdentity(each)) ? {} : { anyOf: codecs };
  return { schema: { anyOf: all.map(({ schema }) => schema) }, codec };
}

interface Branch {
  readonly lowered: Lowered;
  readonly isWrapped: boolean;
  readonly name: string;
  readonly kind: Kind;
}

/** What decides whether a value belongs to a branch. */
type Kind = "scalar" | "array" | "object" | "opaque";

function kindOf({ schema, codec }: Lowered, origin: Schema, lowering: Lowering): Kind {
  const type = schema.type;
  if (type === "object") return codec.as === undefined ? "object" : "opaque";
  if (type === "array") return "array";
  if (typeof type === "string") return codec.as === undefined && codec.rules === undefined ? "scalar" : "opaque";
  return isPlainObject(origin, lowering) ? "object" : "opaque";
}

/** Of arrays, and of spellings such as JSON text, there is room for one; several are wrapped. */
function settle(branches: readonly Branch[]): readonly Branch[] {
  const count = (kind: Kind) => branches.filter((branch) => branch.kind === kind).length;
  const hasManyArrays = count("array") > 1;
  return branches.map((branch) => {
    if (branch.kind === "opaque") return { ...branch, isWrapped: branch.isWrapped || branches.length > 1 };
    return branch.kind === "array" && hasManyArrays ? { ...branch, isWrapped: true } : branch;
  });
}

function wrap({ schema, codec }: Lowered, key: string, union: UnionSchema): Lowered {
  return {
    schema: withOrigin(closedObject([[key, schema]]), union),
    codec: { as: "wrapper", ...(!isIdentity(codec) && { properties: { [key]: shorten(codec) } }) },
  };
}

function branchName(schema: Schema, index: number, lowering: Lowering): string {
  if (schema.kind === "ref") return lowering.nameOf(schema.target);
  const { kind } = schema;
  return kind === "object" || kind === "union" || kind === "any" ? `option_${index + 1}` : kind;
}

/** Names that differ from each other, and from the keys of the branches beside them. */
function distinctNames(names: readonly string[], taken: ReadonlySet<string>): string[] {
  const used = new Set(taken);
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; used.has(distinct); count++) distinct = `${name}_${count}`;
    used.add(distinct);
    return distinct;
  });
}

// ------------------------------------------------------------ scalars

/** Scalars of one type become one branch: enums are united, and what a rule of one would forbid to another is let go. */
function joinScalars(scalars: readonly Lowered[]): Lowered[] {
  const schemas = scalars.map(({ schema }) => schema);
  const hasNumber = schemas.some(({ type }) => type === "number");
  const typeOf = ({ type }: JsonSchema) => (type === "integer" && hasNumber ? "number" : type);
  const types = [...new Set(schemas.map(typeOf))];
  const joined = types.map((type) =>
    joinOfType(
      schemas.filter((schema) => typeOf(schema) === type),
      type as string,
    ),
  );
  const isBare = joined.every((schema) => Object.keys(schema).every((key) => key === "type"));
  if (joined.length > 1 && isBare) return [{ schema: { type: types }, codec: {} }];
  return joined.map((schema) => ({ schema, codec: {} }));
}

function joinOfType(schemas: readonly JsonSchema[], type: string): JsonSchema {
  const [only] = schemas;
  if (schemas.length === 1 && only !== undefined) return only;
  const descriptions = [...new Set(schemas.map(({ description }) => description).filter((text) => text !== undefined))];
  const description = descriptions.length > 0 ? { description: descriptions.join("; or ") } : {};
  if (schemas.every((schema) => Array.isArray(schema.enum))) {
    const values = schemas.flatMap((schema) => schema.enum as (string | number | boolean)[]);
    return { ...enumOf([...new Set(values)]), ...description };
  }
  const listed = schemas.flatMap((schema) => (Array.isArray(schema.enum) ? schema.enum : []));
  const hint =
    listed.length > 0 && descriptions.length === 0
      ? { description: `e.g. ${listed.slice(0, 20).join(", ")}` }
      : description;
  return { type, ...hint };
}

// ------------------------------------------------------------ objects

/** Whether a branch is lowered to one object. */
function isPlainObject(schema: Schema, lowering: Lowering): boolean {
  const resolved = lowering.resolve(schema);
  return resolved.kind === "object" && propertiesOf(resolved).length > 0 && !lowering.isCut(schema);
}

function propertiesOf(schema: ObjectSchema): ObjectSchema["properties"] {
  return schema.properties.filter((property) => !property.readOnly);
}

type Tag = string | number | boolean;

/** The key with which each object branch begins; `undefined` where nothing tells them apart. */
function firstKeysOf(
  union: UnionSchema,
  objects: readonly Schema[],
  lowering: Lowering,
): ReadonlyMap<Schema, FirstKey> | undefined {
  if (objects.length < 2) return new Map();
  const tags = declaredTags(union, objects, lowering) ?? foundTags(objects, lowering);
  if (tags !== undefined) return tags;
  const resolved = objects.map((branch) => lowering.resolve(branch) as ObjectSchema);
  const names = resolved.map((object) => new Set(propertiesOf(object).map(({ name }) => name)));
  const keys = resolved.map((object, index) => {
    const isOwn = (name: string) => names.every((others, other) => other === index || !others.has(name));
    const own = propertiesOf(object).filter(({ name }) => isOwn(name));
    return (own.find(({ required }) => required) ?? own[0])?.name;
  });
  if (keys.some((key) => key === undefined)) return undefined;
  return new Map(objects.map((branch, index) => [branch, { property: keys[index] as string }]));
}

/** As the discriminator says. */
function declaredTags(
  { discriminator, branches }: UnionSchema,
  objects: readonly Schema[],
  lowering: Lowering,
): ReadonlyMap<Schema, FirstKey> | undefined {
  if (discriminator === undefined) return undefined;
  const { property } = discriminator;
  const values = objects.map((branch) => {
    const named = discriminator.values[branches.indexOf(branch)] ?? [];
    const listed = tagValues(branch, property, lowering);
    const both = named.filter((value) => listed === undefined || listed.includes(value));
    return both.length > 0 ? both : (listed ?? named);
  });
  return tagged(objects, property, values);
}

/** A required property that every branch has, with values of its own in each. */
function foundTags(objects: readonly Schema[], lowering: Lowering): ReadonlyMap<Schema, FirstKey> | undefined {
  const [first] = objects;
  if (first === undefined) return undefined;
  for (const { name } of propertiesOf(lowering.resolve(first) as ObjectSchema)) {
    const values = objects.map((branch) => tagValues(branch, name, lowering));
    if (values.some((list) => list === undefined)) continue;
    const tags = tagged(objects, name, values as Tag[][]);
    if (tags !== undefined) return tags;
  }
  return undefined;
}

function tagged(
  objects: readonly Schema[],
  property: string,
  values: readonly (readonly Tag[])[],
): ReadonlyMap<Schema, FirstKey> | undefined {
  const all = values.flat();
  if (new Set(all).size < all.length || values.some((list) => list.length === 0)) return undefined;
  return new Map(objects.map((branch, index) => [branch, { property, values: values[index] }]));
}

/** The values that a required property of a branch may have, where they are listed. */
function tagValues(branch: Schema, name: string, lowering: Lowering): readonly Tag[] | undefined {
  const object = lowering.resolve(branch) as ObjectSchema;
  const property = object.properties.find((each) => each.name === name && !each.readOnly);
  if (property === undefined || !property.required) return undefined;
  const schema = lowering.resolve(property.schema);
  return schema.kind === "enum" && !schema.nullable ? schema.values : undefined;
}
