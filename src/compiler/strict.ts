import type { CodecNode, JsonSchema, Rules } from "../runtime/types.ts";
import type {
  Api,
  ArraySchema,
  Needs,
  ObjectSchema,
  Property,
  RefSchema,
  Schema,
  TupleSchema,
  UnionSchema,
} from "./api.ts";
import type { Describe } from "./describe.ts";
import { hash } from "./names.ts";
import { rangeOf, sayNeeds } from "./notes.ts";
import { shapeOf } from "./shape.ts";
import { enumOf, isPlainScalar, jsonText, lowerEnum, lowerNumber, lowerString } from "./strict-scalars.ts";
import {
  closedObject,
  described,
  isIdentity,
  type Lowered,
  propertyCodecs,
  shorten,
  strictKeys,
  withBranch,
  withNull,
  withOrigin,
} from "./strict-schema.ts";
import { lowerUnion } from "./strict-union.ts";
import type { Names } from "./tool.ts";

export interface LoweringOptions {
  /** In the JSON body of a PATCH, null clears what it is given for. */
  readonly patch: boolean;
  /** Optional properties may be missing, as in tools that cannot be strict. */
  readonly loose: boolean;
  /** Schemas that become JSON text, or plain strings where they are enums, for a tool to stay within the limits. */
  readonly cuts: ReadonlySet<Schema>;
  readonly describe: Describe;
}

/** Puts a property first and, where it is a tag, restricts it to the values of its branch. */
export interface FirstKey {
  readonly property: string;
  readonly values?: readonly (string | number | boolean)[] | undefined;
}

/** A request that reaches a reference which leads nowhere. */
export class DanglingReference extends Error {
  override name = "DanglingReference";
}

const annotated = new WeakMap<Schema, Schema>();

/** What a reference refers to, with what stands beside the reference; always the same object, so that it can be cut. */
function withAnnotations(target: Schema, reference: RefSchema): Schema {
  const { kind: _kind, target: _target, nullable: _nullable, ...annotations } = reference;
  const known = annotated.get(reference) ?? { ...target, ...annotations };
  annotated.set(reference, known);
  return known;
}

/** `STRICT.md`'s table: schemas of the document → strict schemas, each definition once. */
export class Lowering {
  readonly describe: Describe;
  /** The definitions lowered so far, by name. */
  readonly definitions = new Map<string, Lowered>();
  readonly #api: Api;
  readonly #names: Names;
  readonly #options: LoweringOptions;
  readonly #failed = new Map<string, DanglingReference>();

  constructor(api: Api, names: Names, options: LoweringOptions) {
    this.#api = api;
    this.#names = names;
    this.#options = options;
    this.describe = options.describe;
  }

  /** The schema itself, or what its references lead to, null included. */
  resolve(schema: Schema): Exclude<Schema, { kind: "ref" }> {
    let result = schema;
    for (let steps = 0; result.kind === "ref"; steps++) {
      const { kind: _kind, target, ...annotations } = result;
      result = { ...(this.#api.schemas.get(target)?.schema ?? { kind: "any" }), ...annotations };
      if (steps > 100) return { kind: "any", reason: "it refers to itself alone" };
    }
    return result;
  }

  nameOf(target: string): string {
    return this.#names.definitions.get(target) ?? "Definition";
  }

  /** Whether a schema, or what it refers to, is written as JSON text. */
  isCut(schema: Schema): boolean {
    const { cuts } = this.#options;
    return (
      cuts.has(schema) || (schema.kind === "ref" && cuts.has(this.#api.schemas.get(schema.target)?.schema as Schema))
    );
  }

  isNullable(schema: Schema): boolean {
    if (schema.nullable) return true;
    if (schema.kind === "ref") return this.resolve(schema).nullable === true;
    return schema.kind === "union" && schema.branches.some((branch) => this.resolve(branch).nullable);
  }

  /** A value with null where the schema allows it. `name` is what it is called where it stands. */
  lowerValue(schema: Schema, name: string): Lowered {
    const lowered = this.lower(schema, name);
    return this.isNullable(schema) ? { ...lowered, schema: withNull(lowered.schema) } : lowered;
  }

  /** A value without regard to null. */
  lower(schema: Schema, name: string, first?: FirstKey): Lowered {
    if (schema.kind === "ref") return this.#lowerReference(schema, name, first);
    if (this.#options.cuts.has(schema)) return this.#lowerCut(schema, name);
    const lowered = this.#lowerKind(schema, name, first);
    const isContainer = lowered.schema.type === "object" || lowered.schema.type === "array";
    if (!isContainer && schema.kind !== "enum") return lowered;
    return { schema: withOrigin(lowered.schema, schema), codec: lowered.codec };
  }

  #lowerKind(schema: Exclude<Schema, { kind: "ref" }>, name: string, first: FirstKey | undefined): Lowered {
    switch (schema.kind) {
      case "any":
        if (schema.dangling !== undefined) {
          throw new DanglingReference(schema.dangling);
        }
        return jsonText(
          this.describe(schema, name, ["JSON text", ...(schema.reason === undefined ? [] : [schema.reason])]),
        );
      case "null":
        return { schema: described({ type: "null" }, this.describe(schema, name)), codec: {} };
      case "boolean":
        return { schema: described({ type: "boolean" }, this.describe(schema, name)), codec: {} };
      case "string":
        return lowerString(schema, name, this.describe);
      case "file":
        return {
          schema: described({ type: "string" }, this.describe(schema, name, ["file: base64 or data URL"])),
          codec: {},
        };
      case "number":
        return lowerNumber(schema, name, this.describe);
      case "enum":
        return lowerEnum(schema, name, this.describe);
      case "array":
        return this.#lowerArray(schema, name);
      case "tuple":
        return this.#lowerTuple(schema, name);
      case "object":
        return this.#lowerObject(schema, name, first);
      case "union":
        return this.#lowerUnion(schema, name);
    }
  }

  // ---------------------------------------------------------- references

  /** Scalars are written where they are used; all else is a definition, which may be inlined in the end. */
  #lowerReference(schema: RefSchema, name: string, first: FirstKey | undefined): Lowered {
    const target = this.#api.schemas.get(schema.target)?.schema ?? { kind: "any" };
    if (target.kind === "ref") return this.lower(withAnnotations(target, schema), name, first);
    if (this.isCut(schema)) return this.#lowerCut(target, name, schema.description);
    if (isPlainScalar(target) || isFreeForm(target)) return this.lower(withAnnotations(target, schema), name, first);
    const definition = this.#define(schema.target, target, first);
    const reference = withOrigin({ $ref: `#/$defs/${definition}` }, schema);
    return { schema: described(reference, this.describe(schema, name)), codec: {} };
  }

  #define(pointer: string, target: Schema, first: FirstKey | undefined): string {
    const name = definitionName(this.nameOf(pointer), first);
    const failed = this.#failed.get(name);
    if (failed !== undefined) throw failed;
    if (!this.definitions.has(name)) {
      // Known by name while it is lowered, so that it can refer to itself.
      this.definitions.set(name, { schema: {}, codec: {} });
      try {
        this.definitions.set(name, this.lower(target, name, first));
      } catch (error) {
        if (error instanceof DanglingReference) this.#failed.set(name, error);
        this.#forgetSince(name);
        throw error;
      }
    }
    return name;
  }

  /** What was lowered since then may refer to what could not be. */
  #forgetSince(name: string): void {
    const names = [...this.definitions.keys()];
    for (const later of names.slice(names.indexOf(name))) this.definitions.delete(later);
  }

  // ---------------------------------------------------------- containers

  #lowerArray(schema: ArraySchema, name: string): Lowered {
    const items = this.lowerValue(schema.items, singular(name));
    const codec: CodecNode = {
      ...(!isIdentity(items.codec) && { items: shorten(items.codec) }),
      ...(schema.uniqueItems && { rules: { uniqueItems: true } }),
    };
    const array: JsonSchema = {
      type: "array",
      items: items.schema,
      ...(schema.minItems !== undefined && { minItems: schema.minItems }),
      ...(schema.maxItems !== undefined && { maxItems: schema.maxItems }),
    };
    return {
      schema: described(array, this.describe(schema, name, schema.uniqueItems ? ["no duplicates"] : [])),
      codec,
    };
  }

  /** Of equal items an array of that length; of others an object, since strict arrays know one kind of item. */
  #lowerTuple(schema: TupleSchema, name: string): Lowered {
    const items = schema.items.map((item, index) => this.lowerValue(item, `${name} ${index}`));
    const kinds = new Set(items.map((item) => JSON.stringify(item)));
    const [first] = items;
    if (kinds.size === 1 && first !== undefined) {
      const length = items.length;
      const array = { type: "array", items: first.schema, minItems: length, maxItems: length };
      return {
        schema: described(array, this.describe(schema, name)),
        codec: isIdentity(first.codec) ? {} : { items: shorten(first.codec) },
      };
    }
    const entries = items.map((item, index) => [`item_${index}`, item] as const);
    const object = closedObject(entries.map(([key, item]) => [key, item.schema]));
    return {
      schema: described(object, this.describe(schema, name)),
      codec: { as: "tuple", ...propertyCodecs(entries.map(([key, item]) => [key, item.codec])) },
    };
  }

  #lowerObject(schema: ObjectSchema, name: string, first: FirstKey | undefined): Lowered {
    const declared = schema.properties.filter((property) => !property.readOnly);
    if (declared.length === 0 && schema.additional !== undefined)
      return this.#lowerMap(schema, schema.additional, name);
    const properties = first === undefined ? declared : withFirst(declared, first);
    const fields = this.#lowerProperties(properties);
    const rest = schema.additional === undefined ? undefined : this.#lowerRest(schema, schema.additional, fields);
    const all = rest === undefined ? fields : [...fields, rest];
    const { rules, notes } = objectRules(schema);
    const object = closedObject(
      all.map(({ key, lowered }) => [key, lowered.schema]),
      this.#options.loose ? all.filter(({ lowered }) => !lowered.codec.optional).map(({ key }) => key) : undefined,
    );
    return {
      schema: described(object, this.describe(schema, name, notes)),
      codec: {
        ...(rest !== undefined && { rest: rest.key }),
        ...propertyCodecs(all.map(({ key, lowered }) => [key, lowered.codec])),
        ...(rules !== undefined && { rules }),
      },
    };
  }

  /** The properties of an object, under keys that every provider takes. */
  #lowerProperties(properties: readonly Property[]): readonly Field[] {
    const keys = strictKeys(properties.map((property) => property.name));
    return properties.map((property, index) => this.lowerField(property, keys[index] as string));
  }

  /** A property of an object, or an argument. */
  lowerField(property: Property, key: string): Field {
    const { schema, codec } = this.#lowerProperty(property, key);
    if (key === property.name) return { key, lowered: { schema, codec } };
    // A name in another script says more than the key that is left of it.
    const isTelling = /[a-z0-9]/i.test(property.name) || schema.description !== undefined;
    const named = isTelling ? schema : described(schema, property.name);
    return { key, lowered: { schema: named, codec: { name: property.name, ...codec } } };
  }

  #lowerProperty({ required, schema }: Property, key: string): Lowered {
    const nullable = this.isNullable(schema);
    if (required) return this.lowerValue(schema, key);
    const lowered = this.lower(schema, key);
    if (this.#options.loose) return { schema: lowered.schema, codec: { optional: true, ...lowered.codec } };
    if (!nullable || !this.#options.patch || lowered.schema.type === "null" || this.isCut(schema)) {
      return { schema: withNull(lowered.schema), codec: { optional: true, ...lowered.codec } };
    }
    const clear = this.#clearKey(schema, lowered.schema);
    const clearing = withOrigin({ $ref: `#/$defs/${this.#defineClearing(clear)}` }, schema);
    return {
      schema: withNull(withBranch(lowered.schema, clearing)),
      codec: { optional: true, clear, ...lowered.codec },
    };
  }

  /** The object that stands for a null to be sent: one definition for all places with the same key. */
  #defineClearing(key: string): string {
    // The names of schemas begin with a capital.
    const name = key === "set_to" ? "null" : `null-${key}`;
    if (!this.definitions.has(name)) {
      const schema = closedObject([[key, { type: "string", enum: ["null"] }]]);
      this.definitions.set(name, { schema, codec: {} });
    }
    return name;
  }

  /** A key for `{"set_to": "null"}` that no object in its place has, one that is still being lowered included. */
  #clearKey(schema: Schema, lowered: JsonSchema): string {
    const resolved = this.resolve(schema);
    const branches = resolved.kind === "union" ? resolved.branches.map((branch) => this.resolve(branch)) : [resolved];
    const names = branches.flatMap((branch) =>
      branch.kind === "object" ? branch.properties.map(({ name }) => name) : [],
    );
    const keys = this.objectBranches(lowered).flatMap((branch) => Object.keys(branch.properties as object));
    const taken = new Set([...names, ...keys]);
    let key = "set_to";
    while (taken.has(key)) key = `${key}_`;
    return key;
  }

  /** What a strict schema refers to, or the schema itself; empty while that is still being lowered. */
  definitionOf(lowered: Lowered): Lowered {
    const { $ref } = lowered.schema;
    if (typeof $ref !== "string") return lowered;
    return this.definitions.get($ref.slice("#/$defs/".length)) ?? { schema: {}, codec: {} };
  }

  /** The objects that a strict schema allows at its top. */
  objectBranches(schema: JsonSchema): readonly JsonSchema[] {
    const { $ref, anyOf, type } = schema;
    if ($ref !== undefined) return this.objectBranches(this.definitionOf({ schema, codec: {} }).schema);
    if (Array.isArray(anyOf)) return anyOf.flatMap((branch) => this.objectBranches(branch));
    return type === "object" ? [schema] : [];
  }

  /** Maps, as arrays of entries; of free-form ones the whole is JSON text. */
  #lowerMap(schema: ObjectSchema, additional: Schema, name: string): Lowered {
    if (additional.kind === "any" && additional.dangling === undefined) {
      const { rules, notes } = objectRules(schema);
      const text = jsonText(this.describe(schema, name, ["JSON text of an object", ...notes]));
      return { schema: text.schema, codec: { ...text.codec, type: "object", ...(rules !== undefined && { rules }) } };
    }
    const { schema: array, codec } = this.#lowerEntries(additional, name, schema);
    const { rules } = objectRules(schema);
    const bounded = {
      ...array,
      ...(schema.minProperties !== undefined && { minItems: schema.minProperties }),
      ...(schema.maxProperties !== undefined && { maxItems: schema.maxProperties }),
    };
    const { minProperties: _min, maxProperties: _max, ...others } = rules ?? {};
    return {
      schema: described(bounded, this.describe(schema, name)),
      codec: { ...codec, ...(Object.keys(others).length > 0 && { rules: others }) },
    };
  }

  #lowerEntries(additional: Schema, name: string, origin: Schema): Lowered {
    const value = this.lowerValue(additional, singular(name));
    const entry = closedObject([
      ["key", { type: "string" }],
      ["value", value.schema],
    ]);
    const codec: CodecNode = isIdentity(value.codec)
      ? { as: "map" }
      : { as: "map", items: { properties: { value: shorten(value.codec) } } };
    return { schema: withOrigin({ type: "array", items: withOrigin(entry, origin) }, origin), codec };
  }

  #lowerRest(object: ObjectSchema, additional: Schema, fields: readonly Field[]): Field {
    let key = "additional_properties";
    while (fields.some((field) => field.key === key)) key = `${key}_`;
    const { schema, codec } = this.#lowerEntries(additional, key, object);
    const optional = { optional: true, ...codec } as const;
    return { key, lowered: { schema: this.#options.loose ? schema : withNull(schema), codec: optional } };
  }

  #lowerUnion(schema: UnionSchema, name: string): Lowered {
    const { schema: union, codec } = lowerUnion(schema, this);
    return { schema: described(union, this.describe(schema, name)), codec };
  }

  // ---------------------------------------------------------- the last resort

  /** What does not fit into the limits: containers as JSON text, enums as strings that are checked afterwards. */
  #lowerCut(schema: Schema, name: string, description = schema.description): Lowered {
    const annotated = description === undefined ? schema : { ...schema, description };
    if (schema.kind === "enum") {
      const { values } = schema;
      const types = [...new Set(values.map((value) => typeof value))];
      const [type, ...others] = types.map((each) => enumOf(values.filter((value) => typeof value === each)).type);
      return {
        schema: described(
          { type: others.length === 0 ? type : [type, ...others] },
          this.describe(annotated, name, [`one of ${values.join(", ")}`]),
        ),
        codec: { rules: { enum: values } },
      };
    }
    const shape = shapeOf(schema, (each) => this.resolve(each));
    const text = jsonText(this.describe(annotated, name, [`JSON text: ${shape}`]));
    if (schema.kind === "object") return { ...text, codec: { ...text.codec, type: "object" } };
    if (schema.kind === "array" || schema.kind === "tuple") return { ...text, codec: { ...text.codec, type: "array" } };
    return text;
  }
}

/** A property of a strict object. */
export interface Field {
  readonly key: string;
  readonly lowered: Lowered;
}

// ------------------------------------------------------------ objects

/** The check that the decoder makes of it. */
export function rulesOfNeeds({ lists, exactlyOne }: Needs): Rules {
  return exactlyOne ? { oneRequired: lists } : { anyRequired: lists };
}

function objectRules({ minProperties, maxProperties, needs }: ObjectSchema): { rules?: Rules; notes: string[] } {
  const rules: Rules = {
    ...(minProperties !== undefined && { minProperties }),
    ...(maxProperties !== undefined && { maxProperties }),
    ...(needs !== undefined && rulesOfNeeds(needs)),
  };
  const range = rangeOf(minProperties, maxProperties, "key");
  const notes = [...(range === undefined ? [] : [range]), ...(needs === undefined ? [] : [sayNeeds(needs)])];
  return Object.keys(rules).length > 0 ? { rules, notes } : { notes };
}

/** An object of which nothing is said. */
function isFreeForm(schema: Schema): boolean {
  return schema.kind === "object" && schema.properties.length === 0 && schema.additional?.kind === "any";
}

function withFirst(properties: readonly Property[], { property: name, values }: FirstKey): readonly Property[] {
  const found = properties.find((property) => property.name === name);
  const others = properties.filter((property) => property !== found);
  if (values === undefined) return found === undefined ? properties : [found, ...others];
  const description = found?.schema.description;
  const schema: Schema = { kind: "enum", values, ...(description !== undefined && { description }) };
  return [{ name, required: true, schema }, ...others];
}

/** A name in `$defs`, of its own for each way to begin; what is lost of it is told apart by a hash. */
function definitionName(name: string, first: FirstKey | undefined): string {
  const parts = first === undefined ? [name] : [name, first.property, ...(first.values ?? [])].map(String);
  const base = parts.map((part) => part.replaceAll(/[^a-zA-Z0-9_]/g, "_")).join("-");
  if (base === parts.join("-") && base.length <= 64 && parts.every((part) => !part.includes("-"))) return base;
  return `${base.slice(0, 56)}_${hash(JSON.stringify(parts))}`;
}

/** What an element of something is called: only to notice descriptions that repeat it. */
function singular(name: string): string {
  return name.replace(/s$/, "");
}
