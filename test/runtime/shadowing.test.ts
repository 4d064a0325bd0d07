import { expect, test } from "vitest";
import type { Operation } from "../../src/runtime/types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer();
const filter = { in: "query" } as const;
const tenant = { filter, tenantId: { in: "query", name: "tenant" } } as const;
const form = (mediaType: string): Partial<Operation> => ({
  method: "POST",
  body: {
    mediaType,
    args: ["filter", "tenantId"],
    names: { tenantId: "tenant" },
    encoding: { filter: { style: "form", explode: true } },
  },
  injected: { tenantId: "tenant" },
});

test.each<[name: string, given: Partial<Operation>, filter: unknown]>([
  ["a parameter", { parameters: tenant }, { tenant: "x" }],
  ["an injected one", { parameters: tenant, injected: { tenantId: "tenant" } }, { a: 1, tenant: "x" }],
  ["one in another case", { parameters: tenant }, { Tenant: "x" }],
  ["one with brackets", { parameters: tenant }, { "tenant[]": "x" }],
  ["an encoded one", { parameters: { ...tenant, filter: { in: "query", allowReserved: true } } }, { "%74enant": "x" }],
  ["a split one", { parameters: { ...tenant, filter: { in: "query", allowReserved: true } } }, { "tenant=x": "y" }],
  ["one of the path", { path: "/?tenant=1", parameters: { filter } }, { tenant: "x" }],
  ["a credential", { parameters: { filter }, credentials: { key: { in: "query", name: "tenant" } } }, { tenant: "x" }],
  [
    "an API key",
    { parameters: { filter }, api: { securitySchemes: { key: { type: "apiKey", in: "query", name: "tenant" } } } },
    { tenant: "x" },
  ],
  [
    "an API key in a cookie",
    {
      parameters: { filter: { in: "cookie" } },
      api: { securitySchemes: { key: { type: "apiKey", in: "cookie", name: "tenant" } } },
    },
    { tenant: "x" },
  ],
  [
    "a key beside a whole query",
    { parameters: { filter: { in: "querystring" } }, credentials: { key: { in: "query", name: "tenant" } } },
    { tenant: "x" },
  ],
  [
    "a deep object's neighbour",
    {
      parameters: { filter: { in: "query", style: "deepObject" }, id: { in: "query", name: "filter[id]" } },
    },
    { id: 1 },
  ],
  ["a field", form("application/x-www-form-urlencoded"), { tenant: "x" }],
  ["a part", form("multipart/form-data"), { tenant: "x" }],
])("a key that is the name of %s is refused", async (_, given, value) => {
  const call = operation(given).run({ filter: value }, { baseUrl: server.origin });
  await expect(call).rejects.toMatchObject({
    kind: "invalid_arguments",
    path: "filter",
    message: expect.stringMatching(/the key ".*" is the name of another parameter/),
  });
  expect(server.seen).toEqual([]);
});

test.each<[parameters: Operation["parameters"], args: { [name: string]: unknown }, url: string]>([
  [tenant, { filter: { a: 1, tenants: 2 }, tenantId: "own" }, "/?a=1&tenants=2&tenant=own"],
  [{ filter: { in: "query", style: "deepObject" }, sort: filter }, { filter: { sort: 1 } }, "/?filter%5Bsort%5D=1"],
  [{ filter: { in: "query", explode: false }, sort: filter }, { filter: { sort: 1 } }, "/?filter=sort,1"],
  [{ page: filter, size: { in: "query", name: "page[size]" } }, { page: 1, size: 2 }, "/?page=1&page%5Bsize%5D=2"],
])("%j with %j", async (parameters, args, url) => {
  await operation({ parameters: parameters ?? {} }).run(args, { baseUrl: server.origin });
  expect(server.last.url).toBe(url);
});
