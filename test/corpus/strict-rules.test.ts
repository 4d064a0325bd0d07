import { describe, expect, test } from "vitest";
import { patternProblem } from "../../corpus/strict-pattern.ts";
import { checkStrictTool } from "../../corpus/strict-rules.ts";

type Schema = { [keyword: string]: unknown };

const object = (properties: Schema, more: Schema = {}): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const string = { type: "string" };
const tagged = (...values: string[]) => object({ kind: { type: "string", enum: values } });
const nested = (levels: number): Schema => (levels === 1 ? object({}) : object({ inside: nested(levels - 1) }));
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

function rulesOf(parameters: unknown, more: Schema = {}): string[] {
  const tool = { type: "function", function: { name: "getPet", strict: true, parameters, ...more } };
  return [...new Set(checkStrictTool(tool).map(({ rule }) => rule))];
}

describe("schemas within the rules", () => {
  const recursive = object({ next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } });
  const good: [string, Schema][] = [
    ["nothing", object({})],
    [
      "every type",
      object({ a: string, b: { type: "number" }, c: { type: "boolean" }, d: { type: ["integer", "null"] } }),
    ],
    ["keywords of strings", object({ a: { type: "string", pattern: "^(?:a|b)$", format: "date" } })],
    ["keywords of numbers", object({ a: { type: "integer", minimum: 1, exclusiveMaximum: 9, multipleOf: 2 } })],
    ["keywords of arrays", object({ a: { type: "array", items: string, minItems: 1, maxItems: 2 } })],
    ["an object or null", object({ a: object({}, { type: ["object", "null"] }) })],
    ["annotations", object({ a: { ...string, title: "A", description: "a" } }, { description: "root" })],
    ["an enum", object({ a: { type: "string", enum: ["x", "y"] } })],
    ["a const", object({ a: { type: "string", const: "x" } })],
    ["recursion", object({ a: { $ref: "#/$defs/node" } }, { $defs: { node: recursive } })],
    ["recursion to the root", object({ a: { anyOf: [{ $ref: "#" }, { type: "null" }] } })],
    [
      "a described reference",
      object({ a: { anyOf: [{ $ref: "#/$defs/b" }], description: "b" } }, { $defs: { b: string } }),
    ],
    ["branches of different first keys", object({ a: { anyOf: [object({ b: string }), object({ c: string })] } })],
    ["branches of different tags", object({ a: { anyOf: [tagged("x"), tagged("y", "z"), { type: "null" }] } })],
    ["250 long values", object({ a: { type: "string", enum: names(250).map((name) => name.padEnd(70, "-")) } })],
    ["1000 values", object({ a: { type: "string", enum: names(1000) } })],
    ["10 levels", nested(10)],
    ["5000 properties", object({ a: object(Object.fromEntries(names(4999).map((name) => [name, string]))) })],
  ];
  test.each(good)("%s", (_, parameters) => {
    expect(rulesOf(parameters)).toEqual([]);
  });
});

describe("schemas that break a rule", () => {
  const deep = { $defs: { five: nested(5), six: object({ a: { $ref: "#/$defs/five" } }) } };
  const bad: [rule: string, parameters: unknown][] = [
    ["root", { type: "array", items: string }],
    ["root", { ...object({}), anyOf: [object({})] }],
    ["root", "object"],
    ["object-closed", { ...object({}), additionalProperties: true }],
    ["object-closed", object({ a: { type: "object", properties: {}, required: [] } })],
    ["object-closed", object({ a: { anyOf: [{ ...object({}), additionalProperties: undefined }, { type: "null" }] } })],
    ["object-closed", object({ a: { $ref: "#/$defs/b" } }, { $defs: { b: { type: "object", properties: {} } } })],
    ["object-properties", object({ a: { type: "object", additionalProperties: false } })],
    ["object-required", { ...object({ a: string }), required: [] }],
    ["object-required", { ...object({ a: string }), required: ["a", "b"] }],
    ["object-required", { ...object({ a: string }), required: ["a", "a"] }],
    ["property-name", object({ $top: string })],
    ["property-name", object({ [names(40).join("")]: string })],
    ["typed", object({ a: {} })],
    ["typed", object({ a: { description: "anything" } })],
    ["typed", object({ a: { const: "x" } })],
    ["schema", object({ a: true })],
    ["type", object({ a: { type: "any" } })],
    ["type", object({ a: { type: [] } })],
    ["type", object({ a: { type: ["string", "string"] } })],
    ["array-items", object({ a: { type: "array" } })],
    ["array-items", object({ a: { type: "array", items: true } })],
    ["keyword", object({ a: { type: "array", items: string, prefixItems: [string] } })],
    ["keyword", object({ a: { oneOf: [string], anyOf: [string] } })],
    ["keyword", object({ a: { ...string, minLength: 1 } })],
    ["keyword", object({ a: { ...string, default: "x" } })],
    ["keyword", object({ a: object({}, { $defs: {} }) })],
    ["keyword-type", object({ a: { type: "integer", pattern: "^(?:x)$" } })],
    ["keyword-type", object({ a: { type: "integer", format: "date" } })],
    ["keyword-type", object({ a: { type: "string", minimum: 1 } })],
    ["format", object({ a: { type: "string", format: "uri" } })],
    ["pattern", object({ a: { type: "string", pattern: "^(?:(?!x).)$" } })],
    ["ref-siblings", object({ a: { $ref: "#/$defs/b", description: "b" } }, { $defs: { b: string } })],
    ["ref", object({ a: { $ref: "#/$defs/b" } })],
    ["ref", object({ a: { $ref: "#/properties/b" }, b: string })],
    ["definition-unused", object({}, { $defs: { b: string } })],
    ["definition-unused", object({}, { $defs: { b: object({ b: { $ref: "#/$defs/b" } }) } })],
    ["definition-name", object({ a: { $ref: "#/$defs/b.c" } }, { $defs: { "b.c": string } })],
    ["any-of", object({ a: { anyOf: [] } })],
    ["any-of-first-key", object({ a: { anyOf: [object({ b: string }), object({ b: string, c: string })] } })],
    ["any-of-first-key", object({ a: { anyOf: [tagged("x", "y"), tagged("y")] } })],
    ["any-of-first-key", object({ a: { anyOf: [object({}), object({})] } })],
    [
      "any-of-first-key",
      object(
        { a: { anyOf: [{ $ref: "#/$defs/b" }, { anyOf: [object({ b: string })] }] } },
        { $defs: { b: object({ b: string }) } },
      ),
    ],
    ["enum", object({ a: { type: "string", enum: [] } })],
    ["enum", object({ a: { type: "string", enum: ["x", "x"] } })],
    ["enum", object({ a: { type: "string", enum: ["x", null] } })],
    ["enum", object({ a: { type: "string", enum: [1] } })],
    ["enum", object({ a: { type: ["string", "integer"], enum: ["x", 1] } })],
    ["enum", object({ a: { type: ["string", "null"], enum: ["x"] } })],
    ["const", object({ a: { type: "string", const: 1 } })],
    ["limit-enum-values", object({ a: { type: "string", enum: names(500) }, b: { type: "string", enum: names(501) } })],
    ["limit-enum-characters", object({ a: { type: "string", enum: names(251).map((name) => name.padEnd(70, "-")) } })],
    ["limit-depth", nested(11)],
    ["limit-depth", object({ a: { type: "array", items: nested(9) } })],
    [
      "limit-depth",
      object(
        { a: object({ b: object({ c: object({ d: { $ref: "#/$defs/six" } }) }) }) },
        { ...deep, ...{ $defs: { ...deep.$defs, five: nested(6) } } },
      ),
    ],
    ["limit-properties", object({ a: object(Object.fromEntries(names(5000).map((name) => [name, string]))) })],
    ["limit-characters", object(Object.fromEntries(names(1900).map((name) => [name.padEnd(64, "-"), string])))],
  ];
  test.each(bad)("%s", (rule, parameters) => {
    expect(rulesOf(parameters)).toContain(rule);
  });
});

describe("around the schema", () => {
  test.each([
    ["a name with a dot", { name: "pets.get" }, ["name"]],
    ["a name that is too long", { name: "p".repeat(65) }, ["name"]],
    ["no strict", { strict: undefined }, ["strict-written"]],
    ["a long description", { description: "d".repeat(1025) }, ["description-length"]],
    ["a description of the right length", { description: "d".repeat(1024) }, []],
  ])("%s", (_, more, want) => {
    expect(rulesOf(object({}), more)).toEqual(want);
  });

  test("a tool that is not strict may be open, but its patterns must be readable", () => {
    const parameters = (pattern: string) => ({ type: "object", properties: { a: { type: "string", pattern } } });
    expect(rulesOf(parameters("^a"), { strict: false })).toEqual([]);
    expect(rulesOf(parameters("\\p{L}"), { strict: false })).toEqual(["pattern"]);
  });
});

test.each([
  ["^(?:a)$", undefined],
  ["^(?:[\\^$]\\$(?:x|y){2,3})$", undefined],
  ["^(?:\\d+[)(]\\/)$", undefined],
  ["^(?:[\\b])$", undefined],
  ["a", "it has not the form ^(?:…)$"],
  ["^a$", "it has not the form ^(?:…)$"],
  ["^(?:a)|(?:b)$", "it has not the form ^(?:…)$"],
  ["^(?:^a)$", "^ is an anchor inside"],
  ["^(?:a$|b)$", "$ is an anchor inside"],
  ["^(?:\\bword)$", "\\b is an anchor inside"],
  ["^(?:(?=a)b)$", "(?= looks around"],
  ["^(?:(?<!a)b)$", "(?<! looks around"],
  ["^(?:(a)\\1)$", "\\1 is a backreference"],
  ["^(?:(?<x>a)\\k<x>)$", "Python does not know (?<name>"],
  ["^(?:\\p{L})$", "Python does not know \\p{L}"],
  ["^(?:\\u{61})$", "Python does not know \\u{61}"],
  ["^(?:[^])$", "Python does not know [^]"],
  [1, "a pattern is a string"],
])("the pattern %s", (pattern, want) => {
  expect(patternProblem(pattern)).toBe(want);
});

test("a pattern that does not compile", () => {
  expect(patternProblem("^(?:[)$")).toMatch(/^ECMAScript refuses it/);
});
