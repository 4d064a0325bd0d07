import { describe, expect, test } from "vitest";
import { compile, type Raw } from "./compile.ts";

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const object = { type: "object", properties: { name: { type: "string" } } };

/** Operations and warnings of a document with these paths. */
function read(paths: Raw, root: Raw = {}, options: { version?: string; url?: string } = {}) {
  const { api, tools, warnings } = compile({ paths, ...root }, options);
  return { api, tools: tools.map(({ route }) => `${route.method} ${route.path}`), warnings };
}

describe("one bad part costs one operation", () => {
  const good = { get: {} };
  test.each<[name: string, paths: Raw, warning: string, root?: Raw]>([
    [
      "a body that leads nowhere",
      { "/bad": { post: { requestBody: { $ref: "#/nowhere" } } } },
      "FC104 #/paths/~1bad/post/requestBody",
    ],
    [
      "a schema in the request that leads nowhere",
      { "/bad": { post: { requestBody: { ...json({ $ref: "#/nowhere" }), required: true } } } },
      "FC104 #/paths/~1bad/post",
    ],
    [
      "a parameter that leads nowhere",
      { "/bad": { get: { parameters: [{ $ref: "#/nowhere" }] } } },
      "FC104 #/paths/~1bad/get/parameters/0",
    ],
    [
      "a parameter in a circle",
      { "/bad": { get: { parameters: [{ $ref: "#/components/parameters/A" }] } } },
      "FC104 #/paths/~1bad/get/parameters/0",
      { components: { parameters: { A: { $ref: "#/components/parameters/A" } } } },
    ],
    [
      "a body in a circle",
      { "/bad": { post: { requestBody: { $ref: "#/components/requestBodies/A" } } } },
      "FC104 #/paths/~1bad/post/requestBody",
      {
        components: {
          requestBodies: { A: { $ref: "#/components/requestBodies/B" }, B: { $ref: "#/components/requestBodies/A" } },
        },
      },
    ],
    ["a path item that leads nowhere", { "/bad": { $ref: "#/nowhere" } }, "FC104 #/paths/~1bad"],
    ["a path item in a circle", { "/bad": { $ref: "#/paths/~1bad" } }, "FC104 #/paths/~1bad"],
    ["a path item that is none", { "/bad": 5 }, "FC104 #/paths/~1bad"],
    ["an operation that is none", { "/bad": { get: "x" } }, "FC104 #/paths/~1bad/get"],
    ["TRACE", { "/bad": { trace: {} } }, "FC105 #/paths/~1bad/trace"],
    [
      "GET with a body",
      { "/bad": { get: { requestBody: { ...json(object), required: true } } } },
      "FC105 #/paths/~1bad/get",
    ],
    [
      "HEAD with a body",
      { "/bad": { head: { requestBody: { ...json(object), required: true } } } },
      "FC105 #/paths/~1bad/head",
    ],
    [
      "a method that is none",
      { "/bad": { additionalOperations: { "`ID`": {}, "GET /x": {}, "A&B": {} } } },
      "FC105 #/paths/~1bad/additionalOperations/`ID`",
      { openapi: "3.2.0" },
    ],
    [
      "a required parameter in no place",
      { "/bad": { get: { parameters: [{ name: "a", in: "body", required: true }] } } },
      "FC104 #/paths/~1bad/get/parameters/0",
    ],
  ])("%s", (_, paths, warning, root) => {
    const { tools, warnings } = read({ ...paths, "/good": good }, root);
    expect(tools).toEqual(["GET /good"]);
    expect(warnings).toContain(warning);
  });
});

test("an optional body of GET is left out", () => {
  const { api, tools, warnings } = read({ "/": { get: { requestBody: json(object) } } });
  expect(tools).toEqual(["GET /"]);
  expect(api.operations[0]?.args).toEqual([]);
  expect(warnings).toEqual(["FC105 #/paths/~1/get"]);
});

test("what leads nowhere in an answer costs its type alone", () => {
  const paths = {
    "/a": { get: { responses: { 200: json({ $ref: "#/nowhere" }) } } },
    "/b": { get: { responses: { 200: { $ref: "#/components/responses/A" } } } },
  };
  const { api, tools, warnings } = read(paths, {
    components: { responses: { A: { $ref: "#/components/responses/A" } } },
  });
  expect(tools).toEqual(["GET /a", "GET /b"]);
  expect(api.operations.map(({ result }) => result?.schemas[0]?.kind)).toEqual(["any", "any"]);
  expect(warnings).toEqual([
    "FC101 #/paths/~1a/get/responses/200/content/application~1json/schema",
    "FC101 #/paths/~1b/get/responses/200",
  ]);
});

test("operations are sorted, whatever their order was; extensions are none", () => {
  const { tools } = read({ "/b": { put: {}, get: {}, "x-get": {} }, "/a": { get: {} }, "x-paths": { get: {} } });
  expect(tools).toEqual(["GET /a", "GET /b", "PUT /b"]);
});

test("path items by reference, and the methods of 3.2", () => {
  const item = { get: {}, query: {}, additionalOperations: { PURGE: {} } };
  const { tools } = read(
    { "/a": { $ref: "#/components/pathItems/A" } },
    { components: { pathItems: { A: item } } },
    { version: "3.2.0" },
  );
  expect(tools).toEqual(["GET /a", "PURGE /a", "QUERY /a"]);
});

test("additional operations are those that have no field of their own", () => {
  const item = { get: {}, additionalOperations: { GET: {}, LINK: {} } };
  expect(read({ "/a": item }, {}, { version: "3.2.0" }).tools).toEqual(["GET /a", "LINK /a"]);
});

test.each<[method: string, effect: string]>([
  ["get", "read"],
  ["head", "read"],
  ["options", "read"],
  ["post", "write"],
  ["put", "write"],
  ["patch", "write"],
  ["delete", "destructive"],
])("%s: %s", (method, effect) => {
  expect(read({ "/": { [method]: {} } }).api.operations[0]?.effect).toBe(effect);
});

test.each<[name: string, servers: unknown, url: string | undefined, want: unknown]>([
  ["none", undefined, undefined, []],
  ["absolute", [{ url: "https://a.example/v1" }], undefined, [{ url: "https://a.example/v1" }]],
  ["without a scheme", [{ url: "//a.example" }], undefined, [{ url: "https://a.example" }]],
  ["relative, from a file", [{ url: "/v1" }], undefined, []],
  [
    "relative, from the network",
    [{ url: "../v1" }],
    "https://a.example/docs/openapi.yaml",
    [{ url: "https://a.example/v1" }],
  ],
  [
    "a variable",
    [{ url: "https://{region}.a.example", variables: { region: { default: "cn", enum: ["cn", "eu"] } } }],
    undefined,
    [{ url: "https://{region}.a.example", variables: { region: { default: "cn", enum: ["cn", "eu"] } } }],
  ],
  [
    "a variable that is not declared",
    [{ url: "https://{constructor}.a.example" }],
    undefined,
    [{ url: "https://{constructor}.a.example", variables: { constructor: { default: "" } } }],
  ],
  [
    "a default that is a number",
    [{ url: "https://a.example:{port}", variables: { port: { default: 8443 } } }],
    undefined,
    [{ url: "https://a.example:{port}", variables: { port: { default: "8443" } } }],
  ],
  ["what is none", [5, {}, { url: "https://a.example" }], undefined, [{ url: "https://a.example" }]],
])("servers: %s", (_, servers, url, want) => {
  const { api } = read({ "/": { get: {} } }, { servers }, url === undefined ? {} : { url });
  expect(api.servers).toEqual(want);
});

test("servers of an operation and of a path", () => {
  const servers = (name: string) => [{ url: `https://${name}.example` }];
  const { api } = read(
    { "/": { servers: servers("path"), get: {}, put: { servers: servers("put") } } },
    { servers: servers("all") },
  );
  expect(api.operations.map((operation) => operation.servers)).toEqual([servers("path"), servers("put")]);
});

describe("what is not written as it has to be is taken for what it means, with a warning", () => {
  test.each<[name: string, paths: Raw, tools: string[], warning: string, message: RegExp]>([
    ["a path without a slash", { pets: { get: {} } }, ["GET /pets"], "FC113 #/paths/pets", /taken for \/pets/],
    ["half a brace", { "/a/{id": { get: {} } }, ["GET /a/{id"], "FC113 #/paths/~1a~1{id", /brace without its other/],
    [
      "a method in capitals",
      { "/a": { GET: {}, put: {} } },
      ["PUT /a"],
      "FC113 #/paths/~1a/GET",
      /^\/a: "GET" is no method, and is left out/,
    ],
    [
      "tags that are no list",
      { "/a": { get: { tags: "b" } } },
      ["GET /a"],
      "FC111 #/paths/~1a/get/tags",
      /tags are a list/,
    ],
    [
      "parameters that are no list",
      { "/a": { get: { parameters: { name: "b" } } } },
      ["GET /a"],
      "FC111 #/paths/~1a/get/parameters",
      /parameters are a list/,
    ],
    [
      "a server without a scheme",
      { "/a": { get: { servers: [{ url: "a.example" }, { url: "/v1" }] } } },
      ["GET /a"],
      "FC114 #/paths/~1a/get/servers/0",
      /^the server "a\.example" is no address/,
    ],
    [
      "servers that are no list",
      { "/a": { get: { servers: {} } } },
      ["GET /a"],
      "FC114 #/paths/~1a/get/servers",
      /servers are a list/,
    ],
    [
      "a server's variable without a default",
      { "/a": { get: { servers: [{ url: "https://{b}.example" }] } } },
      ["GET /a"],
      "FC114 #/paths/~1a/get/servers/0",
      /variable \{b\} has no default/,
    ],
    ["no method", { "/a": { fetch: {}, put: {}, "x-a": 1 } }, ["PUT /a"], "FC113 #/paths/~1a/fetch", /is no method/],
  ])("%s", (_, paths, tools, warning, message) => {
    const { diagnostics, ...read } = compile({ paths });
    expect(read.tools.map(({ route }) => `${route.method} ${route.path}`)).toEqual(tools);
    expect(read.warnings).toEqual([warning]);
    expect(diagnostics.list[0]?.message).toMatch(message);
  });
});
