import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { diffKits } from "../../src/diff/diff.ts";
import { folderWith } from "../temporary-folder.ts";
import { compiled } from "./compiled.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A document's part that differs: what one operation takes and gives, and what stands beside it. */
interface Part {
  readonly body?: object;
  readonly parameters?: readonly object[];
  readonly result?: object;
  readonly schemas?: object;
  readonly id?: string;
  readonly rest?: object;
}

const string = { type: "string" };
const object = (properties: object, rest: object = {}) => ({ type: "object", properties, ...rest });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const query = (name: string, schema: object, rest: object = {}) => ({ name, in: "query", schema, ...rest });
const of = (kind: string, properties: object = {}) =>
  object({ kind: { type: "string", enum: [kind] }, ...properties }, { required: ["kind"] });
const scheme = (securitySchemes: object) => ({ components: { securitySchemes }, security: [] });
const basic = { type: "http", scheme: "basic" };
const key = { type: "apiKey", in: "header", name: "K" };

function kitOf({ body, parameters = [], result, schemas = {}, id = "ask", rest }: Part) {
  const json = (schema: object) => ({ content: { "application/json": { schema } } });
  const operation = {
    operationId: id,
    parameters,
    ...(body && { requestBody: { required: true, ...json(body) } }),
    responses: { 200: { description: "", ...(result && json(result)) } },
  };
  return compiled({ "post /ask": operation }, { components: { schemas }, security: [], ...rest });
}

const args = (text: string) => `void kit.ask(${text});`;
const reads = (type: string, text: string) => `const it: ${type} = ${text}; void it;`;
const answer = "(await kit.ask({}))";

/** What code does with the old kit, and whether it can go on with the new one. */
const cases: readonly (readonly [what: string, old: Part, next: Part, code: string, breaks: boolean])[] = [
  ["an argument is gone", { parameters: [query("a", string)] }, {}, args('{ a: "" }'), true],
  ["an argument is new", {}, { parameters: [query("a", string)] }, args("{}"), false],
  ["a new argument is needed", {}, { parameters: [query("a", string, { required: true })] }, args("{}"), true],
  [
    "a value is gone",
    { parameters: [query("a", { enum: ["b", "c"] })] },
    { parameters: [query("a", { enum: ["b"] })] },
    args('{ a: "c" }'),
    true,
  ],
  [
    "any text is taken",
    { parameters: [query("a", { enum: ["b", "c"] })] },
    { parameters: [query("a", string)] },
    args('{ a: "c" }'),
    false,
  ],
  [
    "whole numbers alone are taken",
    { parameters: [query("a", { type: "number" })] },
    { parameters: [query("a", { type: "integer" })] },
    args("{ a: 1.5 }"),
    false,
  ],
  [
    "what was declared may be anything",
    { body: object({ a: object({ b: string }) }) },
    { body: object({ a: { type: "object" } }) },
    args('{ a: { b: "" } }'),
    false,
  ],
  [
    "what was declared is one of others, of another type",
    { body: object({ a: object({ b: { type: "number" } }) }) },
    { body: object({ a: { type: "object", additionalProperties: string } }) },
    args("{ a: { b: 1 } }"),
    true,
  ],
  [
    "a branch is gone that another stands for",
    { body: object({ a: { anyOf: [of("b"), object({ kind: string, c: string }, { required: ["kind"] })] } }) },
    { body: object({ a: object({ kind: string, c: string }, { required: ["kind"] }) }) },
    args('{ a: { kind: "b" } }'),
    false,
  ],
  [
    "a branch is gone",
    { body: object({ a: { anyOf: [of("b", { b: string }), of("c")] } }) },
    { body: object({ a: of("c") }) },
    args('{ a: { kind: "b", b: "" } }'),
    true,
  ],
  [
    "a tuple is longer",
    { body: object({ a: { type: "array", prefixItems: [string], minItems: 1, maxItems: 1, items: false } }) },
    { body: object({ a: { type: "array", prefixItems: [string, string], minItems: 2, maxItems: 2, items: false } }) },
    args('{ a: [""] }'),
    true,
  ],
  [
    "a field is gone",
    { result: object({ a: string }) },
    { result: object({ b: string }) },
    reads("unknown", `${answer}.a`),
    true,
  ],
  [
    "a field may be left out",
    { result: object({ a: string }, { required: ["a"] }) },
    { result: object({ a: string }) },
    reads("string", `${answer}.a`),
    true,
  ],
  [
    "a field is one of any others",
    { result: object({ a: string }) },
    { result: { type: "object", additionalProperties: string } },
    reads("string | undefined", `${answer}["a"]`),
    false,
  ],
  [
    "a field may be null",
    { result: object({ a: string }) },
    { result: object({ a: { ...string, nullable: true } }) },
    reads("string | undefined", `${answer}.a`),
    true,
  ],
  [
    "anything may be null",
    { result: object({ a: {} }) },
    { result: object({ a: { nullable: true } }) },
    reads("unknown", `${answer}.a`),
    false,
  ],
  [
    "what may be anything may be something else too",
    { result: object({ a: { anyOf: [ref("Any"), { type: "integer" }] } }), schemas: { Any: {} } },
    { result: object({ a: { anyOf: [ref("Any"), string] } }), schemas: { Any: {} } },
    reads("unknown", `${answer}.a`),
    false,
  ],
  [
    "a field is narrower",
    { result: object({ a: string }) },
    { result: object({ a: { enum: ["b"] } }) },
    reads("string | undefined", `${answer}.a`),
    false,
  ],
  [
    "a value is new",
    { result: object({ a: { enum: ["b"] } }) },
    { result: object({ a: { enum: ["b", "c"] } }) },
    reads('"b" | undefined', `${answer}.a`),
    true,
  ],
  [
    "a branch is new",
    { result: { anyOf: [of("b"), of("c")] } },
    { result: { anyOf: [of("b"), of("c"), of("d")] } },
    reads('"b" | "c"', `${answer}.kind`),
    true,
  ],
  [
    "a branch is new that another stands for",
    { result: object({ a: { anyOf: [object({ b: string }), string] } }) },
    { result: object({ a: { anyOf: [object({ b: string }), string, object({ b: string, c: string })] } }) },
    reads("string | { b?: string } | undefined", `${answer}.a`),
    false,
  ],
  [
    "a type has another name",
    { result: ref("Pet"), schemas: { Pet: object({ a: string }) } },
    { result: ref("Animal"), schemas: { Animal: object({ a: string }) } },
    "const it: kit.Pet = {}; void it;",
    true,
  ],
  [
    "a type has no name any more",
    { result: ref("Pet"), schemas: { Pet: object({ a: string }) } },
    { result: object({ a: string }) },
    "const it: kit.Pet = {}; void it;",
    true,
  ],
  [
    "a type goes with its branch",
    { result: { anyOf: [ref("Cat"), ref("Dog")] }, schemas: { Cat: of("cat"), Dog: of("dog") } },
    { result: ref("Dog"), schemas: { Dog: of("dog") } },
    'const it: kit.Cat = { kind: "cat" }; void it;',
    true,
  ],
  [
    "a type is exported still, and not used here",
    { result: ref("Pet"), body: object({ a: ref("Pet") }), schemas: { Pet: object({ a: string }) } },
    { result: object({ a: string }), body: object({ a: ref("Pet") }), schemas: { Pet: object({ a: string }) } },
    "const it: kit.Pet = {}; void it;",
    false,
  ],
  ["an operation has another name", {}, { id: "tell" }, args("{}"), true],
  [
    "a credential has another name",
    { rest: scheme({ key }) },
    { rest: scheme({ token: key }) },
    'kit.createKit({ auth: { key: "" } });',
    true,
  ],
  [
    "a credential is of another kind",
    { rest: scheme({ key: basic }) },
    { rest: scheme({ key }) },
    'kit.createKit({ auth: { key: { username: "", password: "" } } });',
    true,
  ],
  ["a credential is new", {}, { rest: scheme({ key }) }, "kit.createKit({});", false],
  ["the server is gone", {}, { rest: { servers: [] } }, "kit.createKit();", true],
];

test("what is said to stop compiling does, and nothing else", { timeout: 60_000 }, async () => {
  const pairs = await Promise.all(
    cases.map(async ([what, old, next, code, breaks]) => ({
      ...{ what, code, breaks },
      old: await kitOf(old),
      next: await kitOf(next),
    })),
  );
  const flags = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] },
    ...{ target: "es2023", lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"] },
    ...{ module: "nodenext", exactOptionalPropertyTypes: true, verbatimModuleSyntax: true },
    paths: { "fctool/runtime": [`${root}src/runtime/index.ts`] },
  };
  const use = (kit: string, code: string) => `import * as kit from "./${kit}.gen.ts";\n${code}\nexport {};\n`;
  const folder = folderWith({
    "package.json": '{"type": "module"}',
    "tsconfig.json": JSON.stringify({ compilerOptions: flags }),
    ...Object.fromEntries(
      pairs.flatMap(({ old, next, code }, index) => [
        [`old-${index}.gen.ts`, old.code],
        [`next-${index}.gen.ts`, next.code],
        [`of-old-${index}.ts`, use(`old-${index}`, code)],
        [`of-next-${index}.ts`, use(`next-${index}`, code)],
      ]),
    ),
  });
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const errors = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc], { cwd: folder }, (_, stdout) => resolve(stdout));
  });
  const found = pairs.map(({ what, old, next }, index) => ({
    what,
    isRight: !errors.includes(`of-old-${index}.ts(`) && !errors.includes(`old-${index}.gen.ts(`),
    breaks: errors.includes(`of-next-${index}.ts(`),
    isSaid: diffKits(old, next).some(({ felt }) => felt.includes("code")),
  }));
  expect(found).toEqual(pairs.map(({ what, breaks }) => ({ what, isRight: true, breaks, isSaid: breaks })));
});
