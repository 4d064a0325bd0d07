import { expect, test } from "vitest";
import { compileField, compileOperation, type Raw } from "./compile.ts";

const string = { type: "string" };
const optional = [{ name: "a", in: "query", schema: string }];

test.each<[name: string, operation: Raw, want: string]>([
  ["nothing", {}, "GET /pets."],
  ["a summary", { summary: "List pets" }, "List pets."],
  ["a description", { description: "Lists **pets**.\n\nMore." }, "Lists pets. More."],
  ["both", { summary: "List pets", description: "Newest first" }, "List pets. Newest first."],
  [
    "a summary that the description repeats",
    { summary: "List pets", description: "List pets, newest first." },
    "List pets, newest first.",
  ],
  ["Chinese", { summary: "查询宠物" }, "查询宠物。"],
  ["deprecated", { summary: "List pets", deprecated: true }, "List pets. Deprecated."],
  ["something optional, where null can only be meant so", { summary: "List pets", parameters: optional }, "List pets."],
])("described by %s", (_, operation, want) => {
  expect(compileOperation(operation, { method: "get", path: "/pets" }).description).toBe(want);
});

test("a long description is cut, and keeps what the model has to know", () => {
  const tool = compileOperation({
    description: "Words and words. ".repeat(100),
    deprecated: true,
    requestBody: { content: { "application/json": { schema: { type: "object", properties: { a: string } } } } },
  });
  expect(tool.description.length).toBeLessThanOrEqual(1024);
  expect(tool.description).toMatch(/words\. Deprecated\. null leaves a field out\.$/);
});

test("clearing is explained where something can be cleared, by its key", () => {
  const explained = (schema: unknown, method = "patch") =>
    compileField(schema, { isRequired: false, method }).description.match(/\S+ clears a field/)?.[0];
  expect(explained({ type: ["string", "null"] })).toBe('{"set_to":"null"} clears a field');
  expect(explained({ type: ["object", "null"], properties: { set_to: string } })).toBe(
    '{"set_to_":"null"} clears a field',
  );
  expect(explained({ type: ["string", "null"] }, "post")).toBeUndefined();
  expect(explained({ type: "object", properties: { clear: string } })).toBeUndefined();
});

test("a tool is what its route needs, and no more", () => {
  const tool = compileOperation({ summary: "Ping", responses: { 204: {} } }, { method: "get", path: "/ping" });
  expect(tool.route).toEqual({ method: "GET", path: "/ping" });
  expect(tool.codec).toEqual({});
});

test("answers that are no JSON are asked for", () => {
  const responses = { 200: { content: { "text/csv": {}, "text/plain": {} } } };
  expect(compileOperation({ responses }, { method: "get" }).route.accept).toBe("text/csv, text/plain");
});

test("a default is said, and left to the server", () => {
  const tool = compileOperation(
    { parameters: [{ name: "a", in: "query", schema: { ...string, default: "x" } }] },
    { method: "get" },
  );
  expect(tool.parameters.properties).toEqual({ a: { type: ["string", "null"], description: "default x" } });
});
