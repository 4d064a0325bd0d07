import { describe, expect, test } from "vitest";
import type { Json, SourceDocument } from "../../corpus/document.ts";
import { createJudge } from "../../corpus/judge.ts";

/** An operation, a request to it, and how it is judged: the names of errata, or violations. */
interface Case {
  readonly name: string;
  readonly path?: string;
  readonly parameters?: readonly Json[];
  readonly content?: Json;
  readonly url?: string;
  readonly init?: RequestInit;
  readonly excused?: readonly string[];
  readonly violations?: readonly string[];
}

const strings = { type: "array", items: { type: "string" } };
const query = (schema: Json, more: Json = {}) => [{ name: "q", in: "query", required: true, schema, ...more }];
const form = (fields: Record<string, string | readonly string[]>) => {
  const data = new FormData();
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) data.append(name, value);
  return data;
};
const urlencoded = { "content-type": "application/x-www-form-urlencoded" };
const deep = (schema: Json) => ({
  "application/x-www-form-urlencoded": {
    schema: { type: "object", properties: { a: schema } },
    encoding: { a: { style: "deepObject", explode: true } },
  },
});
const exploding = "form explodes by default; nullable arrays and objects";

const cases: Case[] = [
  { name: "a repeated array", parameters: query({ ...strings, minItems: 2 }), url: "/a?q=x&q=y", excused: [exploding] },
  {
    name: "a repeated array that is too short",
    parameters: query({ ...strings, minItems: 3 }),
    url: "/a?q=x&q=y",
    violations: ["query minItems"],
  },
  {
    name: "an exploded object",
    parameters: query({ type: "object", properties: { r: { type: "integer" } } }),
    url: "/a?r=1",
    excused: [exploding],
  },
  {
    name: "a nullable array",
    parameters: query({ ...strings, nullable: true }, { explode: true }),
    url: "/a?q=x",
    excused: [exploding],
  },
  {
    name: "a nullable array of the wrong kind",
    parameters: query({ type: "array", nullable: true, items: { type: "integer" } }),
    url: "/a?q=x",
    excused: [exploding],
    violations: ["query type"],
  },
  {
    name: "an array within an array",
    parameters: query({ type: "array", items: strings }),
    url: "/a?q=x&q=y",
    excused: ["values within values"],
  },
  {
    name: "a flat array of the wrong kind",
    parameters: query({ type: "array", items: { type: "integer" } }, { explode: true }),
    url: "/a?q=x",
    violations: ["query type"],
  },
  {
    name: "an exploded object beside a parameter of the same name",
    parameters: [
      ...query({ type: "object", properties: { id: { type: "integer" } } }, { explode: true }),
      { name: "id", in: "query", schema: { type: "string" } },
    ],
    url: "/a?id=7&id=x",
    excused: ["an exploded object beside a parameter of the same name"],
  },
  {
    name: "an array in a path",
    path: "/a/{p}",
    parameters: [{ name: "p", in: "path", required: true, schema: strings }],
    url: "/a/x,y",
    excused: ["several values in a path"],
  },
  {
    name: "two expressions side by side",
    path: "/a/{p}{e}",
    parameters: ["p", "e"].map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    url: "/a/x.json",
    excused: ["expressions side by side in a path"],
  },
  {
    name: "a path parameter without a place",
    parameters: [{ name: "p", in: "path", required: true, schema: { type: "string" } }],
    excused: ["a path parameter that is not in the path"],
  },
  {
    name: "a path parameter that is wrong",
    path: "/a/{p}",
    parameters: [{ name: "p", in: "path", required: true, schema: { type: "integer" } }],
    url: "/a/x",
    violations: ["path type"],
  },
  {
    name: "a Content-Type parameter",
    parameters: [{ name: "Content-Type", in: "header", required: true, schema: { type: "string" } }],
    excused: ["headers that are no parameters"],
  },
  {
    name: "a Content-Type parameter that lists no boundary",
    parameters: [{ name: "Content-Type", in: "header", schema: { type: "string", enum: ["multipart/form-data"] } }],
    init: { body: form({ a: "1" }) },
    content: { "multipart/form-data": { schema: { type: "object" } } },
    excused: ["headers that are no parameters"],
  },
  {
    name: "lines of JSON",
    content: { "application/x-ndjson": { schema: { type: "array" } } },
    init: { body: "{}", headers: { "content-type": "application/x-ndjson" } },
    excused: ["text held against an object"],
  },
  {
    name: "a Content-Length parameter",
    parameters: [{ name: "Content-Length", in: "header", required: true, schema: { type: "string" } }],
    excused: ["headers that are added on the way"],
  },
  {
    name: "another header that is missing",
    parameters: [{ name: "X-A", in: "header", required: true, schema: { type: "string" } }],
    violations: ["header required"],
  },
  {
    name: "null as a body",
    content: { "application/json": { schema: { type: "object", nullable: true } } },
    init: { body: "null", headers: { "content-type": "application/json" } },
    excused: ["null and empty forms as bodies"],
  },
  { name: "no body", content: { "application/json": { schema: { type: "object" } } }, violations: ["body required"] },
  {
    name: "an object as text",
    content: { "text/plain": { schema: { type: "object" } } },
    init: { body: "x" },
    excused: ["text held against an object"],
  },
  {
    name: "an object as a JSON text",
    content: { "application/json": { schema: { type: "object" } } },
    init: { body: '"x"', headers: { "content-type": "application/json" } },
    violations: ["body type"],
  },
  {
    name: "a form that is a string",
    content: { "application/x-www-form-urlencoded": { schema: { type: "string" } } },
    init: { body: "x", headers: urlencoded },
    excused: ["a form that is no object"],
  },
  {
    name: "repeated fields",
    content: { "application/x-www-form-urlencoded": { schema: { type: "object", properties: { a: strings } } } },
    init: { body: "a=1&a=2", headers: urlencoded },
    excused: ["fields that come several times, or as JSON"],
  },
  {
    name: "repeated parts and JSON parts",
    content: {
      "multipart/form-data": { schema: { type: "object", properties: { a: strings, o: { type: "object" } } } },
    },
    init: { body: form({ a: ["1", "2"], o: '{"x":1}' }) },
    excused: ["fields that come several times, or as JSON"],
  },
  {
    name: "a part that is no JSON",
    content: { "multipart/form-data": { schema: { type: "object", properties: { o: { type: "object" } } } } },
    init: { body: form({ o: "{x" }) },
    violations: ["body type"],
  },
  {
    name: "a list of objects in brackets",
    content: deep({ type: "array", items: { type: "object", properties: { b: { type: "string" } } } }),
    init: { body: "a[0][b]=1", headers: urlencoded },
    excused: ["lists of objects in a form of brackets"],
  },
  {
    name: "an object in brackets that is left out",
    content: deep({ type: "object", properties: { b: { type: "string" } }, required: ["b"] }),
    init: { body: "c=1", headers: urlencoded },
    excused: ["objects in brackets that are left out"],
  },
  {
    name: "an object in brackets that lacks something",
    content: deep({ type: "object", properties: { b: { type: "string" }, c: { type: "string" } }, required: ["b"] }),
    init: { body: "a[c]=1", headers: urlencoded },
    violations: ["body required"],
  },
  {
    name: "an object in JSON that lacks something",
    content: {
      "application/json": { schema: { properties: { a: { type: "object", required: ["b"] } }, type: "object" } },
    },
    init: { body: '{"a":{}}', headers: { "content-type": "application/json" } },
    violations: ["body required"],
  },
  {
    name: "19.99 in steps of 0.01",
    content: { "application/json": { schema: { properties: { a: { type: "number", multipleOf: 0.01 } } } } },
    init: { body: '{"a":19.99}', headers: { "content-type": "application/json" } },
    excused: ["steps that binary fractions miss"],
  },
  {
    name: "1.105 in steps of 0.01",
    content: { "application/json": { schema: { properties: { a: { type: "number", multipleOf: 0.01 } } } } },
    init: { body: '{"a":1.105}', headers: { "content-type": "application/json" } },
    violations: ["body multipleOf"],
  },
  {
    name: "a string of numbers",
    parameters: query({ type: "string", enum: [0, 1] }),
    url: "/a?q=1",
    excused: ["an enum of another type"],
  },
  {
    name: "a string that is not listed",
    parameters: query({ type: "string", enum: ["x"] }),
    url: "/a?q=1",
    violations: ["query enum"],
  },
  {
    name: "an integer or a string",
    parameters: query({ oneOf: [{ type: "integer" }, { type: "string" }] }),
    url: "/a?q=1",
    excused: ["oneOf of texts"],
  },
];

describe("requests that Prism refuses", () => {
  test.each(cases)(
    "$name",
    async ({ path = "/a", parameters = [], content, url = "/a", init = {}, excused = [], violations = [] }) => {
      const operation = {
        parameters,
        ...(content !== undefined && { requestBody: { required: true, content } }),
        responses: {},
      };
      const item = { post: operation };
      const document: SourceDocument = {
        version: "3.0.3",
        root: { openapi: "3.0.3", paths: { [path]: item } },
        operations: [{ method: "POST", path, operation, item }],
      };
      const request = new Request(`https://a.test${url}`, { method: "POST", ...init });
      const judgement = await createJudge(document)(request, { method: "POST", path, operation, item }, [
        "https://a.test",
      ]);
      expect([...new Set(judgement.excused.map(({ erratum }) => erratum.name))]).toEqual(excused);
      expect(judgement.violations.map(({ place, code }) => `${place} ${code}`)).toEqual(violations);
    },
  );
});
