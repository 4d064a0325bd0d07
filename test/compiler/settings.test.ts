import { describe, expect, test } from "vitest";
import { fieldsOf } from "../../src/compiler/pick.ts";
import { type CompileOptions, compile } from "../../src/generate.ts";

/** The tools of `GET /pets/{id}` and `DELETE /pets/{id}`, with more in the document. */
async function tools(
  more: { root?: object; path?: object; get?: object; tenant?: object },
  options: Partial<CompileOptions> = {},
) {
  const parameter = (name: string, place: string, extra: object = {}) => ({
    name,
    in: place,
    required: place === "path",
    schema: { type: "string" },
    ...extra,
  });
  const document = {
    openapi: "3.0.3",
    info: { title: "Pets", version: "1" },
    ...more.root,
    paths: {
      "/pets/{id}": {
        parameters: [parameter("id", "path"), parameter("tenant", "header", more.tenant)],
        ...more.path,
        get: { operationId: "getPet", summary: "Get", ...more.get, responses: {} },
        delete: { operationId: "removePet", responses: {} },
      },
    },
  };
  return compile({ input: "a.json", text: JSON.stringify(document), ...options });
}

const show = (compiled: Awaited<ReturnType<typeof tools>>) =>
  compiled.tools.map(({ name, parameters, route, operation: { effect, approval } }) => ({
    name,
    args: Object.keys(parameters.properties as object),
    effect,
    ...(approval && { approval }),
    ...(route.injected && { injected: route.injected }),
  }));

const get = { name: "getPet", args: ["id", "tenant"], effect: "read" };
const remove = { name: "removePet", args: ["id", "tenant"], effect: "destructive" };
const asked = { approval: "always" };

describe("x-fctool and its like", () => {
  test.for<[what: string, more: Parameters<typeof tools>[0], wanted: object[]]>([
    ["exclude", { get: { "x-fctool": { exclude: true } } }, [remove]],
    [
      "name and effect",
      { get: { "x-fctool": { name: "pet", effect: "write" } } },
      [remove, { ...get, name: "pet", effect: "write" }].reverse(),
    ],
    [
      "approval of a path",
      { path: { "x-fctool": { approval: "always" } } },
      [remove, get].map((each) => ({ ...each, ...asked })),
    ],
    [
      "the nearer place beats the farther",
      { root: { "x-fctool": { approval: "always" } }, get: { "x-fctool": { approval: "never" } } },
      [
        { ...remove, ...asked },
        { ...get, approval: "never" },
      ],
    ],
    [
      "inject of an operation",
      { get: { "x-fctool": { inject: { tenant: "tenantId" } } } },
      [remove, { ...get, args: ["id"], injected: { tenant: "tenantId" } }],
    ],
    [
      "inject of a parameter",
      { tenant: { "x-fctool": { inject: true } } },
      [remove, get].map((each) => ({ ...each, args: ["id"], injected: { tenant: "tenant" } })),
    ],
    [
      "name of a parameter",
      { tenant: { "x-fctool": { name: "shop" } } },
      [remove, get].map((each) => ({ ...each, args: ["id", "shop"] })),
    ],
    [
      "exclude of a parameter",
      { tenant: { "x-fctool": { exclude: true } } },
      [remove, get].map((each) => ({ ...each, args: ["id"] })),
    ],
    [
      "x-speakeasy-mcp",
      { get: { "x-speakeasy-mcp": { name: "pet" } }, path: { "x-speakeasy-mcp": {} } },
      [remove, { ...get, name: "pet" }],
    ],
    ["x-speakeasy-mcp disabled", { get: { "x-speakeasy-mcp": { disabled: true } } }, [remove]],
    ["x-openai-isConsequential", { get: { "x-openai-isConsequential": true } }, [remove, { ...get, ...asked }]],
  ])("%s", async ([, more, wanted]) => {
    const compiled = await tools(more);
    expect(compiled.diagnostics).toEqual([]);
    expect(new Set(show(compiled))).toEqual(new Set(wanted));
  });

  test.for<[more: Parameters<typeof tools>[0], pointer: string, message: RegExp]>([
    [{ get: { "x-fctool": { effects: "read" } } }, "#/paths/~1pets~1{id}/get/x-fctool/effects", /effects is not known/],
    [
      { get: { "x-fctool": { effect: "safe" } } },
      "#/paths/~1pets~1{id}/get/x-fctool/effect",
      /must be one of read, write/,
    ],
    [{ get: { "x-fctool": { name: "a b" } } }, "#/paths/~1pets~1{id}/get/x-fctool/name", /1 to 64 letters/],
    [{ root: { "x-fctool": true } }, "#/x-fctool", /is not an object/],
    [{ tenant: { "x-fctool": { hide: 1 } } }, "#/paths/~1pets~1{id}/parameters/1/x-fctool/hide", /hide is not known/],
  ])("what is wrong in %j is a warning", async ([more, pointer, message]) => {
    const compiled = await tools(more);
    expect(compiled.diagnostics).toMatchObject([{ code: "FC403", pointer, message: expect.stringMatching(message) }]);
    expect(new Set(show(compiled))).toEqual(new Set([remove, get]));
  });
});

describe("what is given beats the document", () => {
  test("by operationId, name or route", async () => {
    const compiled = await tools(
      { get: { "x-fctool": { name: "pet", approval: "always" } } },
      { operations: { pet: { approval: "never" }, "DELETE /**": { exclude: true }, nothing: {} } },
    );
    expect(show(compiled)).toEqual([{ ...get, name: "pet", approval: "never" }]);
    expect(compiled.unmatched).toEqual(["nothing"]);
  });

  test("by the name that an operationId gives, which need not be the operationId", async () => {
    const compiled = await tools(
      { get: { operationId: "pets/get" } },
      { operations: { pets_get: { effect: "write" } } },
    );
    expect(show(compiled)).toContainEqual({ ...get, name: "pets_get", effect: "write" });
    expect(compiled.unmatched).toEqual([]);
  });

  test("a description replaces the document's words", async () => {
    const { tools: all } = await tools({}, { operations: { getPet: { description: "Fetch one pet by its number." } } });
    expect(all.find(({ name }) => name === "getPet")?.description).toMatch(/^Fetch one pet by its number\./);
  });
});

describe("locked names", () => {
  const lockedNames = { "GET /pets/{id}": "fetchPet" };
  test("stay, with a warning", async () => {
    const compiled = await tools({}, { lockedNames });
    expect(show(compiled)).toEqual([remove, { ...get, name: "fetchPet" }]);
    expect(compiled.diagnostics).toMatchObject([
      { code: "FC203", message: expect.stringContaining('renamed from "fetchPet" to "getPet"') },
    ]);
  });

  test("give way to a name that somebody chose", async () => {
    const compiled = await tools({}, { lockedNames, operations: { getPet: { name: "pet" } } });
    expect(compiled.tools.map(({ name }) => name)).toContain("pet");
    expect(compiled.diagnostics).toEqual([]);
  });
});

describe("the fields of an answer that models read", () => {
  const content = (schema: object) => ({ description: "", content: { "application/json": { schema } } });
  const components = {
    schemas: {
      Pet: {
        type: "object",
        properties: {
          id: { type: "integer" },
          "a.b": { type: "string" },
          tags: { type: "object", additionalProperties: { type: "object", properties: { name: { type: "string" } } } },
          mother: { $ref: "#/components/schemas/Pet" },
          secret: { type: "string", writeOnly: true },
          rest: {},
        },
      },
    },
  };
  const pet = { $ref: "#/components/schemas/Pet" };
  const responses = { 200: content({ type: "array", items: pet }) };
  const compiled = (get: object, options: Partial<CompileOptions> = {}, root: object = {}) => {
    const paths = { "/pets": { get: { operationId: "listPets", responses, ...get }, delete: { responses } } };
    const document = { openapi: "3.0.3", info: { title: "Pets", version: "1" }, components, paths, ...root };
    return compile({ input: "a.json", text: JSON.stringify(document), ...options });
  };
  const picked = ({ tools }: Awaited<ReturnType<typeof compiled>>) =>
    tools.find(({ name }) => name === "listPets")?.operation.pick;

  test.for<[pick: string[], kept: string[] | undefined, problem: string | undefined]>([
    [["id", "mother.mother.id"], ["id", "mother.mother.id"], undefined],
    [
      ["tags.*.name", "tags.any.name", "a\\.b", "rest.of.it"],
      ["tags.*.name", "tags.any.name", "a\\.b", "rest.of.it"],
      undefined,
    ],
    [["id", "nam"], ["id"], 'the answer of GET /pets has no field "nam"'],
    [["id.deep"], undefined, 'has no field "id.deep"'],
    [["secret"], undefined, 'has no field "secret"'],
    [["a.b"], undefined, 'has no field "a.b"'],
  ])("%j", async ([pick, kept, problem]) => {
    const result = await compiled({ "x-fctool": { result: { pick } } });
    expect(picked(result)).toEqual(kept);
    const wanted = {
      code: "FC404",
      message: expect.stringContaining(problem ?? ""),
      fix: "It has id, a.b, tags, mother, rest.",
    };
    expect(result.diagnostics).toEqual(problem === undefined ? [] : [expect.objectContaining(wanted)]);
  });

  test("a configuration beats the document, and what one answer has is enough", async () => {
    const root = { "x-fctool": { result: { pick: ["id"] } } };
    expect(picked(await compiled({}, {}, root))).toEqual(["id"]);
    const given = await compiled({}, { operations: { "GET /**": { result: { pick: ["rest"] } } } }, root);
    expect({ pick: picked(given), diagnostics: given.diagnostics }).toEqual({ pick: ["rest"], diagnostics: [] });
  });

  test.for([["id"], { pick: "id" }, { pick: [] }, { pick: ["a..b"] }, { pick: ["id"], omit: [] }])(
    "%j is not understood",
    async (result) => {
      const { diagnostics } = await compiled({ "x-fctool": { result } });
      expect(diagnostics).toMatchObject([{ code: "FC403", message: expect.stringContaining("must be { pick: […] }") }]);
    },
  );
});

test.for<[paths: string[], fields: object]>([
  [["id", "owner.login"], { id: true, owner: { login: true } }],
  [["owner.login", "owner"], { owner: true }],
  [["owner", "owner.login"], { owner: true }],
  [["a\\.b.c"], { "a.b": { c: true } }],
])("%j is a tree", ([paths, fields]) => {
  expect(JSON.parse(JSON.stringify(fieldsOf(paths)))).toEqual(fields);
});

test("an argument to inject that no operation has is a slip; one that some have is none", async () => {
  const inject = { tenant: "tenantId", tenent: "tenantId", id: "petId" };
  const { diagnostics } = await tools({ root: { "x-fctool": { inject } } });
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ["FC403", 'inject: no operation that it is said of has an argument "tenent"'],
  ]);
});
