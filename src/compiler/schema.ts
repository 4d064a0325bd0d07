import type { AnySchema, NamedSchema, RefSchema, Schema } from "./api.ts";
import { listsChildren, readDiscriminator } from "./children.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { enumOf, readEnum } from "./enums.ts";
import { circle, contradiction, freeForm, isAny, isCircle, isContradiction, isTypeAlone } from "./extremes.ts";
import {
  annotationsOf,
  boundsOf,
  constraints,
  isCount,
  isPositive,
  isRawBytes,
  isRequiredOnly,
  isText,
  notesOf,
  pick,
  type Type,
  typesOf,
  unknownTypes,
} from "./keywords.ts";
import { merge } from "./merge.ts";
import { joinPointer, nameAt } from "./pointer.ts";
import { readObject } from "./read-object.ts";
import { isRawObject, isReference, type RawObject, type References, UnresolvedReference } from "./references.ts";
import { asUnion } from "./union.ts";

/** Schemas that are nested deeper than this, other than by reference, were not written for anyone to read. */
const MOST_LEVELS = 100;

/**
 * Reads JSON Schemas as OpenAPI has them, in the dialects of 3.0 and 3.1 and in what vendors make of both: `allOf` is
 * merged, null split off, references are named. What they point to is read once.
 */
export class SchemaReader {
  /** Everything that was referred to, by JSON pointer. */
  readonly schemas = new Map<string, NamedSchema>();
  readonly references: References;
  readonly diagnostics: Diagnostics;
  /** Targets whose reading is under way: an `allOf` that needs one of them is a circle. */
  readonly #open = new Set<string>();
  readonly #pending: string[] = [];
  /** Pairs of references that are merged, by the target that stands for them. */
  readonly #joins = new Map<string, readonly [RefSchema, RefSchema]>();
  /** Small schemas by what is written. */
  readonly #alike = new Map<string, Schema>();
  #depth = 0;

  constructor(references: References, diagnostics: Diagnostics) {
    this.references = references;
    this.diagnostics = diagnostics;
  }

  /** Reads a schema and all that it refers to. */
  read(raw: unknown, pointer: string): Schema {
    const schema = this.readOne(raw, pointer);
    for (let target = this.#pending.pop(); target !== undefined; target = this.#pending.pop()) this.#named(target);
    return schema;
  }

  /** The same. Small ones that are written alike are one schema, which is then compiled once, too. */
  readAlike(raw: unknown, pointer: string): Schema {
    if (!isSmall(raw)) return this.read(raw, pointer);
    const text = JSON.stringify(raw);
    const known = this.#alike.get(text);
    if (known !== undefined) return known;
    const before = this.diagnostics.told;
    const schema = this.read(raw, pointer);
    // What there is to say of one, there is to say of each.
    if (this.diagnostics.told === before) this.#alike.set(text, schema);
    return schema;
  }

  /** The schema itself, or what its references lead to. What stands beside a reference is kept. */
  resolve(schema: Schema): Exclude<Schema, { kind: "ref" }> {
    const seen = new Set<string>();
    let result = schema;
    while (result.kind === "ref") {
      if (seen.has(result.target)) return { kind: "any", reason: "it refers to itself alone" };
      seen.add(result.target);
      const { kind: _kind, target, ...annotations } = result;
      result = { ...this.#named(target), ...annotations };
    }
    return result;
  }

  /** Reads a schema, and leaves what it refers to for later. */
  readOne(raw: unknown, pointer: string): Schema {
    // Some write their booleans as strings.
    if (raw === undefined || raw === true || raw === "true") return { kind: "any" };
    if (raw === false || raw === "false") return contradiction("no value is allowed");
    if (!isRawObject(raw)) {
      this.diagnostics.warn("FC111", pointer, "this is no schema", "Write an object, as JSON Schema has it.");
      return { kind: "any" };
    }
    if (isReference(raw)) return this.#readReference(raw, pointer);
    if (this.#depth >= MOST_LEVELS) return contradiction("it is nested too deeply");
    this.#depth++;
    const schema = this.#readObject(raw, pointer);
    this.#depth--;
    return schema;
  }

  #readReference(raw: RawObject & { readonly $ref: string }, pointer: string): Schema {
    let target: string;
    try {
      target = this.references.target(raw.$ref, pointer).pointer;
    } catch (error) {
      return this.#dangling(error, pointer);
    }
    const reference: Schema = { kind: "ref", target };
    if (!this.schemas.has(target) && !this.#open.has(target)) this.#pending.push(target);

    // What stands beside a reference counts in 3.1 alone; whoever writes it in 3.0 means it all the same.
    const { $ref: _ref, ...siblings } = raw;
    const annotations = annotationsOf(siblings);
    if (!Object.keys(siblings).some((key) => constraints.has(key))) return { ...reference, ...annotations };
    const beside = this.#readObject(siblings, pointer);
    const merged = merge(reference, beside, this);
    if (!isContradiction(merged) || isCircle(merged)) return { ...merged, ...annotations };
    const isBeside = (part: Schema) => part === beside;
    return { ...this.#withoutSlips(merged, [reference, beside], isBeside, pointer), ...annotations };
  }

  /** A reference to another file was told of when the file was looked for. */
  #dangling(error: unknown, pointer: string): Schema {
    if (!(error instanceof UnresolvedReference)) throw error;
    if (!error.isTold) {
      this.diagnostics.warn("FC101", pointer, error.message, "Correct the reference, or add what it names.");
    }
    return { kind: "any", dangling: error.message };
  }

  /** Stands for what fulfils both of two references, and is made when it is needed. */
  join(left: RefSchema, right: RefSchema): RefSchema {
    const target = `${left.target} ${right.target}`;
    this.#joins.set(target, [left, right]);
    if (!this.schemas.has(target) && !this.#open.has(target)) this.#pending.push(target);
    return { kind: "ref", target };
  }

  #named(target: string): Schema {
    const known = this.schemas.get(target);
    if (known !== undefined) return known.schema;
    if (this.#open.has(target)) return circle;
    this.#open.add(target);
    const join = this.#joins.get(target);
    if (join !== undefined) {
      const [left, right] = join;
      const schema = merge(this.resolve(left), this.resolve(right), this);
      this.#open.delete(target);
      this.schemas.set(target, { name: `${nameAt(left.target)} and ${nameAt(right.target)}`, schema });
      return schema;
    }
    const read = this.readOne(this.references.at(target), target);
    const isCircle = this.#isAliasOf(read, target);
    const schema = isCircle ? circle : read;
    if (isCircle) {
      this.diagnostics.warn(
        "FC101",
        target,
        "this is only a reference to itself",
        "Write the schema that it stands for.",
      );
    }
    this.#open.delete(target);
    this.schemas.set(target, { name: nameAt(target), schema });
    return schema;
  }

  /** Whether a chain of references ends where it began. */
  #isAliasOf(schema: Schema | undefined, target: string): boolean {
    if (schema?.kind !== "ref") return false;
    return schema.target === target || this.#isAliasOf(this.schemas.get(schema.target)?.schema, target);
  }

  #readObject(raw: RawObject, pointer: string): Schema {
    if (raw.$ref !== undefined && !isReference(raw)) {
      this.diagnostics.warn(
        "FC111",
        joinPointer(pointer, "$ref"),
        "this reference is no text",
        "Write it between quotes.",
      );
    }
    const annotations = annotationsOf(raw);
    if (listsChildren(raw, pointer, this.references)) {
      const children = this.#readUnion(raw, Array.isArray(raw.oneOf) ? "oneOf" : "anyOf", pointer);
      if (children !== undefined) return { ...children, ...annotations };
    }
    const parts: Schema[] = [];
    if (Array.isArray(raw.allOf)) {
      parts.push(...raw.allOf.map((part, index) => this.#readPart(part, joinPointer(pointer, "allOf", index))));
    }
    const base = this.#readBase(raw, pointer);
    if (!isAny(base)) parts.push(base);
    for (const keyword of ["oneOf", "anyOf"] as const) {
      const union = this.#readUnion(raw, keyword, pointer);
      if (union !== undefined) parts.push(union);
    }
    const whole = this.#mergeAll(parts.length > 0 ? parts : [base]);
    if (isCircle(whole) && !this.#open.has(pointer)) return { ...this.#later(pointer), ...annotations };
    // Keywords of strings say nothing of what is declared to be an object.
    const isSlip = (part: Schema) => isTypeAlone(part) || (part === base && raw.type === undefined);
    const isMendable = isContradiction(whole) && parts.length > 1;
    const merged = isMendable ? this.#withoutSlips(whole, parts, isSlip, pointer) : whole;
    if (parts.length > 1) this.#warnOfProperties(merged, parts, pointer);
    const notes = [...(merged.notes ?? []), ...notesOf(raw)];
    return { ...merged, ...annotations, ...(notes.length > 0 && { notes }) };
  }

  #mergeAll([first, ...rest]: readonly Schema[]): Schema {
    return rest.reduce((schema, part) => merge(schema, part, this), first as Schema);
  }

  /** Properties that no value fulfils, though each part by itself has one that does. */
  #warnOfProperties(merged: Schema, parts: readonly Schema[], pointer: string): void {
    if (merged.kind !== "object") return;
    const lost = merged.properties.filter(({ schema }) => isContradiction(schema) && !isCircle(schema));
    if (lost.length === 0) return;
    const known = new Set(parts.map((part) => this.resolve(part)).flatMap(schemasOfProperties));
    for (const { name, schema } of lost) {
      if (known.has(schema)) continue;
      const what = `its property ${JSON.stringify(name)} contradicts itself: ${(schema as AnySchema).reason}`;
      this.diagnostics.warn("FC304", pointer, what, "Let the parts of allOf agree on it.");
    }
  }

  /**
   * What parts mean that contradict each other: `type: object` over an enum, null for what may be null, or lengths beside
   * a reference to an object are slips.
   */
  #withoutSlips(
    contradiction: AnySchema,
    parts: readonly Schema[],
    isSlip: (part: Schema) => boolean,
    pointer: string,
  ): Schema {
    const meant = parts.filter((part) => !isSlip(part));
    const rest = meant.length > 0 && meant.length < parts.length ? this.#mergeAll(meant) : contradiction;
    const isMended = !isContradiction(rest);
    this.diagnostics.warn(
      "FC304",
      pointer,
      `this schema contradicts itself: ${contradiction.reason}${isMended ? "; the lesser part of it is ignored" : ""}`,
      isMended ? "Remove what contradicts the rest." : "Correct its allOf.",
    );
    if (!isMended) return contradiction;
    return parts.some(({ kind }) => kind === "null") ? ({ ...rest, nullable: true } as Schema) : rest;
  }

  /** A schema that is made of one around it can only be read when that one has been: until then it is referred to. */
  #later(pointer: string): Schema {
    this.#pending.push(pointer);
    return { kind: "ref", target: pointer };
  }

  /** What a schema says besides `allOf`, `oneOf` and `anyOf`. */
  #readBase(raw: RawObject, pointer: string): Schema {
    const values = enumOf(raw);
    if (values !== undefined) return readEnum(raw, values);
    const types = typesOf(raw);
    for (const unknown of unknownTypes(raw)) {
      const what = `there is no type ${JSON.stringify(unknown)}; it is not read`;
      const fix = "Choose one of string, number, integer, boolean, array, object, null.";
      this.diagnostics.warn("FC111", joinPointer(pointer, "type"), what, fix);
    }
    const [type] = types;
    if (type === undefined) return { kind: "any" };
    if (types.length > 1) return asUnion(types.map((each) => this.#readType(raw, each, pointer)));
    return this.#readType(raw, type, pointer);
  }

  #readType(raw: RawObject, type: Type, pointer: string): Schema {
    switch (type) {
      case "null":
        return { kind: "null", nullable: true };
      case "boolean":
        return { kind: "boolean" };
      case "string":
        return {
          kind: "string",
          ...pick(raw, "format", isText),
          ...(isRawBytes(raw) && { format: "binary" }),
          ...pick(raw, "pattern", isText),
          ...pick(raw, "minLength", isPositive),
          ...pick(raw, "maxLength", isCount),
        };
      case "integer":
      case "number":
        return {
          kind: "number",
          integer: type === "integer" || raw.format === "int32" || raw.format === "int64",
          ...pick(raw, "format", isText),
          ...boundsOf(raw),
        };
      case "array":
        return this.#readArray(raw, pointer);
      case "object":
        return readObject(raw, pointer, this);
    }
  }

  #readArray(raw: RawObject, pointer: string): Schema {
    const [keyword, tuple] = Array.isArray(raw.prefixItems) ? ["prefixItems", raw.prefixItems] : ["items", raw.items];
    if (Array.isArray(tuple) && tuple.length > 0) {
      const items = tuple.map((item, index) => this.readOne(item, joinPointer(pointer, keyword, index)));
      return { kind: "tuple", items };
    }
    return {
      kind: "array",
      items: this.readOne(Array.isArray(raw.items) ? undefined : raw.items, joinPointer(pointer, "items")),
      ...pick(raw, "minItems", isPositive),
      ...pick(raw, "maxItems", isCount),
      ...(raw.uniqueItems === true && { uniqueItems: true }),
    };
  }

  #readUnion(raw: RawObject, keyword: "oneOf" | "anyOf", pointer: string): Schema | undefined {
    const list = raw[keyword];
    if (!Array.isArray(list) || list.length === 0) return undefined;
    if (list.every(isRequiredOnly)) {
      const lists = list.map((branch) => (branch.required as readonly unknown[]).filter(isText));
      return {
        kind: "object",
        properties: [],
        additional: freeForm,
        needs: { lists, exactlyOne: keyword === "oneOf" },
      };
    }
    const discriminator = isRawObject(raw.discriminator) ? raw.discriminator : undefined;
    const schemas = list.map((branch, index) => {
      const schema = this.readOne(branch, joinPointer(pointer, keyword, index));
      return discriminator === undefined ? schema : withTag(schema, discriminator.propertyName);
    });
    return asUnion(schemas, readDiscriminator(discriminator, list, this.references));
  }

  /** A part of `allOf`. A parent that lists its children is, in one of them, only what it says besides the list. */
  #readPart(raw: unknown, pointer: string): Schema {
    const parent = isReference(raw) ? this.references.find(raw.$ref) : undefined;
    if (
      parent === undefined ||
      !isRawObject(parent.value) ||
      !listsChildren(parent.value, parent.pointer, this.references)
    ) {
      return this.readOne(raw, pointer);
    }
    const key = `${parent.pointer} without its children`;
    if (this.#open.has(key)) return circle;
    this.#open.add(key);
    const { oneOf: _oneOf, anyOf: _anyOf, ...alone } = parent.value;
    const schema = this.#readObject(alone, parent.pointer);
    this.#open.delete(key);
    return schema;
  }
}

/** OpenAPI: the property that a discriminator names is required, also where a branch that is written out forgets it. */
function withTag(schema: Schema, tag: unknown): Schema {
  if (schema.kind !== "object" || !schema.properties.some(({ name, required }) => name === tag && !required))
    return schema;
  const properties = schema.properties.map((each) => (each.name === tag ? { ...each, required: true } : each));
  return { ...schema, properties };
}

function schemasOfProperties(schema: Schema): Schema[] {
  return schema.kind === "object" ? schema.properties.map((property) => property.schema) : [];
}

/** Keywords with scalars alone, or few of them. */
function isSmall(raw: unknown): raw is RawObject {
  // JSON writes -0 and 0 alike.
  const isScalar = (value: unknown) => (typeof value !== "object" || value === null) && !Object.is(value, -0);
  const isFew = (value: unknown) => Array.isArray(value) && value.length < 50 && value.every(isScalar);
  return isRawObject(raw) && Object.values(raw).every((value) => isScalar(value) || isFew(value));
}
