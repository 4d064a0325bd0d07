import { describe, expect, test } from "vitest";
import {
  type BodyOptions,
  compileBody,
  compileField,
  compileOperation,
  decodeArgs,
  type Raw,
  strictOf,
} from "./compile.ts";

interface Row {
  /** The schema of the field `value`. */
  readonly schema: unknown;
  readonly isRequired?: boolean;
  readonly options?: BodyOptions;
  /** Its strict schema. */
  readonly strict: unknown;
  /** Strict values, and what they become; a text is a message to the model, `absent` a field that is left out. */
  readonly decoded?: readonly (readonly [strict: unknown, natural: unknown])[];
}

const absent = Symbol("absent");

function check({ schema, isRequired = true, options = {}, strict, decoded = [] }: Row): void {
  const tool = compileField(schema, { ...options, isRequired });
  expect(tool.strict).toBe(true);
  expect(strictOf(tool)).toEqual(strict);
  for (const [value, natural] of decoded) {
    const want =
      typeof natural === "string" && natural.startsWith("value")
        ? natural
        : natural === absent
          ? {}
          : { value: natural };
    expect(decodeArgs(tool, { value })).toEqual(want);
  }
}

const string = { type: "string" };
const nullable = (...branches: Raw[]) => ({ anyOf: [...branches, { type: "null" }] });
const closed = (properties: Raw) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const entries = (value: Raw) => ({ type: "array", items: closed({ key: string, value }) });
const schemas = {
  Pet: { type: "object", properties: { name: string }, required: ["name"] },
  Node: { type: "object", properties: { next: { $ref: "#/components/schemas/Node" } } },
  Maybe: { type: ["object", "null"], properties: { name: string }, required: ["name"] },
};
const pet = closed({ name: string });

describe("null", () => {
  test.each<[string, Row]>([
    [
      "required, not nullable",
      {
        schema: string,
        strict: string,
        decoded: [
          ["a", "a"],
          [null, "value: got null; expected a string"],
        ],
      },
    ],
    [
      "optional scalar",
      {
        schema: string,
        isRequired: false,
        strict: { type: ["string", "null"] },
        decoded: [
          [null, absent],
          ["a", "a"],
        ],
      },
    ],
    [
      "optional enum",
      {
        schema: { enum: ["a"] },
        isRequired: false,
        strict: nullable({ type: "string", enum: ["a"] }),
        decoded: [[null, absent]],
      },
    ],
    ["optional object", { schema: schemas.Pet, isRequired: false, strict: nullable(pet), decoded: [[null, absent]] }],
    [
      "optional array",
      {
        schema: { type: "array", items: string },
        isRequired: false,
        strict: nullable({ type: "array", items: string }),
      },
    ],
    [
      "optional reference, inlined",
      { schema: { $ref: "#/components/schemas/Pet" }, isRequired: false, options: { schemas }, strict: nullable(pet) },
    ],
    [
      "required, nullable",
      { schema: { type: ["string", "null"] }, strict: { type: ["string", "null"] }, decoded: [[null, null]] },
    ],
    ["required, nullable object", { schema: schemas.Maybe, strict: nullable(pet), decoded: [[null, null]] }],
    [
      "required, reference to a nullable definition",
      {
        schema: { $ref: "#/components/schemas/Maybe" },
        options: { schemas },
        strict: nullable(pet),
        decoded: [[null, null]],
      },
    ],
    [
      "optional and nullable",
      {
        schema: { type: ["string", "null"] },
        isRequired: false,
        strict: { type: ["string", "null"] },
        decoded: [[null, absent]],
      },
    ],
    [
      "nullable of 3.0",
      {
        schema: { type: "string", nullable: true },
        options: { version: "3.0.3" },
        strict: { type: ["string", "null"] },
      },
    ],
    [
      "nullable of 3.0, enum",
      {
        schema: { type: "string", nullable: true, enum: ["a", null] },
        options: { version: "3.0.3" },
        strict: nullable({ type: "string", enum: ["a"] }),
      },
    ],
    [
      "null of anyOf",
      {
        schema: { anyOf: [{ type: "integer" }, { type: "null" }] },
        strict: { type: ["integer", "null"] },
        decoded: [[null, null]],
      },
    ],
    [
      "null of a branch that is a reference",
      {
        schema: { anyOf: [{ $ref: "#/components/schemas/Maybe" }, { type: "integer" }] },
        options: { schemas },
        strict: nullable(pet, { type: "integer" }),
        decoded: [[null, null]],
      },
    ],
    ["nothing but null", { schema: { type: "null" }, strict: { type: "null" }, decoded: [[null, null]] }],
  ])("%s", (_, row) => check(row));

  test("it is said once, in the tool's description", () => {
    expect(compileField(string, { isRequired: false }).description).toContain("null leaves a field out.");
    expect(compileField(string).description).not.toContain("null");
  });
});

describe("PATCH", () => {
  const clear = (key = "set_to") => closed({ [key]: { type: "string", enum: ["null"] } });
  const patch = { method: "patch", schemas } as const;
  test.each<[string, Row]>([
    [
      "scalar",
      {
        schema: { type: ["string", "null"] },
        isRequired: false,
        options: patch,
        strict: nullable(string, clear()),
        decoded: [
          ["a", "a"],
          [null, absent],
          [{ set_to: "null" }, null],
        ],
      },
    ],
    [
      "object",
      {
        schema: schemas.Maybe,
        isRequired: false,
        options: patch,
        strict: nullable(pet, clear()),
        decoded: [
          [{ set_to: "null" }, null],
          [{ name: "a" }, { name: "a" }],
        ],
      },
    ],
    [
      "reference",
      {
        schema: { $ref: "#/components/schemas/Maybe" },
        isRequired: false,
        options: patch,
        strict: nullable(pet, clear()),
        decoded: [[{ set_to: "null" }, null]],
      },
    ],
    [
      "union",
      {
        schema: { anyOf: [schemas.Pet, { type: "integer" }, { type: "null" }] },
        isRequired: false,
        options: patch,
        strict: nullable(pet, { type: "integer" }, clear()),
        decoded: [
          [3, 3],
          [{ set_to: "null" }, null],
        ],
      },
    ],
    [
      "the key is taken",
      {
        schema: { type: ["object", "null"], properties: { set_to: string }, required: ["set_to"] },
        isRequired: false,
        options: patch,
        strict: nullable(closed({ set_to: string }), clear("set_to_")),
        decoded: [
          [{ set_to: "null" }, { set_to: "null" }],
          [{ set_to_: "null" }, null],
        ],
      },
    ],
    [
      "required",
      {
        schema: { type: ["string", "null"] },
        options: patch,
        strict: { type: ["string", "null"] },
        decoded: [[null, null]],
      },
    ],
    [
      "not nullable",
      {
        schema: string,
        isRequired: false,
        options: patch,
        strict: { type: ["string", "null"] },
        decoded: [[null, absent]],
      },
    ],
    [
      "not JSON",
      {
        schema: { type: ["string", "null"] },
        isRequired: false,
        options: { ...patch, mediaType: "application/x-www-form-urlencoded" },
        strict: { type: ["string", "null"] },
      },
    ],
  ])("%s", (_, row) => check(row));

  test("the key is taken by an object that is still being lowered", () => {
    const child = { anyOf: [{ $ref: "#/components/schemas/Tree" }, { type: "null" }] };
    const Tree = { type: "object", properties: { set_to: string, child } };
    const tool = compileField({ $ref: "#/components/schemas/Tree" }, { method: "patch", schemas: { Tree } });
    expect(decodeArgs(tool, { value: { set_to: "null", child: null } })).toEqual({ value: { set_to: "null" } });
    expect(decodeArgs(tool, { value: { set_to: null, child: { set_to_: "null" } } })).toEqual({
      value: { child: null },
    });
    expect(decodeArgs(tool, { value: { set_to: null, child: { set_to: "null", child: null } } })).toEqual({
      value: { child: { set_to: "null" } },
    });
  });

  test("parameters are cleared by nothing", () => {
    const tool = compileOperation(
      {
        parameters: [{ name: "value", in: "query", schema: { type: ["string", "null"] } }],
        requestBody: { content: { "application/json": { schema: { type: "object", properties: { a: string } } } } },
      },
      { method: "patch" },
    );
    expect(strictOf(tool)).toEqual({ type: ["string", "null"] });
  });
});

describe("maps and free form", () => {
  const map = { type: "object", additionalProperties: { type: "integer" } };
  const integer = { type: "integer" };
  test.each<[string, Row]>([
    [
      "map",
      {
        schema: map,
        strict: entries(integer),
        decoded: [
          [[{ key: "a", value: 1 }], { a: 1 }],
          [[], {}],
        ],
      },
    ],
    [
      "map, twice the same key",
      {
        schema: map,
        strict: entries(integer),
        decoded: [
          [
            [
              { key: "a", value: 1 },
              { key: "a", value: 2 },
            ],
            'value: has the key "a" twice',
          ],
        ],
      },
    ],
    [
      "map of maps",
      {
        schema: { type: "object", additionalProperties: map },
        strict: entries(entries(integer)),
        decoded: [[[{ key: "a", value: [{ key: "b", value: 1 }] }], { a: { b: 1 } }]],
      },
    ],
    [
      "map of nullable values",
      {
        schema: { type: "object", additionalProperties: { type: ["integer", "null"] } },
        strict: entries({ type: ["integer", "null"] }),
        decoded: [[[{ key: "a", value: null }], { a: null }]],
      },
    ],
    [
      "map of references",
      {
        schema: { type: "object", additionalProperties: { $ref: "#/components/schemas/Pet" } },
        options: { schemas },
        strict: entries(pet),
        decoded: [[[{ key: "a", value: { name: "b" } }], { a: { name: "b" } }]],
      },
    ],
    [
      "map with bounds",
      {
        schema: { ...map, minProperties: 1, maxProperties: 2 },
        strict: { ...entries(integer), minItems: 1, maxItems: 2 },
        decoded: [[[], "value: got 0 items; at least 1 are needed"]],
      },
    ],
    ["map by patterns", { schema: { type: "object", patternProperties: { "^a": integer } }, strict: entries(integer) }],
    [
      "properties and more",
      {
        schema: { ...schemas.Pet, additionalProperties: integer },
        strict: closed({ name: string, additional_properties: nullable(entries(integer)) }),
        decoded: [
          [
            { name: "a", additional_properties: [{ key: "b", value: 1 }] },
            { name: "a", b: 1 },
          ],
          [{ name: "a", additional_properties: null }, { name: "a" }],
          [
            { name: "a", additional_properties: [{ key: "name", value: 1 }] },
            'value.additional_properties: has the key "name", which has an argument of its own',
          ],
        ],
      },
    ],
    [
      "properties and more, the key is taken",
      {
        schema: {
          type: "object",
          properties: { additional_properties: string },
          required: ["additional_properties"],
          additionalProperties: integer,
        },
        strict: closed({ additional_properties: string, additional_properties_: nullable(entries(integer)) }),
        decoded: [
          [
            { additional_properties: "a", additional_properties_: [{ key: "b", value: 1 }] },
            { additional_properties: "a", b: 1 },
          ],
        ],
      },
    ],
    [
      "silence counts as closed",
      {
        schema: schemas.Pet,
        strict: pet,
        decoded: [[{ name: "a", more: 1 }, "value.more: is not known; allowed: name"]],
      },
    ],
    [
      "anything",
      {
        schema: {},
        strict: { ...string, description: "JSON text" },
        decoded: [
          ['{"a":[1]}', { a: [1] }],
          ["null", null],
        ],
      },
    ],
    ["true", { schema: true, strict: { ...string, description: "JSON text" } }],
    ["type any", { schema: { type: "any" }, strict: { ...string, description: "JSON text" } }],
    [
      "any object",
      {
        schema: { type: "object" },
        strict: { ...string, description: "JSON text of an object" },
        decoded: [
          ["{}", {}],
          ["[]", "value: got JSON text of an array of 0; expected that of an object"],
        ],
      },
    ],
    [
      "no properties at all",
      { schema: { type: "object", additionalProperties: false }, strict: closed({}), decoded: [[{}, {}]] },
    ],
  ])("%s", (_, row) => check(row));

  test("text that is no JSON, with the position", () => {
    const message = decodeArgs(compileField({}), { value: '{"a":}' });
    expect(message).toMatch(/^value: .*position 5/);
  });
});

describe("properties of any name", () => {
  const hostile = ["__proto__", "constructor", "toString", "$ref", "$defs", "key", "value", "properties", "type"];

  test("of a body, and of an object in it", () => {
    const properties = Object.fromEntries(hostile.map((name) => [name, { $ref: "#/components/schemas/Pet" }]));
    const object = { type: "object", properties, required: hostile };
    const strict = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { name }]));
    const keys = ["__proto__", "constructor", "toString", "ref", "defs", "key", "value", "properties", "type"];
    const body = decodeArgs(compileBody(object, { schemas }), strict(keys));
    expect(Object.entries(body as object)).toEqual(keys.map((key, index) => [hostile[index], { name: key }]));
    const field = decodeArgs(compileField(object, { schemas }), { value: strict(keys) });
    expect(Object.entries((field as { value: object }).value)).toEqual(Object.entries(body as object));
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("entries of a map", () => {
    const tool = compileField({ type: "object", additionalProperties: string });
    const { value } = decodeArgs(tool, { value: [{ key: "__proto__", value: "a" }] }) as { value: object };
    expect(Object.entries(value)).toEqual([["__proto__", "a"]]);
  });

  test("keys that providers cannot take are renamed, and stay apart", () => {
    const names = ["a.b", "a_b", "a-b", "a[b]", "值", "名", "$top", "-".repeat(65)];
    const object = {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, string])),
      required: names,
    };
    const tool = compileField(object);
    const { properties, required } = strictOf(tool) as { properties: object; required: string[] };
    expect(Object.keys(properties)).toEqual(required);
    expect(required).toEqual(["a_b_2", "a_b", "a-b", "a_b_3", "field", "field_2", "top", "-".repeat(56)]);
    const value = Object.fromEntries(required.map((key, index) => [key, names[index]]));
    expect(decodeArgs(tool, { value })).toEqual({ value: Object.fromEntries(names.map((name) => [name, name])) });
    expect(properties).toMatchObject({ field: { description: "值" } });
  });
});

describe("scalars", () => {
  test.each<[string, Row]>([
    [
      "const",
      {
        schema: { const: "a" },
        strict: { type: "string", enum: ["a"] },
        decoded: [
          ["a", "a"],
          ["b", 'value: got "b"; allowed: a'],
        ],
      },
    ],
    ["const of a number", { schema: { const: 1 }, strict: { type: "integer", enum: [1] } }],
    ["const null", { schema: { const: null }, strict: { type: "null" } }],
    [
      "enum",
      {
        schema: { enum: ["CNY", "USD"] },
        strict: { type: "string", enum: ["CNY", "USD"] },
        decoded: [["cny", 'value: got "cny"; allowed: CNY, USD (did you mean CNY?)']],
      },
    ],
    [
      "enum with null",
      { schema: { enum: ["a", null] }, strict: nullable({ type: "string", enum: ["a"] }), decoded: [[null, null]] },
    ],
    [
      "enum of several types",
      {
        schema: { enum: [1, "1", true, 1.5] },
        strict: {
          anyOf: [
            { type: "number", enum: [1, 1.5] },
            { type: "string", enum: ["1"] },
            { type: "boolean", enum: [true] },
          ],
        },
        decoded: [
          ["1", "1"],
          [1, 1],
          [true, true],
        ],
      },
    ],
    ["enum with duplicates", { schema: { enum: ["a", "a"] }, strict: { type: "string", enum: ["a"] } }],
    [
      "enum of strings that YAML took for numbers",
      {
        schema: { type: "string", enum: [1, false, "auto"] },
        strict: { type: "string", enum: ["1", "false", "auto"] },
      },
    ],
    [
      "enum of numbers in quotes",
      { schema: { type: "integer", enum: ["1", "2"] }, strict: { type: "integer", enum: [1, 2] } },
    ],
    [
      "enum with labels",
      {
        schema: { enum: ["a", "constructor"], "x-enumDescriptions": { a: "first" } },
        strict: { type: "string", enum: ["a", "constructor"], description: "a: first" },
      },
    ],
    [
      "constants with descriptions",
      {
        schema: { oneOf: [{ const: "a", description: "first" }, { const: "b" }] },
        strict: { type: "string", enum: ["a", "b"], description: "a: first" },
      },
    ],
    ["empty enum", { schema: { type: "string", enum: [] }, strict: string }],
    [
      "objects in an enum",
      { schema: { enum: [{ a: 1 }] }, strict: { ...string, description: 'JSON text; one of [{"a":1}]' } },
    ],
    [
      "kept format",
      {
        schema: { type: "string", format: "date" },
        strict: { ...string, format: "date" },
        decoded: [
          ["2024-02-29", "2024-02-29"],
          ["2023-02-29", 'value: got "2023-02-29"; expected the format date'],
        ],
      },
    ],
    ["other format", { schema: { type: "string", format: "uri" }, strict: { ...string, description: "format: uri" } }],
    ["base64", { schema: { type: "string", format: "byte" }, strict: { ...string, description: "base64" } }],
    ["format that says nothing", { schema: { type: "string", format: "password" }, strict: string }],
    [
      "int64 stays an integer",
      {
        schema: { type: "integer", format: "int64" },
        strict: { type: "integer" },
        decoded: [
          [9007199254740991, 9007199254740991],
          [9007199254740992, "value: got 9007199254740992; integers past 9007199254740991 cannot be passed exactly"],
          [JSON.parse("1e999"), "value: got Infinity; expected an integer"],
        ],
      },
    ],
    [
      "a number that JavaScript cannot hold",
      {
        schema: { type: "number" },
        strict: { type: "number" },
        decoded: [
          [1e308, 1e308],
          [JSON.parse("-1e999"), "value: the number is too large"],
        ],
      },
    ],
    ["format of strings on a number", { schema: { type: "number", format: "date" }, strict: { type: "number" } }],
    [
      "pattern",
      {
        schema: { type: "string", pattern: "abc" },
        strict: { ...string, pattern: "^(?:.*abc.*)$" },
        decoded: [
          ["xabcx", "xabcx"],
          ["ab", 'value: got "ab"; it must match ^(?:.*abc.*)$'],
        ],
      },
    ],
    [
      "pattern with look-ahead",
      {
        schema: { type: "string", pattern: "^(?!x)" },
        strict: { ...string, description: "matches ^(?!x)" },
        decoded: [
          ["a", "a"],
          ["x", 'value: got "x"; it must match ^(?!x)'],
        ],
      },
    ],
    [
      "pattern with a back-reference",
      { schema: { type: "string", pattern: "^(.)\\1$" }, strict: { ...string, description: "matches ^(.)\\1$" } },
    ],
    [
      "bounds",
      {
        schema: { type: "integer", minimum: 1, maximum: 5, multipleOf: 2 },
        strict: { type: "integer", minimum: 1, maximum: 5, multipleOf: 2 },
        decoded: [
          [4, 4],
          [0, "value: got 0; it must be at least 1"],
          [3, "value: got 3; it must be a multiple of 2"],
        ],
      },
    ],
    [
      "exclusive bounds of 3.0",
      {
        schema: { type: "number", minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true },
        options: { version: "3.0.0" },
        strict: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
      },
    ],
    [
      "exclusive bounds of 3.1",
      { schema: { type: "number", exclusiveMinimum: 0 }, strict: { type: "number", exclusiveMinimum: 0 } },
    ],
    [
      "fractional steps",
      {
        schema: { type: "number", multipleOf: 0.01 },
        strict: { type: "number", description: "a multiple of 0.01" },
        decoded: [
          [19.99, 19.99],
          [0.001, "value: got 0.001; it must be a multiple of 0.01"],
        ],
      },
    ],
    [
      "lengths",
      {
        schema: { type: "string", minLength: 2, maxLength: 3 },
        strict: { ...string, description: "2 to 3 characters" },
        decoded: [
          ["😀😀", "😀😀"],
          ["a", 'value: got "a"; at least 2 characters are needed'],
          ["abcd", 'value: got "abcd"; at most 3 characters are allowed'],
        ],
      },
    ],
    [
      "default",
      {
        schema: { type: "integer", default: 20 },
        isRequired: false,
        strict: { type: ["integer", "null"], description: "default 20" },
        decoded: [[null, absent]],
      },
    ],
    [
      "title and the rest",
      {
        schema: {
          ...string,
          title: "T",
          xml: { name: "x" },
          "x-foo": 1,
          externalDocs: {},
          deprecated: true,
          example: "REF-1",
        },
        strict: { ...string, description: "e.g. REF-1; deprecated" },
      },
    ],
    ["not", { schema: { ...string, not: { const: "x" } }, strict: { ...string, description: 'not: {"const":"x"}' } }],
    [
      "type list",
      {
        schema: { type: ["string", "integer"] },
        strict: { type: ["string", "integer"] },
        decoded: [
          ["a", "a"],
          [1, 1],
          [1.5, "value: got 1.5; expected a string or an integer"],
        ],
      },
    ],
    ["bytes in JSON", { schema: { type: "string", format: "binary" }, strict: string }],
  ])("%s", (_, row) => check(row));
});

describe("objects and arrays", () => {
  test.each<[string, Row]>([
    [
      "array bounds",
      {
        schema: { type: "array", items: string, minItems: 1, maxItems: 2 },
        strict: { type: "array", items: string, minItems: 1, maxItems: 2 },
        decoded: [
          [["a"], ["a"]],
          [[], "value: got 0 items; at least 1 are needed"],
        ],
      },
    ],
    [
      "array without items",
      {
        schema: { type: "array" },
        strict: { type: "array", items: { ...string, description: "JSON text" } },
        decoded: [[["1"], [1]]],
      },
    ],
    [
      "unique items",
      {
        schema: { type: "array", items: string, uniqueItems: true },
        strict: { type: "array", items: string, description: "no duplicates" },
        decoded: [[["a", "a"], "value: got an array of 2; no item may come twice"]],
      },
    ],
    [
      "tuple of equal items",
      {
        schema: { type: "array", prefixItems: [string, string] },
        strict: { type: "array", items: string, minItems: 2, maxItems: 2 },
      },
    ],
    [
      "tuple of others",
      {
        schema: { type: "array", prefixItems: [string, { type: "integer" }] },
        strict: closed({ item_0: string, item_1: { type: "integer" } }),
        decoded: [
          [{ item_0: "a", item_1: 1 }, ["a", 1]],
          [{ item_1: 1, item_0: "a" }, ["a", 1]],
        ],
      },
    ],
    [
      "tuple of maps",
      {
        schema: { type: "array", prefixItems: [{ type: "object", additionalProperties: string }, string] },
        strict: closed({ item_0: entries(string), item_1: string }),
        decoded: [[{ item_0: [{ key: "a", value: "b" }], item_1: "c" }, [{ a: "b" }, "c"]]],
      },
    ],
    [
      "read only",
      {
        schema: {
          type: "object",
          properties: { id: { ...string, readOnly: true }, name: string },
          required: ["id", "name"],
        },
        strict: pet,
        decoded: [[{ name: "a" }, { name: "a" }]],
      },
    ],
    [
      "write only",
      {
        schema: { type: "object", properties: { name: { ...string, writeOnly: true } }, required: ["name"] },
        strict: pet,
      },
    ],
    ["properties without type", { schema: { properties: { name: string }, required: ["name"] }, strict: pet }],
    [
      "required: true on the property",
      { schema: { type: "object", properties: { name: { ...string, required: true } } }, strict: pet },
    ],
    [
      "minProperties",
      {
        schema: { type: "object", properties: { name: string }, minProperties: 1 },
        strict: { ...closed({ name: { type: ["string", "null"] } }), description: "at least 1 key" },
        decoded: [[{ name: null }, "value: got an object with no keys; at least 1 keys are needed"]],
      },
    ],
    [
      "one of several required",
      {
        schema: {
          type: "object",
          properties: { a: string, b: string },
          anyOf: [{ required: ["a"] }, { required: ["b"] }],
        },
        strict: {
          ...closed({ a: { type: ["string", "null"] }, b: { type: ["string", "null"] } }),
          description: "needs a, or b",
        },
        decoded: [
          [{ a: null, b: null }, "value: got an object with no keys; it needs a, or b"],
          [{ a: "x", b: null }, { a: "x" }],
        ],
      },
    ],
  ])("%s", (_, row) => check(row));
});

describe("references", () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  test("a definition that is used once is written out", () => {
    check({ schema: ref("Pet"), options: { schemas }, strict: pet });
  });

  test("one that is used more often stands in $defs", () => {
    const Person = {
      type: "object",
      properties: { first_name: string, last_name: string, phone: string },
      required: ["first_name", "last_name", "phone"],
    };
    const tool = compileBody(
      {
        type: "object",
        properties: { a: ref("Person"), b: ref("Person"), c: { ...ref("Person"), description: "The third." } },
      },
      { schemas: { Person } },
    );
    expect(tool.parameters.properties).toEqual({
      a: nullable({ $ref: "#/$defs/Person" }),
      b: nullable({ $ref: "#/$defs/Person" }),
      c: { ...nullable({ $ref: "#/$defs/Person" }), description: "Third" },
    });
    expect(tool.parameters.$defs).toEqual({ Person: closed({ first_name: string, last_name: string, phone: string }) });
  });

  test("a required one with a description", () => {
    const tool = compileField({ ...ref("Node"), description: "The first." }, { schemas });
    expect(strictOf(tool)).toEqual({ anyOf: [{ $ref: "#/$defs/Node" }], description: "First" });
  });

  test("constraints beside it are written out", () => {
    check({
      schema: { ...ref("Pet"), required: ["name", "age"], properties: { age: { type: "integer" } } },
      options: { schemas },
      strict: closed({ name: string, age: { type: "integer" } }),
    });
  });

  test("recursion", () => {
    const tool = compileField(ref("Node"), { schemas });
    expect(strictOf(tool)).toEqual({ $ref: "#/$defs/Node" });
    expect(tool.parameters.$defs).toEqual({ Node: closed({ next: nullable({ $ref: "#/$defs/Node" }) }) });
    expect(decodeArgs(tool, { value: { next: { next: null } } })).toEqual({ value: { next: {} } });
  });

  test("only what a tool reaches is in its $defs", () => {
    const tool = compileField(string, { schemas });
    expect(tool.parameters).not.toHaveProperty("$defs");
  });
});

test("no parameters", () => {
  expect(compileOperation({}, { method: "get" }).parameters).toEqual(closed({}));
});

test("parameters that providers cannot take are renamed in the strict schema alone", () => {
  const parameters = ["filter[id]", "$top", "top", "$defs"].map((name) => ({
    name,
    in: "query",
    schema: string,
    required: true,
  }));
  const tool = compileOperation({ parameters }, { method: "get" });
  expect(tool.parameters).toEqual(closed({ filter_id: string, top_2: string, top: string, defs: string }));
  expect(decodeArgs(tool, { filter_id: "1", top_2: "2", top: "3", defs: "4" })).toEqual({
    "filter[id]": "1",
    $top: "2",
    top: "3",
    $defs: "4",
  });
  expect(tool.route.parameters).toEqual({
    "filter[id]": { in: "query" },
    $top: { in: "query" },
    top: { in: "query" },
    $defs: { in: "query" },
  });
});

test("comparisons in names stay what they are", () => {
  const parameters = ["date", "date<", "date>=", "date!="].map((name) => ({
    name,
    in: "query",
    schema: string,
    required: true,
  }));
  const tool = compileOperation({ parameters }, { method: "get" });
  expect(tool.parameters).toEqual(closed({ date: string, date_lt: string, date_gte: string, date_ne: string }));
  expect(decodeArgs(tool, { date: "1", date_lt: "2", date_gte: "3", date_ne: "4" })).toEqual({
    date: "1",
    "date<": "2",
    "date>=": "3",
    "date!=": "4",
  });
});

test("a file is a string", () => {
  const tool = compileField({ type: "string", format: "binary" }, { mediaType: "multipart/form-data" });
  expect(strictOf(tool)).toEqual({ type: "string", description: "file: base64 or data URL" });
  expect(tool.route.body).toMatchObject({ files: ["value"] });
});

test("empty arguments are {}", () => {
  expect(decodeArgs(compileField(string, { isRequired: false }), {})).toEqual({});
});
