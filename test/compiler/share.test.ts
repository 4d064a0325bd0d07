import { describe, expect, test } from "vitest";
import { compileBody, compileField, decodeArgs, type Raw } from "./compile.ts";

const string = { type: "string" };
const object = (properties: Raw, required = Object.keys(properties)) => ({ type: "object", properties, required });
const address = object({ street_and_number: string, postal_code: string, city: string });
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const orNull = (schema: Raw) => ({ anyOf: [schema, { type: "null" }] });

const closed = ({ properties, required }: ReturnType<typeof object>) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

/** The strict properties of a body, and what is defined beside them. */
function sharedIn(body: unknown): { properties: Raw; definitions: Raw } {
  const { properties, $defs = {} } = compileBody(body).parameters;
  return { properties: properties as Raw, definitions: $defs as Raw };
}

test("what stands several times is written once, called after its first place", () => {
  const { properties, definitions } = sharedIn(object({ billing: address, shipping: address, copy: address }));
  expect(properties).toEqual({ billing: ref("billing"), shipping: ref("billing"), copy: ref("billing") });
  expect(definitions).toEqual({ billing: closed(address) });
});

test("null and words stay at their place", () => {
  const described = { ...address, description: "Where bills go." };
  const { properties } = sharedIn(object({ billing: described, shipping: address, copy: address }, ["billing"]));
  expect(properties).toEqual({
    billing: { anyOf: [ref("billing")], description: "Where bills go" },
    shipping: orNull(ref("billing")),
    copy: orNull(ref("billing")),
  });
});

test.each<[name: string, body: unknown]>([
  ["what is short", object({ a: { type: "array", items: string }, b: { type: "array", items: string } })],
  ["what differs", object({ a: address, b: { ...address, required: ["city"] } })],
  ["what has other values", object({ a: { enum: ["x".repeat(80)] }, b: { enum: ["y".repeat(80)] } })],
  [
    "plain text",
    object({ a: { ...string, description: "x ".repeat(40) }, b: { ...string, description: "x ".repeat(40) } }),
  ],
])("%s is no definition", (_, body) => {
  expect(sharedIn(body).definitions).toEqual({});
});

test("what stands in something that is written once counts once", () => {
  const person = object({ home: address, work: address, name: string });
  const { definitions } = sharedIn(object({ buyer: person, seller: person }));
  expect(definitions).toEqual({
    buyer: closed(object({ home: ref("home"), work: ref("home"), name: string })),
    home: closed(address),
  });
});

test("lists of values, and what lists hold", () => {
  const kinds = {
    enum: ["cat", "dog", "cow", "horse", "goat", "sheep", "hen", "duck", "goose"].map((kind) => `a_${kind}`),
  };
  const body = object({
    kind: kinds,
    others: { type: "array", items: kinds },
    homes: { type: "array", items: address },
    work: address,
  });
  const { properties, definitions } = sharedIn(body);
  expect(properties).toMatchObject({
    kind: ref("kind"),
    others: { items: ref("kind") },
    homes: { items: ref("homes_item") },
  });
  expect(Object.keys(definitions)).toEqual(["homes_item", "kind"]);
});

test("entries of maps stay in their lists, where whoever reads a map looks for them", () => {
  const map = (rules: Raw) => ({ type: "object", additionalProperties: address, ...rules });
  const { properties, definitions } = sharedIn(
    object({ a: map({}), b: map({ minProperties: 1 }), c: map({ maxProperties: 9 }) }),
  );
  const entries = { type: "array", items: closed(object({ key: string, value: ref("value") })) };
  expect(properties).toEqual({ a: entries, b: { ...entries, minItems: 1 }, c: { ...entries, maxItems: 9 } });
  expect(definitions).toEqual({ value: closed(address) });
});

test("what a definition of the document says already", () => {
  const node = object(
    { next: { $ref: "#/components/schemas/Node" }, street_and_number: string, postal_code: string },
    [],
  );
  const copy = { ...node, required: [] };
  const schemas = { Node: node };
  const tool = compileBody(object({ node: { $ref: "#/components/schemas/Node" }, copy }), { schemas });
  expect(tool.parameters.properties).toEqual({ node: ref("Node"), copy: ref("Node") });
});

test("names begin with a small letter, unlike those of the document", () => {
  expect(Object.keys(sharedIn(object({ Home: address, _: address, Work: address })).definitions)).toEqual(["home"]);
  expect(Object.keys(sharedIn(object({ _links: address, Work: address })).definitions)).toEqual(["links"]);
  expect(Object.keys(sharedIn(object({ "1": address, "2": address })).definitions)).toEqual(["part"]);
});

test("names that are taken, or mean something else", () => {
  const other = object({ ...address.properties, country: string });
  const body = object({
    home: object({ constructor: address, null: address, more: object({ home: other }), last: other }),
    home_2: object({ null: address, other }),
  });
  expect(Object.keys(sharedIn(body).definitions)).toEqual(["constructor_2", "home"]);
});

describe("its codec goes with it", () => {
  const map = { type: "object", additionalProperties: { type: "integer" }, description: "How many of each." };
  const stock = object({ "in.stock": map, sold: map }, ["sold"]);
  const strict = { in_stock: null, sold: [{ key: "a", value: 1 }] };
  const natural = { sold: { a: 1 } };

  test.each<[name: string, schema: unknown, value: unknown, want: unknown]>([
    ["in properties", object({ a: stock, b: stock }), { a: strict, b: strict }, { a: natural, b: natural }],
    [
      "in lists",
      object({ a: { type: "array", items: stock }, b: stock }),
      { a: [strict], b: strict },
      { a: [natural], b: natural },
    ],
    ["where it is optional", object({ a: stock, b: stock }, []), { a: strict, b: null }, { a: natural }],
    [
      "in unions",
      object({ a: { anyOf: [string, stock] }, b: { anyOf: [stock, { type: "integer" }] }, c: stock }),
      { a: strict, b: strict, c: strict },
      { a: natural, b: natural, c: natural },
    ],
  ])("%s", (_, schema, value, want) => {
    const tool = compileField(schema);
    expect(tool.parameters.$defs).toBeDefined();
    expect(decodeArgs(tool, { value })).toEqual({ value: want });
  });

  test("and parts with another one stay apart", () => {
    const entries = { type: "array", items: object({ key: string, value: { type: "integer" } }) };
    const tool = compileField(object({ a: map, b: map, c: entries, d: entries }));
    const strict = [{ key: "a", value: 1 }];
    expect(decodeArgs(tool, { value: { a: strict, b: strict, c: strict, d: strict } })).toEqual({
      value: { a: { a: 1 }, b: { a: 1 }, c: strict, d: strict },
    });
  });

  test("and leaves arguments that need none of their own", () => {
    const tool = compileBody(object({ a: stock, b: stock }));
    expect(Object.keys(tool.codec)).toEqual(["$defs"]);
    expect(decodeArgs(tool, { a: strict, b: strict })).toEqual({ a: natural, b: natural });
  });

  test("and null clears what it cleared", () => {
    const nullable = { ...stock, type: ["object", "null"] };
    const tool = compileField(object({ a: nullable, b: nullable }, []), { method: "patch", isRequired: true });
    expect(decodeArgs(tool, { value: { a: { set_to: "null" }, b: strict } })).toEqual({
      value: { a: null, b: natural },
    });
  });
});
