import type { AnySchema, NamedSchema, ObjectSchema, Property, Schema, UnionSchema } from "./api.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { contradiction, freeForm, isAny, merge } from "./merge.ts";
import { joinPointer, splitPointer } from "./pointer.ts";
import { isRawObject, isReference, type Located, type RawObject, type References } from "./references.ts";
import { asUnion } from "./union.ts";

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
    return isReference(raw) ? this.#readReference(raw, pointer) : this.#readObject(raw, pointer);
  }

  #readReference(raw: RawObject & { readonly $ref: string }, pointer: string): Schema {
    let target: string;
    try {
      target = this.#references.target(raw.$ref, pointer).pointer;
    } catch {
      return this.#dangling(raw.$ref, pointer);
    }
    const reference: Schema = { kind: "ref", target };
    if (!this.schemas.has(target) && !this.#open.has(target)) this.#pending.push(target);

    // What stands beside a reference counts in 3.1 alone; whoever writes it in 3.0 means it all the same.
    const { $ref: _ref, ...siblings } = raw;
    const annotations = annotationsOf(siblings);
    if (!Object.keys(siblings).some((key) => constraints.has(key))) return { ...reference, ...annotations };
    const merged = merge(reference, this.#readObject(siblings, pointer), (schema) => this.resolve(schema));
    return { ...merged, ...annotations };
  }

  #dangling(reference: string, pointer: string): Schema {
    this.#diagnostics.warn(
      "FC101",
      pointer,
      `the reference ${JSON.stringify(reference)} leads nowhere`,
      "Correct the reference, or add what it names.",
    );
    return { kind: "any", dangling: reference };
  }

  #named(target: string): Schema {
    const known = this.schemas.get(target);
    if (known !== undefined) return known.schema;
    if (this.#open.has(target)) return circle;
    this.#open.add(target);
    const located = this.#references.target(target, target);
    const read = this.#read(located.value, target);
    const schema = this.#isAliasOf(read, target) ? circle : read;
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
    const [first, ...rest] = parts.length > 0 ? parts : [base];
    const merged = rest.reduce(
      (schema, part) => merge(schema, part, (reference) => this.resolve(reference)),
      first as Schema,
    );
    if (isCircle(merged) && !this.#open.has(pointer)) return { ...this.#later(pointer), ...annotations };
    if (merged.kind === "any" && merged.reason !== undefined && parts.length > 1) {
      this.#diagnostics.warn(
        "FC304",
        pointer,
        `this schema contradicts itself: ${merged.reason}`,
        "Correct its allOf.",
      );
    }
    const notes = [...(merged.notes ?? []), ...notesOf(raw)];
    return { ...merged, ...annotations, ...(notes.length > 0 && { notes }) };
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
    // Required, and not declared: it has to come all the same.
    for (const name of required) properties.push({ name, required: true, schema: { kind: "any" } });
    const additional = this.#readAdditional(raw, pointer);
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
    for (const keyword of ["additionalProperties", "unevaluatedProperties"] as const) {
      const additional = raw[keyword];
      if (additional === false || additional === "false") return undefined;
      if (additional !== undefined) return this.#read(additional, joinPointer(pointer, keyword));
    }
    if (isRawObject(raw.patternProperties)) {
      const patterns = Object.entries(raw.patternProperties).map(([pattern, value]) =>
        this.#read(value, joinPointer(pointer, "patternProperties", pattern)),
      );
      if (patterns.length > 0) return asUnion(patterns);
    }
    const isDeclared = isRawObject(raw.properties) && Object.keys(raw.properties).length > 0;
    return isDeclared ? undefined : freeForm;
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
    const schemas = list.map((branch, index) => this.#read(branch, joinPointer(pointer, keyword, index)));
    const discriminator = isRawObject(raw.discriminator) ? raw.discriminator : undefined;
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

/** Stands for a schema that is made of itself. */
const circle: AnySchema = { kind: "any", reason: "it is made of itself" };

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

// ------------------------------------------------------------ keywords

type Type = "null" | "boolean" | "string" | "integer" | "number" | "array" | "object";

/** What real documents write for the types of JSON Schema. */
const typeNames: Record<string, Type | undefined> = {
  null: "null",
  nil: "null",
  boolean: "boolean",
  bool: "boolean",
  string: "string",
  str: "string",
  text: "string",
  file: "string",
  date: "string",
  datetime: "string",
  "date-time": "string",
  uuid: "string",
  integer: "integer",
  int: "integer",
  int32: "integer",
  int64: "integer",
  long: "integer",
  number: "number",
  float: "number",
  double: "number",
  decimal: "number",
  array: "array",
  list: "array",
  object: "object",
  dict: "object",
  map: "object",
};

/** The types of a schema without null, declared or read from its keywords. None: anything goes. */
function typesOf(raw: RawObject): Type[] {
  if (raw.type !== undefined) {
    const declared = (Array.isArray(raw.type) ? raw.type : [raw.type]).flatMap((name) => {
      const type =
        isText(name) && Object.hasOwn(typeNames, name.toLowerCase()) ? typeNames[name.toLowerCase()] : undefined;
      return type ?? [];
    });
    const types = declared.includes("number") ? declared.filter((type) => type !== "integer") : declared;
    const withoutNull = [...new Set(types)].filter((type) => type !== "null");
    if (withoutNull.length > 0) return withoutNull;
    if (types.includes("null")) return ["null"];
  }
  for (const [type, keywords] of telling) {
    if (keywords.some((keyword) => raw[keyword] !== undefined)) return [type];
  }
  return [];
}

/** Keywords that tell the type where none is declared. */
const telling: readonly (readonly [Type, readonly string[]])[] = [
  ["object", ["properties", "additionalProperties", "patternProperties", "required", "minProperties", "maxProperties"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]],
  ["string", ["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

/** Keywords that restrict what a reference beside them allows; `type` only repeats it. */
const constraints = new Set([
  ...telling.flatMap(([, keywords]) => keywords),
  ...["enum", "const", "format", "allOf", "oneOf", "anyOf", "not", "if", "dependentRequired"],
]);

/** How 3.1 says `format: binary`: a media type, and no encoding that would make text of it. */
function isRawBytes({ contentMediaType, contentEncoding }: RawObject): boolean {
  return isText(contentMediaType) && contentEncoding === undefined && !/json|xml|^text\//.test(contentMediaType);
}

function enumOf(raw: RawObject): readonly unknown[] | undefined {
  if (raw.const !== undefined) return [raw.const];
  return Array.isArray(raw.enum) && raw.enum.length > 0 ? raw.enum : undefined;
}

function readEnum(raw: RawObject, values: readonly unknown[]): Schema {
  const given = [...new Set(values)].filter((value) => value !== null);
  if (given.length === 0) return { kind: "null", nullable: true };
  const scalars = given.filter(isScalar);
  if (scalars.length < given.length) {
    return { kind: "any", notes: [`one of ${JSON.stringify(given).slice(0, 500)}`] };
  }
  const labels = labelsOf(raw, scalars);
  return {
    kind: "enum",
    values: conform(scalars, typesOf({ type: raw.type })),
    ...(labels !== undefined && { labels }),
  };
}

/** Values of the declared types; of one type, what YAML took for another is brought back: `type: string, enum: [1, auto]`. */
function conform(values: readonly Scalar[], types: readonly Type[]): Scalar[] {
  const [type] = types;
  if (type === undefined) return [...values];
  const fitting = values.filter((value) => types.some((each) => isOfType(value, each)));
  if (fitting.length === values.length || types.length > 1) return fitting.length > 0 ? fitting : [...values];
  const converted = values.map((value) => (isOfType(value, type) ? value : convert(value, type)));
  const meaningful = [...new Set(converted)].filter((value) => !Number.isNaN(value));
  return meaningful.length > 0 ? meaningful : [...values];
}

function convert(value: Scalar, type: Type): Scalar {
  if (type === "string") return String(value);
  return type === "boolean" ? String(value) === "true" : Number(value);
}

function isOfType(value: Scalar, type: Type): boolean {
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

/** What the values mean, as the common extensions say it. */
function labelsOf(raw: RawObject, values: readonly Scalar[]): string[] | undefined {
  const labels = raw["x-enumDescriptions"] ?? raw["x-enum-descriptions"];
  if (isRawObject(labels))
    return values.map((value) => (Object.hasOwn(labels, String(value)) ? String(labels[String(value)]) : ""));
  if (Array.isArray(labels) && labels.length === values.length) return labels.map(String);
  return undefined;
}

/** Minimum and the like, with 3.0's boolean `exclusive…` brought into the form of 3.1. */
function boundsOf(
  raw: RawObject,
): Partial<Record<"minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", number>> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = raw;
  return {
    ...(isNumber(minimum) && (exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum })),
    ...(isNumber(maximum) && (exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum })),
    ...(isNumber(exclusiveMinimum) && { exclusiveMinimum }),
    ...(isNumber(exclusiveMaximum) && { exclusiveMaximum }),
    ...(isNumber(multipleOf) && multipleOf > 0 && { multipleOf }),
  };
}

interface Annotations {
  description?: string;
  nullable?: true;
  default?: unknown;
  examples?: readonly unknown[];
  deprecated?: true;
}

function annotationsOf(raw: RawObject): Annotations {
  // The title of a constant says what it means.
  const description = raw.description ?? (raw.const === undefined ? undefined : raw.title);
  const examples = Array.isArray(raw.examples) ? raw.examples : raw.example === undefined ? [] : [raw.example];
  return {
    ...(isText(description) && description.trim() !== "" && { description: description.trim() }),
    ...(isNullable(raw) && { nullable: true }),
    ...(raw.default !== undefined && { default: raw.default }),
    ...(examples.length > 0 && { examples }),
    ...(raw.deprecated === true && { deprecated: true }),
  };
}

function isNullable(raw: RawObject): boolean {
  if (raw.nullable === true || raw["x-nullable"] === true) return true;
  if (raw.const === null) return true;
  const types = Array.isArray(raw.type) ? raw.type : [raw.type];
  const typeAllows = raw.type === undefined || types.includes("null");
  return typeAllows && (Array.isArray(raw.enum) ? raw.enum.includes(null) : raw.type !== undefined);
}

/** Rules for which our schemas have no field, as the document writes them. */
function notesOf(raw: RawObject): string[] {
  return [
    "not",
    "if",
    "then",
    "else",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "propertyNames",
  ]
    .filter((keyword) => raw[keyword] !== undefined)
    .map((keyword) => `${keyword}: ${JSON.stringify(raw[keyword]).slice(0, 200)}`);
}

/** A branch that only says which of the properties beside it must be there. */
function isRequiredOnly(branch: unknown): branch is RawObject {
  if (!isRawObject(branch) || !Array.isArray(branch.required) || branch.required.length === 0) return false;
  return Object.keys(branch).every((key) => ["required", "type", "title", "description", "not"].includes(key));
}

type Scalar = string | number | boolean;

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || isNumber(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** A minimum of nothing says nothing. */
function isPositive(value: unknown): value is number {
  return isCount(value) && value > 0;
}

function pick<Key extends string, Value>(
  raw: RawObject,
  key: Key,
  is: (value: unknown) => value is Value,
): { readonly [K in Key]?: Value } {
  const value = raw[key];
  return is(value) ? ({ [key]: value } as { [K in Key]?: Value }) : {};
}
