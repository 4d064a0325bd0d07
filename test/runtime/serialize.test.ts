import { describe, expect, test } from "vitest";
import { asIs, percentEncode } from "../../src/runtime/serialize.ts";
import { encodeReserved, spell, spellPairs } from "../../src/runtime/styles.ts";
import type { Parameter, ParameterStyle } from "../../src/runtime/types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const text = "blue";
const array = ["blue", "black", "brown"];
const object = { R: 100, G: 200, B: 150 };

// The table of https://spec.openapis.org/oas/v3.1.2.html#style-examples, row by row.
const inPaths: [style: ParameterStyle, explode: boolean, ...wanted: string[]][] = [
  ["matrix", false, ";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
  ["matrix", true, ";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
  ["label", false, ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"],
  ["label", true, ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"],
  ["simple", false, "", "blue", "blue,black,brown", "R,100,G,200,B,150"],
  ["simple", true, "", "blue", "blue,black,brown", "R=100,G=200,B=150"],
];

describe.each(inPaths)("%s, explode %s", (style, explode, ...wanted) => {
  test.each(["", text, array, object].map((value, index) => ({ value, want: wanted[index] })))(
    "$value",
    ({ value, want }) => {
      expect(spell("color", value, { style, explode }, percentEncode)).toBe(want);
    },
  );
});

const inQueries: [style: ParameterStyle, explode: boolean, ...wanted: (string | undefined)[]][] = [
  ["form", false, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"],
  ["form", true, "color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"],
  ["spaceDelimited", false, undefined, undefined, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"],
  ["pipeDelimited", false, undefined, undefined, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"],
  ["deepObject", true, undefined, undefined, undefined, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
  // Swagger 2.0's `tsv`.
  ["tabDelimited", false, undefined, undefined, "color=blue%09black%09brown", undefined],
];

describe.each(inQueries)("%s, explode %s", (style, explode, ...wanted) => {
  const rows = ["", text, array, object].map((value, index) => ({ value, want: wanted[index] }));
  test.each(rows.filter(({ want }) => want !== undefined))("$value", ({ value, want }) => {
    expect(joined(value, { style, explode })).toBe(want);
  });
});

function joined(value: unknown, spelling: Partial<Parameter>): string {
  const encode = spelling.allowReserved ? encodeReserved : percentEncode;
  return spellPairs("color", value, spelling, encode)
    .map((pair) => pair.join("="))
    .join("&");
}

test.each<[value: unknown, spelling: Partial<Parameter>, want: string]>([
  // Defaults: form explodes, the others do not.
  [array, {}, "color=blue&color=black&color=brown"],
  [array, { style: "pipeDelimited" }, "color=blue%7Cblack%7Cbrown"],
  [array, { style: "pipeDelimited", explode: true }, "color=blue&color=black&color=brown"],
  // What is not there is not sent.
  [undefined, {}, ""],
  [null, {}, ""],
  [[], {}, ""],
  [[], { explode: false }, ""],
  [{}, { style: "deepObject" }, ""],
  [["a", null, undefined, "b"], { explode: false }, "color=a,b"],
  [{ a: 1, b: undefined, c: null }, {}, "a=1"],
  [[""], {}, "color="],
  [["", ""], { explode: false }, "color=,"],
  // Scalars.
  [0, {}, "color=0"],
  [false, {}, "color=false"],
  ["blue", { style: "deepObject" }, "color=blue"],
  // Only delimiters of ours stay unencoded.
  ["a b&c=d#e+f/g?", {}, "color=a%20b%26c%3Dd%23e%2Bf%2Fg%3F"],
  [["a,b", "c"], { explode: false }, "color=a%2Cb,c"],
  [["a|b", "c d"], { style: "pipeDelimited" }, "color=a%7Cb%7Cc%20d"],
  ["!'()*", {}, "color=%21%27%28%29%2A"],
  ["价格 🎉", {}, "color=%E4%BB%B7%E6%A0%BC%20%F0%9F%8E%89"],
  ["\ud800", {}, "color=%EF%BF%BD"],
  [{ "a&b": "c=d" }, {}, "a%26b=c%3Dd"],
  // Reserved expansion passes encoded triplets on, and keeps what would end the value encoded.
  [":/?@!$'()*,;=", { allowReserved: true }, "color=:/?@!$'()*,;="],
  ["#[]&+ %", { allowReserved: true }, "color=%23%5B%5D%26%2B%20%25"],
  ["a%2Fb%zz", { allowReserved: true }, "color=a%2Fb%25zz"],
  ["价🎉", { allowReserved: true }, "color=%E4%BB%B7%F0%9F%8E%89"],
  // Nested values.
  [{ a: { b: { c: 1 } } }, { style: "deepObject" }, "color%5Ba%5D%5Bb%5D%5Bc%5D=1"],
  [{ a: ["x", { y: 2 }] }, { style: "deepObject" }, "color%5Ba%5D%5B0%5D=x&color%5Ba%5D%5B1%5D%5By%5D=2"],
  [{ a: { b: 1 } }, {}, "a=%7B%22b%22%3A1%7D"],
  [[{ b: 1 }], {}, "color=%7B%22b%22%3A1%7D"],
  [JSON.parse('{"__proto__": 1, "constructor": 2}'), {}, "__proto__=1&constructor=2"],
])("%j as %j", (value, spelling, want) => {
  expect(joined(value, spelling)).toBe(want);
});

test("headers are not encoded", () => {
  expect(spell("X", ["a b", "c/d"], {}, asIs)).toBe("a b,c/d");
  expect(spell("X", object, { explode: true }, asIs)).toBe("R=100,G=200,B=150");
  expect(spell("X", [], {}, asIs)).toBeUndefined();
});

describe("on the wire", () => {
  const server = httpServer();
  const call = async (parameter: Parameter, value: unknown, path = "/items") => {
    await operation({ path, parameters: { x: parameter } })({ x: value }, { baseUrl: server.origin });
    return server.last;
  };

  test.each<[parameter: Parameter, value: unknown, url: string]>([
    [{ in: "query" }, "a b", "/items?x=a%20b"],
    [{ in: "query", name: "filter[id]" }, 7, "/items?filter%5Bid%5D=7"],
    [{ in: "query", mediaType: "application/json" }, { a: "b" }, "/items?x=%7B%22a%22%3A%22b%22%7D"],
    [{ in: "query", mediaType: "application/json" }, "b", "/items?x=%22b%22"],
    [{ in: "query", mediaType: "text/plain" }, "b", "/items?x=b"],
    [
      { in: "querystring", mediaType: "application/x-www-form-urlencoded" },
      { a: 1, b: ["c", "d"] },
      "/items?a=1&b=c&b=d",
    ],
    [{ in: "querystring", mediaType: "application/json" }, { a: 1 }, "/items?%7B%22a%22%3A1%7D"],
  ])("%j of %j", async (parameter, value, url) => {
    expect((await call(parameter, value)).url).toBe(url);
  });

  test.each<[parameter: Parameter, value: unknown, header: string | undefined]>([
    [{ in: "header" }, "a b", "a b"],
    [{ in: "header" }, ["a", "b"], "a,b"],
    [{ in: "header" }, 7, "7"],
    [{ in: "header" }, "", ""],
    [{ in: "header" }, null, undefined],
    [{ in: "header", mediaType: "application/json" }, { name: "价🎉" }, '{"name":"\\u4ef7\\ud83c\\udf89"}'],
  ])("%j of %j as a header", async (parameter, value, header) => {
    expect((await call({ ...parameter, name: "X-Test" }, value)).headers["x-test"]).toBe(header);
  });

  test.each(["a\r\nX-Evil: 1", "a\nb", "a\0b", "名"])("refuses the header %j", async (value) => {
    await expect(call({ in: "header" }, value)).rejects.toMatchObject({ kind: "invalid_arguments", path: "x" });
    expect(server.seen).toEqual([]);
  });

  test.each<[parameter: Parameter, value: unknown, cookie: string]>([
    [{ in: "cookie" }, "a;b c", "x=a%3Bb%20c"],
    [{ in: "cookie" }, ["a", "b"], "x=a; x=b"],
    [{ in: "cookie", explode: false }, ["a", "b"], "x=a,b"],
    [{ in: "cookie", allowReserved: true }, 'a;b,c "d"\r\n\0', "x=a%3Bb%2Cc%20%22d%22%0D%0A%00"],
    [{ in: "cookie", allowReserved: true }, { "a;b": "c;d" }, "a%3Bb=c%3Bd"],
  ])("%j of %j", async (parameter, value, cookie) => {
    expect((await call(parameter, value)).headers.cookie).toBe(cookie);
  });

  test("names of arguments that every object has are not taken from its prototype", async () => {
    const parameters = {
      constructor: { in: "query" },
      toString: { in: "header" },
      ["__proto__"]: { in: "query" },
    } as const;
    await operation({ parameters })({}, { baseUrl: server.origin });
    expect(server.last.url).toBe("/");
    expect(server.last.headers.tostring).toBeUndefined();
  });
});
