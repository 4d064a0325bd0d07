import { expect, test } from "vitest";
import { featuresOf, sharedFeaturesOf } from "../../src/emit/features.ts";
import type { Code } from "../../src/emit/literal.ts";
import { compile, type Raw } from "../compiler/compile.ts";

/** What the one operation of a document uses. */
function usesOf(operation: Raw, { path = "/", ...root }: Raw & { readonly path?: string } = {}): readonly string[] {
  const { api, tools } = compile({ ...root, paths: { [path]: { post: operation } } });
  return tools.flatMap((tool) => featuresOf(tool, api.schemas));
}

const components = {
  schemas: {
    Status: { type: "string", enum: ["sold", "new"] },
    Range: { type: "object", properties: { from: { type: "integer" } } },
    Tree: { anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#/components/schemas/Tree" } }] },
  },
};
const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test.each<[parameter: Raw, isStyled: boolean]>([
  [{ in: "query", schema: { type: "string" } }, false],
  [{ in: "query", schema: { type: "array", items: { type: "integer" } } }, false],
  [{ in: "query", schema: { type: "array", items: { type: "integer" } }, explode: false }, false],
  [{ in: "query", schema: { type: "string" }, style: "form", explode: true, allowReserved: false }, false],
  [{ in: "query", schema: $ref("Status") }, false],
  [{ in: "query", schema: $ref("Tree") }, false],
  [{ in: "header", schema: { type: "boolean" } }, false],
  [{ in: "path", required: true, schema: { type: "string" }, style: "simple" }, false],
  [{ in: "path", required: true, schema: { type: "string" }, style: "label" }, true],
  [{ in: "query", schema: { type: "string" }, allowReserved: true }, true],
  [{ in: "query", schema: { type: "array", items: { type: "string" } }, style: "pipeDelimited" }, true],
  [{ in: "query", schema: $ref("Range"), style: "deepObject" }, true],
  [{ in: "query", schema: $ref("Range") }, true],
  [{ in: "query", schema: { anyOf: [{ type: "string" }, $ref("Range")] } }, true],
  [{ in: "query", schema: {} }, true],
  [{ in: "query", content: { "application/json": { schema: { type: "string" } } } }, true],
  [{ in: "header", schema: $ref("Range") }, true],
  [{ in: "cookie", schema: { type: "string" } }, true],
])("%j needs its style: %s", (parameter, isStyled) => {
  const uses = usesOf({ parameters: [{ name: "x", ...parameter }] }, { path: "/a/{x}", components });
  expect(uses.includes("parameterStyles")).toBe(isStyled);
});

test.each<[schema: Raw, want: readonly string[]]>([
  [{ type: "string" }, []],
  [{ type: "integer", format: "int64" }, []],
  [{ type: "integer", minimum: 1, maximum: 9 }, ["valueBounds"]],
  [{ type: "string", enum: ["a", "b"] }, []],
  [{ type: "array", items: { type: "string" }, minItems: 1 }, ["valueBounds"]],
  [{ type: "string", format: "password" }, []],
  [{ type: "string", format: "date" }, ["stringFormats"]],
  [{ type: "array", items: { type: "string", format: "uuid" } }, ["stringFormats"]],
  [{ type: "string", pattern: "^a+$" }, ["textPatterns", "valueBounds"]],
  [{ type: "string", pattern: "^(?!a)" }, ["textPatterns", "valueRules"]],
  [{ type: "string", minLength: 1 }, ["valueRules"]],
  [{ type: "array", items: { type: "string", maxLength: 9 } }, ["valueRules"]],
  [{ type: "array", items: { type: "string" }, uniqueItems: true }, ["valueRules"]],
  [{ type: "object", properties: { rules: { type: "string" }, as: { type: "string" } } }, []],
  [{ type: "object", properties: { pattern: { type: "string" }, format: { type: "string" } } }, []],
  [{ type: "object", additionalProperties: { type: "string" } }, ["spellings"]],
  [{ type: "object" }, ["spellings"]],
  [{}, ["spellings"]],
  [
    {
      oneOf: [
        { type: "string", maxLength: 3 },
        { type: "array", items: {} },
      ],
    },
    ["spellings", "unions", "valueRules"],
  ],
  [{ anyOf: [{ type: "string" }, { type: "object", properties: { set_to: { type: "string" } } }] }, ["unions"]],
])("a field of %j needs %j", (schema, want) => {
  const body = { type: "object", properties: { value: schema }, required: ["value"] };
  expect(usesOf({ requestBody: { content: { "application/json": { schema: body } } } })).toEqual(want);
});

test.each<[mediaType: string, want: readonly string[]]>([
  ["application/json", []],
  ["text/csv", ["textBody"]],
  ["text/event-stream", ["textBody"]],
  ["application/octet-stream", ["binaryBody"]],
])("a body of %s needs %j", (mediaType, want) => {
  expect(usesOf({ requestBody: { content: { [mediaType]: { schema: { type: "string" } } } } })).toEqual(want);
});

test.each<[mediaTypes: readonly string[], want: readonly string[]]>([
  [["application/json"], []],
  [["text/csv"], []],
  [["image/png"], ["attachments"]],
  [["application/json", "application/pdf"], ["attachments"]],
  [["text/event-stream"], ["eventStream"]],
])("answers of %j need %j", (mediaTypes, want) => {
  const content = Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: {} }]));
  expect(usesOf({ responses: { 200: { description: "", content } } })).toEqual(want);
});

test.each<[scheme: Raw, want: readonly string[]]>([
  [{ type: "http", scheme: "bearer" }, []],
  [{ type: "apiKey", in: "header", name: "X-Key" }, []],
  [{ type: "apiKey", in: "query", name: "key" }, ["keyPlaces"]],
  [{ type: "apiKey", in: "cookie", name: "sid" }, ["keyPlaces"]],
])("credentials of %j need %j", (scheme, want) => {
  const { api } = compile({
    paths: { "/": { get: { security: [{ key: [] }] } } },
    components: { securitySchemes: { key: scheme } },
  });
  expect(sharedFeaturesOf(api, "" as Code)).toEqual(want);
});

test("servers to choose from are for all operations", () => {
  const several = (...urls: string[]) => compile({ servers: urls.map((url) => ({ url })), paths: {} }).api;
  expect(sharedFeaturesOf(several("https://a.example"), "" as Code)).toEqual([]);
  expect(sharedFeaturesOf(several("https://a.example", "https://b.example"), "" as Code)).toEqual(["serverChoices"]);
  expect(sharedFeaturesOf(several("https://{region}.example"), "" as Code)).toEqual(["serverChoices"]);
});
