import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { Json } from "../../corpus/document.ts";
import type { Hint } from "../../corpus/hints.ts";
import { hintsOf } from "../../corpus/hints.ts";
import { modes, sampleArguments } from "../../corpus/sample.ts";

const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

const object = (properties: Json): Json => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const nullable = (schema: Json): Json => ({ anyOf: [schema, { type: "null" }] });
const formats = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
const string = { type: "string" };

const schemas: [string, Json][] = [
  ["formats", object(Object.fromEntries(formats.map((format) => [format, { type: "string", format }])))],
  [
    "patterns",
    object({
      a: { type: "string", pattern: "^(?:[A-Z]{2}-\\d{3,5})$" },
      b: { type: "string", pattern: "^(?:.*x.*)$" },
    }),
  ],
  [
    "numbers",
    object({
      a: { type: "integer", minimum: 7, maximum: 8 },
      b: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
      c: { type: "integer", multipleOf: 25, minimum: 30 },
      d: { type: "number", maximum: -5 },
    }),
  ],
  [
    "arrays",
    object({
      a: { type: "array", items: string, minItems: 3 },
      b: { type: "array", items: { type: "boolean" }, maxItems: 0 },
    }),
  ],
  [
    "enums and unions",
    object({
      a: { type: "string", enum: ["x", "y"] },
      b: { anyOf: [object({ k: string }), string] },
      c: { type: ["string", "integer"] },
    }),
  ],
  ["recursion", object({ a: nullable({ $ref: "#" }), b: { type: "array", items: { $ref: "#" } } })],
  [
    "definitions",
    { ...object({ a: { $ref: "#/$defs/n" } }), $defs: { n: object({ next: nullable({ $ref: "#/$defs/n" }) }) } },
  ],
];
const noHint = (): Hint => ({ in: "body", schemas: [] });

describe.each(modes)("%s", (mode) => {
  test.each(schemas)("fits its schema: %s", (_, schema) => {
    const validate = ajv.compile(schema);
    for (const seed of ["a", "b", "c", "d", "e", "f"]) {
      const { args } = sampleArguments(schema, noHint, mode, seed);
      expect(validate(args), JSON.stringify(args)).toBe(true);
    }
  });
});

const wide = object({ a: nullable(string), b: { type: ["integer", "null"] }, c: string });

test("nothing optional, or everything", () => {
  expect(sampleArguments(wide, noHint, "nothing", "s").args).toMatchObject({ a: null, b: null });
  const everything = sampleArguments(wide, noHint, "everything", "s").args;
  expect(Object.values(everything)).not.toContain(null);
});

test("the same seed gives the same arguments, another does not", () => {
  const sample = (seed: string) => sampleArguments(wide, noHint, "everything", seed);
  expect(sample("s")).toEqual(sample("s"));
  expect(sample("s")).not.toEqual(sample("t"));
});

test("values fit what the document says beyond the strict schema", () => {
  const operation = {
    parameters: [
      { name: "filter[id]", in: "query", schema: { type: "string", minLength: 20 } },
      { name: "token", in: "header", schema: { type: "string", pattern: "^(?=[a-c])[a-z]{4}$" } },
    ],
    requestBody: {
      content: {
        "application/json": {
          schema: {
            allOf: [
              { properties: { code: { type: "string", maxLength: 3 }, link: { type: "string", format: "uri" } } },
            ],
            properties: {
              meta: { type: "object", required: ["n"], properties: { n: { type: "integer", example: "no integer" } } },
              labels: { type: "object", additionalProperties: { type: "string", enum: ["only"] } },
            },
          },
        },
      },
    },
  };
  const hintOf = hintsOf({ method: "POST", path: "/", operation, item: {} });
  const entry = object({ key: string, value: string });
  const parameters = object({
    filter_id: string,
    token: string,
    code: string,
    link: string,
    meta: { type: "string", description: "JSON text of an object" },
    labels: { type: "array", items: entry },
  });
  const { args } = sampleArguments(parameters, hintOf, "everything", "s");
  expect(String(args.filter_id).length).toBeGreaterThanOrEqual(20);
  expect(args.token).toMatch(/^[a-c][a-z]{3}$/);
  expect(String(args.code).length).toBeLessThanOrEqual(3);
  expect(args.link).toMatch(/^https:/);
  expect(JSON.parse(String(args.meta))).toEqual({ n: expect.any(Number) });
  expect((args.labels as { value: string }[]).map(({ value }) => value)).toContain("only");
});

test("every mark is one of the texts", () => {
  const { args, marks } = sampleArguments(wide, noHint, "everything", "s");
  expect(marks.length).toBeGreaterThan(0);
  for (const mark of marks) expect(JSON.stringify(args)).toContain(mark);
});
