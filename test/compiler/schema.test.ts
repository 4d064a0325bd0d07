import { expect, test } from "vitest";
import type { Schema } from "../../src/compiler/api.ts";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import { References } from "../../src/compiler/references.ts";
import { SchemaReader } from "../../src/compiler/schema.ts";
import { compile, documentOf, type Raw } from "./compile.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const target = (name: string): Schema => ({ kind: "ref", target: `#/components/schemas/${name}` });
const string: Schema = { kind: "string" };

function readerOf(schemas: Raw, diagnostics = new Diagnostics()): SchemaReader {
  return new SchemaReader(new References(documentOf({ components: { schemas } })), diagnostics);
}

function read(raw: unknown, schemas: Raw = {}): Schema {
  return readerOf(schemas).read(raw, "#/schema");
}

const object = (properties: { readonly [name: string]: Schema }, more: Partial<Schema> = {}): Schema =>
  ({
    kind: "object",
    properties: Object.entries(properties).map(([name, schema]) => ({ name, required: false, schema })),
    ...more,
  }) as Schema;

test.each<[name: string, raw: unknown, want: Schema]>([
  ["nothing", undefined, { kind: "any" }],
  ["true", true, { kind: "any" }],
  ["false", false, { kind: "any", reason: "no value is allowed" }],
  ["what is no schema", 5, { kind: "any" }],
  ["a type in capitals", { type: "String" }, string],
  ["file", { type: "file" }, string],
  ["a type that nobody knows", { type: "thing" }, { kind: "any" }],
  [
    "a type that nobody knows, with properties",
    { type: "thing", properties: { a: { type: "string" } } },
    object({ a: string }),
  ],
  ["no type, with items", { items: { type: "string" } }, { kind: "array", items: string }],
  ["no type, with a pattern", { pattern: "a" }, { kind: "string", pattern: "a" }],
  ["no type, with a minimum", { minimum: 1 }, { kind: "number", integer: false, minimum: 1 }],
  ["integer and number", { type: ["integer", "number"] }, { kind: "number", integer: false }],
  ["a list of types with null", { type: ["string", "null"] }, { kind: "string", nullable: true }],
  ["null alone", { type: "null" }, { kind: "null", nullable: true }],
  ["nullable", { type: "string", nullable: true }, { kind: "string", nullable: true }],
  ["x-nullable", { type: "string", "x-nullable": true }, { kind: "string", nullable: true }],
  [
    "words around it",
    { type: "string", description: " a ", default: "x", example: "y", deprecated: true },
    { kind: "string", description: "a", default: "x", examples: ["y"], deprecated: true },
  ],
  ["bounds that say nothing", { type: "string", minLength: 0, maxLength: -1 }, string],
  ["a bound of another type", { type: "integer", minimum: "1" }, { kind: "number", integer: true }],
  [
    "a property that is false",
    { type: "object", properties: { a: false, b: { type: "string" } } },
    object({ b: string }),
  ],
  [
    "examples are not read",
    { type: "string", examples: [{ $ref: "#/nowhere" }] },
    { kind: "string", examples: [{ $ref: "#/nowhere" }] },
  ],
  [
    "empty prefixItems",
    { type: "array", prefixItems: [], items: { type: "string" } },
    { kind: "array", items: string },
  ],
  ["items as a list", { type: "array", items: [{ type: "string" }] }, { kind: "tuple", items: [string] }],
])("%s", (_, raw, want) => {
  expect(read(raw)).toEqual(want);
});

test("a property that is called $ref, and one that is called __proto__", () => {
  const raw = JSON.parse('{"type":"object","properties":{"$ref":{"type":"string"},"__proto__":{"type":"string"}}}');
  const schema = read(raw) as Schema & { kind: "object" };
  expect(schema.properties.map(({ name }) => name)).toEqual(["$ref", "__proto__"]);
});

test("what is required without being declared has to come all the same", () => {
  const schema = read({ type: "object", properties: { a: { type: "string" } }, required: ["a", "b"] });
  expect(schema).toEqual({
    kind: "object",
    properties: [
      { name: "a", required: true, schema: string },
      { name: "b", required: true, schema: { kind: "any" } },
    ],
  });
});

test("what is required without being declared is what undeclared properties are", () => {
  const schema = read({ type: "object", additionalProperties: { type: "string" }, required: ["a"] });
  expect(schema).toEqual({
    kind: "object",
    properties: [{ name: "a", required: true, schema: string }],
    additional: string,
  });
});

test.each<[name: string, raw: unknown, want: Schema | undefined]>([
  [
    "patterns, and nothing else",
    { patternProperties: { "^a": { type: "string" } }, additionalProperties: false },
    string,
  ],
  [
    "patterns beside what else there may be",
    { patternProperties: { "^a": { type: "string" } }, additionalProperties: { type: "boolean" } },
    { kind: "union", branches: [string, { kind: "boolean" }] },
  ],
  ["patterns beside properties", { properties: { b: {} }, patternProperties: { "^a": { type: "string" } } }, string],
  ["nothing at all", { type: "object", additionalProperties: false }, undefined],
])("undeclared properties: %s", (_, raw, want) => {
  expect(read(raw)).toMatchObject({ kind: "object", ...(want !== undefined && { additional: want }) });
  expect("additional" in read(raw)).toBe(want !== undefined);
});

test("read only, also where the mark stands on what is referred to", () => {
  const schemas = { Id: { type: "string", readOnly: true } };
  const properties = {
    a: ref("Id"),
    b: { allOf: [ref("Id")] },
    c: { type: "string", readOnly: true },
    d: { type: "string" },
  };
  const schema = read({ type: "object", properties }, schemas) as Schema & { kind: "object" };
  expect(schema.properties.map(({ readOnly }) => readOnly)).toEqual([true, true, true, undefined]);
});

test.each<[name: string, raw: unknown, want: Schema]>([
  ["a reference", ref("Pet"), target("Pet")],
  ["a description beside it", { ...ref("Pet"), description: "Mine." }, { ...target("Pet"), description: "Mine." }],
  ["null beside it", { ...ref("Pet"), nullable: true }, { ...target("Pet"), nullable: true }],
  ["the type beside it", { ...ref("Pet"), type: "object" }, target("Pet")],
  [
    "constraints beside it",
    { ...ref("Pet"), minProperties: 1 },
    object({ name: string }, { minProperties: 1 } as Partial<Schema>),
  ],
  ["allOf of it alone", { allOf: [ref("Pet")], description: "Mine." }, { ...target("Pet"), description: "Mine." }],
  [
    "allOf of it and words",
    { allOf: [ref("Pet"), { description: "Mine." }] },
    { ...target("Pet"), description: "Mine." },
  ],
  ["allOf of it beside type: object", { type: "object", allOf: [ref("Pet")] }, target("Pet")],
  ["oneOf of it and null", { oneOf: [ref("Pet"), { type: "null" }] }, { ...target("Pet"), nullable: true }],
  ["the same twice", { allOf: [ref("Pet"), ref("Pet")] }, target("Pet")],
])("references: %s", (_, raw, want) => {
  expect(read(raw, { Pet: { type: "object", properties: { name: { type: "string" } } } })).toEqual(want);
});

test.each<[name: string, raw: unknown, want: Schema]>([
  ["null beside what may be null", { type: "null", oneOf: [{ type: "string" }] }, { ...string, nullable: true }],
  ["null in an allOf", { allOf: [{ type: "string" }, { type: "null" }] }, { ...string, nullable: true }],
  ["type: object over an enum", { type: "object", allOf: [ref("Mood")] }, target("Mood")],
  [
    "a list of anything over an object",
    { type: "array", items: {}, anyOf: [{ properties: { a: { type: "string" } } }] },
    object({ a: string }),
  ],
  ["lengths of an object", { allOf: [ref("Pet")], minLength: 1 }, target("Pet")],
  ["lengths beside a reference to one", { ...ref("Pet"), minLength: 1 }, target("Pet")],
  ["another type beside a reference", { ...ref("Pet"), type: "string", enum: ["a"] }, target("Pet")],
])("what contradicts the rest and says less is ignored, with a warning: %s", (_, raw, want) => {
  const diagnostics = new Diagnostics();
  const schemas = { Mood: { type: "string", enum: ["glad"] }, Pet: { type: "object", properties: { a: {} } } };
  expect(readerOf(schemas, diagnostics).read(raw, "#/schema")).toEqual(want);
  expect(diagnostics.list.map(({ code, message }) => [code, message.replace(/.*; /, "")])).toEqual([
    ["FC304", "the lesser part of it is ignored"],
  ]);
});

test("parts that do not agree on a property are told of once", () => {
  const diagnostics = new Diagnostics();
  const own = (type: string) => ({ type: "object", properties: { a: { type }, b: { type: "string" } } });
  const schemas = { Pet: { allOf: [own("string"), own("integer")] }, Dog: { allOf: [ref("Pet"), own("string")] } };
  readerOf(schemas, diagnostics).read(ref("Dog"), "#/schema");
  expect(diagnostics.list.map(({ pointer, message }) => [pointer, message])).toEqual([
    ["#/components/schemas/Pet", 'its property "a" contradicts itself: it is a string and a number at once'],
  ]);
});

test("what says more than a type contradicts for good", () => {
  const diagnostics = new Diagnostics();
  const raw = { allOf: [{ type: "object", properties: { a: {} } }, { type: "string" }] };
  expect(readerOf({}, diagnostics).read(raw, "#/schema")).toEqual({
    kind: "any",
    reason: "it is an object and a string at once",
  });
  expect(diagnostics.list.map(({ fix }) => fix)).toEqual(["Correct its allOf."]);
});

test("anchors and identifiers", () => {
  const schemas = { A: { $anchor: "a", type: "string" }, B: { $id: "https://example.com/b", type: "string" } };
  expect(read({ $ref: "#a" }, schemas)).toEqual(target("A"));
  expect(read({ $ref: "https://example.com/b" }, schemas)).toEqual(target("B"));
});

test.each(["#/components/schemas/Nope", "other.yaml#/Pet", "#nope", "#/components/schemas/%", ""])(
  "a reference that leads nowhere: %j",
  ($ref) => {
    const diagnostics = new Diagnostics();
    const schema = readerOf({}, diagnostics).read(
      { oneOf: [{ $ref }], discriminator: { propertyName: "a" } },
      "#/schema",
    );
    expect(schema).toMatchObject({ kind: "any", dangling: `the reference ${JSON.stringify($ref)} leads nowhere` });
    expect(diagnostics.list.map(({ code, pointer }) => [code, pointer])).toEqual([["FC101", "#/schema/oneOf/0"]]);
  },
);

const circle: Schema = { kind: "any", reason: "it is made of itself" };

test.each<[name: string, schemas: Raw, want: { readonly [name: string]: Schema }]>([
  ["an alias of itself", { A: ref("A") }, { A: circle }],
  ["aliases in a circle", { A: ref("B"), B: ref("C"), C: ref("A") }, { A: target("B"), B: target("C"), C: circle }],
  [
    "allOf of itself",
    { A: { allOf: [ref("A"), { type: "object", properties: { a: { type: "string" } } }] } },
    { A: circle },
  ],
  ["a property", { A: { type: "object", properties: { a: ref("A") } } }, { A: object({ a: target("A") }) }],
  [
    "a property, beside type: object",
    { A: { type: "object", properties: { a: { type: "object", allOf: [ref("A")] } } } },
    { A: object({ a: target("A") }) },
  ],
])("circles: %s", (_, schemas, want) => {
  const reader = readerOf(schemas);
  reader.read(ref("A"), "#/schema");
  const read = Object.fromEntries(
    [...reader.schemas].map(([pointer, { schema }]) => [pointer.split("/").at(-1), schema]),
  );
  expect(read).toEqual(want);
});

test("a property that is made of what it stands in is read when that has been", () => {
  const extra = { type: "object", properties: { extra: { type: "string" } } };
  const reader = readerOf({ A: { type: "object", properties: { child: { allOf: [ref("A"), extra] } } } });
  reader.read(ref("A"), "#/schema");
  const child: Schema = { kind: "ref", target: "#/components/schemas/A/properties/child" };
  expect(reader.schemas.get("#/components/schemas/A")?.schema).toEqual(object({ child }));
  expect(reader.schemas.get(child.target)).toEqual({ name: "child", schema: object({ child, extra: string }) });
});

test.each(["oneOf", "anyOf"])("a base that lists the children made of it: %s", (keyword) => {
  const own = (name: string) => ({ type: "object", properties: { [name]: { type: "string" } } });
  const schemas = {
    Base: { ...own("kind"), [keyword]: [ref("Cat"), ref("Dog")], discriminator: { propertyName: "kind" } },
    Cat: { allOf: [ref("Base"), own("a")] },
    Dog: { allOf: [ref("Base"), own("b")] },
  };
  const union = { kind: "union", branches: [target("Cat"), target("Dog")] };
  const discriminator = { property: "kind", values: [["Cat"], ["Dog"]] };
  for (const first of ["Base", "Cat", "Dog"]) {
    const reader = readerOf(schemas);
    reader.read({ allOf: [ref(first)] }, "#/schema");
    expect(reader.resolve(target("Base"))).toEqual({ ...union, discriminator });
    expect(reader.resolve(target("Cat"))).toEqual(object({ kind: string, a: string }));
    expect(reader.resolve(target("Dog"))).toEqual(object({ kind: string, b: string }));
  }
});

test("bases that list each other", () => {
  const schemas = {
    A: { allOf: [ref("B")], oneOf: [ref("B")], properties: { a: { type: "string" } } },
    B: { allOf: [ref("A")], oneOf: [ref("A")], properties: { b: { type: "string" } } },
  };
  const reader = readerOf(schemas);
  reader.read(ref("A"), "#/schema");
  expect(reader.schemas.size).toBe(2);
});

test("twenty mutually recursive schemas of twenty properties each are read at once", () => {
  const names = Array.from({ length: 20 }, (_, index) => `S${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { allOf: [ref(name)], nullable: true }]));
  const reader = readerOf(Object.fromEntries(names.map((name) => [name, { type: "object", properties }])));
  reader.read(ref("S0"), "#/schema");
  expect(reader.schemas.size).toBe(20);
});

test.each<[name: string, schemas: Raw, pointer: string, message: RegExp]>([
  [
    "a type that nobody knows",
    { A: { type: "strng" } },
    "#/components/schemas/A/type",
    /no type "strng"; it is not read/,
  ],
  ["an alias of itself", { A: ref("A") }, "#/components/schemas/A", /only a reference to itself/],
  ["a reference that is no text", { A: { $ref: 7 } }, "#/components/schemas/A/$ref", /this reference is no text/],
  [
    "required that is no list",
    { A: { type: "object", required: "a", properties: { a: {} } } },
    "#/components/schemas/A/required",
    /required is a list of names/,
  ],
])("%s is told of", (_, schemas, pointer, message) => {
  const diagnostics = new Diagnostics();
  const reader = readerOf(schemas, diagnostics);
  reader.resolve(reader.read(ref("A"), "#/schema"));
  expect(diagnostics.list).toMatchObject([{ pointer, message: expect.stringMatching(message) }]);
});

test("a schema may be called by any text", () => {
  const names = ["100%", "%s", "a%2Fb", "a/b~c", "a b", "#", ""];
  const segment = (name: string) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
  const property = (name: string) => [name, { $ref: `#/components/schemas/${segment(name)}` }] as const;
  const schemas = Object.fromEntries(
    names.map((name) => [name, { type: "object", properties: { [`in ${name}`]: {} } }]),
  );
  const schema = { type: "object", properties: Object.fromEntries(names.map(property)) };
  const paths = { "/": { post: { requestBody: { content: { "application/json": { schema } } } } } };
  const { api, warnings } = compile({ paths, components: { schemas } });
  expect(warnings).toEqual([]);
  const found = api.operations[0]?.args.map(
    ({ schema }) => schema.kind === "ref" && api.schemas.get(schema.target)?.schema,
  );
  expect(found).toMatchObject(names.map((name) => ({ properties: [{ name: `in ${name}` }] })));
});
