import { expect, test } from "vitest";
import { check } from "../../src/emit/check.ts";

const planned = new Set(["kit", "Pet", "pet", "createKit"]);
const good = `import { kit } from "fctool/runtime";
export interface Pet {}
export const pet: Pet = {};
export function createKit() {}
`;

test("what was planned is let through", () => {
  expect(() => check(good, planned)).not.toThrow();
});

test("a type and a value may share a name", () => {
  expect(() => check(`${good}type pet = 1;`, planned)).not.toThrow();
});

test.each([
  ["a syntax error", `${good}export const = 1;`, "line 5 of the generated module"],
  [
    "a string that does not end",
    good.replace("{};", '"a\n'),
    "line 3 of the generated module: Unterminated string literal",
  ],
  ["a name of its own", `${good}const evil = 1;`, "nobody planned the name evil"],
  ["a name twice", `${good}interface Pet {}`, "two things are called Pet"],
  ["code", `${good}evil();`, "nobody planned this statement"],
  ["code behind a name", good.replace("= {};", "= {}; evil();"), "nobody planned this statement"],
  ["an import", `import { Pet } from "evil";\n${good}`, "nobody planned this statement"],
  ["an import of all", `import * as Pet from "fctool/runtime";`, "nobody planned this statement"],
  ["an import that only runs", `import "fctool/runtime";`, "nobody planned this statement"],
  ["names out of a pattern", "export const { pet } = globalThis;", "nobody planned this statement"],
  ["a missing name", good.replace("export interface Pet {}", ""), "Pet is missing"],
])("%s is a bug", (_, text, want) => {
  expect(() => check(text, planned)).toThrow(want);
});

const data = (text: string) => good.replace("= {};", `= {\n  name: ${text},\n};`);

test.each([
  ["a string that holds anything", String.raw`"evil(); */ \" ' < = ; \u2028"`],
  ["a string in single quotes", `'a "name", it\\'s'`],
  ["what is constant", '{ valueOf: { title: "optional" } as const }'],
  ["a list that is constant", '[{ valueOf: "optional" }] as const'],
  ["a string that says so", '"[ ] as const } as const"'],
  ["numbers, constants, lists and objects", '[-1.5e+21, null, true, other, { ...other, "a-b": { $ref: 1 } }, []]'],
  ["the key __proto__", '{ ["__proto__"]: {} }'],
  ["a constant with another description", '[/*@__PURE__*/ Object.assign({}, other, { description: "(a)" })]'],
])("data may hold %s", (_, text) => {
  expect(() => check(data(text), planned)).not.toThrow();
});

test.each(["executor", "makeExecutor"])("what %s takes is data", (name) => {
  const call = (text: string) => good.replace("= {};", `= /*@__PURE__*/ ${name}({\n  name: ${text},\n});`);
  expect(() => check(call('"a"'), planned)).not.toThrow();
  expect(() => check(call("evil()"), planned)).toThrow(
    'line 3 of the generated module: there is more than data behind: "("',
  );
});

test.each([
  ["a call", "evil()", 'line 3 of the generated module: there is more than data behind: "("'],
  ["a call beside a constant", "Object.assign({}, evil(), { description: 'a' })", 'more than data behind: "("'],
  ["a constant that is changed", "Object.assign(other, { description: 'a' })", 'more than data behind: "("'],
  ["a template", "`$" + "{evil}`", 'more than data behind: "`"'],
  ["an assignment", "(evil = 1)", 'more than data behind: "("'],
  ["a regular expression", "/a/", 'more than data behind: "/"'],
  ["a string that ends too early", '"a" evil"', "more than data"],
  ["a mistake", "[1 2]", "line 3 of the generated module: "],
  ["a bracket too many", "1 } }", "line 3 of the generated module: "],
  ["a statement", '1 }; other = { a: "', "more than data"],
])("%s in data is a bug", (_, text, want) => {
  expect(() => check(data(text), planned)).toThrow(want);
});

test("a user's template may add names, but must be TypeScript", () => {
  expect(() => check("export const more = 1;", planned, true)).not.toThrow();
  expect(() => check("export const = 1;", planned, true)).toThrow("line 1");
});
