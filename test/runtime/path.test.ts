import { expect, test } from "vitest";
import { parameterStyles } from "../../src/runtime/parameter-styles.ts";
import { readPath } from "../../src/runtime/path.ts";
import type { Parameter } from "../../src/runtime/types.ts";

const fill = (path: string, args: { [name: string]: unknown }, more: Partial<Parameter> = {}) => {
  const parameters = Object.keys(args).map((name) => [name, { in: "path", ...more }] as [string, Parameter]);
  return readPath(path, new Map(parameters), parameterStyles)(args);
};

test.each<[path: string, args: { [name: string]: unknown }, want: string]>([
  ["/pets/{id}", { id: 7 }, "/pets/7"],
  ["/pets/{id}", { id: "a b/c?d#e" }, "/pets/a%20b%2Fc%3Fd%23e"],
  ["/pets/{id}", { id: "%2e%2e" }, "/pets/%252e%252e"],
  ["/pets/{id}", { id: "..." }, "/pets/..."],
  ["/pets/{id}", { id: ".hidden" }, "/pets/.hidden"],
  ["/a/{x}.json", { x: "b" }, "/a/b.json"],
  ["/a/{x}{y}", { x: "b", y: "c" }, "/a/bc"],
  ["/a/{x}..{y}/b", { x: "1", y: "2" }, "/a/1..2/b"],
  ["/a('{x}')/b", { x: "o'k" }, "/a('o%27k')/b"],
  ["/a?action={x}&b=1#part", { x: "c&d" }, "/a?action=c%26d&b=1"],
  ["/a#{x}", { x: "c" }, "/a"],
  ["/a/{unknown}/{x}", { x: "c" }, "/a/{unknown}/c"],
  ["/a/{x}", { x: [1, 2] }, "/a/1,2"],
  ["/a/{constructor}", {}, "/a/{constructor}"],
  ["/a/{x}", { x: "v1..v2" }, "/a/v1..v2"],
  ["/a/{x};b", { x: "c;d" }, "/a/c%3Bd;b"],
  ["/./a/../{x}", { x: "b" }, "/./a/../b"],
  ["/a?b={x}", { x: "c/d" }, "/a?b=c%2Fd"],
])("%s with %j", (path, args, want) => {
  expect(fill(path, args)).toBe(want);
});

test.each<[path: string, args: { [name: string]: unknown }, more?: Partial<Parameter>]>([
  ["/a/{x}", { x: "" }],
  ["/a/{x}", { x: "." }],
  ["/a/{x}", { x: ".." }],
  ["/a/{x}", { x: "../b" }],
  ["/a/{x}", { x: "b/../../c" }],
  ["/a/{x}", { x: "..\\b" }],
  ["/a/{x}", { x: null }],
  ["/a/{x}", { x: undefined }],
  ["/a/{x}", { x: [] }],
  ["/a/{x}", { x: ["../b"] }],
  ["/a/{x}/b", { x: [".."] }],
  ["/a/{x}.json", { x: "" }],
  ["/a/{x}{y}", { x: ".", y: "." }],
  ["/a/.{x}", { x: "." }],
  ["/a/%2e{x}", { x: "." }],
  ["/a/%2E{x}/b", { x: "." }],
  ["/a/{x}", { x: "" }, { style: "label" }],
  ["/a/{x}", { x: "." }, { style: "label" }],
  ["/a/{x}", { x: ["", ""] }, { style: "label", explode: true }],
  ["/a/{x}", { x: ".." }, { allowReserved: true }],
  ["/a/{x}", { x: "..;" }],
  ["/a/{x}", { x: "..;b" }, { allowReserved: true }],
  ["/a/{x}", { x: "..\0" }],
  ["/a/{x}", { x: "b/..;/c" }],
  ["/a/{x}", { x: "b/./c" }],
  ["/a/{x}", { x: "..%2Fb" }],
  ["/a/{x}.json", { x: "." }],
  ["/a/.{x}", { x: "./b" }],
  ["/a/.{x}", { x: ".;b" }],
  ["/a/{x}./b", { x: "b/." }],
  ["/a/{x}{y}/b", { x: "a/.", y: "./b" }],
  ["/a/{x}?b={y}", { x: "b/..", y: "1" }],
])("%s refuses %j %j", (path, args, more) => {
  expect(() => fill(path, args, more)).toThrow(expect.objectContaining({ kind: "invalid_arguments" }));
});

test("reserved characters never end a segment", () => {
  expect(fill("/a/{x}", { x: "b:c@d/e?f#g%2e;h" }, { allowReserved: true })).toBe("/a/b:c@d%2Fe%3Ff%23g%252e%3Bh");
});

test("a refusal names the argument, not the template", () => {
  const write = readPath("/a/{id}", new Map([["user_id", { in: "path", name: "id" }]]));
  expect(() => write({ user_id: ".." })).toThrow(expect.objectContaining({ path: "user_id" }));
  expect(write({ user_id: 1 })).toBe("/a/1");
});

test("a parameter of the same name elsewhere is another one", () => {
  const write = readPath("/a/{id}", [
    ["id", { in: "path" }],
    ["query_id", { in: "query", name: "id" }],
  ]);
  expect(write({ id: 1, query_id: 2 })).toBe("/a/1");
});
