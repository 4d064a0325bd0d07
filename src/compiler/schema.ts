import type { AnySchema, NamedSchema, ObjectSchema, Property, RefSchema, Schema, UnionSchema } from "./api.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { enumOf, readEnum } from "./enums.ts";
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
import { contradiction, freeForm, isAny, merge } from "./merge.ts";
import { joinPointer, splitPointer } from "./pointer.ts";
import {
  isRawObject,
  isReference,
  type Located,
  type RawObject,
  type References,
  UnresolvedReference,
} from "./references.ts";
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
  readonly #references: References;
  readonly #diagnostics: Diagnostics;
  /** Targets whose reading is under way: an `allOf` that needs one of them is a circle. */
  readonly #open = new Set<string>();
  readonly #pending: string[] = [];
  /** Pairs of references that are merged, by the target that stands for them. */
  readonly #joins = new Map<string, readonly [RefSchema, RefSchema]>();
  #depth = 0;

  constructor(references: References, diagnostics: Diagnostics) {
    this.#references = references;
    this.#diagnostics = diagnostics;
  }

  /** Reads a schema and all that it refers to. */
  read(raw: unknown, pointer: string): Schema {
    const schema = this.#read(raw, pointer);
    for (let target = this.#pending.pop(); target !== undefined; target = this.#pending.pop()) this.#named(target);
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

  #read(raw: unknown, pointer: string): Schema {
    // Some write their booleans as strings.
    if (raw === undefined || raw === true || raw === "true") return { kind: "any" };
    if (raw === false || raw === "false") return contradiction("no value is allowed");
    if (!isRawObject(raw)) {
      this.#diagnostics.warn("FC111", pointer, "this is no schema", "Write an object, as JSON Schema has it.");
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
      target = this.#references.target(raw.$ref, pointer).pointer;
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
      this.#diagnostics.warn("FC101", pointer, error.message, "Correct the reference, or add what it names.");
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
      this.schemas.set(target, { name: `${nameOf(left.target)} and ${nameOf(right.target)}`, schema });
      return schema;
    }
    const read = this.#read(this.#references.at(target), target);
    const isCircle = this.#isAliasOf(read, target);
    const schema = isCircle ? circle : read;
    if (isCircle) {
      this.#diagnostics.warn(
        "FC101",
        target,
        "this is only a reference to itself",
        "Write the schema that it stands for.",
      );
    }
    this.#open.delete(target);
    this.schemas.set(target, { name: nameOf(target), schema });
    return schema;
  }

  /** Whether a chain of references ends where it began. */
  #isAliasOf(schema: Schema | undefined, target: string): boolean {
    if (schema?.kind !== "ref") return false;
    return schema.target === target || this.#isAliasOf(this.schemas.get(schema.target)?.schema, target);
  }

  #readObject(raw: RawObject, pointer: string): Schema {
    if (raw.$ref !== undefined && !isReference(raw)) {
      this.#diagnostics.warn(
        "FC111",
        joinPointer(pointer, "$ref"),
        "this reference is no text",
        "Write it between quotes.",
      );
    }
    const annotations = annotationsOf(raw);
    if (this.#listsChildren(raw, pointer)) {
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
      this.#diagnostics.warn("FC304", pointer, what, "Let the parts of allOf agree on it.");
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
    this.#diagnostics.warn(
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
      this.#diagnostics.warn("FC111", joinPointer(pointer, "type"), what, fix);
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
        return this.#readProperties(raw, pointer);
    }
  }

  #readArray(raw: RawObject, pointer: string): Schema {
    const [keyword, tuple] = Array.isArray(raw.prefixItems) ? ["prefixItems", raw.prefixItems] : ["items", raw.items];
    if (Array.isArray(tuple) && tuple.length > 0) {
      const items = tuple.map((item, index) => this.#read(item, joinPointer(pointer, keyword, index)));
      return { kind: "tuple", items };
    }
    return {
      kind: "array",
      items: this.#read(Array.isArray(raw.items) ? undefined : raw.items, joinPointer(pointer, "items")),
      ...pick(raw, "minItems", isPositive),
      ...pick(raw, "maxItems", isCount),
      ...(raw.uniqueItems === true && { uniqueItems: true }),
    };
  }

  #readProperties(raw: RawObject, pointer: string): ObjectSchema {
    const required = new Set(Array.isArray(raw.required) ? raw.required.filter(isText) : []);
    if (typeof raw.required === "string") {
      const what = "required is a list of names, and this is none";
      this.#diagnostics.warn(
        "FC111",
        joinPointer(pointer, "required"),
        what,
        `Write it like required: [${raw.required}]`,
      );
    }
    const properties: Property[] = [];
    for (const [name, value] of Object.entries(this.#propertiesOf(raw, pointer))) {
      if (value === false) continue;
      const place = joinPointer(pointer, "properties", name);
      properties.push({
        name,
        // Draft 3, and many since, write `required: true` on the property itself.
        required: required.has(name) || (isRawObject(value) && value.required === true),
        schema: this.#read(value, place),
        ...(this.#isMarked(value, "readOnly", place) && { readOnly: true }),
        ...(this.#isMarked(value, "writeOnly", place) && { writeOnly: true }),
      });
      required.delete(name);
    }
    const additional = this.#readAdditional(raw, pointer);
    // Required, and not declared: it has to come all the same.
    for (const name of required) properties.push({ name, required: true, schema: additional ?? { kind: "any" } });
    return {
      kind: "object",
      properties,
      ...(additional !== undefined && { additional }),
      ...pick(raw, "minProperties", isPositive),
      ...pick(raw, "maxProperties", isCount),
    };
  }

  #propertiesOf(raw: RawObject, pointer: string): RawObject {
    if (raw.properties === undefined) return {};
    if (isReference(raw.properties)) {
      try {
        const { value } = this.#references.follow(raw.properties, pointer);
        if (isRawObject(value)) return value;
      } catch {
        // Falls through to the warning.
      }
    } else if (isRawObject(raw.properties)) {
      return raw.properties;
    }
    this.#diagnostics.warn("FC111", joinPointer(pointer, "properties"), "these are no properties", "Write an object.");
    return {};
  }

  /** The schema of undeclared keys. Silence beside declared properties counts as closed. */
  #readAdditional(raw: RawObject, pointer: string): Schema | undefined {
    const patterns = isRawObject(raw.patternProperties) ? Object.entries(raw.patternProperties) : [];
    const allowed = patterns.map(([pattern, value]) =>
      this.#read(value, joinPointer(pointer, "patternProperties", pattern)),
    );
    const keyword = raw.additionalProperties === undefined ? "unevaluatedProperties" : "additionalProperties";
    const others = raw[keyword];
    const isClosed = others === false || others === "false";
    if (others !== undefined && !isClosed) allowed.push(this.#read(others, joinPointer(pointer, keyword)));
    const [only, ...more] = allowed;
    if (only !== undefined) return more.length > 0 ? asUnion(allowed) : only;
    const isDeclared = isRawObject(raw.properties) && Object.keys(raw.properties).length > 0;
    return isClosed || isDeclared ? undefined : freeForm;
  }

  /** Follows references: in 3.0 the mark often stands on what is referred to. */
  #isMarked(value: unknown, mark: "readOnly" | "writeOnly", pointer: string): boolean {
    if (!isRawObject(value)) return false;
    if (value[mark] === true) return true;
    if (isReference(value)) {
      try {
        const target = this.#references.follow(value, pointer).value;
        return isRawObject(target) && target[mark] === true;
      } catch {
        return false;
      }
    }
    return Array.isArray(value.allOf) && value.allOf.length === 1 && this.#isMarked(value.allOf[0], mark, pointer);
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
      const schema = this.#read(branch, joinPointer(pointer, keyword, index));
      return discriminator === undefined ? schema : withTag(schema, discriminator.propertyName);
    });
    return asUnion(schemas, this.#discriminatorOf(discriminator, list, pointer));
  }

  // ---------------------------------------------------------- parents and children

  /** A part of `allOf`. A parent that lists its children is, in one of them, only what it says besides the list. */
  #readPart(raw: unknown, pointer: string): Schema {
    const parent = isReference(raw) ? this.#find(raw.$ref, pointer) : undefined;
    if (parent === undefined || !isRawObject(parent.value) || !this.#listsChildren(parent.value, parent.pointer)) {
      return this.#read(raw, pointer);
    }
    const key = `${parent.pointer} without its children`;
    if (this.#open.has(key)) return circle;
    this.#open.add(key);
    const { oneOf: _oneOf, anyOf: _anyOf, ...alone } = parent.value;
    const schema = this.#readObject(alone, parent.pointer);
    this.#open.delete(key);
    return schema;
  }

  /** Whether a schema lists schemas that are made of it: then the list stands for all of it. */
  #listsChildren({ oneOf, anyOf }: RawObject, pointer: string): boolean {
    const list = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : [];
    return list.some((branch) => this.#isMadeOf(branch, pointer, new Set()));
  }

  /** Whether what is referred to has the schema at `pointer` in its `allOf`, or in that of one of its parts. */
  #isMadeOf(raw: unknown, pointer: string, seen: Set<string>): boolean {
    const found = isReference(raw) ? this.#find(raw.$ref, pointer) : undefined;
    if (found === undefined || seen.has(found.pointer) || !isRawObject(found.value)) return false;
    seen.add(found.pointer);
    const parts = Array.isArray(found.value.allOf) ? found.value.allOf.filter(isReference) : [];
    return parts.some(
      (part) => this.#find(part.$ref, pointer)?.pointer === pointer || this.#isMadeOf(part, pointer, seen),
    );
  }

  #find(reference: string, pointer: string): Located | undefined {
    try {
      return this.#references.target(reference, pointer);
    } catch {
      return undefined;
    }
  }

  #discriminatorOf(
    raw: RawObject | undefined,
    branches: readonly unknown[],
    pointer: string,
  ): UnionSchema["discriminator"] | undefined {
    if (raw === undefined || !isText(raw.propertyName)) return undefined;
    const references = branches.filter((branch) => !isNull(branch));
    if (!references.every(isReference)) return undefined;
    const mapping = isRawObject(raw.mapping) ? Object.entries(raw.mapping) : [];
    const values = branches.map((branch) => {
      if (!isReference(branch)) return [];
      const target = this.#find(branch.$ref, pointer)?.pointer ?? branch.$ref;
      const isMeant = (mapped: unknown) =>
        isText(mapped) && (mapped === nameOf(target) || this.#find(mapped, pointer)?.pointer === target);
      const names = mapping.filter(([, mapped]) => isMeant(mapped)).map(([value]) => value);
      return names.length > 0 ? names : [nameOf(target)];
    });
    return { property: raw.propertyName, values };
  }
}

/** OpenAPI: the property that a discriminator names is required, also where a branch that is written out forgets it. */
function withTag(schema: Schema, tag: unknown): Schema {
  if (schema.kind !== "object" || !schema.properties.some(({ name, required }) => name === tag && !required))
    return schema;
  const properties = schema.properties.map((each) => (each.name === tag ? { ...each, required: true } : each));
  return { ...schema, properties };
}

/** Stands for a schema that is made of itself. */
const circle: AnySchema = { kind: "any", reason: "it is made of itself" };

/** Whether a schema stands for one that no value fulfils, or that cannot be read yet. */
function isContradiction(schema: Schema): schema is AnySchema & { readonly reason: string } {
  return schema.kind === "any" && schema.reason !== undefined;
}

function schemasOfProperties(schema: Schema): Schema[] {
  return schema.kind === "object" ? schema.properties.map((property) => property.schema) : [];
}

/** Whether a schema says no more than a type: nothing of the values, items or properties. */
function isTypeAlone(schema: Schema): boolean {
  switch (schema.kind) {
    case "null":
      return true;
    case "object":
      return schema.properties.length === 0 && (schema.additional === undefined || schema.additional === freeForm);
    case "array":
      return isAny(schema.items);
    case "any":
    case "boolean":
    case "string":
    case "number":
    case "enum":
    case "file":
    case "tuple":
    case "union":
    case "ref":
      return false;
  }
}

function isCircle(schema: Schema): boolean {
  return schema.kind === "any" && schema.reason === circle.reason;
}

function isNull(raw: unknown): boolean {
  return isRawObject(raw) && raw.type === "null";
}

/** The last segment of a pointer that is a name: `Pet` of `#/components/schemas/Pet`. */
function nameOf(pointer: string): string {
  const segments = splitPointer(pointer);
  const names = segments.filter(
    (segment) => !/^(\d+|properties|items|schema|schemas|allOf|oneOf|anyOf|\$defs)$/.test(segment),
  );
  return (
    (/^\d+$|^(items|schema|allOf|oneOf|anyOf)$/.test(segments.at(-1) ?? "") ? names.at(-1) : segments.at(-1)) ??
    "Document"
  );
}
