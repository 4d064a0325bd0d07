import { expect, test } from "vitest";
import { compile, type Raw } from "./compile.ts";

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const string = { type: "string" };

test.each<[name: string, responses: Raw | undefined, want: unknown]>([
  ["nothing", undefined, undefined],
  ["empty", { 204: { description: "" } }, undefined],
  [
    "JSON",
    { 200: json(string) },
    { mediaTypes: ["application/json"], schemas: [{ kind: "string" }], maybeEmpty: false },
  ],
  [
    "without a schema",
    { 200: { content: { "application/json": {} } } },
    { mediaTypes: ["application/json"], schemas: [{ kind: "any" }], maybeEmpty: false },
  ],
  [
    "several",
    { 200: json(string), 201: json({ type: "integer" }), 202: json(string) },
    {
      mediaTypes: ["application/json"],
      schemas: [{ kind: "string" }, { kind: "number", integer: true }],
      maybeEmpty: false,
    },
  ],
  [
    "one may be empty",
    { 200: json(string), 204: {} },
    { mediaTypes: ["application/json"], schemas: [{ kind: "string" }], maybeEmpty: true },
  ],
  [
    "a range",
    { "2XX": json(string) },
    { mediaTypes: ["application/json"], schemas: [{ kind: "string" }], maybeEmpty: false },
  ],
  [
    "default, where there is no success",
    { default: json(string), 404: json({}) },
    { mediaTypes: ["application/json"], schemas: [{ kind: "string" }], maybeEmpty: false },
  ],
  [
    "default beside a success",
    { 200: json(string), default: json({}) },
    { mediaTypes: ["application/json"], schemas: [{ kind: "string" }], maybeEmpty: false },
  ],
  [
    "text",
    { 200: { content: { "text/plain": { schema: { type: "integer" } } } } },
    { mediaTypes: ["text/plain"], schemas: [{ kind: "string" }], maybeEmpty: false },
  ],
  [
    "bytes",
    { 200: { content: { "image/png": {} } } },
    { mediaTypes: ["image/png"], schemas: [{ kind: "file" }], maybeEmpty: false },
  ],
  [
    "JSON before all else",
    { 200: { content: { "text/xml": {}, "application/json": { schema: string } } } },
    { mediaTypes: ["application/json", "text/xml"], schemas: [{ kind: "string" }], maybeEmpty: false },
  ],
])("%s", (_, responses, want) => {
  const { api } = compile({ paths: { "/": { get: { responses } } } });
  expect(api.operations[0]?.result).toEqual(want);
});

test("an answer by reference", () => {
  const { api } = compile({
    paths: { "/": { get: { responses: { 200: { $ref: "#/components/responses/A" } } } } },
    components: { responses: { A: json(string) } },
  });
  expect(api.operations[0]?.result?.schemas).toEqual([{ kind: "string" }]);
});
