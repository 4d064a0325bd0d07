import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineTool, InvalidArgumentsError, type JsonSchema, OptionsError } from "../../src/runtime/index.ts";

const call = (name: string, args: unknown) => ({ id: "c1", function: { name, arguments: JSON.stringify(args) } });

const order = defineTool({
  name: "order",
  description: "Order something.",
  parameters: z.object({
    sku: z.string().describe("What to order."),
    count: z.coerce.number().int().positive(),
    lines: z.array(z.object({ note: z.string() })).default([]),
  }),
  execute: ({ sku, count, lines }, { id, context }) => ({
    sku,
    count,
    notes: lines.map((line) => line.note),
    id,
    context,
  }),
});

describe("a Standard Schema", () => {
  test("reads the arguments, for models and for callers", async () => {
    const output = await order.dispatch(call("order", { sku: "a", count: "2" }), { context: "me" });
    expect(output).toMatchObject({ ok: true, content: '{"sku":"a","count":2,"notes":[],"id":"c1","context":"me"}' });
    expect(await order.call("order", { sku: "a", count: 2, lines: [{ note: "x" }] })).toMatchObject({ notes: ["x"] });
    expect(await order.dispatcher.order({ sku: "b", count: 1 })).toMatchObject({ sku: "b" });
  });

  test("says what is wrong, and where", async () => {
    const wrong = { sku: 1, count: 1, lines: [{ note: "x" }, {}] };
    expect(await order.dispatch(call("order", wrong))).toMatchObject({
      error: {
        kind: "invalid_arguments",
        path: "sku",
        message: expect.stringMatching(/^sku: .*expected string.*; lines\[1\]\.note: .*expected string/),
      },
    });
    await expect(order.call("order", wrong as never)).rejects.toThrow(InvalidArgumentsError);
  });

  test("may check asynchronously", async () => {
    const parameters = z.object({ id: z.string().refine(async (id) => id === "known", "no such id") });
    const tool = defineTool({ name: "get", parameters, execute: ({ id }) => id });
    expect(await tool.dispatch(call("get", { id: "known" }))).toMatchObject({ ok: true, content: "known" });
    expect(await tool.dispatch(call("get", { id: "x" }))).toMatchObject({ error: { message: "id: no such id" } });
  });

  test("without JSON Schema needs one", () => {
    const parameters = {
      "~standard": { version: 1, vendor: "mine", validate: (value: unknown) => ({ value }) },
    } as const;
    const definition = { name: "x", parameters, execute: () => "" };
    expect(() => defineTool(definition)).toThrow(
      "x: this schema of mine does not give its JSON Schema; pass it as jsonSchema",
    );
    const tool = defineTool({ ...definition, jsonSchema: { type: "object", properties: {} } });
    expect(tool.tools[0]?.function).toMatchObject({ strict: true, parameters: { properties: {}, required: [] } });
  });
});

const closed = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };
const within = (schema: JsonSchema) => ({ ...closed, properties: { a: schema } });
const nested = (depth: number): JsonSchema =>
  depth === 0 ? { type: "string" } : { type: "array", items: nested(depth - 1) };

test.each<[what: string, parameters: JsonSchema, strict: boolean]>([
  ["closed, all required", closed, true],
  ["open", { type: "object", properties: { a: { type: "string" } }, required: ["a"] }, false],
  ["not all required", { ...closed, required: [] }, false],
  ["requires what it does not have", { ...closed, required: ["a", "b"] }, false],
  ["without properties", { type: "object", required: [], additionalProperties: false }, false],
  ["nothing at all", { type: "object", properties: {}, required: [], additionalProperties: false }, true],
  ["nullable", within({ type: ["string", "null"] }), true],
  ["anyOf", within({ anyOf: [{ type: "string", enum: ["x"] }, { type: "null" }] }), true],
  ["anyOf of an open object", within({ anyOf: [{ type: "object", properties: {} }] }), false],
  ["oneOf", within({ oneOf: [{ type: "string" }] }), false],
  ["no type", within({ description: "x" }), false],
  ["const alone", within({ const: "x" }), false],
  ["default", within({ type: "string", default: "x" }), false],
  ["minLength", within({ type: "string", minLength: 1 }), false],
  ["format of the nine", within({ type: "string", format: "email" }), true],
  ["another format", within({ type: "string", format: "uri" }), false],
  ["pattern", within({ type: "string", pattern: "^a+$" }), true],
  ["look-ahead", within({ type: "string", pattern: "^(?!x)a$" }), false],
  ["array", within({ type: "array", items: { type: "number" } }), true],
  ["array without items", within({ type: "array" }), false],
  ["schema true", { ...closed, properties: { a: true } }, false],
  ["$ref", { ...within({ $ref: "#/$defs/a" }), $defs: { a: { type: "string" } } }, true],
  ["$ref to the root", within({ anyOf: [{ $ref: "#" }, { type: "null" }] }), true],
  [
    "$ref with siblings",
    { ...within({ $ref: "#/$defs/a", description: "x" }), $defs: { a: { type: "string" } } },
    false,
  ],
  ["$ref beside itself", { ...within({ $ref: "#/$defs/a" }), $defs: { a: within({ $ref: "#/$defs/a" }) } }, true],
  ["$ref to nothing", within({ $ref: "#/$defs/b" }), false],
  ["ten levels", within(nested(9)), true],
  ["eleven levels, by $ref", { ...within({ $ref: "#/$defs/a" }), $defs: { a: nested(10) } }, false],
  ["eleven levels", within(nested(10)), false],
])("JSON Schema: %s", (_, parameters, strict) => {
  const [tool] = defineTool({ name: "x", parameters, execute: () => "" }).tools;
  expect(tool?.function).toEqual({ name: "x", strict, parameters });
});

describe("JSON Schema that strict mode does not take", () => {
  const $defs = { line: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] } };
  const properties = {
    name: { type: "string", minLength: 3, pattern: "^[a-z]+$" },
    count: { type: "integer", minimum: 1, default: 1 },
    lines: { type: "array", items: { $ref: "#/$defs/line" }, maxItems: 2 },
    kind: { enum: ["a", "b"] },
    since: { type: "string", nullable: true },
    when: { anyOf: [{ type: "string" }, { type: "integer" }], oneOf: [{ type: "string" }] },
    pair: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: { type: "null" } },
    point: { type: "object", properties: {}, patternProperties: { "^[xy]$": {} }, additionalProperties: false },
    open: true,
    odd: { type: "float", required: true, items: [{ type: "string" }] },
    fixed: { const: 1 },
    tree: { $ref: "#" },
  };
  const parameters = { type: "object", properties, required: ["name"], $defs } as const;
  const tool = defineTool({ name: "x", parameters, execute: (args) => args });

  test.each<[args: object, message: string]>([
    [{}, "name: is required, and missing"],
    [{ name: null }, "name: got null; expected a string"],
    [{ name: "ABC" }, 'name: got "ABC"; it must match ^[a-z]+$'],
    [{ name: "abc", count: "1" }, 'count: got "1"; expected an integer'],
    [{ name: "ab" }, 'name: got "ab"; at least 3 characters are needed'],
    [{ name: "abc", count: 0 }, "count: got 0; it must be at least 1"],
    [{ name: "abc", lines: [{ sku: "s" }, {}] }, "lines[1].sku: is required, and missing"],
    [{ name: "abc", lines: [{ sku: "s" }, { sku: "s" }, { sku: "s" }] }, "lines: got 3 items; at most 2 are allowed"],
    [{ name: "abc", kind: "c" }, 'kind: got "c"; allowed: a, b'],
    [{ name: "abc", fixed: 2 }, "fixed: got 2; allowed: 1"],
  ])("refuses %j", async (args, message) => {
    expect(await tool.dispatch(call("x", args))).toMatchObject({ error: { kind: "invalid_arguments", message } });
  });

  test.each<[args: object]>([
    [{ name: "abc", count: 2, lines: [{ sku: "s", more: 1 }], kind: "a", more: {} }],
    [{ name: "abc", since: null, when: 5, pair: ["a", 1], point: { x: 1 }, open: [], odd: 1.5, tree: {} }],
    [{ name: "abc".repeat(9), ["__proto__"]: 1 }],
  ])("takes %j as it is", async (args) => {
    expect(await tool.dispatch(call("x", args))).toMatchObject({ ok: true, result: args });
  });
});

test("what takes no arguments is strict without a list of those that are required", () => {
  const parameters = { type: "object", properties: {}, additionalProperties: false };
  const [tool] = defineTool({ name: "x", parameters, execute: () => "" }).tools;
  expect(tool?.function).toEqual({ name: "x", strict: true, parameters: { ...parameters, required: [] } });
});

test.each<[what: string, parameters: z.ZodType, strict: boolean]>([
  ["an object whose library drops what it does not know", z.object({ a: z.object({ b: z.int() }).nullable() }), true],
  ["an optional property", z.object({ a: z.string().optional() }), false],
  ["a loose object", z.looseObject({ a: z.string() }), false],
])("zod: %s", (_, parameters, strict) => {
  const [tool] = defineTool({ name: "x", parameters, execute: () => "" }).tools;
  expect(tool?.function.strict).toBe(strict);
  expect(tool?.function.parameters).not.toHaveProperty("$schema");
});

test.each<[message: string, definition: object]>([
  ['"a b" is no name for a tool', { name: "a b" }],
  ["x: parameters must be the schema of an object", { name: "x", parameters: { type: "string" } }],
  ["x: parameters must be the schema of an object", { name: "x", parameters: undefined }],
  ['x: effect: got "destructiv"; allowed: read, write, destructive', { name: "x", effect: "destructiv" }],
  ["x: approval: got true; allowed: always, never", { name: "x", approval: true }],
  ["x: parameters must be the schema of an object", { name: "x", parameters: z.union([z.object({}), z.object({})]) }],
])("throws: %s", (message, definition) => {
  const define = () => defineTool({ parameters: { type: "object" }, execute: () => "", ...definition } as never);
  expect(define).toThrow(OptionsError);
  expect(define).toThrow(message);
});

test.each<[result: unknown, content: string]>([
  ["plain 文本", "plain 文本"],
  [undefined, ""],
  [null, "null"],
  [{ 名: "王" }, '{"名":"王"}'],
  [[1, 2], "[1,2]"],
])("the result %j is %j for the model", async (result, content) => {
  const tool = defineTool({ name: "x", parameters: { type: "object" }, execute: () => result });
  expect(await tool.dispatch({ id: "1", function: { name: "x" } })).toMatchObject({ ok: true, content, result });
});

test("effect is write unless it is told", () => {
  const define = (effect?: "read") =>
    defineTool({ name: "x", parameters: { type: "object" }, effect, execute: () => "" });
  expect([define().dispatcher.x.effect, define("read").dispatcher.x.effect]).toEqual(["write", "read"]);
});

test("unions in unions are looked through once, however deep a model nests them", { timeout: 5_000 }, async () => {
  const either = (type: string) => ({
    anyOf: [...["A", "B"].map((name) => ({ type: "array", items: { $ref: `#/$defs/${name}` } })), { type }],
  });
  const parameters = {
    type: "object",
    properties: { x: { $ref: "#/$defs/A" } },
    required: ["x"],
    additionalProperties: false,
    $defs: { A: either("number"), B: either("boolean") },
  };
  const tree = defineTool({ name: "tree", parameters, execute: ({ x }) => JSON.stringify(x).length });
  expect(tree.tools[0]?.function.strict).toBe(true);
  const nested = (leaf: unknown) => Array.from({ length: 150 }).reduce<unknown>((inner) => [inner], leaf);
  expect(await tree.dispatch(call("tree", { x: nested(true) }))).toMatchObject({ ok: true, content: "304" });
  expect(await tree.dispatch(call("tree", { x: nested("a") }))).toMatchObject({
    error: { kind: "invalid_arguments", path: `x${"[0]".repeat(150)}` },
  });
});
