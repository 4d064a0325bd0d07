import { expect, test } from "vitest";
import type { Property, Schema } from "../../src/compiler/api.ts";
import { contradiction, freeForm } from "../../src/compiler/extremes.ts";
import { merge, type Resolver } from "../../src/compiler/merge.ts";

const string: Schema = { kind: "string" };
const number: Schema = { kind: "number", integer: false };
const integer: Schema = { kind: "number", integer: true };
const property = (name: string, schema: Schema = string, more: Partial<Property> = {}): Property => ({
  name,
  required: false,
  schema,
  ...more,
});
const object = (properties: readonly Property[], additional?: Schema): Schema => ({
  kind: "object",
  properties,
  ...(additional !== undefined && { additional }),
});
const schemas: { readonly [name: string]: Schema } = { Pet: object([property("name")]), Text: string };
const ref = (target: string): Schema => ({ kind: "ref", target });
const resolver: Resolver = {
  resolve: (schema) => (schema.kind === "ref" ? (schemas[schema.target] as Schema) : schema),
  join: (left, right) => ({ kind: "ref", target: `${left.target} ${right.target}` }),
};

test.each<[name: string, left: Schema, right: Schema, want: Schema]>([
  ["anything", { kind: "any" }, string, string],
  [
    "words",
    { ...string, description: "a", default: 1 },
    { ...string, description: "b", default: 2 },
    { ...string, description: "a\n\nb", default: 2 },
  ],
  ["the same words", { ...string, description: "a" }, { ...string, description: "a" }, { ...string, description: "a" }],
  ["null on both sides", { ...string, nullable: true }, { ...string, nullable: true }, { ...string, nullable: true }],
  ["null on one side", { ...string, nullable: true }, string, string],
  ["null and anything", { ...string, nullable: true }, { kind: "any" }, { ...string, nullable: true }],
  [
    "lengths",
    { ...string, minLength: 1, maxLength: 9 },
    { ...string, minLength: 2, maxLength: 5 },
    { ...string, minLength: 2, maxLength: 5 },
  ],
  [
    "patterns",
    { ...string, pattern: "a" },
    { ...string, pattern: "b" },
    { ...string, pattern: "a", notes: ["also matches b"] },
  ],
  [
    "bounds",
    { ...number, minimum: 1, maximum: 9 } as Schema,
    { ...integer, minimum: 0, maximum: 5 } as Schema,
    { ...integer, minimum: 1, maximum: 5 } as Schema,
  ],
  [
    "steps",
    { ...integer, multipleOf: 4 } as Schema,
    { ...integer, multipleOf: 6 } as Schema,
    { ...integer, multipleOf: 12 } as Schema,
  ],
  [
    "bounds that contradict",
    { ...integer, minimum: 4 } as Schema,
    { ...integer, maximum: 3 } as Schema,
    contradiction("it is at least 4 and at most 3 at once"),
  ],
  ["types that contradict", string, number, contradiction("it is a string and a number at once")],
  [
    "enums",
    { kind: "enum", values: ["a", "b"] },
    { kind: "enum", values: ["b", "c"] },
    { kind: "enum", values: ["b"] },
  ],
  [
    "enums with labels",
    { kind: "enum", values: ["a", "b"], labels: ["A", "B"] },
    { kind: "enum", values: ["b"] },
    { kind: "enum", values: ["b"], labels: ["B"] },
  ],
  [
    "enums that contradict",
    { kind: "enum", values: ["a"] },
    { kind: "enum", values: ["b"] },
    contradiction("none of its enum values is allowed"),
  ],
  ["an enum and its type", { kind: "enum", values: [1, "a", 1.5, true] }, integer, { kind: "enum", values: [1] }],
  [
    "an enum and bounds",
    { ...integer, minimum: 2, exclusiveMaximum: 4 } as Schema,
    { kind: "enum", values: [1, 2, 3, 4] },
    { kind: "enum", values: [2, 3] },
  ],
  [
    "an enum and lengths",
    { kind: "enum", values: ["a", "bb"] },
    { ...string, maxLength: 1 },
    { kind: "enum", values: ["a"] },
  ],
  [
    "arrays",
    { kind: "array", items: { kind: "any" }, minItems: 1 },
    { kind: "array", items: string, maxItems: 2 },
    { kind: "array", items: string, minItems: 1, maxItems: 2 },
  ],
  [
    "tuples",
    { kind: "tuple", items: [string, { kind: "any" }] },
    { kind: "tuple", items: [{ kind: "any" }, integer, string] },
    { kind: "tuple", items: [string, integer, string] },
  ],
  ["properties", object([property("a")]), object([property("b")]), object([property("a"), property("b")])],
  [
    "the same property",
    object([property("a", { kind: "any" }, { required: true })]),
    object([property("a", integer, { readOnly: true })]),
    object([property("a", integer, { required: true, readOnly: true })]),
  ],
  [
    "closed, and more",
    object([property("a")]),
    object([property("b")], integer),
    object([property("a"), property("b")], integer),
  ],
  ["an object of which nothing is said", object([], freeForm), object([property("a")]), object([property("a")])],
  ["a reference and type: object", ref("Pet"), object([], freeForm), ref("Pet")],
  [
    "type: object and a described reference",
    object([], freeForm),
    { ...ref("Pet"), description: "a" },
    { ...ref("Pet"), description: "a" },
  ],
  [
    "a reference to text and type: object",
    ref("Text"),
    object([], freeForm),
    contradiction("it is a string and an object at once"),
  ],
  [
    "a reference and more",
    ref("Pet"),
    object([property("age", integer)]),
    object([property("name"), property("age", integer)]),
  ],
])("%s", (_, left, right, want) => {
  expect(merge(left, right, resolver)).toEqual(want);
});

test("a union distributes; branches that cannot be are left out, with their tags", () => {
  const kind = (value: string) => property("kind", { kind: "enum", values: [value] });
  const union: Schema = {
    kind: "union",
    branches: [object([kind("a")]), object([kind("b")]), string],
    discriminator: { property: "kind", values: [["a"], ["b"], ["c"]] },
  };
  expect(merge(union, object([property("name")]), resolver)).toEqual({
    kind: "union",
    branches: [object([kind("a"), property("name")]), object([kind("b"), property("name")])],
    discriminator: { property: "kind", values: [["a"], ["b"]] },
  });
  expect(merge(union, integer, resolver)).toMatchObject({
    kind: "any",
    reason: "it is an object and a number at once",
  });
});

test("unions multiply, within measure", () => {
  const union = (prefix: string, count: number): Schema => ({
    kind: "union",
    branches: Array.from({ length: count }, (_, index) => object([property(`${prefix}${index}`)])),
  });
  expect(merge(union("a", 2), union("b", 3), resolver)).toMatchObject({ branches: { length: 6 } });
  expect(merge(union("a", 6), union("b", 6), resolver)).toMatchObject({ kind: "any" });
  expect(merge(union("a", 100), object([], freeForm), resolver)).toMatchObject({ branches: { length: 100 } });
});
