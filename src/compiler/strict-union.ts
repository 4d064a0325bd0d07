import type { CodecNode, JsonSchema } from "../runtime/types.ts";
import type { ObjectSchema, Schema, UnionSchema } from "./api.ts";
import type { FirstKey, Lowering } from "./strict.ts";
import { enumOf } from "./strict-scalars.ts";
import { closedObject, described, isIdentity, type Lowered, shorten, strictKeys, withOrigin } from "./strict-schema.ts";

/**
 * A union as an `anyOf` whose branches are told apart by their JSON type, and objects by their first key: by the value of
 * a tag, or by a key that only this branch has. Branches that nothing tells apart are wrapped into an object of one key.
 */
export function lowerUnion(union: UnionSchema, lowering: Lowering): Lowered {
  const objects = union.branches.filter((branch) => isPlainObject(branch, lowering));
  const firstKeys = firstKeysOf(union, objects, lowering);
  const branches = union.branches.map((schema, index): Branch => {
    const lowered = scalarInPlace(lowering.lower(schema, "", firstKeys?.get(schema)), lowering);
    return { lowered, name: branchName(schema, index, lowering), type: typeOf(lowered, schema, lowering) };
  });
  const isWrapped = (branch: Branch) => needsWrapper(branch, branches, firstKeys !== undefined);
  const plain = joinScalars(branches.filter((branch) => !isWrapped(branch))).map(({ lowered }) => lowered);
  const all = [...plain, ...wrapAll(branches.filter(isWrapped), keysOf(plain, lowering), union)];
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  if (all.every(({ schema, codec }) => isBare(schema) && isIdentity(codec))) {
    return { schema: { type: all.map(({ schema }) => schema.type) }, codec: {} };
  }
  const codec: CodecNode = all.every((each) => isIdentity(each.codec))
    ? {}
    : { anyOf: all.map((each) => shorten(each.codec)) };
  return { schema: { anyOf: all.map(({ schema }) => schema) }, codec };
}

interface Branch {
  readonly lowered: Lowered;
  readonly name: string;
  readonly type: JsonType;
}

/** The JSON type that a branch's strict values have; `mixed` where they have several. */
type JsonType = "string" | "number" | "boolean" | "array" | "object" | "mixed";

/** A scalar instead of the reference to it, so that it can be joined with others. */
function scalarInPlace(lowered: Lowered, lowering: Lowering): Lowered {
  const { anyOf = [lowered.schema], description } = lowered.schema;
  const [only, ...others] = anyOf as readonly JsonSchema[];
  if (only?.$ref === undefined || others.length > 0) return lowered;
  const { schema, codec } = lowering.definitionOf({ schema: only, codec: {} });
  return isScalar(schema) ? { schema: described(schema, description as string | undefined), codec } : lowered;
}

function isScalar({ type }: JsonSchema): boolean {
  return ["string", "number", "integer", "boolean"].includes(type as string);
}

function typeOf(lowered: Lowered, origin: Schema, lowering: Lowering): JsonType {
  const { schema, codec } = lowering.definitionOf(lowered);
  const { type } = schema;
  switch (type) {
    case "string":
    case "boolean":
    case "array":
      return type;
    case "integer":
    case "number":
      return "number";
    case "object":
      return codec.as === undefined ? "object" : "mixed";
    default:
      // A definition that is still being lowered.
      return isPlainObject(origin, lowering) ? "object" : "mixed";
  }
}

/** Whether the JSON type, or the first key of an object, leaves open to which branch a value belongs. */
function needsWrapper(branch: Branch, branches: readonly Branch[], haveFirstKeys: boolean): boolean {
  const rivals = branches.filter((other) => other !== branch && other.type === branch.type);
  switch (branch.type) {
    case "mixed":
      return true;
    case "object":
      return !haveFirstKeys;
    case "array":
      return rivals.length > 0;
    case "string":
      return rivals.length > 0 && branch.lowered.codec.as !== undefined;
    case "number":
    case "boolean":
      return false;
  }
}

function keysOf(branches: readonly Lowered[], lowering: Lowering): ReadonlySet<string> {
  const objects = branches.flatMap(({ schema }) => lowering.objectBranches(schema));
  return new Set(objects.flatMap(({ properties }) => Object.keys(properties as object)));
}

function wrapAll(branches: readonly Branch[], taken: ReadonlySet<string>, union: UnionSchema): Lowered[] {
  const wanted = branches.map(({ name }) => name);
  const keys = strictKeys(distinctNames(wanted, taken));
  return branches.map(({ lowered }, index) => wrap(lowered, keys[index] as string, union));
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
function joinScalars(branches: readonly Branch[]): readonly Branch[] {
  return branches.flatMap((branch, index) => {
    if (branch.type === "object" || branch.type === "array" || branch.type === "mixed") return branch;
    const same = branches.filter(({ type }) => type === branch.type);
    if (same.length === 1) return branch;
    if (same[0] !== branches[index]) return [];
    const schema = joinOfType(same.map(({ lowered }) => lowered.schema));
    return { ...branch, lowered: { schema, codec: {} } };
  });
}

function isBare(schema: JsonSchema): boolean {
  return isScalar(schema) && Object.keys(schema).length === 1;
}

function joinOfType(schemas: readonly JsonSchema[]): JsonSchema {
  const type = schemas.every((schema) => schema.type === schemas[0]?.type) ? schemas[0]?.type : "number";
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
    const listed = tagValues(branch, property, lowering, true);
    const both = named.filter((value) => listed === undefined || listed.includes(value));
    return both.length > 0 ? both : (listed ?? named);
  });
  return tagged(objects, property, values);
}

/** A property that every branch has, with values of its own in each; one that may be left out serves where it must be. */
function foundTags(objects: readonly Schema[], lowering: Lowering): ReadonlyMap<Schema, FirstKey> | undefined {
  const [first] = objects;
  if (first === undefined) return undefined;
  const names = propertiesOf(lowering.resolve(first) as ObjectSchema).map(({ name }) => name);
  for (const isRequired of [true, false]) {
    for (const name of names) {
      const values = objects.map((branch) => tagValues(branch, name, lowering, isRequired));
      if (values.some((list) => list === undefined)) continue;
      const tags = tagged(objects, name, values as Tag[][]);
      if (tags !== undefined) return tags;
    }
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

/** The values that a property of a branch may have, where they are listed. */
function tagValues(branch: Schema, name: string, lowering: Lowering, isRequired: boolean): readonly Tag[] | undefined {
  const object = lowering.resolve(branch) as ObjectSchema;
  const property = object.properties.find((each) => each.name === name && !each.readOnly);
  if (property === undefined || (isRequired && !property.required)) return undefined;
  const schema = lowering.resolve(property.schema);
  return schema.kind === "enum" && !schema.nullable ? schema.values : undefined;
}
