import { expect, test } from "vitest";
import type { Selection } from "../../src/compiler/select.ts";
import { whyNone } from "../../src/compiler/why-none.ts";
import { compile } from "./compile.ts";

const deprecated = { deprecated: true, tags: ["old"] };
const { api, names } = compile({
  paths: { "/a": { get: { operationId: "getA", ...deprecated }, post: { operationId: "addA", ...deprecated } } },
});
const bare = compile({ paths: { "/a": { get: { operationId: "getA" } } } });

test.each<[selection: Selection, problem: string, fix: RegExp]>([
  [{ include: ["getB"] }, '"getB" fits none', /^The document has getA, addA\.$/],
  [{ include: ["GET a"] }, '"GET a" is no pattern of a path', /"GET \/a", or "\* \/a" for any method/],
  [{ include: [] }, "include is an empty list", /name what to include/],
  [{ includeTags: ["new", "newer"] }, 'none has the tag "new" or "newer"', /^The tags are old\.$/],
  [{ exclude: ["getA", "*"] }, '"*" excludes all of them', /getA, addA/],
  [{ deprecated: "exclude" }, "all of them are deprecated", /--deprecated exclude/],
  [{ include: ["getA"], exclude: ["getA"] }, "together, its parts exclude all of them", /getA, addA/],
])("%j", (selection, problem, fix) => {
  expect(whyNone(api, names, selection)).toEqual([problem, expect.stringMatching(fix)]);
});

test("operations without tags, and none at all", () => {
  expect(whyNone(bare.api, bare.names, { includeTags: ["a"] })[1]).toMatch(/have no tags: use --include/);
  expect(whyNone({ ...api, operations: [] }, names, {})).toEqual(["settings exclude all of them", expect.any(String)]);
});
