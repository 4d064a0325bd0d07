import { expect, test } from "vitest";
import { lint } from "../../src/cli/lint.ts";
import { generate } from "../../src/generate.ts";
import { compile, documentOf } from "./compile.ts";

/** Small documents that were made, or that have happened, to take for ever. */
const count = <Item>(length: number, make: (index: number) => Item) =>
  Array.from({ length }, (_, index) => make(index));
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: object) => ({ type: "object", properties });
const bodyOf = (schema: object) => ({
  post: { requestBody: { required: true, content: { "application/json": { schema } } } },
});
const named = (entries: readonly (readonly [string, unknown])[]) => Object.fromEntries(entries);

test("two towers of references, merged", { timeout: 5000 }, () => {
  const tower = (letter: string) =>
    count(22, (level) => {
      const next = ref(`${letter}${level + 1}`);
      return [`${letter}${level}`, level === 21 ? object({}) : object({ a: next, b: next })] as const;
    });
  const schemas = named([...tower("B"), ...tower("C")]);
  const { tools } = compile({
    paths: { "/": bodyOf({ allOf: [ref("B0"), ref("C0")] }) },
    components: { schemas },
  });
  expect(tools[0]?.strict).toBe(true);
});

test("two recursive schemas, merged, stay recursive", () => {
  const schemas = {
    Node: object({ parent: ref("Node") }),
    Named: object({ name: { type: "string" }, parent: ref("Named") }),
  };
  const { tools } = compile({
    paths: { "/": bodyOf({ allOf: [ref("Node"), ref("Named")] }) },
    components: { schemas },
  });
  expect(tools[0]?.parameters).toMatchObject({
    properties: { parent: { anyOf: [{ $ref: "#/$defs/NodeAndNamed" }, { type: "null" }] } },
    $defs: { NodeAndNamed: { required: ["parent", "name"] } },
  });
});

test("unions of everything", { timeout: 5000 }, () => {
  const all = count(40, (index) => ref(`S${index}`));
  const schemas = named(
    count(40, (index) => [`S${index}`, { oneOf: [...all, object({ [`p${index}`]: { type: "string" } })] }] as const),
  );
  const { tools } = compile({ paths: { "/": bodyOf(ref("S0")) }, components: { schemas } });
  expect(tools).toHaveLength(1);
});

test("thousands of small objects", { timeout: 10_000 }, () => {
  const properties = named(count(6000, (index) => [`p${index}`, object({ a: { type: "string" } })] as const));
  const { tools } = compile({ paths: { "/": bodyOf(object({ all: { type: "object", properties } })) } });
  expect(tools[0]?.strict).toBe(true);
});

test.each([
  ["a schema that is nested 470 times", () => count(470, () => 0).reduce<object>((inner) => object({ a: inner }), {})],
  ["a default past the largest number", () => ({ type: "number", default: "1e400" })],
  ["lines of blanks", () => ({ type: "string", description: `a${"\n ".repeat(30_000)}x<` })],
  ["tags that do not end", () => ({ type: "string", description: `a${"<p ".repeat(60_000)}` })],
])("%s", { timeout: 5000 }, async (_, schema) => {
  const document = documentOf({ paths: { "/": bodyOf(object({ value: schema() })), "/b": bodyOf(object({})) } });
  const text = JSON.stringify(document.root).replace('"1e400"', "1e400");
  const { tools } = await generate({ input: "openapi.json", text });
  expect(tools).toHaveLength(2);
});

test("what is nested too deeply costs its operation alone, by whatever it is nested", { timeout: 30_000 }, async () => {
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  const tower = count(
    5_000,
    (level) => [`T${level}`, object({ a: level === 4_999 ? {} : ref(`T${level + 1}`) })] as const,
  );
  const document = documentOf({
    paths: {
      "/good": bodyOf(object({ near: ref("T4990") })),
      "/tower": bodyOf(ref("T0")),
      "/default": bodyOf(object({ a: { default: "@" } })),
      "/answer": { get: { responses: { 200: { content: { "application/json": { schema: ref("T0") } } } } } },
    },
    components: { schemas: named(tower) },
  });
  const { tools, diagnostics, api } = await generate({
    input: "openapi.json",
    text: JSON.stringify(document.root).replace('"@"', deep),
  });
  expect(tools.map(({ operation }) => operation.path)).toEqual(["/answer", "/good"]);
  const left = diagnostics.filter(({ code }) => code === "FC104").map(({ message }) => message);
  expect(left).toEqual([
    "POST /default is left out: it is nested too deeply",
    "POST /tower is left out: it is nested too deeply",
  ]);
  expect(lint(tools, api)).not.toEqual([]);
});

test("references to references, thousands of them", { timeout: 5_000 }, () => {
  const paths = named(count(5_000, (index) => [`/p${index}`, { $ref: `#/paths/~1p${index + 1}` }] as const));
  expect(compile({ paths: { ...paths, "/p5000": bodyOf(object({})) } }).tools).toHaveLength(101);
});

test("aliases that stand for more than the document could mean", async () => {
  const lines = count(
    7,
    (level) => `x${level}: &x${level} [${count(8, () => (level ? `*x${level - 1}` : "1")).join(", ")}]`,
  );
  const text = ["openapi: 3.0.0", "info: {title: x, version: '1'}", ...lines, "paths: {}"].join("\n");
  await expect(generate({ input: "openapi.yaml", text })).rejects.toThrow("stand for millions of values");
});
