import type { JsonSchema } from "../runtime/types.ts";
import type { Api, ObjectSchema, Property, RefSchema, Schema, UnionSchema } from "./api.ts";
import type { Describe } from "./describe.ts";
import { hash } from "./names.ts";
import { lowerArray, lowerEntries, lowerMap, lowerTuple, objectRules } from "./strict-containers.ts";
import { lowerCut } from "./strict-cut.ts";
import { isPlainScalar, jsonText, lowerEnum, lowerNumber, lowerString } from "./strict-scalars.ts";
import {
  closedObject,
  described,
  type Lowered,
  propertyCodecs,
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
  readonly #args = new Map<Schema, Map<string, Field>>();

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
    if (this.#options.cuts.has(schema)) return lowerCut(schema, name, this);
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
        return lowerArray(schema, name, this);
      case "tuple":
        return lowerTuple(schema, name, this);
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
    if (this.isCut(schema)) return lowerCut(target, name, this, schema.description);
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

  #lowerObject(schema: ObjectSchema, name: string, first: FirstKey | undefined): Lowered {
    const declared = schema.properties.filter((property) => !property.readOnly);
    if (declared.length === 0 && schema.additional !== undefined)
      return lowerMap(schema, schema.additional, name, this);
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

  /** An argument. Those of one name that are one schema are lowered once. */
  lowerArg(property: Property, key: string): Field {
    const { name, required, schema } = property;
    const fields = this.#args.get(schema) ?? new Map<string, Field>();
    this.#args.set(schema, fields);
    const id = JSON.stringify([name, key, required]);
    const field = fields.get(id) ?? this.lowerField(property, key);
    fields.set(id, field);
    return field;
  }

  /** A property of an object. */
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

  #lowerRest(object: ObjectSchema, additional: Schema, fields: readonly Field[]): Field {
    let key = "additional_properties";
    while (fields.some((field) => field.key === key)) key = `${key}_`;
    const { schema, codec } = lowerEntries(additional, key, object, this);
    const optional = { optional: true, ...codec } as const;
    return { key, lowered: { schema: this.#options.loose ? schema : withNull(schema), codec: optional } };
  }

  #lowerUnion(schema: UnionSchema, name: string): Lowered {
    const { schema: union, codec } = lowerUnion(schema, this);
    return { schema: described(union, this.describe(schema, name)), codec };
  }
}

/** A property of a strict object. */
export interface Field {
  readonly key: string;
  readonly lowered: Lowered;
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
