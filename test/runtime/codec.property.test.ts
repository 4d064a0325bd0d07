import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Api, Operation, Property, Schema } from "../../src/compiler/api.ts";
import { compileTools } from "../../src/compiler/compile-tools.ts";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import { assignNames } from "../../src/compiler/names.ts";
import type { Tool } from "../../src/compiler/tool.ts";
import { decode } from "../../src/runtime/codec.ts";
import { isKitError } from "../../src/runtime/errors.ts";
import { checkNatural } from "../../src/runtime/natural-args.ts";
import type { Codec, Codecs, JsonSchema } from "../../src/runtime/types.ts";
import { featuresFor } from "../compiler/features-for.ts";
import { arbitrarySchema, arbitrarySchemas, arbitraryValue, type Schemas } from "./arbitrary-schema.ts";
import { encode } from "./encode.ts";
import { operation } from "./operation.ts";

const numRuns = 200;

interface Example {
  readonly tool: Tool;
  readonly patch: boolean;
  readonly args: object;
  readonly normal: object;
}

/** A tool, arguments for it, and what should arrive. */
function arbitraryExample(options: { readonly plain: boolean }): fc.Arbitrary<Example> {
  const names = ["a", "b", "c", "body", "$top", "filter[id]"];
  const argument = fc.record<Property>({
    name: fc.constantFrom(...names),
    required: fc.boolean(),
    schema: arbitrarySchema(2, ["#/n/One", "#/n/Two"], options),
  });
  const properties = fc.uniqueArray(argument, { selector: ({ name }) => name, minLength: 1, maxLength: 4 });
  return fc.tuple(arbitrarySchemas(options), properties, fc.boolean()).chain(([schemas, list, patch]) => {
    const tool = compile(schemas, list, patch);
    const root: Schema = { kind: "object", properties: list };
    return arbitraryValue(root, schemas, patch).map(({ value, normal }) => ({
      tool,
      patch,
      args: value as object,
      normal: normal as object,
    }));
  });
}

function compile(schemas: Schemas, properties: readonly Property[], patch: boolean): Tool {
  const operation: Operation = {
    pointer: "#/paths/~1things/post",
    method: patch ? "PATCH" : "POST",
    path: "/things",
    operationId: "send",
    tags: [],
    deprecated: false,
    effect: "write",
    args: properties.map(({ name, required, schema }) => ({ name, in: "body", wireName: name, required, schema })),
    body: { mediaType: "application/json", required: true, spread: true },
    security: [],
  };
  const api: Api = {
    title: "Things",
    version: "1",
    servers: [],
    securitySchemes: new Map(),
    operations: [operation],
    schemas: new Map([...schemas].map(([pointer, schema]) => [pointer, { name: pointer.slice(4), schema }])),
  };
  const diagnostics = new Diagnostics();
  const [tool] = compileTools(api, assignNames(api, diagnostics), diagnostics);
  if (tool === undefined) throw new Error("no tool");
  return tool;
}

/** The strict schema as a validator takes it, a missing optional key being as good as null. */
function validatorOf(tool: Tool) {
  const ajv = new Ajv2020({ strict: false, ownProperties: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const definitions = Object.entries((tool.parameters.$defs ?? {}) as { [name: string]: JsonSchema });
  const $defs = Object.fromEntries(
    definitions.map(([name, schema]) => [name, relax(schema, tool.codec.$defs?.[name])]),
  );
  return ajv.compile({ ...relax(tool.parameters, { properties: tool.codec as Codecs }), $defs });
}

/** Optional properties are no longer required. */
function relax(schema: JsonSchema, codec: Codec = {}): JsonSchema {
  const node = codec === "optional" ? {} : codec;
  const { properties, items, anyOf, required } = schema as {
    readonly properties?: { readonly [name: string]: JsonSchema };
    readonly items?: JsonSchema;
    readonly anyOf?: readonly JsonSchema[];
    readonly required?: readonly string[];
  };
  const codecOf = (key: string) => node.properties?.[key];
  const isOptional = (own: Codec | undefined) => own === "optional" || own?.optional === true;
  const branches = anyOf?.filter(({ type }) => type !== "null").length === (node.clear === undefined ? 1 : 2);
  return {
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, relax(each, codecOf(key))])),
      required: required?.filter((key) => !isOptional(codecOf(key))),
    }),
    ...(items !== undefined && { items: relax(items, node.items) }),
    ...(anyOf !== undefined && {
      anyOf: anyOf.map((each, index) => relax(each, branches ? node : node.anyOf?.[index])),
    }),
  };
}

/** The decoded arguments, or why they were refused. */
function attempt(tool: Tool, args: unknown): { readonly args: object } | { readonly refusal: string } {
  try {
    return { args: decode(tool.parameters, tool.codec, args, featuresFor(tool)) };
  } catch (error) {
    if (!isKitError(error)) throw error;
    return { refusal: error.message };
  }
}

describe("what a model can say arrives", { timeout: 60_000 }, () => {
  test("decode(encode(args)) is args in their normal form", () => {
    const property = fc.property(arbitraryExample({ plain: false }), ({ tool, args, normal }) => {
      const strict = encode(tool.parameters, tool.codec, args);
      const validate = validatorOf(tool);
      expect(validate(strict), JSON.stringify([strict, validate.errors])).toBe(true);
      const decoded = attempt(tool, strict);
      const isSame = "args" in decoded && isDeepStrictEqual(plain(decoded.args), plain(normal));
      expect(isSame, show({ parameters: tool.parameters, codec: tool.codec, args, strict, decoded, normal })).toBe(
        true,
      );
    });
    fc.assert(property, { numRuns });
  });
});

describe("decode agrees with a JSON Schema validator on the strict schema", { timeout: 60_000 }, () => {
  test("on what both can know", () => {
    const property = fc.property(arbitraryMutation({ plain: true }), ({ tool, strict }) => {
      const isValid = validatorOf(tool)(strict);
      const decoded = attempt(tool, strict);
      expect("args" in decoded, show({ parameters: tool.parameters, codec: tool.codec, strict, decoded })).toBe(
        isValid,
      );
    });
    fc.assert(property, { numRuns });
  });

  test("and refuses more only for the codec's own rules", () => {
    const property = fc.property(arbitraryMutation({ plain: false }), ({ tool, strict }) => {
      const isValid = validatorOf(tool)(strict);
      const decoded = attempt(tool, strict);
      const hasRules = /"(?:rules|as)"/.test(JSON.stringify(tool.codec));
      const isRight = isValid ? "args" in decoded || hasRules : "refusal" in decoded;
      expect(isRight, show({ parameters: tool.parameters, codec: tool.codec, strict, decoded })).toBe(true);
    });
    fc.assert(property, { numRuns });
  });

  test("save that a missing optional key is null, and no arguments are none", () => {
    const optional = compile(new Map(), [{ name: "a", required: false, schema: { kind: "string" } }], false);
    const required = compile(new Map(), [{ name: "a", required: true, schema: { kind: "string" } }], false);
    for (const args of [{}, { a: null }, null, undefined]) expect(attempt(optional, args)).toEqual({ args: {} });
    for (const args of [{}, null]) expect(attempt(required, args)).toHaveProperty("refusal");
  });

  test("and that an integer past 2^53-1 is refused", () => {
    const tool = compile(new Map(), [{ name: "a", required: true, schema: { kind: "number", integer: true } }], false);
    expect(validatorOf(tool)({ a: 2 ** 53 })).toBe(true);
    expect(attempt(tool, { a: 2 ** 53 })).toHaveProperty("refusal");
    expect(attempt(tool, { a: 2 ** 53 - 1 })).toEqual({ args: { a: 2 ** 53 - 1 } });
  });
});

/** Strict arguments of which one value was replaced by another. */
function arbitraryMutation(options: { readonly plain: boolean }): fc.Arbitrary<{ tool: Tool; strict: unknown }> {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      1.5,
      -3,
      "",
      "x",
      "2024-02-30",
      [],
      {},
      { a: null },
      { tag: "tag1" },
      { set_to: "null" },
      [null],
    ),
    fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text, withoutLargeIntegers)),
  );
  return fc.tuple(arbitraryExample(options), fc.nat(), odd).map(([{ tool, args }, place, value]) => {
    const strict = JSON.parse(JSON.stringify(encode(tool.parameters, tool.codec, args)));
    const holders = holdersIn(strict);
    const [holder, key] = holders[place % holders.length] as [object, string];
    // Every fourth is left as it is, so that valid ones are among them.
    if (place % 4 > 0)
      Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
    return { tool, strict };
  });
}

/** Past 2^53 - 1 a validator takes what decoding refuses, which a test above is about. */
function withoutLargeIntegers(_: string, value: unknown): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? 7 : value;
}

/** Every place of a value within another. */
function holdersIn(value: unknown): [object, string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[value, key] as [object, string], ...holdersIn(child)]);
}

/** Objects whose keys stand in one order. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function show(example: object): string {
  return JSON.stringify(example, null, 1);
}

test("natural arguments that arrive pass the check of those that a person wrote", () => {
  fc.assert(
    fc.property(arbitraryExample({ plain: false }), ({ tool, normal }) => {
      const { name, parameters, codec } = tool;
      const made = operation({
        tool: { type: "function", function: { name, strict: true, parameters } },
        codec: codec as never,
      });
      checkNatural(made, normal, {});
      expect(() => checkNatural(made, { ...normal, "no such argument": 1 }, {})).toThrow(/is not known/);
    }),
    { numRuns },
  );
});
