import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import { DocumentError } from "../../src/compiler/errors.ts";
import { load } from "../../src/compiler/load.ts";
import { folderWith } from "../temporary-folder.ts";

const utf16le = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, "utf16le").swap16());

describe("load reads", () => {
  const yaml = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n";
  const read = { openapi: "3.1.0", info: { title: "Pets", version: "1" }, paths: {} };
  test.for<[what: string, file: string, content: string | Uint8Array, wanted: object]>([
    ["YAML", "a.yaml", yaml, read],
    ["JSON", "a.json", JSON.stringify(read), read],
    ["JSON with tabs and Windows line ends", "a.json", JSON.stringify(read, null, "\t").replaceAll("\n", "\r\n"), read],
    ["YAML in a .json file", "a.json", yaml, read],
    ["JSON in a .yaml file", "a.yaml", JSON.stringify(read), read],
    [
      "JSON with a comma too many",
      "a.json",
      '{"openapi":"3.1.0",\n\t"info":{"title":"Pets","version":"1"},\n\t"paths":{},\n}',
      read,
    ],
    ["a byte-order mark", "a.yaml", `\ufeff${yaml}`, read],
    ["a byte-order mark before JSON", "a.json", `\ufeff${JSON.stringify(read)}`, read],
    ["UTF-16 with a mark", "a.yaml", utf16le(`\ufeff${yaml}`), read],
    ["UTF-16, big endian, with a mark", "a.yaml", utf16be(`\ufeff${yaml}`), read],
    ["UTF-16 without a mark", "a.json", utf16le(JSON.stringify(read)), read],
    ["UTF-16, big endian, without a mark", "a.json", utf16be(JSON.stringify(read)), read],
    ["the first of several YAML documents", "a.yaml", `---\n${yaml}---\nother: 1\n`, read],
    [
      "dates, numbers and words as YAML 1.2 has them",
      "a.yaml",
      "openapi: 3.0.0\nx: {date: 2020-01-01, no: no, octal: 010, not: .nan, huge: 9223372036854775807, 200: ok}\n",
      { openapi: "3.0.0", x: { "200": "ok", date: "2020-01-01", no: "no", octal: 10, not: ".nan", huge: 2 ** 63 } },
    ],
    [
      "anchors and merge keys",
      "a.yaml",
      "openapi: 3.0.0\na: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\nc: *a\n",
      { openapi: "3.0.0", a: { x: 1, y: 1 }, b: { x: 1, y: 2 }, c: { x: 1, y: 1 } },
    ],
    [
      "tags that nobody knows",
      "a.yaml",
      "openapi: 3.0.0\na: !x 1\nb: !y {c: 1}\n",
      { openapi: "3.0.0", a: "1", b: { c: 1 } },
    ],
    [
      "a key called __proto__",
      "a.yaml",
      "openapi: 3.0.0\n__proto__: {a: 1}\n",
      JSON.parse('{"openapi":"3.0.0","__proto__":{"a":1}}'),
    ],
  ])("%s", async ([, file, content, wanted]) => {
    const document = await load(join(folderWith({ [file]: content }), file));
    expect(document.root).toEqual(wanted);
    expect(document.name).toBe(file);
  });

  test.for([
    ["3.0.3", "openapi: 3.0.3"],
    ["3.1", "openapi: 3.1"],
    ["3.0", "openapi: 3"],
    ["3.2.0", "openapi: '3.2.0'"],
    ["2.0", "swagger: 2.0"],
    ["2.0", "swagger: '2.0'"],
    ["3.1.0-rc1", "openapi: 3.1.0-rc1"],
  ])("version %s", async ([version, text]) => {
    const { version: read } = await load("x.yaml", { text });
    expect(read.replace(/^2$/, "2.0")).toBe(version);
  });
});

describe("load refuses", () => {
  test.for<[what: string, content: string | Uint8Array, message: RegExp, place: string | undefined]>([
    ["an empty file", "", /^the document is empty$/, "1:1"],
    ["blanks", "\n\n  \n", /^the document is empty$/, "1:1"],
    ["a list", "[1, 2]", /holds no object/, "1:1"],
    ["plain text", "hello", /holds no object/, "1:1"],
    ["broken YAML", "openapi: 3.0.0\npaths:\n  /a: b: c\n", /^not valid YAML: /, "3:8"],
    ["a tab as indentation", "openapi: 3.0.0\ninfo:\n\ttitle: x\n", /^not valid YAML: tab characters/, "3:1"],
    ["broken JSON", '{\n  "openapi": "3.0.0",,\n}', /^not valid JSON: /, "2:22"],
    ["JSON that ends early", '{\n  "openapi": "3.0.0",\n  "pa', /^not valid JSON: /, "3:6"],
    ["an alias of itself", "openapi: 3.0.0\nx: &a [*a]\n", /aliases that contain themselves/, "1:1"],
    ["Latin-1", new Uint8Array(Buffer.from("openapi: 3.0.0\nx: caf\xe9\n", "latin1")), /not UTF-8/, "2:7"],
    ["gzip", new Uint8Array([0x1f, 0x8b, 8, 0, 0]), /^the file is compressed \(gzip\)$/, "1:1"],
    ["a key that is misspelt", "opanapi: 3.0.3\npaths: {}", /its key "opanapi" is not spelt openapi$/, "1:1"],
    ["a key in capitals", "Swagger: '2.0'\npaths: {}", /its key "Swagger" is not spelt swagger$/, "1:1"],
    ["an HTML page", "<!DOCTYPE html>\n<html></html>", /it is an HTML page/, "1:1"],
    ["WSDL", '<?xml version="1.0"?><wsdl:definitions/>', /it is a WSDL file/, "1:1"],
    ["a GraphQL schema", 'type Query {\n  a: String\n  b(x: "}"): Int\n}\n', /looks like a GraphQL schema/, "1:1"],
    ["Protocol Buffers", 'syntax = "proto3";\nmessage A { string b = 1; }', /Protocol Buffers/, "1:1"],
    ["AsyncAPI", "asyncapi: 3.0.0", /looks like an AsyncAPI document/, "1:1"],
    ["a Postman collection", '{"info":{"_postman_id":"1"},"item":[]}', /looks like a Postman collection/, "1:1"],
    ["a Google discovery document", '{"kind":"discovery#restDescription"}', /Google API discovery/, "1:1"],
    ["a JSON Schema", '{"$schema":"x","type":"object"}', /looks like a JSON Schema/, "1:1"],
    ["a document without a version", "paths: {}", /a part of an OpenAPI document/, "1:1"],
    ["anything else", "a: 1\nb: 2\n", /its keys are a, b$/, "1:1"],
    ["Swagger 1", 'swaggerVersion: "1.2"', /a Swagger 1 document/, "1:1"],
    ["OpenAPI 4", "openapi: 4.0.0", /^OpenAPI version "4.0.0" is not supported$/, "1:1"],
  ])("%s", async ([, content, message, place]) => {
    const path = join(folderWith({ "a.yaml": content }), "a.yaml");
    const error = await load(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DocumentError);
    const { message: said, fix, location } = error as DocumentError;
    expect(said).toMatch(message);
    expect(fix).not.toBe("");
    expect(location && `${location.line}:${location.column}`).toBe(place);
  });

  test("a file that is not there, and names those that are", async () => {
    const folder = folderWith({ "petstore.yaml": "", "package.json": "{}" });
    const error: DocumentError = await load(join(folder, "petstor.yaml")).catch((reason) => reason);
    expect(error.message).toMatch(/no such file$/);
    expect(error.fix).toMatch(/petstore\.yaml\.$/);
  });

  test("an address that is none", async () => {
    await expect(load("http://")).rejects.toThrow("http:// is no URL");
  });

  test("a folder", async () => {
    const folder = folderWith({ "a.yaml": "" });
    mkdirSync(join(folder, "sub"));
    await expect(load(join(folder, "sub"))).rejects.toThrow(/is a folder/);
  });
});

describe("load warns of", () => {
  test.for<[what: string, text: string, root: object, pointers: string[]]>([
    [
      "keys that stand twice in YAML",
      "openapi: 3.0.0\na: {b: 1, b: 2}\n",
      { openapi: "3.0.0", a: { b: 2 } },
      ["#/a/b"],
    ],
    [
      "and in JSON",
      '{"openapi":"3.0.0","a":[{"b/c":1,"b/c":2}]}',
      { openapi: "3.0.0", a: [{ "b/c": 2 }] },
      ["#/a/0/b~1c"],
    ],
    [
      "but not of merged keys",
      "openapi: 3.0.0\na: &a {b: 1}\nc: {<<: *a, b: 2}\n",
      { openapi: "3.0.0", a: { b: 1 }, c: { b: 2 } },
      [],
    ],
    [
      "nor of strings with colons",
      '{"openapi":"3.0.0","a":"\\\\\\":","b" : "c\\\\"}',
      { openapi: "3.0.0", a: '\\":', b: "c\\" },
      [],
    ],
  ])("%s", async ([, text, root, pointers]) => {
    const diagnostics = new Diagnostics();
    const document = await load("a", { text, diagnostics });
    expect(document.root).toEqual(root);
    expect(diagnostics.list.map(({ code, pointer }) => [code, pointer])).toEqual(
      pointers.map((pointer) => ["FC103", pointer]),
    );
  });
});

describe("locate", () => {
  const yaml = `openapi: 3.0.0
x: &shared
  a: 1
  "b c": [x, {y: 1}]
paths:
  /pets/{id}:
    get:
      <<: *shared
      tags: [a]
  ? /complex
  : 1
  /100%: {}
alias: *shared
`;
  test.for([
    ["#", "1:1"],
    ["#/paths", "5:1"],
    ["#/paths/~1pets~1{id}/get", "7:5"],
    ["#/paths/~1pets~1{id}/get/tags/0", "9:14"],
    ["#/paths/~1pets~1{id}/get/nothing/there", "7:5"],
    ["#/paths/~1pets~1{id}/get/a", "3:3"],
    ["#/alias/a", "3:3"],
    ["#/x/b c/1/y", "4:15"],
    ["#/paths/~1complex", "10:5"],
    ["#/paths/~1100%/%zz", "12:3"],
  ])("%s in YAML is at %s", async ([pointer = "", place]) => {
    const { line, column } = (await load("a", { text: yaml })).locate(pointer);
    expect(`${line}:${column}`).toBe(place);
  });

  test("finds its way in JSON, tabs and odd characters included", async () => {
    const text = '{\n\t"openapi": "3.0.0",\n\t"info": {"title": "\x7f\u0085"},\n\t"paths": {"/a": {"get": {}}}\n}';
    const document = await load("a.json", { text });
    expect(document.locate("#/paths/~1a/get")).toMatchObject({ file: "a.json", line: 4, column: 20 });
  });

  test("is quick in a large JSON document", async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`/a${index}`, { get: { tags: ["x", "y"] } }]),
    );
    const document = await load("a.json", { text: JSON.stringify({ openapi: "3.0.0", paths }, null, 1) });
    const start = performance.now();
    for (let index = 0; index < 200; index++) document.locate(`#/paths/~1a${19_999 - index}/get/tags/1`);
    expect(document.locate("#/paths/~1a19999").line).toBe(4 + 19_999 * 8);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
