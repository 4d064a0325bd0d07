import * as fc from "fast-check";
import type { ObjectSchema, Property, Schema } from "../../src/compiler/api.ts";

/** Named schemas, by their pointer. */
export type Schemas = ReadonlyMap<string, Schema>;

const formats = {
  "date-time": ["2024-02-29T12:30:45Z", "1999-12-31T23:59:59+02:00"],
  date: ["2024-02-29"],
  time: ["12:30:45Z"],
  duration: ["P1DT2H"],
  email: ["ada@example.org"],
  hostname: ["api.example.org"],
  ipv4: ["192.0.2.7"],
  ipv6: ["2001:db8::7"],
  uuid: ["3fa85f64-5717-4562-b3fc-2c963f66afa6"],
  uri: ["https://example.org"],
} as const;
const patterns = {
  "^[a-c]{2,4}$": "[a-c]{2,4}",
  "[0-9]+": "[a-z]{0,2}[0-9]{1,3}",
  "^x|y$": "x[a-z]{0,3}",
  "^(?=a)[a-z]+$": "a[a-z]{0,3}",
};
// No `__proto__`, which ajv does not see among properties; it is among the keys of maps.
const names = [
  "a",
  "b",
  "c",
  "d",
  "key",
  "value",
  "set_to",
  "additional_properties",
  "$top",
  "filter[id]",
  "constructor",
];

export interface SchemaOptions {
  /** Only what strict schemas say in full: no rules of the codec, no JSON text, no maps. */
  readonly plain: boolean;
}

/** Some named schemas, which may refer to each other and to themselves. */
export function arbitrarySchemas(options: SchemaOptions): fc.Arbitrary<Schemas> {
  const pointers = ["#/n/One", "#/n/Two"];
  const object = objectSchema(arbitrarySchema(2, pointers, options), options);
  return fc
    .tuple(object, fc.oneof(object, branchSchema(1, [], options)))
    .map((schemas) => new Map(schemas.map((schema, index) => [pointers[index] as string, schema])));
}

/** Any schema that can be satisfied; its references point to the given pointers. */
export function arbitrarySchema(
  depth: number,
  pointers: readonly string[],
  options: SchemaOptions,
): fc.Arbitrary<Schema> {
  const solid = solidSchema(depth, pointers, options);
  return fc.oneof(
    { weight: 4, arbitrary: solid },
    { weight: 1, arbitrary: solid.map((schema): Schema => ({ ...schema, nullable: true })) },
  );
}

function solidSchema(depth: number, pointers: readonly string[], options: SchemaOptions): fc.Arbitrary<Schema> {
  const scalars = scalarSchemas(options);
  if (depth === 0) return fc.oneof(...scalars);
  const inner = arbitrarySchema(depth - 1, pointers, options);
  const branch = branchSchema(depth - 1, pointers, options);
  return fc.oneof(
    ...scalars,
    { weight: 3, arbitrary: objectSchema(inner, options) },
    { weight: 2, arbitrary: arraySchema(inner, options) },
    {
      weight: 2,
      arbitrary: fc
        .array(branch, { minLength: 2, maxLength: 3 })
        .map((branches): Schema => ({ kind: "union", branches })),
    },
    { weight: 1, arbitrary: taggedUnion(inner) },
    ...(options.plain
      ? []
      : [fc.array(inner, { minLength: 1, maxLength: 3 }).map((items): Schema => ({ kind: "tuple", items }))]),
    ...(pointers.length === 0 ? [] : [fc.constantFrom(...pointers).map((target): Schema => ({ kind: "ref", target }))]),
  );
}

/** What may be a branch of a union: never null. */
function branchSchema(depth: number, pointers: readonly string[], options: SchemaOptions): fc.Arbitrary<Schema> {
  return solidSchema(depth, pointers, options).filter(({ kind }) => kind !== "null");
}

function scalarSchemas({ plain }: SchemaOptions): fc.Arbitrary<Schema>[] {
  const bounds = fc.record(
    { minimum: fc.integer({ min: -5, max: 5 }), maximum: fc.integer({ min: 6, max: 20 }) },
    { requiredKeys: [] },
  );
  const values = fc.uniqueArray(
    fc.oneof(fc.constantFrom("x", "y", "z"), ...(plain ? [] : [fc.integer({ min: 0, max: 3 }), fc.boolean()])),
    { minLength: 1, maxLength: 4 },
  );
  const lengths = fc.record(
    { minLength: fc.integer({ min: 0, max: 3 }), maxLength: fc.integer({ min: 3, max: 6 }) },
    { requiredKeys: [] },
  );
  return [
    fc.constant<Schema>({ kind: "boolean" }),
    fc.constant<Schema>({ kind: "string" }),
    fc.constantFrom(...Object.keys(formats)).map((format): Schema => ({ kind: "string", format })),
    fc.tuple(fc.boolean(), bounds).map(([integer, range]): Schema => ({ kind: "number", integer, ...range })),
    values.map((list): Schema => ({ kind: "enum", values: list })),
    ...(plain
      ? []
      : [
          fc.constantFrom(...Object.keys(patterns)).map((pattern): Schema => ({ kind: "string", pattern })),
          lengths.map((range): Schema => ({ kind: "string", ...range })),
          fc.constant<Schema>({ kind: "any" }),
          fc.constant<Schema>({ kind: "file" }),
          fc.constant<Schema>({ kind: "null", nullable: true }),
        ]),
  ];
}

function arraySchema(items: fc.Arbitrary<Schema>, { plain }: SchemaOptions): fc.Arbitrary<Schema> {
  const bounds = fc.record(
    { minItems: fc.integer({ min: 0, max: 1 }), maxItems: fc.integer({ min: 2, max: 4 }) },
    { requiredKeys: [] },
  );
  const unique = plain ? fc.constant({}) : fc.constantFrom({}, { uniqueItems: true as const });
  return fc
    .tuple(items, bounds, unique)
    .map(([each, range, rule]): Schema => ({ kind: "array", items: each, ...range, ...rule }));
}

function objectSchema(inner: fc.Arbitrary<Schema>, { plain }: SchemaOptions): fc.Arbitrary<Schema> {
  const property = fc.record<Property>({
    name: fc.constantFrom(...names),
    required: fc.boolean(),
    schema: inner,
    ...(!plain && { readOnly: fc.constantFrom(...([true, undefined, undefined, undefined] as unknown as true[])) }),
  });
  const properties = fc.uniqueArray(property, { selector: ({ name }) => name, maxLength: 4 });
  const additional = plain ? fc.constant(undefined) : fc.option(inner, { nil: undefined, freq: 3 });
  return fc.tuple(properties, additional).map(([list, rest]): Schema => {
    // A required reference can make an object infinite.
    const finite = list.map((each) => ({ ...each, required: each.required && !mentionsReference(each.schema) }));
    return { kind: "object", properties: finite, ...(rest !== undefined && { additional: rest }) };
  });
}

function mentionsReference(schema: Schema): boolean {
  return JSON.stringify(schema).includes('"ref"');
}

function taggedUnion(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const fields = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 2 });
  return fc
    .tuple(fc.array(fc.tuple(fields, inner), { minLength: 2, maxLength: 3 }), fc.boolean())
    .map(([branches, isDeclared]): Schema => {
      const values = branches.map((_, index) => [`tag${index}`]);
      const objects = branches.map(([keys, schema], index): Schema => {
        const tag: Property = {
          name: "tag",
          required: true,
          schema: { kind: "enum", values: values[index] as string[] },
        };
        const others = keys.map((name): Property => ({ name, required: false, schema }));
        return { kind: "object", properties: [...others, tag] };
      });
      return { kind: "union", branches: objects, ...(isDeclared && { discriminator: { property: "tag", values } }) };
    });
}

/** A value of a schema, and what is left of it when it was sent. */
export interface Pair {
  readonly value: unknown;
  readonly normal: unknown;
}

const same = (value: unknown): Pair => ({ value, normal: value });

/** Values of a schema. In a PATCH, null for an optional property is kept. */
export function arbitraryValue(schema: Schema, schemas: Schemas, patch: boolean, depth = 0): fc.Arbitrary<Pair> {
  const solid = solidValue(schema, schemas, patch, depth);
  const isNullable =
    schema.nullable === true || (schema.kind === "ref" && schemas.get(schema.target)?.nullable === true);
  return isNullable && schema.kind !== "null" ? fc.oneof(fc.constant(same(null)), solid) : solid;
}

function solidValue(schema: Schema, schemas: Schemas, patch: boolean, depth: number): fc.Arbitrary<Pair> {
  const inner = (each: Schema) => arbitraryValue(each, schemas, patch, depth + 1);
  switch (schema.kind) {
    case "any":
      return fc
        .json({ maxDepth: 2 })
        .map((text) => same(JSON.parse(text)))
        .filter(({ value }) => value !== null);
    case "null":
      return fc.constant(same(null));
    case "boolean":
      return fc.boolean().map(same);
    case "file":
      return fc.constant(same("aGVsbG8="));
    case "enum":
      return fc.constantFrom(...schema.values).map(same);
    case "string":
      return stringValue(schema).map(same);
    case "number": {
      const { minimum = -100, maximum = 100, integer } = schema;
      const whole = fc.integer({ min: minimum, max: maximum });
      return (integer ? whole : whole.map((value) => (value < maximum ? value + 0.5 : value))).map(same);
    }
    case "array": {
      const { minItems: minLength = 0, maxItems: maxLength = 3, items } = schema;
      const size = { minLength, maxLength: depth > 4 ? minLength : maxLength };
      const selector = ({ normal }: Pair) => JSON.stringify(normal);
      const list = schema.uniqueItems
        ? fc.uniqueArray(inner(items), { ...size, selector })
        : fc.array(inner(items), size);
      return list.map(joinList);
    }
    case "tuple":
      return fc.tuple(...schema.items.map(inner)).map(joinList);
    case "union":
      // As sent: what is normal depends on the branch, and several may take the value.
      return fc.oneof(...schema.branches.map(inner)).map(({ normal }) => same(normal));
    case "ref":
      return arbitraryValue(schemas.get(schema.target) as Schema, schemas, patch, depth + 1);
    case "object":
      return objectValue(schema, schemas, patch, depth);
  }
}

function stringValue({
  format,
  pattern,
  minLength = 0,
  maxLength = 6,
}: Schema & { kind: "string" }): fc.Arbitrary<string> {
  if (format !== undefined) return fc.constantFrom(...formats[format as keyof typeof formats]);
  if (pattern !== undefined) return fc.stringMatching(new RegExp(`^${patterns[pattern as keyof typeof patterns]}$`));
  return fc.string({ minLength, maxLength });
}

function joinList(pairs: readonly Pair[]): Pair {
  return { value: pairs.map(({ value }) => value), normal: pairs.map(({ normal }) => normal) };
}

function objectValue(
  { properties, additional }: ObjectSchema,
  schemas: Schemas,
  patch: boolean,
  depth: number,
): fc.Arbitrary<Pair> {
  const fields = properties.map((property) => {
    const isRequired = property.required && property.readOnly !== true;
    // Beside other keys nothing but the schema tells that it is not one of them.
    if (!isRequired && (depth > 4 || (property.readOnly === true && additional !== undefined)))
      return fc.constant(undefined);
    const value = arbitraryValue(property.schema, schemas, patch, depth + 1).map((pair) => ({ property, pair }));
    return isRequired ? value : fc.option(value, { nil: undefined });
  });
  const declared = new Set(properties.map(({ name }) => name));
  const key = fc.constantFrom("other", "x y", "Ü", "toString", "__proto__").filter((name) => !declared.has(name));
  const rest =
    additional === undefined || depth > 4
      ? fc.constant([])
      : fc.uniqueArray(fc.tuple(key, arbitraryValue(additional, schemas, patch, depth + 1)), {
          selector: ([name]) => name,
          maxLength: 2,
        });
  return fc.tuple(fc.tuple(...fields), rest).map(([known, others]) => {
    const value: object = {};
    const normal: object = {};
    for (const field of known) {
      if (field === undefined) continue;
      const { property, pair } = field;
      define(value, property.name, pair.value);
      const standsForAbsent = !property.required && pair.value === null && !(patch && property.schema.kind !== "null");
      if (property.readOnly !== true && !standsForAbsent) define(normal, property.name, pair.normal);
    }
    for (const [name, pair] of others) {
      define(value, name, pair.value);
      define(normal, name, pair.normal);
    }
    return { value, normal };
  });
}

/** Also where the key is `__proto__`. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
