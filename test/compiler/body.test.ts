import { describe, expect, test } from "vitest";
import { compileBody, compileOperation, decodeArgs, type Raw } from "./compile.ts";

const string = { type: "string" };
const object = (properties: Raw, more: Raw = {}) => ({ type: "object", properties, ...more });
const pet = object({ name: string }, { required: ["name"] });

describe("spread or one argument", () => {
  test.each<[name: string, schema: unknown, required: boolean, args: readonly string[], body: unknown]>([
    ["declared properties", pet, true, ["name"], { args: ["name"] }],
    ["declared properties, all optional", object({ name: string }), true, ["name"], { args: ["name"], required: true }],
    ["an optional body without required fields", object({ name: string }), false, ["name"], { args: ["name"] }],
    ["an optional body with required fields", pet, false, ["body"], { arg: "body" }],
    [
      "an optional body whose required fields never go out",
      object({ id: { ...string, readOnly: true }, name: string }, { required: ["id"] }),
      false,
      ["name"],
      { args: ["name"] },
    ],
    ["closed", { ...pet, additionalProperties: false }, true, ["name"], { args: ["name"] }],
    ["more properties", { ...pet, additionalProperties: true }, true, ["body"], { arg: "body", required: true }],
    ["a map", { type: "object", additionalProperties: string }, true, ["body"], { arg: "body", required: true }],
    ["an array", { type: "array", items: string }, true, ["body"], { arg: "body", required: true }],
    ["a union", { oneOf: [pet, object({ a: string })] }, true, ["body"], { arg: "body", required: true }],
    ["anything", {}, true, ["body"], { arg: "body", required: true }],
    ["allOf", { allOf: [pet, object({ age: { type: "integer" } })] }, true, ["name", "age"], { args: ["name", "age"] }],
  ])("%s", (_, schema, required, args, body) => {
    const tool = compileBody(schema, { required });
    expect(Object.keys(tool.parameters.properties as object)).toEqual(args);
    expect(tool.route.body).toEqual({ mediaType: "application/json", ...(body as object) });
  });
});

test("a field that never goes out is no argument, required or not", () => {
  const tool = compileBody(object({ id: { ...string, readOnly: true }, name: string }, { required: ["id"] }));
  expect(decodeArgs(tool, { name: "a" })).toEqual({ name: "a" });
  expect(decodeArgs(tool, { name: "a", id: "1" })).toMatch(/^id: is not known/);
});

describe("media types", () => {
  const of = (...mediaTypes: readonly string[]) => {
    const content = Object.fromEntries(mediaTypes.map((each) => [each, { schema: pet }]));
    return compileOperation({ requestBody: { required: true, content } }).route.body?.mediaType;
  };
  test.each<[mediaTypes: readonly string[], want: string]>([
    [["application/xml", "application/json"], "application/json"],
    [["application/vnd.a+json", "application/json; charset=utf-8"], "application/json; charset=utf-8"],
    [["multipart/form-data", "application/x-www-form-urlencoded"], "application/x-www-form-urlencoded"],
    [["text/plain", "multipart/form-data"], "multipart/form-data"],
    [["application/octet-stream", "text/plain"], "text/plain"],
    [["*/*"], "application/json"],
  ])("%s", (mediaTypes, want) => {
    expect(of(...mediaTypes)).toBe(want);
    expect(of(...mediaTypes.toReversed())).toBe(want);
  });

  test("none", () => {
    const tool = compileOperation({ requestBody: { required: true, content: {} } });
    expect(tool.route).not.toHaveProperty("body");
  });

  test.each<[mediaType: string, schema: unknown, want: unknown]>([
    ["text/plain", pet, string],
    ["text/csv", { ...string, maxLength: 9 }, { ...string, description: "at most 9 characters" }],
    ["application/octet-stream", undefined, { ...string, description: "file: base64 or data URL" }],
    ["image/png", { ...string, format: "binary" }, { ...string, description: "file: base64 or data URL" }],
  ])("%s", (mediaType, schema, want) => {
    expect(compileBody(schema, { mediaType }).parameters.properties).toEqual({ body: want });
  });

  test("files of a form", () => {
    const binary = { ...string, format: "binary" };
    const tool = compileBody(object({ one: binary, many: { type: "array", items: binary }, name: string }), {
      mediaType: "multipart/form-data",
    });
    expect(tool.route.body).toMatchObject({ files: ["one", "many"] });
  });

  const binary = { ...string, format: "binary" };
  const file = { ...string, description: "file: base64 or data URL" };
  const parts = (value: unknown) => ({
    type: "array",
    items: {
      type: "object",
      properties: { key: string, value },
      required: ["key", "value"],
      additionalProperties: false,
    },
  });
  test.each<[name: string, schema: unknown, files: unknown, body: unknown]>([
    ["bytes alone", binary, { except: [] }, parts(file)],
    ["a list of bytes", { type: "array", items: binary }, { except: [] }, parts({ type: "array", items: file })],
    ["a map of bytes", { type: "object", additionalProperties: binary }, { except: [] }, parts(file)],
    ["anything", {}, undefined, { ...string, description: "JSON text of an object" }],
    ["text alone", string, undefined, { ...string, description: "JSON text of an object" }],
  ])("a form whose parts have no names: %s", (_, schema, files, body) => {
    const tool = compileBody(schema, { mediaType: "multipart/form-data" });
    expect(tool.route.body).toEqual({
      mediaType: "multipart/form-data",
      arg: "body",
      required: true,
      ...(files !== undefined && { files }),
    });
    expect(tool.parameters.properties).toEqual({ body });
  });

  test("files beside fields that are declared", () => {
    const schema = object({ name: string, photo: binary }, { additionalProperties: binary });
    const tool = compileBody(schema, { mediaType: "multipart/form-data" });
    expect(tool.route.body).toMatchObject({ files: { except: ["name"] } });
  });
});

test("one of several fields must be given", () => {
  const tool = compileBody(object({ a: string, b: string }, { anyOf: [{ required: ["a"] }, { required: ["b"] }] }));
  expect(decodeArgs(tool, { a: null, b: "x" })).toEqual({ b: "x" });
  expect(decodeArgs(tool, { a: null, b: null })).toMatch(/a.*b/);
  expect(tool.description).toMatch(/a.*b/);
});

test("a body that may not be empty needs one of its fields", () => {
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, string]));
  const tool = compileBody(object(fields(2), { minProperties: 1 }));
  expect(decodeArgs(tool, { f0: null, f1: "x" })).toEqual({ f1: "x" });
  expect(decodeArgs(tool, { f0: null, f1: null })).toMatch(/f0.*f1/);
  expect(tool.description).toContain("It needs f0, or f1.");
  expect(compileBody(object(fields(12), { minProperties: 1 })).description).toContain("f7, or one of 4 others.");
  const required = compileBody(object(fields(2), { minProperties: 1, required: ["f0"] }));
  expect(required.description).not.toContain("needs");
});
