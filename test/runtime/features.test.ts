import { expect, test } from "vitest";
import { OptionsError } from "../../src/runtime/errors.ts";
import type { Operation } from "../../src/runtime/types.ts";
import { operation } from "./operation.ts";

const local = { server: "http://127.0.0.1:1" };
const key = { type: "apiKey", in: "query", name: "key" } as const;
const form = { mediaType: "application/x-www-form-urlencoded", args: ["x"] };
const own = [{ url: "https://a.example" }];
const several = [...own, { url: "https://b.example" }];

test.each<[lacks: string, given: Partial<Operation>, value?: unknown]>([
  ["form", { method: "POST", body: form }],
  ["text", { method: "POST", body: { mediaType: "text/plain", arg: "x" } }],
  ["styleInPath", { path: "/{x}", parameters: { x: { in: "path", style: "label" } } }],
  ["styles", { parameters: { x: { in: "query", style: "pipeDelimited" } } }],
  ["styles", { parameters: { x: { in: "query" } } }, { a: 1 }],
  ["styles", { parameters: { x: { in: "cookie" } } }],
  ["placeKey", { api: { ...local, securitySchemes: { key } }, security: [["key"]] }],
  ["server", { servers: own }],
  ["server", { api: { servers: several } }],
  ["server", { api: { server: "https://{region}.example" } }],
])("a kit that lacks %s says so: %j", async (lacks, given, value = "a") => {
  const made = operation({ api: local, ...given, uses: [] });
  await expect(made.run({ x: value }, { auth: { key: "k" } })).rejects.toThrow(lack(lacks));
});

test.each<[lacks: string, schema: object, codec?: object]>([
  ["union", { anyOf: [{ type: "string" }, { type: "integer" }] }],
  ["format", { type: "string", format: "date" }],
  ["bounds", { type: "string", pattern: "^a$" }],
  ["rules", { type: "string" }, { rules: { maxLength: 3 } }],
  ["respell", { type: "string" }, { as: "json" }],
])("so does one whose arguments lack %s: %j", (lacks, schema, codec = {}) => {
  const parameters = { type: "object", properties: { x: schema }, required: ["x"], additionalProperties: false };
  const tool = { type: "function", function: { name: "test", strict: true, parameters } } as const;
  const made = operation({ tool, codec: { x: codec }, uses: [] });
  expect(() => made.decode({ x: "a" })).toThrow(lack(lacks));
});

function lack(name: string): OptionsError {
  return new OptionsError(`the kit lacks ${name}: generate it again with fctool`);
}

test.each<[server: Operation["api"]["server"], choice: object, message: string]>([
  [undefined, {}, "the document has no server: give a baseUrl"],
  [
    "https://a.example",
    { url: "https://b.example" },
    "server: the document has https://a.example alone; for another, give a baseUrl",
  ],
  [
    "https://a.example",
    { variables: { region: "eu" } },
    "server: the document has https://a.example alone; for another, give a baseUrl",
  ],
])("without a choice, %s is not %j", async (server, choice, message) => {
  const made = operation({ api: server === undefined ? {} : { server }, uses: [] });
  await expect(made.run({}, { server: choice })).rejects.toThrow(new OptionsError(message));
});
