import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readDocument, type SourceOperation } from "../../corpus/document.ts";
import { createJudge, serversOf } from "../../corpus/judge.ts";

const folder = mkdtempSync(join(tmpdir(), "fctool-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pet = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", maxLength: 5 },
    next: { $ref: "#/components/schemas/Pet" },
    id: { type: "integer" },
  },
};
const documents = {
  "3.0": {
    openapi: "3.0.3",
    servers: [{ url: "https://{region}.example/v1/", variables: { region: { default: "eu" } } }],
    paths: {
      "/pets/{petId}": {
        parameters: [{ name: "petId", in: "path", required: true, schema: { type: "integer" } }],
        post: {
          parameters: [
            { name: "limit", in: "query", schema: { type: "integer", maximum: 10 } },
            { name: "X-Trace", in: "header", required: true, schema: { type: "string" } },
          ],
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
          },
        },
      },
    },
    components: { schemas: { Pet: pet } },
  },
  "2.0": {
    swagger: "2.0",
    host: "eu.example",
    basePath: "/v1",
    paths: {
      "/pets/{petId}": {
        post: {
          consumes: ["application/json"],
          parameters: [
            { name: "petId", in: "path", required: true, type: "integer" },
            { name: "limit", in: "query", type: "integer", maximum: 10 },
            { name: "X-Trace", in: "header", required: true, type: "string" },
            { name: "pet", in: "body", required: true, schema: { $ref: "#/definitions/Pet" } },
          ],
        },
      },
    },
    definitions: { Pet: { ...pet, properties: { ...pet.properties, next: { $ref: "#/definitions/Pet" } } } },
  },
};

const url = "https://eu.example/v1/pets/7";
const headers = { "content-type": "application/json", "x-trace": "a" };
const cases: [string, string, RequestInit, string[]][] = [
  ["all is well", `${url}?limit=3`, { body: '{"name":"Rex","next":{"name":"Bo"}}' }, []],
  ["a bad path value", "https://eu.example/v1/pets/x", { body: '{"name":"Rex"}' }, ["path petid"]],
  ["a bad query", `${url}?limit=11`, { body: '{"name":"Rex"}' }, ["query limit"]],
  ["no header", url, { body: '{"name":"Rex"}', headers: { "content-type": "application/json" } }, ["header "]],
  ["no body", url, {}, ["body "]],
  ["a bad body", url, { body: '{"name":"Rex","id":"7"}' }, ["body id"]],
  [
    "a bad value deep in a recursion",
    url,
    { body: '{"name":"Rex","next":{"next":{"name":"a"},"name":"b","id":"7"}}' },
    ["body next/id"],
  ],
  ["a missing property", url, { body: "{}" }, ["body "]],
  ["another media type", url, { body: "name=Rex", headers: { ...headers, "content-type": "text/plain" } }, ["body "]],
  ["another server", "https://us.example/v1/pets/7", { body: '{"name":"Rex"}' }, ["server "]],
];

for (const [version, document] of Object.entries(documents)) {
  const file = join(folder, `${version}.json`);
  writeFileSync(file, JSON.stringify(document));
  const source = readDocument(file);
  const [operation] = source.operations as [SourceOperation];
  const judge = createJudge(source);

  test.each(cases)(`${version}: %s`, async (_, target, init, want) => {
    const request = new Request(target, { method: "POST", headers, ...init });
    const { violations } = await judge(request, operation, serversOf(source, operation));
    expect(violations.map(({ place, path }) => `${place} ${path.join("/")}`)).toEqual(want);
  });
}

test("references into nothing, into a circle and into other files", () => {
  writeFileSync(
    join(folder, "other.yaml"),
    "Size: {type: integer}\nBack: {$ref: 'main.yaml#/components/schemas/Node'}",
  );
  const main = `openapi: 3.1.0
paths: {}
components:
  schemas:
    Size: {$ref: 'other.yaml#/Size'}
    Described: {$ref: '#/components/schemas/Size', description: how big}
    Dead: {$ref: '#/components/schemas/None'}
    Far: {$ref: 'https://example.org/a.json'}
    Loop: {$ref: '#/components/schemas/Pool'}
    Pool: {$ref: '#/components/schemas/Loop'}
    Node: {properties: {next: {$ref: 'other.yaml#/Back'}}}
`;
  const file = join(folder, "main.yaml");
  writeFileSync(file, main);
  const { schemas } = readDocument(file).root.components as { schemas: Record<string, Record<string, unknown>> };
  expect(schemas).toMatchObject({
    Size: { type: "integer" },
    Described: { type: "integer", description: "how big" },
    Dead: {},
    Far: {},
    Loop: {},
    Pool: {},
  });
  const node = schemas.Node as { properties: { next: unknown } };
  expect(node.properties.next).toBe(node);
});

test("fifteen schemas that all lead to each other, in requests and answers, are judged at once", async () => {
  const names = Array.from({ length: 15 }, (_, index) => `Schema${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Schema0" } } };
  const file = join(folder, "dense.json");
  writeFileSync(
    file,
    JSON.stringify({
      openapi: "3.0.3",
      servers: [{ url: "https://eu.example" }],
      paths: { "/a": { post: { requestBody: { required: true, content }, responses: { 200: { content } } } } },
      components: {
        schemas: Object.fromEntries(
          names.map((name) => [name, { type: "object", properties: { ...properties, id: { type: "integer" } } }]),
        ),
      },
    }),
  );
  const source = readDocument(file);
  const operation = source.operations[0] as SourceOperation;
  const request = new Request("https://eu.example/a", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ Schema3: { Schema7: { Schema3: { id: "7" } } } }),
  });
  const { violations } = await createJudge(source)(request, operation, serversOf(source, operation));
  expect(violations.map(({ place, path }) => `${place} ${path.join("/")}`)).toEqual([
    "body Schema3/Schema7/Schema3/id",
  ]);
});

test.each(["/pets/{id}#raise", "/pets/{id}?raise=true"])("values in a path that goes on: %s", async (path) => {
  const file = join(folder, "goes-on.json");
  const parameters = [{ name: "id", in: "path", required: true, schema: { type: "integer" } }];
  const paths = { [path]: { parameters, get: { responses: {} } } };
  writeFileSync(file, JSON.stringify({ openapi: "3.0.3", servers: [{ url: "https://eu.example" }], paths }));
  const source = readDocument(file);
  const operation = source.operations[0] as SourceOperation;
  const places = async (id: string) => {
    const request = new Request(`https://eu.example/pets/${id}`);
    const { violations } = await createJudge(source)(request, operation, serversOf(source, operation));
    return violations.map((violation) => `${violation.place} ${violation.path.join("/")}`);
  };
  expect([await places("7"), await places("x")]).toEqual([[], ["path id"]]);
});
