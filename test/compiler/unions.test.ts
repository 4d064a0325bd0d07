import { describe, expect, test } from "vitest";
import { compileField, decodeArgs, type Raw, strictOf } from "./compile.ts";

interface Row {
  /** The schema of the field `value`. */
  readonly schema: unknown;
  readonly schemas?: Raw;
  /** Its strict schema, where the row is about that. */
  readonly strict?: unknown;
  /** Strict values, and what they become; a text that begins with "value" is a message to the model. */
  readonly decoded?: readonly (readonly [strict: unknown, natural: unknown])[];
}

function check({ schema, schemas = {}, strict, decoded = [] }: Row): void {
  const tool = compileField(schema, { schemas });
  expect(tool.strict).toBe(true);
  if (strict !== undefined) expect(strictOf(tool)).toEqual(strict);
  for (const [value, natural] of decoded) {
    const isMessage = typeof natural === "string" && natural.startsWith("value");
    expect(decodeArgs(tool, { value })).toEqual(isMessage ? natural : { value: natural });
  }
}

const string = { type: "string" };
const integer = { type: "integer" };
const boolean = { type: "boolean" };
const orNull = { type: ["string", "null"] };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: Raw, required: readonly string[] = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});
const closed = (properties: Raw) => ({ ...object(properties), additionalProperties: false });
const tag = (...values: unknown[]) => ({ type: "string", enum: values });
const array = (items: unknown) => ({ type: "array", items });

describe("scalars", () => {
  test.each<[string, Row]>([
    [
      "of different types",
      { schema: { oneOf: [string, integer, boolean] }, strict: { type: ["string", "integer", "boolean"] } },
    ],
    [
      "integer and number",
      { schema: { anyOf: [integer, { type: "number" }] }, strict: { type: "number" }, decoded: [[1.5, 1.5]] },
    ],
    [
      "with constraints",
      {
        schema: { anyOf: [{ ...integer, minimum: 1 }, tag("auto")] },
        strict: { anyOf: [{ ...integer, minimum: 1 }, tag("auto")] },
        decoded: [
          [1, 1],
          ["auto", "auto"],
          [0, "value: got 0; it must be at least 1"],
          ["x", 'value: got "x"; allowed: auto'],
        ],
      },
    ],
    [
      "with rules that only we check",
      {
        schema: { anyOf: [{ ...string, maxLength: 2 }, integer] },
        strict: { anyOf: [{ ...string, description: "at most 2 characters" }, integer] },
        decoded: [
          ["ab", "ab"],
          [1, 1],
          ["abc", 'value: got "abc"; at most 2 characters are allowed'],
        ],
      },
    ],
    [
      "of one type",
      {
        schema: {
          anyOf: [
            { ...string, format: "date" },
            { ...string, format: "uuid" },
          ],
        },
        strict: string,
      },
    ],
    ["enums", { schema: { anyOf: [tag("a", "b"), tag("b", "c")] }, strict: tag("a", "b", "c") }],
    [
      "an open enum",
      {
        schema: { anyOf: [tag("a", "b"), string] },
        strict: { ...string, description: "e.g. a, b" },
        decoded: [["z", "z"]],
      },
    ],
    [
      "an open enum by reference",
      {
        schema: { anyOf: [ref("E"), string] },
        schemas: { E: tag("a", "b") },
        strict: { ...string, description: "e.g. a, b" },
      },
    ],
    [
      "enums by reference",
      { schema: { anyOf: [ref("E"), ref("F")] }, schemas: { E: tag("a"), F: tag("b") }, strict: tag("a", "b") },
    ],
    [
      "an enum by reference beside a number",
      { schema: { anyOf: [ref("E"), integer] }, schemas: { E: tag("a") }, strict: { anyOf: [tag("a"), integer] } },
    ],
    [
      "an enum by a described reference",
      {
        schema: { anyOf: [{ ...ref("E"), description: "One." }, integer] },
        schemas: { E: tag("a") },
        strict: { anyOf: [{ ...tag("a"), description: "One" }, integer] },
      },
    ],
    ["null", { schema: { oneOf: [string, { type: "null" }] }, strict: orNull, decoded: [[null, null]] }],
    ["one branch", { schema: { oneOf: [string] }, strict: string }],
    ["the same twice", { schema: { oneOf: [string, string] }, strict: string }],
    ["anything", { schema: { anyOf: [string, {}] }, strict: { ...string, description: "JSON text" } }],
  ])("%s", (_, row) => check(row));
});

describe("objects without a discriminator", () => {
  const card = object({ number: string, name: string });
  const bank = object({ name: string, iban: string });
  test.each<[string, Row]>([
    [
      "each with a key of its own",
      {
        schema: { oneOf: [card, bank] },
        strict: { anyOf: [closed({ number: string, name: string }), closed({ iban: string, name: string })] },
        decoded: [
          [
            { iban: "1", name: "a" },
            { iban: "1", name: "a" },
          ],
          [
            { number: "1", name: "a" },
            { number: "1", name: "a" },
          ],
          [
            { name: "a" },
            "value: got an object with name; expected an object that begins with number, or an object that begins with iban",
          ],
        ],
      },
    ],
    [
      "with constants that may be left out",
      {
        schema: {
          oneOf: [object({ a: string, kind: tag("x") }, ["a"]), object({ kind: tag("y", "z"), a: string }, ["a"])],
        },
        strict: { anyOf: [closed({ kind: tag("x"), a: string }), closed({ kind: tag("y", "z"), a: string })] },
        decoded: [
          [
            { kind: "z", a: "1" },
            { kind: "z", a: "1" },
          ],
          [{ a: "1" }, "value.kind: is required, and missing; allowed: x, y, z"],
        ],
      },
    ],
    [
      "with constants",
      {
        schema: { anyOf: [object({ a: string, kind: tag("x") }), object({ kind: tag("y"), a: string })] },
        strict: { anyOf: [closed({ kind: tag("x"), a: string }), closed({ kind: tag("y"), a: string })] },
        decoded: [
          [
            { kind: "x", a: "1" },
            { kind: "x", a: "1" },
          ],
          [{ kind: "z", a: "1" }, 'value.kind: got "z"; allowed: x, y'],
          [{ a: "1" }, "value.kind: is required, and missing; allowed: x, y"],
        ],
      },
    ],
    [
      "with numbers for tags",
      {
        schema: { anyOf: [object({ kind: { const: 1 }, a: string }), object({ kind: { const: 2 }, a: string })] },
        decoded: [
          [
            { kind: 2, a: "x" },
            { kind: 2, a: "x" },
          ],
        ],
      },
    ],
    [
      "that nothing tells apart",
      {
        schema: { oneOf: [object({ a: string }), object({ a: integer })] },
        strict: { anyOf: [closed({ option_1: closed({ a: string }) }), closed({ option_2: closed({ a: integer }) })] },
        decoded: [
          [{ option_1: { a: "1" } }, { a: "1" }],
          [{ option_2: { a: 1 } }, { a: 1 }],
          [
            { a: 1 },
            "value: got an object with a; expected an object that begins with option_1, or an object that begins with option_2",
          ],
        ],
      },
    ],
    [
      "that nothing tells apart, with names",
      {
        schema: { oneOf: [ref("A"), ref("B")] },
        schemas: { A: object({ a: string }), B: object({ a: string, b: string }) },
        strict: { anyOf: [closed({ A: closed({ a: string }) }), closed({ B: closed({ a: string, b: string }) })] },
        decoded: [[{ B: { a: "1", b: "2" } }, { a: "1", b: "2" }]],
      },
    ],
    [
      "an empty one beside another",
      {
        schema: { oneOf: [{ type: "object", additionalProperties: false }, card] },
        decoded: [
          [{}, {}],
          [
            { number: "1", name: "a" },
            { number: "1", name: "a" },
          ],
        ],
      },
    ],
    [
      "with optional keys of their own",
      {
        schema: { anyOf: [object({ a: string }, []), object({ b: string }, [])] },
        decoded: [
          [{ a: "1" }, { a: "1" }],
          [{ b: null }, {}],
          [{}, {}],
        ],
      },
    ],
  ])("%s", (_, row) => check(row));
});

describe("objects with a discriminator", () => {
  const Cat = object({ name: string, kind: string });
  const Dog = object({ name: string, kind: string });
  const schemas = { Cat, Dog };
  const oneOf = [ref("Cat"), ref("Dog")];
  const tagged = (cat: unknown, dog: unknown) => ({
    anyOf: [closed({ kind: cat, name: string }), closed({ kind: dog, name: string })],
  });
  const union = (discriminator: Raw = {}, more: Raw = {}) => ({
    oneOf,
    discriminator: { propertyName: "kind", ...discriminator },
    ...more,
  });
  test.each<[string, Row]>([
    [
      "by the names of the schemas",
      {
        schema: union(),
        schemas,
        strict: tagged(tag("Cat"), tag("Dog")),
        decoded: [
          [
            { kind: "Dog", name: "a" },
            { kind: "Dog", name: "a" },
          ],
          [{ kind: "Cow", name: "a" }, 'value.kind: got "Cow"; allowed: Cat, Dog'],
          [{ kind: "dog", name: "a" }, 'value.kind: got "dog"; allowed: Cat, Dog (did you mean Dog?)'],
        ],
      },
    ],
    [
      "a tag that a branch which is written out forgets to require",
      {
        schema: {
          oneOf: ["Cat", "Dog"].map((kind) => ({
            type: "object",
            properties: { name: string, kind: { type: "string", enum: [kind] } },
            required: ["name"],
          })),
          discriminator: { propertyName: "kind" },
        },
        strict: tagged(tag("Cat"), tag("Dog")),
      },
    ],
    [
      "mapped by reference",
      {
        schema: union({ mapping: { cat: "#/components/schemas/Cat", dog: "#/components/schemas/Dog" } }),
        schemas,
        strict: tagged(tag("cat"), tag("dog")),
      },
    ],
    [
      "mapped by name",
      { schema: union({ mapping: { cat: "Cat", dog: "Dog" } }), schemas, strict: tagged(tag("cat"), tag("dog")) },
    ],
    [
      "mapped by a reference that is written otherwise",
      {
        schema: union({ mapping: { cat: "#/components/schemas/%43at" } }),
        schemas,
        strict: tagged(tag("cat"), tag("Dog")),
      },
    ],
    ["mapped in part", { schema: union({ mapping: { cat: "Cat" } }), schemas, strict: tagged(tag("cat"), tag("Dog")) }],
    [
      "several values for a branch",
      {
        schema: union({ mapping: { cat: "Cat", kitten: "Cat", dog: "Dog" } }),
        schemas,
        strict: tagged(tag("cat", "kitten"), tag("dog")),
      },
    ],
    [
      "a mapping that leads nowhere",
      {
        schema: union({ mapping: { cow: "#/components/schemas/Cow", "%": "#/%" } }),
        schemas,
        strict: tagged(tag("Cat"), tag("Dog")),
      },
    ],
    ["beside type: object", { schema: union({}, { type: "object" }), schemas, strict: tagged(tag("Cat"), tag("Dog")) }],
    [
      "with null",
      {
        schema: union({}, { oneOf: [...oneOf, { type: "null" }] }),
        schemas,
        strict: { anyOf: [...tagged(tag("Cat"), tag("Dog")).anyOf, { type: "null" }] },
        decoded: [[null, null]],
      },
    ],
    [
      "nullable in 3.0",
      {
        schema: union({}, { nullable: true }),
        schemas,
        strict: { anyOf: [...tagged(tag("Cat"), tag("Dog")).anyOf, { type: "null" }] },
      },
    ],
    [
      "values that the branches list",
      {
        schema: union(),
        schemas: { Cat: object({ kind: tag("CAT"), name: string }), Dog: object({ kind: tag("DOG"), name: string }) },
        strict: tagged(tag("CAT"), tag("DOG")),
      },
    ],
    [
      "a property that a branch forgot",
      { schema: union(), schemas: { Cat, Dog: object({ name: string }) }, strict: tagged(tag("Cat"), tag("Dog")) },
    ],
    [
      "the same values for both",
      {
        schema: union({ mapping: { pet: "Cat" } }),
        schemas: { Cat: object({ kind: tag("pet"), a: string }), Dog: object({ kind: tag("pet"), b: string }) },
        decoded: [
          [
            { b: "1", kind: "pet" },
            { b: "1", kind: "pet" },
          ],
        ],
      },
    ],
  ])("%s", (_, row) => check(row));

  test("recursive", () => {
    const node = ref("Node");
    const Node = { oneOf: [ref("Leaf"), ref("Pair")], discriminator: { propertyName: "kind" } };
    const schemas = {
      Node,
      Leaf: object({ text: string, kind: string }),
      Pair: object({ left: node, right: node, kind: string }),
    };
    const tool = compileField(node, { schemas });
    const leaf = { kind: "Leaf", text: "a" };
    const pair = { kind: "Pair", left: leaf, right: { kind: "Pair", left: leaf, right: leaf } };
    expect(decodeArgs(tool, { value: pair })).toEqual({ value: pair });
    expect(decodeArgs(tool, { value: { ...pair, right: { kind: "Leaf", text: 1 } } })).toBe(
      "value.right.text: got 1; expected a string",
    );
  });

  test("one branch in two unions, with other tags in each", () => {
    const Both = object({
      a: { oneOf: [ref("Cat"), ref("Dog")], discriminator: { propertyName: "kind", mapping: { "a b": "Cat" } } },
      b: { oneOf: [ref("Cat"), ref("Dog")], discriminator: { propertyName: "kind", mapping: { a_b: "Cat" } } },
    });
    const tool = compileField(ref("Both"), { schemas: { ...schemas, Both } });
    const cat = (kind: string) => ({ kind, name: "x" });
    expect(decodeArgs(tool, { value: { a: cat("a b"), b: cat("a_b") } })).toEqual({
      value: { a: cat("a b"), b: cat("a_b") },
    });
    expect(decodeArgs(tool, { value: { a: cat("a_b"), b: cat("a_b") } })).toMatch(
      /^value.a.kind: got "a_b"; allowed: a b, Dog/,
    );
  });
});

describe("mixed branches", () => {
  const person = object({ name: string });
  test.each<[string, Row]>([
    [
      "an object and scalars",
      {
        schema: { oneOf: [person, string, integer] },
        strict: { anyOf: [closed({ name: string }), string, integer] },
        decoded: [
          [{ name: "a" }, { name: "a" }],
          ["a", "a"],
          [1, 1],
          [true, "value: got true; expected an object that begins with name, or a string, or an integer"],
        ],
      },
    ],
    [
      "an array beside its items",
      {
        schema: { oneOf: [string, array(string)] },
        strict: { anyOf: [string, array(string)] },
        decoded: [
          ["a", "a"],
          [["a"], ["a"]],
        ],
      },
    ],
    [
      "an array by reference beside its items",
      {
        schema: { oneOf: [string, ref("List")] },
        schemas: { List: array(string) },
        strict: { anyOf: [string, array(string)] },
      },
    ],
    [
      "several arrays",
      {
        schema: { oneOf: [array(string), array(integer)] },
        strict: { anyOf: [closed({ array: array(string) }), closed({ array_2: array(integer) })] },
        decoded: [
          [{ array_2: [1] }, [1]],
          [{ array: [] }, []],
        ],
      },
    ],
    [
      "a map beside an array",
      {
        schema: { oneOf: [{ type: "object", additionalProperties: string }, array(integer)] },
        decoded: [
          [{ array: [1] }, [1]],
          [{ option_1: [{ key: "a", value: "b" }] }, { a: "b" }],
        ],
      },
    ],
    [
      "JSON text beside a string",
      {
        schema: { oneOf: [{ type: "object" }, string] },
        decoded: [
          ["{}", "{}"],
          [{ option_1: "{}" }, {}],
        ],
      },
    ],
    [
      "a tuple beside an object that begins alike",
      {
        schema: { oneOf: [{ type: "array", prefixItems: [string, integer] }, object({ item_0: string })] },
        decoded: [
          [{ tuple: { item_0: "a", item_1: 1 } }, ["a", 1]],
          [{ item_0: "a" }, { item_0: "a" }],
        ],
      },
    ],
    [
      "a tuple by reference beside another",
      {
        schema: { oneOf: [ref("P"), ref("Q")] },
        schemas: {
          P: { type: "array", prefixItems: [string, integer] },
          Q: { type: "array", prefixItems: [string, boolean] },
        },
        decoded: [
          [{ P: { item_0: "a", item_1: 1 } }, ["a", 1]],
          [{ Q: { item_0: "a", item_1: true } }, ["a", true]],
        ],
      },
    ],
    [
      "nested unions",
      {
        schema: { oneOf: [{ oneOf: [string, integer] }, boolean] },
        strict: { type: ["string", "integer", "boolean"] },
      },
    ],
    [
      "a union by reference",
      {
        schema: { oneOf: [ref("U"), object({ c: string })] },
        schemas: { U: { oneOf: [object({ a: string }), object({ b: string })] } },
        decoded: [
          [{ U: { b: "1" } }, { b: "1" }],
          [{ c: "1" }, { c: "1" }],
        ],
      },
    ],
    [
      "a wrapper whose name a branch has for a key",
      {
        schema: { oneOf: [object({ array: string }), array(string), array(integer)] },
        decoded: [
          [{ array: "a" }, { array: "a" }],
          [{ array_2: ["a"] }, ["a"]],
        ],
      },
    ],
    [
      "many branches beside type: object",
      {
        schema: {
          type: "object",
          oneOf: Array.from({ length: 40 }, (_, index) => object({ [`key_${index}`]: string })),
        },
        decoded: [[{ key_39: "a" }, { key_39: "a" }]],
      },
    ],
  ])("%s", (_, row) => check(row));
});
