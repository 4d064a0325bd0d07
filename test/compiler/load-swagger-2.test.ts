import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Document, load } from "../../src/compiler/load.ts";

const lift = (rest: object): Promise<Document> =>
  load("a.json", { text: JSON.stringify({ swagger: "2.0", ...rest }, null, 1) });

const operation = async (parts: object, rest: object = {}) => {
  const { root } = await lift({ ...rest, paths: { "/a": { post: parts } } });
  return (root.paths as { "/a": { post: object } })["/a"].post;
};

describe("servers", () => {
  test.for([
    [
      { host: "a.example", basePath: "/v1", schemes: ["http", "https"] },
      ["https://a.example/v1", "http://a.example/v1"],
    ],
    [{ host: "a.example:8080", schemes: ["http"] }, ["http://a.example:8080"]],
    [{ host: "a.example", basePath: "/" }, ["https://a.example"]],
    [{ host: "a.example", schemes: ["ws"] }, ["https://a.example"]],
    [{ host: "https://a.example", basePath: "/v1" }, ["https://a.example/v1"]],
    [{ basePath: "/v1/" }, ["/v1"]],
    [{ basePath: "/" }, undefined],
    [{}, undefined],
  ])("%j", async ([given, urls]) => {
    const { root } = await lift(given as object);
    expect(root.servers).toEqual((urls as string[] | undefined)?.map((url) => ({ url })));
  });
});

describe("parameters", () => {
  const array = { type: "array", items: { type: "string" } };
  test.for<[given: object, wanted: object]>([
    [
      {
        name: "a",
        in: "query",
        type: "integer",
        format: "int32",
        minimum: 1,
        default: 2,
        enum: [1, 2],
        description: "d",
      },
      {
        name: "a",
        in: "query",
        description: "d",
        schema: { type: "integer", format: "int32", minimum: 1, default: 2, enum: [1, 2] },
      },
    ],
    [
      { name: "a", in: "query", ...array },
      { name: "a", in: "query", style: "form", explode: false, schema: array },
    ],
    [
      { name: "a", in: "query", collectionFormat: "multi", ...array },
      { name: "a", in: "query", style: "form", explode: true, schema: array },
    ],
    [
      { name: "a", in: "query", collectionFormat: "ssv", ...array },
      { name: "a", in: "query", style: "spaceDelimited", explode: false, schema: array },
    ],
    [
      { name: "a", in: "query", collectionFormat: "tsv", ...array },
      { name: "a", in: "query", style: "tabDelimited", explode: false, schema: array },
    ],
    [
      { name: "a", in: "query", collectionFormat: "pipes", ...array },
      { name: "a", in: "query", style: "pipeDelimited", explode: false, schema: array },
    ],
    [
      { name: "a", in: "path", required: true, ...array },
      { name: "a", in: "path", required: true, style: "simple", explode: false, schema: array },
    ],
    [
      { name: "a", in: "header", type: "string", "x-nullable": true, "x-b": 1 },
      { name: "a", in: "header", "x-b": 1, schema: { type: "string", "x-nullable": true, nullable: true } },
    ],
    [{ $ref: "#/parameters/P" }, { $ref: "#/parameters/P" }],
  ])("%j", async ([given, wanted]) => {
    expect(await operation({ parameters: [given], responses: {} })).toEqual({ parameters: [wanted], responses: {} });
  });

  test("shared ones are lifted in their place", async () => {
    const { root } = await lift({ parameters: { P: { name: "p", in: "query", type: "string" } } });
    expect(root.parameters).toEqual({ P: { name: "p", in: "query", schema: { type: "string" } } });
  });
});

describe("bodies", () => {
  const schema = { $ref: "#/definitions/D" };
  const file = { name: "f", in: "formData", type: "file", required: true };
  const text = { name: "t", in: "formData", type: "string", description: "d" };
  const list = { name: "l", in: "formData", type: "array", items: { type: "string" } };
  const form = (properties: object, required?: string[]) => ({
    type: "object",
    properties,
    ...(required && { required }),
  });
  const textField = { t: { type: "string", description: "d" } };
  const urlencoded = "application/x-www-form-urlencoded";

  test.for<[what: string, operation: object, document: object, wanted: object]>([
    [
      "a body",
      { parameters: [{ name: "b", in: "body", required: true, description: "d", schema }] },
      {},
      { required: true, description: "d", content: { "application/json": { schema } } },
    ],
    [
      "of the document's media types",
      { parameters: [{ name: "b", in: "body", schema }] },
      { consumes: ["application/xml", "text/xml"] },
      { content: { "application/xml": { schema }, "text/xml": { schema } } },
    ],
    [
      "of the operation's media types",
      { consumes: ["text/csv"], parameters: [{ name: "b", in: "body", schema }] },
      { consumes: ["application/xml"] },
      { content: { "text/csv": { schema } } },
    ],
    [
      "an empty list of media types",
      { consumes: [], parameters: [{ name: "b", in: "body", schema }] },
      {},
      { content: { "application/json": { schema } } },
    ],
    [
      "a shared body",
      { parameters: [{ $ref: "#/parameters/B" }] },
      { parameters: { B: { name: "b", in: "body", schema } } },
      { content: { "application/json": { schema } } },
    ],
    ["a form", { parameters: [text] }, {}, { required: false, content: { [urlencoded]: { schema: form(textField) } } }],
    [
      "a form where the document speaks JSON",
      { parameters: [{ ...text, required: true }] },
      { consumes: ["application/json"] },
      { required: true, content: { [urlencoded]: { schema: form(textField, ["t"]) } } },
    ],
    [
      "a form with a file",
      { consumes: ["multipart/form-data", urlencoded], parameters: [file, text] },
      {},
      {
        required: true,
        content: {
          "multipart/form-data": {
            schema: form({ f: { type: "string", format: "binary" }, ...textField }, ["f"]),
          },
        },
      },
    ],
    [
      "a form with lists",
      {
        parameters: [
          list,
          { ...list, name: "m", collectionFormat: "multi" },
          { ...list, name: "t", collectionFormat: "tsv" },
        ],
      },
      {},
      {
        required: false,
        content: {
          [urlencoded]: {
            schema: form(
              Object.fromEntries(["l", "m", "t"].map((name) => [name, { type: "array", items: { type: "string" } }])),
            ),
            encoding: {
              l: { style: "form", explode: false },
              m: { style: "form", explode: true },
              t: { style: "tabDelimited", explode: false },
            },
          },
        },
      },
    ],
  ])("%s", async ([, parts, document, wanted]) => {
    const lifted = (await operation({ ...parts, responses: {} }, document)) as {
      requestBody?: object;
      parameters?: object;
    };
    expect(lifted.requestBody).toEqual(wanted);
    expect(lifted.parameters).toEqual([]);
  });

  test("a path's own go to each of its operations, and an operation's replace them", async () => {
    const { root } = await lift({
      paths: {
        "/a": {
          put: { responses: {} },
          post: { parameters: [{ ...text, type: "integer" }, list], responses: {} },
          patch: { parameters: [{ name: "b", in: "body", schema }], responses: {} },
          parameters: [text, { name: "q", in: "query", type: "string" }],
        },
      },
    });
    expect(root.paths).toMatchObject({
      "/a": {
        parameters: [{ name: "q", in: "query", schema: { type: "string" } }],
        put: { requestBody: { content: { [urlencoded]: { schema: form(textField) } } } },
        post: {
          requestBody: {
            content: {
              [urlencoded]: { schema: form({ t: { type: "integer", description: "d" }, l: { type: "array" } }) },
            },
          },
        },
        patch: { requestBody: { content: { "application/json": { schema } } } },
      },
    });
  });
});

describe("answers", () => {
  const schema = { type: "file" };
  test("have media types, examples, and files as bytes", async () => {
    const responses = {
      200: { description: "d", schema, examples: { "text/csv": "a,b", "text/odd": 1 } },
      204: { description: "e" },
    };
    expect(await operation({ produces: ["text/csv", "image/png"], responses })).toEqual({
      responses: {
        200: {
          description: "d",
          content: {
            "text/csv": { schema: { type: "string", format: "binary" }, example: "a,b" },
            "image/png": { schema: { type: "string", format: "binary" } },
          },
        },
        204: { description: "e" },
      },
    });
  });

  test("shared ones have the media types of the operation that has some", async () => {
    const shared = { responses: { R: { schema: { type: "string" } } }, produces: ["application/xml"] };
    const responses = { 200: { $ref: "#/responses/R" } };
    expect(await operation({ responses }, shared)).toEqual({ responses });
    expect(await operation({ produces: ["text/plain"], responses }, shared)).toEqual({
      responses: { 200: { content: { "text/plain": { schema: { type: "string" } } } } },
    });
    expect((await lift(shared)).root.responses).toEqual({
      R: { content: { "application/xml": { schema: { type: "string" } } } },
    });
  });
});

test("schemas stay where references look for them, in OpenAPI 3's words", async () => {
  const { root } = await lift({
    definitions: {
      Pet: {
        discriminator: "kind",
        properties: { kind: { type: "string", "x-nullable": true }, discriminator: { type: "string" } },
        example: { type: "file" },
      },
    },
  });
  expect(root.definitions).toEqual({
    Pet: {
      discriminator: { propertyName: "kind" },
      properties: { kind: { type: "string", "x-nullable": true, nullable: true }, discriminator: { type: "string" } },
      example: { type: "file" },
    },
  });
});

test("security schemes", async () => {
  const oauth2 = (flow: string) => ({
    type: "oauth2",
    flow,
    authorizationUrl: "https://a",
    tokenUrl: "https://t",
    scopes: { s: "x" },
  });
  const { root } = await lift({
    securityDefinitions: {
      basic: { type: "basic", description: "d" },
      key: { type: "apiKey", in: "query", name: "k" },
      implicit: oauth2("implicit"),
      password: oauth2("password"),
      application: oauth2("application"),
      accessCode: oauth2("accessCode"),
    },
  });
  const flow = { authorizationUrl: "https://a", tokenUrl: "https://t", scopes: { s: "x" } };
  expect(root.components).toEqual({
    securitySchemes: {
      basic: { type: "http", scheme: "basic", description: "d" },
      key: { type: "apiKey", in: "query", name: "k" },
      implicit: { type: "oauth2", flows: { implicit: flow } },
      password: { type: "oauth2", flows: { password: flow } },
      application: { type: "oauth2", flows: { clientCredentials: flow } },
      accessCode: { type: "oauth2", flows: { authorizationCode: flow } },
    },
  });
});

test("places are those of the document as it was written", async () => {
  const document = await lift({
    securityDefinitions: { key: { type: "basic" } },
    paths: {
      "/a": {
        get: {
          parameters: [
            { name: "b", in: "body", schema: {} },
            { name: "q", in: "query", type: "string" },
          ],
          responses: {},
        },
      },
    },
  });
  const line = (pointer: string) => document.locate(pointer).line;
  expect(line("#/paths/~1a/get/requestBody/content")).toBe(line("#/paths/~1a/get/parameters") + 1);
  expect(line("#/paths/~1a/get/parameters/0/schema")).toBe(line("#/paths/~1a/get/parameters") + 6);
  expect(line("#/components/securitySchemes/key")).toBe(4);
});

const slack = fileURLToPath(new URL("../../../shared/corpus/swagger-2/slack.com__web__1.7.0.json", import.meta.url));
test.skipIf(!existsSync(slack))("Slack's document (skipped where the corpus is absent)", async () => {
  const document = await load(slack);
  const { post } =
    (document.root.paths as { [path: string]: { post: { requestBody: object; parameters: object[] } } })[
      "/chat.postMessage"
    ] ?? {};
  expect(post?.requestBody).toMatchObject({
    content: { "application/x-www-form-urlencoded": { schema: { properties: { channel: { type: "string" } } } } },
  });
  expect(post?.parameters).toMatchObject([{ name: "token", in: "header", schema: { type: "string" } }]);
});
