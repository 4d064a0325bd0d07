import { expect, test } from "vitest";
import { compile } from "./compile.ts";

const clientCredentials = { tokenUrl: "https://a.example/token", scopes: { read: "" } };

test.each<[name: string, raw: unknown, want: unknown]>([
  [
    "apiKey",
    { type: "apiKey", in: "header", name: "X-Key" },
    { kind: "token", scheme: { type: "apiKey", in: "header", name: "X-Key" } },
  ],
  [
    "bearer",
    { type: "http", scheme: "Bearer", description: " a " },
    { kind: "token", description: "a", scheme: { type: "http", scheme: "bearer" } },
  ],
  ["basic", { type: "http", scheme: "basic" }, { kind: "basic", scheme: { type: "http", scheme: "basic" } }],
  ["basic of 2.0", { type: "basic" }, { kind: "basic", scheme: { type: "http", scheme: "basic" } }],
  [
    "oauth2",
    { type: "oauth2", flows: { implicit: { authorizationUrl: "https://a.example" } } },
    { kind: "token", scheme: { type: "oauth2" } },
  ],
  [
    "client credentials",
    { type: "oauth2", flows: { clientCredentials } },
    { kind: "client", scheme: { type: "oauth2", tokenUrl: "https://a.example/token", scopes: ["read"] } },
  ],
  [
    "openIdConnect",
    { type: "openIdConnect", openIdConnectUrl: "https://a.example" },
    { kind: "token", scheme: { type: "openIdConnect" } },
  ],
  ["mutualTLS", { type: "mutualTLS" }, { kind: "token", scheme: { type: "mutualTLS" } }],
])("%s", (_, raw, want) => {
  const { api, warnings } = compile({ paths: { "/": { get: {} } }, components: { securitySchemes: { a: raw } } });
  expect(api.securitySchemes.get("a")).toEqual(want);
  expect(warnings).toEqual([]);
});

test.each<[name: string, raw: unknown]>([
  ["of no known type", { type: "magic" }],
  ["in no known place", { type: "apiKey", in: "body", name: "a" }],
  ["without a name", { type: "apiKey", in: "query" }],
  ["that leads nowhere", { $ref: "#/nowhere" }],
  ["that is none", 5],
])("a scheme %s is left out", (_, raw) => {
  const { api, tools, warnings } = compile({
    paths: { "/": { get: { security: [{ a: [] }] } } },
    components: { securitySchemes: { a: raw } },
  });
  expect(api.securitySchemes.size).toBe(0);
  expect(tools[0]?.route).not.toHaveProperty("security");
  expect(warnings).toEqual(["FC109 #/components/securitySchemes/a", "FC109 #/paths/~1/get/security/0"]);
});

const scheme = { type: "http", scheme: "bearer" };

test.each<[name: string, document: unknown, operation: unknown, want: unknown]>([
  ["of the document", [{ a: [] }], undefined, [["a"]]],
  ["of the operation", [{ a: [] }], [{ b: [] }], [["b"]]],
  ["none at all", [{ a: [] }], [], []],
  ["alternatives", undefined, [{ a: [] }, { b: [] }], [["a"], ["b"]]],
  ["together", undefined, [{ a: [], b: ["scope"] }], [["a", "b"]]],
  ["optional", undefined, [{}, { a: [] }], [[], ["a"]]],
  ["a hostile name", undefined, [{ constructor: [] }], [["constructor"]]],
  ["an unknown one beside another", undefined, [{ nope: [] }, { a: [] }], [["a"]]],
])("requirements: %s", (_, document, operation, want) => {
  const securitySchemes = { a: scheme, b: scheme, constructor: scheme };
  const { api } = compile({
    security: document,
    paths: { "/": { get: { security: operation } } },
    components: { securitySchemes },
  });
  expect(api.operations[0]?.security).toEqual(want);
});

test("credentials are in no tool", () => {
  const securitySchemes = { key: { type: "apiKey", in: "query", name: "api_key", description: "secret-hint" } };
  const { tools } = compile({ security: [{ key: [] }], paths: { "/": { get: {} } }, components: { securitySchemes } });
  expect(JSON.stringify([tools[0]?.parameters, tools[0]?.description])).not.toMatch(/api_key|secret-hint/);
});

const key = { type: "apiKey", in: "query", name: "key" };
const token = { type: "apiKey", in: "query", name: "token" };
const both = { key: { in: "query", name: "key" }, token: { in: "query", name: "token" } };

test.each<[name: string, security: unknown[], required: boolean, want: unknown]>([
  ["required beside alternatives", [{ key: [] }, { token: [] }], true, both],
  ["required beside none", [], true, both],
  ["required, and always sent", [{ key: [], token: [] }], true, undefined],
  ["optional beside alternatives", [{ key: [] }, { token: [] }], false, undefined],
])("credentials that are parameters as well: %s", (_, security, required, want) => {
  const parameters = [key, token].map(({ name }) => ({ name, in: "query", required, schema: { type: "string" } }));
  const { tools } = compile({
    paths: { "/": { get: { security, parameters } } },
    components: { securitySchemes: { key, token } },
  });
  expect(tools[0]?.parameters.properties).toEqual({});
  expect(tools[0]?.route.credentials).toEqual(want);
});
