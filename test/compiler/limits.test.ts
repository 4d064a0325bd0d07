import { describe, expect, test } from "vitest";
import { compile, compileBody, compileField, decodeArgs, type Raw, strictOf } from "./compile.ts";

const string = { type: "string" };
const object = (properties: Raw) => ({ type: "object", properties, required: Object.keys(properties) });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const nested = (levels: number, inside: Raw = string, key = "a"): Raw =>
  levels === 0 ? inside : object({ [key]: nested(levels - 1, inside, key) });
const count = <Item>(length: number, make: (index: number) => Item) =>
  Array.from({ length }, (_, index) => make(index));
const bodyOf = (schema: unknown) => ({
  post: { requestBody: { required: true, content: { "application/json": { schema } } } },
});

/** What stands at `value.a.a…`, so many steps down. */
function at(tool: ReturnType<typeof compileField>, steps: number, key = "a"): unknown {
  return count(steps, () => key).reduce(
    (schema: unknown, step) => ((schema as Raw).properties as Raw)[step],
    strictOf(tool),
  );
}

describe("depth", () => {
  test("ten levels are kept, and the deepest of eleven is JSON text", () => {
    // The arguments are the first level.
    expect(at(compileField(nested(9)), 9)).toEqual(string);
    const tool = compileField(nested(10));
    expect(tool.strict).toBe(true);
    expect(at(tool, 9)).toEqual({ ...string, description: "JSON text: {a: string}" });
    const args = (inner: unknown): unknown =>
      count(9, () => "a").reduce((all: unknown, key) => ({ [key]: all }), inner);
    expect(decodeArgs(tool, { value: args('{"a":"x"}') })).toEqual({ value: args({ a: "x" }) });
  });

  test.each<[name: string, schema: Raw]>([
    ["keys that are renamed", nested(15, string, "值")],
    ["arrays", count(15, () => 0).reduce((items: Raw) => ({ type: "array", items }), string)],
    [
      "maps",
      count(8, () => 0).reduce((additionalProperties: Raw) => ({ type: "object", additionalProperties }), string),
    ],
    ["more properties", nested(8, { ...object({ b: string }), additionalProperties: string })],
    [
      "tuples",
      count(12, () => 0).reduce((inner: Raw) => ({ type: "array", prefixItems: [string, inner] }), { type: "integer" }),
    ],
    [
      "wrapped branches",
      count(8, () => 0).reduce(
        (inner: Raw) => ({ oneOf: [object({ a: inner }), object({ a: { type: "array", items: inner } })] }),
        string,
      ),
    ],
  ])("%s", (_, schema) => {
    expect(compileField(schema).strict).toBe(true);
  });

  test.each([6, 7, 8, 9, 10, 11])("fields of a PATCH that can be cleared, %d levels down", (levels) => {
    const leaf = { type: "object", properties: { b: { type: ["string", "null"] } } };
    expect(compileField(nested(levels, leaf), { method: "patch" }).strict).toBe(true);
  });

  test("it is said, with the reason", () => {
    const { warnings, diagnostics } = compile({ paths: { "/": bodyOf(nested(12)) } });
    expect(warnings).toEqual(["FC301 #/paths/~1/post"]);
    expect(diagnostics.list[0]?.message).toMatch(/nested deeper than 10 levels/);
  });

  test("recursion alone is not too deep", () => {
    const schemas = { Node: { type: "object", properties: { next: ref("Node"), name: string } } };
    const { tools, warnings } = compile({
      paths: { "/": bodyOf(object({ value: ref("Node") })) },
      components: { schemas },
    });
    expect(warnings).toEqual([]);
    expect(tools[0]?.parameters.$defs).toHaveProperty("Node");
  });
});

describe("nets of definitions are compiled quickly", () => {
  const net = (size: number, targets: (index: number) => readonly number[], wrap = (schema: Raw): Raw => schema) =>
    Object.fromEntries(
      count(size, (index) => {
        const properties = targets(index).map((target) => [`to_${target}`, wrap(ref(`S${target}`))]);
        return [`S${index}`, { type: "object", properties: { name: string, ...Object.fromEntries(properties) } }];
      }),
    );
  const array = (items: Raw) => ({ type: "array", items });
  test.each<[name: string, schemas: Raw]>([
    ["a ring of 60", net(60, (index) => [(index + 1) % 60])],
    [
      "a ring of 60 with shortcuts",
      net(60, (index) => [(index + 1) % 60, (index * 2) % 60, (index * 7 + 3) % 60], array),
    ],
    ["each to each of 30", net(30, () => count(30, (index) => index))],
    ["each to each of 12, in lists", net(12, () => count(12, (index) => index), array)],
    [
      "twelve layers of 8, each to all of the next",
      net(96, (index) => (index >= 88 ? [] : count(8, (next) => (Math.floor(index / 8) + 1) * 8 + next))),
    ],
    [
      "eight layers of 8 that lead back to the first",
      net(64, (index) => count(8, (next) => ((Math.floor(index / 8) + 1) % 8) * 8 + next)),
    ],
  ])("%s", { timeout: 5000 }, (_, schemas) => {
    const { tools } = compile({ paths: { "/": bodyOf(object({ value: ref("S0") })) }, components: { schemas } });
    expect(tools[0]?.strict).toBe(true);
  });
});

describe("enums", () => {
  const names = (length: number, prefix = "v") => count(length, (index) => `${prefix}${index}`);

  test("250 long values are kept, 300 are checked afterwards", () => {
    const long = names(300, "v".repeat(60));
    expect(strictOf(compileField({ enum: long.slice(0, 250) }))).toMatchObject({ enum: { length: 250 } });
    const tool = compileField({ enum: long });
    expect(strictOf(tool)).not.toHaveProperty("enum");
    expect(tool.strict).toBe(true);
    expect(decodeArgs(tool, { value: long[299] })).toEqual({ value: long[299] });
    expect(decodeArgs(tool, { value: "x" })).toMatch(/^value: got "x"; allowed: v+0, /);
  });

  test("more than 1000 in all: the longest goes first", () => {
    const fields = { a: { enum: names(600) }, b: { enum: names(500) }, c: { enum: names(400) } };
    const { strict, parameters } = compileBody(object(fields));
    const kept = Object.entries(parameters.properties as Raw).filter(([, schema]) => "enum" in (schema as Raw));
    expect([strict, kept.map(([key]) => key)]).toEqual([true, ["b", "c"]]);
  });

  test("as many small ones become text as are too many", () => {
    const fields = Object.fromEntries(
      count(600, (index) => [`field${index}`, { enum: names(3).map((name) => `${name}_${index}`) }]),
    );
    const tool = compileField(object(fields));
    expect(tool.strict).toBe(true);
    const { properties } = strictOf(tool) as { properties: Raw };
    expect(Object.values(properties).filter((schema) => "enum" in (schema as Raw))).toHaveLength(333);
  });

  test("numbers stay numbers", () => {
    const tool = compileField({ type: "integer", enum: count(1200, (index) => index) });
    expect(strictOf(tool)).toMatchObject({ type: "integer" });
    expect(decodeArgs(tool, { value: 1199 })).toEqual({ value: 1199 });
    expect(decodeArgs(tool, { value: 1200 })).toMatch(/^value: got 1200; allowed: 0, 1/);
  });

  test("values of several types", () => {
    const tool = compileField({ enum: [...names(600), ...count(600, (index) => index)] });
    expect(tool.strict).toBe(true);
    expect(decodeArgs(tool, { value: 599 })).toEqual({ value: 599 });
    expect(decodeArgs(tool, { value: "v0" })).toEqual({ value: "v0" });
    expect(decodeArgs(tool, { value: "599" })).toMatch(/^value: got "599"/);
  });

  test("an optional one may still be left out", () => {
    const tool = compileField({ enum: names(1001) }, { isRequired: false });
    expect(decodeArgs(tool, { value: null })).toEqual({});
  });
});

describe("size", () => {
  const wide = (width: number, length = 4) =>
    object(Object.fromEntries(count(width, (index) => [`p${index}`.padEnd(length, "_"), string])));

  test("a part with too many properties becomes JSON text, the others stay", () => {
    const { strict, parameters } = compileBody(object({ large: wide(4000), small: wide(1500) }));
    expect(strict).toBe(true);
    const { large, small } = parameters.properties as { large: Raw; small: Raw };
    expect([large.type, small.type].sort()).toEqual(["object", "string"]);
  });

  test("too many characters", () => {
    const parts = Object.fromEntries(count(10, (index) => [`part_${index}`, wide(300 + index, 60)]));
    const { strict, parameters } = compileBody(object(parts));
    expect(strict).toBe(true);
    const types = Object.values(parameters.properties as object).map(({ type }) => type);
    expect(types.filter((type) => type === "object").length).toBeGreaterThan(3);
  });

  test("what is written once counts once", () => {
    const parts = Object.fromEntries(count(10, (index) => [`part_${index}`, wide(1000)]));
    const { strict, parameters } = compileBody(object(parts));
    expect(strict).toBe(true);
    expect(Object.values(parameters.properties as object)).toEqual(count(10, () => ({ $ref: "#/$defs/part_0" })));
  });

  test("more arguments than a strict tool can have", () => {
    const { tools, warnings } = compile({ paths: { "/": bodyOf(wide(5001)) } });
    expect(tools[0]?.strict).toBe(false);
    expect(warnings).toEqual(["FC302 #/paths/~1/post"]);
    expect(tools[0]?.description).not.toContain("null leaves");
    expect(decodeArgs(tools[0] as never, { p0__: "x" })).toMatch(/is required, and missing/);
  });

  test("without strict mode optional properties may be missing", () => {
    const { tools } = compile({ paths: { "/": bodyOf({ ...wide(5001), required: ["p0__"] }) } });
    const tool = tools[0] as never as { parameters: Raw };
    expect(tool.parameters.required).toEqual([expect.stringMatching(/^p0/)]);
  });
});
