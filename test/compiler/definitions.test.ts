import { expect, test } from "vitest";
import { buildApi } from "../../src/compiler/build-api.ts";
import { compileTools } from "../../src/compiler/compile-tools.ts";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import { assignNames } from "../../src/compiler/names.ts";
import { compile, decodeArgs, documentOf, type Raw } from "./compile.ts";

const string = { type: "string" };
const object = (properties: Raw) => ({ type: "object", properties, required: Object.keys(properties) });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const bodyOf = (schema: unknown) => ({ requestBody: { required: true, content: { "application/json": { schema } } } });

function toolsOf(bodies: { readonly [path: string]: unknown }, schemas: Raw, method = "post") {
  const paths = Object.fromEntries(
    Object.entries(bodies).map(([path, schema]) => [path, { [method]: bodyOf(schema) }]),
  );
  const { tools, warnings } = compile({ paths, components: { schemas } });
  return {
    tools,
    warnings,
    definitions: tools.map(({ parameters }) => Object.keys((parameters.$defs ?? {}) as object)),
  };
}

const large = object({ first_name: string, last_name: string, phone_number: string, email: string });

test("each tool has what it reaches, and no more", () => {
  const schemas = { A: object({ one: ref("Large"), two: ref("Large") }), B: object({ name: string }), Large: large };
  const { definitions } = toolsOf({ "/a": object({ value: ref("A") }), "/b": object({ value: ref("B") }) }, schemas);
  expect(definitions).toEqual([["Large"], []]);
});

test("a definition inside one that is written out twice is used twice", () => {
  const schemas = { Outer: object({ inner: ref("Large"), ...large.properties }), Large: large };
  const { tools, definitions } = toolsOf({ "/": object({ a: ref("Outer"), b: ref("Outer") }) }, schemas);
  expect(definitions).toEqual([["Outer"]]);
  expect(JSON.stringify(tools[0]?.parameters.$defs)).not.toContain("$ref");
});

test("codecs of definitions, of inlined ones, and of what stands around a reference", () => {
  const map = { type: "object", additionalProperties: { type: "integer" } };
  const optional = { type: "object", properties: { counts: map, "a.b": string } };
  const schemas = { Node: { ...optional, properties: { ...optional.properties, next: ref("Node") } }, Once: optional };
  const body = object({ node: ref("Node"), again: { anyOf: [ref("Node"), { type: "integer" }] }, once: ref("Once") });
  const { tools } = toolsOf({ "/": body }, schemas);
  const strict = { counts: [{ key: "x", value: 1 }], a_b: "y" };
  const natural = { counts: { x: 1 }, "a.b": "y" };
  const node = { ...strict, next: { ...strict, next: null } };
  const naturalNode = { ...natural, next: natural };
  expect(decodeArgs(tools[0] as never, { node, again: node, once: strict })).toEqual({
    node: naturalNode,
    again: naturalNode,
    once: natural,
  });
  expect(decodeArgs(tools[0] as never, { node, again: 3, once: strict })).toEqual({
    node: naturalNode,
    again: 3,
    once: natural,
  });
});

test("in a PATCH, a reference to a definition that many share", () => {
  const schemas = { Large: { ...large, required: [] }, Maybe: { anyOf: [ref("Large"), { type: "null" }] } };
  const body = {
    type: "object",
    properties: { a: ref("Maybe"), b: ref("Maybe"), c: { ...ref("Large"), nullable: true }, d: ref("Large") },
  };
  const { tools } = toolsOf({ "/": body }, schemas, "patch");
  const tool = tools[0] as never;
  const empty = { first_name: null, last_name: null, phone_number: null, email: "x" };
  expect(decodeArgs(tool, { a: { set_to: "null" }, b: null, c: { set_to: "null" }, d: empty })).toEqual({
    a: null,
    c: null,
    d: { email: "x" },
  });
  expect(decodeArgs(tool, { d: { set_to: "null" } })).toMatch(/^d/);
});

test.each(["post", "patch"])("what %s operations have in common is the same object in all of them", (method) => {
  const operation = bodyOf(object({ a: ref("Large"), b: ref("Large") }));
  const paths = { "/a": { [method]: operation }, "/b": { [method]: operation } };
  const diagnostics = new Diagnostics();
  const api = buildApi(documentOf({ paths, components: { schemas: { Large: large } } }), diagnostics);
  const tools = compileTools(api, assignNames(api, diagnostics), diagnostics);
  const [one, other] = tools.map(({ parameters }) => (parameters.$defs as Raw).Large);
  expect(one).toMatchObject({ type: "object" });
  expect(other).toBe(one);
});

test("in a PATCH, a parameter and the body may have the same definition", () => {
  const schemas = { Node: { type: "object", properties: { name: { type: ["string", "null"] }, next: ref("Node") } } };
  const filter = {
    name: "filter",
    in: "query",
    required: true,
    content: { "application/json": { schema: ref("Node") } },
  };
  const operation = { parameters: [filter], ...bodyOf(object({ node: ref("Node") })) };
  const { tools } = compile({ paths: { "/": { patch: operation } }, components: { schemas } });
  const args = { filter: { name: "x", next: null }, node: { name: { set_to: "null" }, next: null } };
  expect(decodeArgs(tools[0] as never, args)).toEqual({ filter: { name: "x" }, node: { name: null } });
});

test("a definition that leads nowhere takes no other tool with it", () => {
  const schemas = {
    A: object({ c: ref("C"), x: ref("Nope") }),
    C: { type: "object", properties: { a: ref("A"), d: ref("D") } },
    D: large,
  };
  const bodies = { "/a": ref("A"), "/c": object({ v: ref("C") }), "/d": object({ v: ref("D"), w: ref("D") }) };
  const { tools, warnings } = toolsOf(bodies, schemas);
  expect(tools.map(({ name }) => name)).toEqual(["post_d"]);
  expect(warnings).toEqual([
    "FC101 #/components/schemas/A/properties/x",
    "FC104 #/paths/~1a/post",
    "FC104 #/paths/~1c/post",
  ]);
});

test("an unknown part of what only comes back leads nowhere in peace", () => {
  const schemas = { A: object({ name: string, x: { ...ref("Nope"), readOnly: true } }) };
  expect(toolsOf({ "/": ref("A") }, schemas).tools).toHaveLength(1);
});
