import ts from "typescript-5.9";
import { expect, test } from "vitest";
import type { Api, Arg, NamedSchema, Operation, Result, Schema } from "../../src/compiler/api.ts";
import { operationKey } from "../../src/compiler/names.ts";
import type { Names, Tool } from "../../src/compiler/tool.ts";
import { type Declarations, declareTypes } from "../../src/emit/types.ts";
import { generate } from "../../src/generate.ts";

const text: Schema = { kind: "string" };
const number: Schema = { kind: "number", integer: false };
const ref = (target: string): Schema => ({ kind: "ref", target });
const array = (items: Schema): Schema => ({ kind: "array", items });
const map = (additional: Schema): Schema => ({ kind: "object", properties: [], additional });
const union = (...branches: Schema[]): Schema => ({ kind: "union", branches });
/** `a` is required, `b?` is not. */
const object = (properties: Record<string, Schema>, more: Partial<Schema> = {}): Schema =>
  ({
    kind: "object",
    properties: Object.entries(properties).map(([key, schema]) => ({
      name: key.replace("?", ""),
      required: !key.endsWith("?"),
      schema,
    })),
    ...more,
  }) as Schema;
const words = (length: number) => Array.from({ length }, (_, index) => `a-rather-long-word-${index}`);

interface Case {
  readonly schemas?: Record<string, Schema>;
  readonly args?: Record<string, Schema>;
  readonly result?: Schema;
}

async function declare({ schemas = {}, args = {}, result }: Case): Promise<Declarations> {
  const operation = {
    pointer: "#/paths/~1a/get",
    args: Object.entries(args).map(([key, schema]) => ({
      name: key.replace("?", ""),
      required: !key.endsWith("?"),
      schema,
    })) as Partial<Arg>[] as Arg[],
    ...(result && { result: { mediaTypes: ["application/json"], schemas: [result], maybeEmpty: false } }),
  } as Partial<Operation> as Operation;
  const named = Object.entries(schemas).map(([name, schema]): [string, NamedSchema] => [name, { name, schema }]);
  const api = { schemas: new Map(named), securitySchemes: new Map() } as Partial<Api> as Api;
  const names: Names = {
    operations: new Map([[operationKey(operation), { tool: "op", executor: "op", type: "Op" }]]),
    schemas: new Map(named.map(([name]) => [name, name])),
    definitions: new Map(),
  };
  return declareTypes(api, [{ operation } as Tool], names);
}

async function resultOf(result: Schema, schemas = {}): Promise<string> {
  const { operations } = await declare({ result, schemas });
  return (operations[0]?.result ?? "").replace("export type OpResult =", "").replace(/;$/, "").trimStart();
}

test.each<[string, Schema, string]>([
  ["anything", { kind: "any" }, "unknown"],
  ["anything or null", { kind: "any", nullable: true }, "unknown"],
  ["null", { kind: "null", nullable: true }, "null"],
  ["text", text, "string"],
  ["text or null", { ...text, nullable: true }, "string | null"],
  ["a number", { kind: "number", integer: true }, "number"],
  ["yes or no", { kind: "boolean" }, "boolean"],
  ["a file", { kind: "file" }, "Blob"],
  ["an enum", { kind: "enum", values: ["a", 1, true] }, '"a" | 1 | true'],
  ["an enum or null", { kind: "enum", values: ["a"], nullable: true }, '"a" | null'],
  ["an array", array(text), "string[]"],
  ["an array of a union", array(union(text, number)), "(string | number)[]"],
  [
    "an array that may be null, of what may be null",
    { ...array({ ...text, nullable: true }), nullable: true } as Schema,
    "(string | null)[] | null",
  ],
  ["an array of arrays", array(array(text)), "string[][]"],
  ["a tuple", { kind: "tuple", items: [text, number] }, "[string, number]"],
  ["a map", map(text), "Record<string, string>"],
  ["a map of anything", map({ kind: "any" }), "Record<string, unknown>"],
  ["an object without properties", object({}), "Record<string, never>"],
  ["a small object", object({ a: text, "b?": number }), "{ a: string; b?: number }"],
  ["names", object({ "a-b": text, "c d?": text, new: text }), '{ "a-b": string; "c d"?: string; new: string }'],
  ["a union", union(text, number), "string | number"],
  ["a union with anything", union(text, { kind: "any" }), "unknown"],
  ["a union of the same", union(text, { ...text, nullable: true }, text), "string | null"],
  ["a union in a union", union(text, union(number, text)), "string | number"],
  [
    "open, of anything",
    object({ a: text }, { additional: { kind: "any" } } as object),
    "{ [key: string]: unknown; a: string }",
  ],
  [
    "open, of the same type",
    object({ a: text }, { additional: text } as object),
    "{ [key: string]: string; a: string }",
  ],
  [
    "open, the same but optional",
    object({ "a?": text }, { additional: text } as object),
    "{ [key: string]: string | undefined; a?: string }",
  ],
  [
    "open, of another type",
    object({ a: text }, { additional: number } as object),
    "{ [key: string]: unknown; a: string }",
  ],
])("%s", async (_, schema, want) => {
  expect(await resultOf(schema)).toBe(want);
});

test("what is long has one entry a line", async () => {
  const { schemas, operations } = await declare({
    schemas: { Word: { kind: "enum", values: words(6) } },
    args: {
      word: ref("Word"),
      "list?": array({ kind: "enum", values: words(6) }),
      filter: object({ word: { kind: "enum", values: words(6) }, "a?": { ...text, description: "Not long." } }),
      "maybe?": object({ a: text, b: object({ c: { ...text, description: "Said so." } }) }, { nullable: true }),
    },
  });
  const lines = (pad: string) =>
    words(6)
      .map((word) => `${pad}| "${word}"`)
      .join("\n");
  expect(schemas).toEqual([`export type Word =\n${lines("  ")};`]);
  expect(operations[0]?.args).toBe(`export interface OpArgs {
  word: Word;
  list?: (
${lines("    ")}
  )[];
  filter: {
    word:
${lines("      ")};
    /** Not long. */
    a?: string;
  };
  maybe?: {
    a: string;
    b: {
      /** Said so. */
      c: string;
    };
  } | null;
}`);
});

test("a line holds 120 columns with its semicolon, and no more", async () => {
  const word = (length: number): Schema => ({ kind: "enum", values: ["x".repeat(length)] });
  const values = (length: number): Schema => ({ kind: "union", branches: [word(3), word(length)] });
  const args = {
    a: array(values(100)),
    b: array(values(101)),
    c: map(values(88)),
    d: map(values(89)),
    e: object({ a: word(98) }, { nullable: true }),
    f: object({ a: word(99) }, { nullable: true }),
  };
  const lines = (await declare({ args })).operations[0]?.args.split("\n") ?? [];
  expect(lines.filter((line) => line.length === 120).map((line) => line.slice(0, 5))).toEqual([
    "  a: ",
    "  c: ",
    "  e: ",
  ]);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
  expect(lines).toHaveLength(3 + 2 + 4 + 4 + 3);
});

test("docs", async () => {
  const { operations } = await declare({
    args: {
      a: { ...text, description: "One line.", deprecated: true, default: "x*/" },
      b: { ...text, description: `Two lines:\n\n- ${"word ".repeat(30)}` },
      c: { ...text, description: `${"word ".repeat(22)}` },
      d: { ...text, description: " \n " },
    },
  });
  expect(operations[0]?.args).toBe(`export interface OpArgs {
  /**
   * One line.
   * @deprecated
   * @default "x*\\/"
   */
  a: string;
  /**
   * Two lines:
   *
   * - ${"word ".repeat(22).trim()}
   * ${"word ".repeat(8).trim()}
   */
  b: string;
  /** ${"word ".repeat(22).trim()} */
  c: string;
  d: string;
}`);
});

test("no arguments, no result", async () => {
  const { operations } = await declare({});
  expect(operations).toEqual([
    { args: "export type OpArgs = Record<string, never>;", result: "export type OpResult = undefined;" },
  ]);
});

test.each<[string, Result, string]>([
  ["sometimes nothing", { mediaTypes: ["application/json"], schemas: [text], maybeEmpty: true }, "string | undefined"],
  ["several", { mediaTypes: ["application/json"], schemas: [text, number], maybeEmpty: false }, "string | number"],
  [
    "a stream",
    { mediaTypes: ["text/event-stream"], schemas: [{ kind: "any" }], maybeEmpty: false },
    "AsyncIterable<ServerSentEvent>",
  ],
  [
    "JSON or a stream",
    { mediaTypes: ["application/json", "text/event-stream"], schemas: [text], maybeEmpty: false },
    "string",
  ],
  [
    "anything or nothing",
    { mediaTypes: ["application/json"], schemas: [{ kind: "any" }], maybeEmpty: true },
    "unknown",
  ],
])("result: %s", async (_, result, want) => {
  const pointer = "#/paths/~1a/get";
  const operation = { pointer, args: [], result } as Partial<Operation> as Operation;
  const api = { schemas: new Map(), securitySchemes: new Map() } as Partial<Api> as Api;
  const names = {
    operations: new Map([[operationKey(operation), { tool: "op", executor: "op", type: "Op" }]]),
    schemas: new Map(),
    definitions: new Map(),
  };
  const { operations } = declareTypes(api, [{ operation } as Tool], names);
  expect(operations[0]?.result).toBe(`export type OpResult = ${want};`);
});

test("a union is told apart by its tag", async () => {
  const pet: Schema = {
    ...union(ref("Cat"), ref("Dog"), ref("Fish")),
    discriminator: { property: "kind", values: [["cat"], ["dog", "hound"], ["fish"]] },
  } as Schema;
  const schemas = {
    Cat: object({ kind: text }),
    Dog: object({ name: text }),
    Fish: object({ kind: { kind: "enum", values: ["FISH"] } }),
  };
  expect(await resultOf(pet, schemas)).toBe('(Cat & { kind: "cat" }) | (Dog & { kind: "dog" | "hound" }) | Fish');
});

test("only what is reached is declared, sorted", async () => {
  const schemas = { C: ref("A"), B: object({ a: ref("C") }), A: text, Unused: object({ b: ref("B") }) };
  const { names } = await declare({ schemas, result: ref("B") });
  expect(names).toEqual(["Auth", "A", "B", "C", "OpArgs", "OpResult"]);
});

const directed: Record<string, Schema> = {
  Pet: {
    kind: "object",
    properties: [
      { name: "id", required: true, schema: text, readOnly: true },
      { name: "secret", required: true, schema: text, writeOnly: true },
      { name: "name", required: true, schema: text },
    ],
  },
  Owner: object({ pets: array(ref("Pet")), address: ref("Address") }),
  Address: object({ street: text }),
};

test("a schema that differs by direction has a twin for requests", async () => {
  const { schemas, operations } = await declare({
    schemas: directed,
    args: { owner: ref("Owner") },
    result: ref("Owner"),
  });
  expect(schemas).toEqual([
    "export interface Address {\n  street: string;\n}",
    "export interface Owner {\n  pets: Pet[];\n  address: Address;\n}",
    "export interface OwnerInput {\n  pets: PetInput[];\n  address: Address;\n}",
    "export interface Pet {\n  id: string;\n  name: string;\n}",
    "export interface PetInput {\n  secret: string;\n  name: string;\n}",
  ]);
  expect(operations[0]?.args).toContain("owner: OwnerInput;");
  expect(operations[0]?.result).toContain("OpResult = Owner;");
});

test("used in one direction alone, it keeps its name", async () => {
  const requests = await declare({ schemas: directed, args: { pet: ref("Pet") } });
  expect(requests.schemas).toEqual(["export interface Pet {\n  secret: string;\n  name: string;\n}"]);
  const results = await declare({ schemas: directed, result: ref("Pet") });
  expect(results.schemas).toEqual(["export interface Pet {\n  id: string;\n  name: string;\n}"]);
});

test("a twin finds a name of its own", async () => {
  const schemas = { ...directed, PetInput: text };
  const { names } = await declare({ schemas, args: { pet: ref("Pet") }, result: ref("Pet") });
  expect(names).toContain("PetInputSchema");
});

test("what only a readOnly property reaches is not declared for requests", async () => {
  const schemas: Record<string, Schema> = {
    Pet: { kind: "object", properties: [{ name: "log", required: true, schema: ref("Log"), readOnly: true }] },
    Log: text,
  };
  const { schemas: declared } = await declare({ schemas, args: { pet: ref("Pet") } });
  expect(declared).toEqual(["export type Pet = Record<string, never>;"]);
});

test.each<[string, Record<string, Schema>, string[]]>([
  ["interfaces", { A: object({ "a?": ref("A") }) }, ["export interface A {\n  a?: A;\n}"]],
  ["an array of itself", { A: array(ref("A")) }, ["export type A = A[];"]],
  ["a map of itself", { A: map(ref("A")) }, ["export type A = { [key: string]: A };"]],
  [
    "JSON",
    { A: union(text, array(ref("A")), map(ref("A"))) },
    ["export type A = string | A[] | { [key: string]: A };"],
  ],
  [
    "a map through another name",
    { A: map(ref("B")), B: union(text, ref("A")) },
    ["export type A = { [key: string]: B };", "export type B = string | A;"],
  ],
  ["a map of arrays", { A: map(array(ref("A"))) }, ["export type A = Record<string, A[]>;"]],
  ["nothing but itself", { A: ref("A") }, ["export type A = unknown;"]],
  ["two that are each other", { A: ref("B"), B: ref("A") }, ["export type A = unknown;", "export type B = unknown;"]],
  ["a map in an interface", { A: object({ a: map(ref("A")) }) }, ["export interface A {\n  a: Record<string, A>;\n}"]],
  ["a nullable object", { A: object({ a: ref("A") }, { nullable: true }) }, ["export type A = { a: A } | null;"]],
  [
    "a tuple",
    { A: { kind: "tuple", items: [text, union(ref("A"), text)] } },
    ["export type A = [string, A | string];"],
  ],
])("recursion: %s", async (_, schemas, want) => {
  const declared = (await declare({ schemas, result: ref("A") })).schemas;
  expect(declared).toEqual(want);
  expect(typeErrors(declared.join("\n"))).toEqual([]);
});

function typeErrors(source: string): string[] {
  const options: ts.CompilerOptions = { strict: true, noEmit: true, noLib: true, types: [] };
  const library =
    "interface Array<T> { [n: number]: T } interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {}" +
    "interface NewableFunction {} interface Number {} interface Object {} interface RegExp {} interface String {}" +
    "type Record<K extends string, T> = { [P in K]: T };";
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name) =>
    ts.createSourceFile(name, name === "lib.ts" ? library : source, ts.ScriptTarget.ESNext);
  const program = ts.createProgram(["a.ts", "lib.ts"], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

test("arguments extend the type of their body as long as they are its fields, just as they are", async () => {
  const pet = { post: operation({ $ref: "#/components/schemas/Pet" }) };
  const declared = async (paths: Raw) => {
    const schemas = {
      Pet: { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } },
      Seen: { type: "object", properties: { at: { type: "string", readOnly: true } } },
    };
    const text = JSON.stringify({
      openapi: "3.1.0",
      info: { title: "T", version: "1" },
      paths,
      components: { schemas },
    });
    const { code } = await generate({ input: "a.json", text });
    return /export (?:type|interface) \w+Args[^{;]*/.exec(code)?.[0].trim();
  };
  expect(await declared({ "/pets": pet })).toBe("export type CreatePetArgs = Pet");
  expect(await declared({ "/{shop}": { ...pet, parameters: [shop("shop")] } })).toBe(
    "export interface CreatePetArgs extends Pet",
  );
  const seen = { post: operation({ $ref: "#/components/schemas/Seen" }), parameters: [shop("shop")] };
  expect(await declared({ "/{shop}": seen })).toBe("export interface CreatePetArgs");
  // A parameter has the name of a field, which is `body_id` then.
  expect(await declared({ "/{id}": { ...pet, parameters: [shop("id")] } })).toBe("export interface CreatePetArgs");
});

type Raw = { readonly [key: string]: unknown };

const shop = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });

function operation(schema: Raw): Raw {
  const content = { "application/json": { schema } };
  return {
    operationId: "createPet",
    requestBody: { required: true, content },
    responses: { 204: { description: "" } },
  };
}

test("a text that ends in a backslash ends where it ends", async () => {
  const odd: Schema = { kind: "enum", values: ["C:\\", "/* ", '\\"', "'\\"] };
  const docs: Schema = { kind: "string", description: "A drive: \\\\ or /* \\" };
  const { operations } = await declare({ args: { "a\\?": odd, b: object({ "c\\": odd, "/*?": docs }), d: docs } });
  expect(operations[0]?.args).toBe(`export interface OpArgs {
  "a\\\\"?: "C:\\\\" | "/* " | '\\\\"' | "'\\\\";
  b: {
    "c\\\\": "C:\\\\" | "/* " | '\\\\"' | "'\\\\";
    /** A drive: \\\\ or /* \\ */
    "/*"?: string;
  };
  /** A drive: \\\\ or /* \\ */
  d: string;
}`);
});
