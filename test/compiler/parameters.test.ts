import { describe, expect, test } from "vitest";
import { compile, compileOperation, type Raw } from "./compile.ts";

const string = { type: "string" };
const query = (name: string, more: Raw = {}): Raw => ({ name, in: "query", schema: string, ...more });
const path = (name: string, more: Raw = {}): Raw => ({ name, in: "path", required: true, schema: string, ...more });

function read(template: string, operation: Raw, item: Raw = {}, root: Raw = {}) {
  const { api, tools, warnings } = compile({ paths: { [template]: { ...item, post: operation } }, ...root });
  const args = api.operations[0]?.args.map((arg) => `${arg.in} ${arg.name}${arg.required ? "!" : ""}`);
  return { args, tool: tools[0], warnings };
}

test("what the path writes into its query is no argument, and a template there is one", () => {
  const parameters = [query("view"), query("text"), query("page")];
  const { args, warnings } = read("/search?view=all&text={text}", { parameters });
  expect([args, warnings]).toEqual([["path text!", "query page"], []]);
});

describe("order and names", () => {
  test("path, query, header, cookie, body; the first place keeps a name", () => {
    const parameters = ["cookie", "header", "query", "path"].map((place) => ({
      name: "id",
      in: place,
      schema: string,
    }));
    const body = { type: "object", properties: { id: string, body_id: string } };
    const requestBody = { required: true, content: { "application/json": { schema: body } } };
    const { args, tool } = read("/{id}", { parameters, requestBody });
    expect(args).toEqual([
      "path id!",
      "query query_id",
      "header header_id",
      "cookie cookie_id",
      "body body_id",
      "body body_body_id",
    ]);
    expect(tool?.route).toMatchObject({
      parameters: {
        id: { in: "path" },
        query_id: { in: "query", name: "id" },
        header_id: { in: "header", name: "id" },
        cookie_id: { in: "cookie", name: "id" },
      },
      body: { args: ["body_id", "body_body_id"], names: { body_id: "id", body_body_id: "body_id" } },
    });
  });

  test("an operation overrides its path by name and place", () => {
    const item = {
      parameters: [
        query("a", { required: true }),
        query("b"),
        { name: "X-A", in: "header", required: true, schema: string },
      ],
    };
    const parameters = [
      query("a"),
      { name: "x-a", in: "header", schema: string },
      { name: "b", in: "header", schema: string },
    ];
    const { args } = read("/", { parameters }, item);
    expect(args).toEqual(["query a", "query b", "header x-a", "header header_b"]);
  });

  test("hostile names are arguments like others", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const { args, tool } = read("/", { parameters: names.map((name) => query(name)) });
    expect(args).toEqual(names.map((name) => `query ${name}`));
    expect(Object.keys(tool?.route.parameters ?? {})).toEqual(names);
    expect(Object.keys(tool?.parameters.properties as object)).toEqual(names);
  });
});

describe("path templates", () => {
  test.each<[template: string, parameters: readonly Raw[], args: readonly string[], warnings: readonly string[]]>([
    ["/{a}", [path("a")], ["path a!"], []],
    ["/{a}", [], ["path a!"], ["FC108 #/paths/~1{a}/post"]],
    ["/{a}", [query("a")], ["path a!", "query query_a"], ["FC108 #/paths/~1{a}/post"]],
    ["/{a}", [path("a", { required: false })], ["path a!"], []],
    ["/a", [path("b")], [], ["FC108 #/paths/~1a/post/parameters/0"]],
    ["/{Sid}.json", [path("Sid")], ["path Sid!"], []],
    ["/{a}{b}-{c}", [path("a"), path("b"), path("c")], ["path a!", "path b!", "path c!"], []],
    ["/{a}/{a}", [path("a")], ["path a!"], []],
    ["/{__proto__}", [], ["path __proto__!"], ["FC108 #/paths/~1{__proto__}/post"]],
  ])("%s", (template, parameters, args, warnings) => {
    expect(read(template, { parameters })).toMatchObject({ args, warnings });
  });
});

describe("what never becomes an argument", () => {
  test.each([
    "Accept",
    "content-type",
    "Authorization",
    "Cookie",
    "Host",
    "Content-Length",
    "Proxy-X",
    "Sec-Fetch-Mode",
  ])("the header %s", (name) => {
    const { args, warnings } = read("/", { parameters: [{ name, in: "header", required: true, schema: string }] });
    expect(args).toEqual([]);
    expect(warnings).toEqual(["FC107 #/paths/~1/post/parameters/0"]);
  });

  test("credentials of a security scheme, in their place alone", () => {
    const securitySchemes = {
      key: { type: "apiKey", in: "query", name: "tenant" },
      header: { type: "apiKey", in: "header", name: "X-Key" },
    };
    const parameters = [
      query("tenant"),
      { name: "x-key", in: "header", schema: string },
      { name: "X-Key", in: "cookie", schema: string },
    ];
    const { args } = read("/", { parameters }, {}, { components: { securitySchemes } });
    expect(args).toEqual(["cookie X-Key"]);
  });

  test.each<[name: string, parameter: unknown]>([
    ["without a name", { in: "query" }],
    ["with an empty name", { name: "", in: "query" }],
    ["in no known place", { name: "a", in: "body" }],
    ["that is none", 5],
  ])("one %s", (_, parameter) => {
    const { args, warnings } = read("/", { parameters: [parameter, query("b")] });
    expect(args).toEqual(["query b"]);
    expect(warnings).toEqual(["FC106 #/paths/~1/post/parameters/0"]);
  });
});

describe("schema and content", () => {
  test.each<[name: string, parameter: Raw, schema: unknown, route: unknown]>([
    ["a schema", query("a"), { type: ["string", "null"] }, { in: "query" }],
    ["none", { name: "a", in: "query" }, { type: ["string", "null"] }, { in: "query" }],
    [
      "content",
      { name: "a", in: "query", content: { "application/json": { schema: { type: "integer" } } } },
      { type: ["integer", "null"] },
      { in: "query", mediaType: "application/json" },
    ],
    [
      "as in 2.0",
      { name: "a", in: "query", type: "integer", minimum: 1 },
      { type: ["integer", "null"], minimum: 1 },
      { in: "query" },
    ],
    [
      "an example",
      query("a", { example: "REF-1" }),
      { type: ["string", "null"], description: "e.g. REF-1" },
      { in: "query" },
    ],
    [
      "named examples",
      query("a", { examples: { one: { value: "REF-1" } } }),
      { type: ["string", "null"], description: "e.g. REF-1" },
      { in: "query" },
    ],
    [
      "its own description first",
      query("a", { description: "Mine.", schema: { ...string, description: "Its." } }),
      { type: ["string", "null"], description: "Mine" },
      { in: "query" },
    ],
    [
      "a style",
      query("a", { style: "pipeDelimited", explode: false }),
      { type: ["string", "null"] },
      { in: "query", style: "pipeDelimited" },
    ],
    [
      "defaults are not said",
      query("a", { style: "form", explode: true, allowReserved: false }),
      { type: ["string", "null"] },
      { in: "query" },
    ],
    ["a style that nobody knows", query("a", { style: "fancy" }), { type: ["string", "null"] }, { in: "query" }],
  ])("%s", (_, parameter, schema, route) => {
    const tool = compileOperation({ parameters: [parameter] }, { method: "get" });
    expect((tool.parameters.properties as Raw).a).toEqual(schema);
    expect(tool.route.parameters).toEqual({ a: route });
  });
});

test("reserved characters are allowed in queries alone", () => {
  const parameters = [path("a"), query("b"), query("c", { in: "header" }), query("d", { in: "cookie" })];
  const { tool } = read("/{a}", { parameters: parameters.map((each) => ({ ...each, allowReserved: true })) });
  expect(tool?.route.parameters).toEqual({
    a: { in: "path" },
    b: { in: "query", allowReserved: true },
    c: { in: "header" },
    d: { in: "cookie" },
  });
});

test.each<[where: unknown, message: string, fix: RegExp]>([
  ["querry", 'the parameter "a" is in "querry", which is no place; it is left out', /^Set "in" to one of path, query/],
  ["body", 'the parameter "a" is in "body", which is no place; it is left out', /Swagger 2\.0: write a requestBody/],
  [undefined, 'the parameter "a" has no "in"; it is left out', /^Set "in"/],
])("a parameter in %j", (where, message, fix) => {
  const parameters = [{ name: "a", in: where, schema: string }];
  const { diagnostics } = compile({ paths: { "/": { get: { parameters } } } });
  expect(diagnostics.list).toMatchObject([{ code: "FC106", message, fix: expect.stringMatching(fix) }]);
});

test("schemas that are written alike are read once, and each is told what is wrong with it", () => {
  const page = query("page", { schema: { type: "integer", minimum: 1 }, description: "Where to go on" });
  const odd = query("odd", { schema: { type: "strnig" } });
  const operation = (...parameters: Raw[]): Raw => ({
    get: { parameters: structuredClone(parameters), responses: {} },
  });
  const from = { ...page, name: "from", description: "Where it begins", required: true };
  const { api, tools, warnings } = compile({
    paths: { "/a": operation(page, odd), "/b": operation({ ...page, required: true }, from, odd) },
  });
  const [a, b] = api.operations.map(({ args }) => args.map(({ schema }) => schema));
  expect(a?.[0]).toBe(b?.[0]);
  expect(a?.[0]).toBe(b?.[1]);
  expect(tools.map(({ parameters }) => parameters.properties)).toMatchObject([
    { page: { type: ["integer", "null"], description: "Where to go on" } },
    { page: { type: "integer", description: "Where to go on" }, from: { description: "Where it begins" } },
  ]);
  expect(warnings).toEqual([
    "FC111 #/paths/~1a/get/parameters/1/schema/type",
    "FC111 #/paths/~1b/get/parameters/2/schema/type",
  ]);
});

test("what is read twice is told of wherever else it is written", () => {
  const odd = () => query("odd", { schema: { type: "strnig" } });
  const { warnings } = compile({
    paths: {
      "/a": { parameters: [odd()], get: { responses: {} }, delete: { responses: {} } },
      "/b": { get: { parameters: [odd()], responses: {} } },
    },
  });
  expect(warnings).toEqual([
    "FC111 #/paths/~1a/parameters/0/schema/type",
    "FC111 #/paths/~1b/get/parameters/0/schema/type",
  ]);
});

test("no words and the word undefined are two things", () => {
  const old = query("x", { deprecated: true });
  const { tools } = compile({
    paths: {
      "/a": { get: { parameters: [{ ...old, description: "undefined" }], responses: {} } },
      "/b": { get: { parameters: [old], responses: {} } },
    },
  });
  expect(tools.map(({ parameters }) => parameters.properties)).toEqual([
    { x: { type: ["string", "null"], description: "undefined; deprecated" } },
    { x: { type: ["string", "null"], description: "deprecated" } },
  ]);
});
