import { describe, expect, test } from "vitest";
import { operationKey } from "../../src/compiler/names.ts";
import { generate } from "../../src/generate.ts";
import { compile, type Raw } from "./compile.ts";

/** Executors by tool, of one GET operation for each operationId. */
function namesOf(
  operationIds: readonly (string | undefined)[],
  paths = operationIds.map((_, index) => `/p${index}`),
): string[] {
  const items = operationIds.map((operationId, index) => [paths[index], { get: { operationId } }]);
  const { api, names } = compile({ paths: Object.fromEntries(items) });
  const all = api.operations.map(
    (operation) => [operation.path, names.operations.get(operationKey(operation))] as const,
  );
  return paths.map((path) => {
    const found = all.find(([each]) => each === path)?.[1];
    return found?.tool === found?.executor ? `${found?.tool}` : `${found?.tool} ${found?.executor}`;
  });
}

test("paths that refer to one path item have a tool each", async () => {
  const root = {
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
    servers: [{ url: "https://a.example" }],
    paths: {
      "/ip": { get: { operationId: "getIp", responses: {} } },
      "/support/ip": { $ref: "#/paths/~1ip" },
    },
  };
  const { tools } = await generate({ input: "api.json", text: JSON.stringify(root) });
  expect(tools.map(({ name, route }) => [name, route.path])).toEqual([
    ["get_ip", "/ip"],
    ["get_support_ip", "/support/ip"],
  ]);
});

describe("tools and executors", () => {
  test.each<[name: string, operationIds: readonly (string | undefined)[], want: readonly string[]]>([
    ["as they are", ["getPet", "get_pets"], ["getPet", "get_pets"]],
    ["other characters", ["pets/get", "pets.list all", "get-pet"], ["pets_get", "pets_list_all", "get-pet getPet"]],
    ["none", [undefined, "", " ", "你好", "-"], ["get_p0", "get_p1", "get_p2", "get_p3", "get_p4"]],
    ["a digit first", ["2fa"], ["2fa _2fa"]],
    [
      "hostile",
      ["__proto__", "constructor", "toString", "hasOwnProperty"],
      ["proto", "constructor constructorOperation", "toString", "hasOwnProperty"],
    ],
    [
      "reserved",
      ["delete", "then", "tools", "createKit", "await"],
      [
        "delete deleteOperation",
        "then thenOperation",
        "tools toolsOperation",
        "createKit createKitOperation",
        "await awaitOperation",
      ],
    ],
    ["clashes", ["getPet", "getPet", "listPets"], ["get_p0", "get_p1", "listPets"]],
    ["clashes in another spelling", ["getPet", "GetPet", "get-pet"], ["get_p0", "get_p1", "get_p2"]],
    ["a tool definition of another", ["pet", "petTool"], ["pet", "petTool petToolOperation"]],
  ])("%s", (_, operationIds, want) => {
    expect(namesOf(operationIds)).toEqual(want);
  });

  test("the way out is taken too", () => {
    const [lost, kept] = namesOf(["delete", "deleteOperation"]);
    expect(kept).toBe("deleteOperation");
    expect(lost).toMatch(/^delete deleteOperation[0-9a-z]{7}$/);
  });

  test("too long: cut at a word, told apart by a hash", () => {
    const long = (last: string) => `${"retrieveTheNextPage".repeat(4)}${last}`;
    const [one, other] = namesOf([long("One"), long("Other")]);
    expect(one).toMatch(/^(retrieveTheNextPage){2}retrieveThe(Next)?_[0-9a-z]{7}$/);
    expect(one).not.toBe(other);
    expect(one?.length).toBeLessThanOrEqual(64);
  });

  test("paths that only differ in what names cannot hold", () => {
    const names = namesOf([undefined, undefined], ["/a/{b}", "/a/b"]);
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toMatch(/^get_a_b_[0-9a-z]{7}$/);
  });

  test("clashes are warned of", () => {
    const { warnings } = compile({
      paths: { "/a": { get: { operationId: "x" } }, "/b": { get: { operationId: "x" } } },
    });
    expect(warnings).toEqual(["FC201 #/paths/~1a/get", "FC201 #/paths/~1b/get"]);
  });
});

describe("types", () => {
  function namesOf(schemas: Raw, operationId = "x"): { types: unknown[]; definitions: unknown[] } {
    const properties = Object.fromEntries(
      Object.keys(schemas).map((name, index) => [`p${index}`, { $ref: `#/components/schemas/${name}` }]),
    );
    const schema = { type: "object", properties };
    const { names } = compile({
      paths: { "/": { post: { operationId, requestBody: { content: { "application/json": { schema } } } } } },
      components: { schemas },
    });
    const pointers = Object.keys(schemas).map((name) => `#/components/schemas/${name}`);
    return {
      types: pointers.map((pointer) => names.schemas.get(pointer)),
      definitions: pointers.map((pointer) => names.definitions.get(pointer)),
    };
  }
  const object = { type: "object", properties: { a: { type: "string" } } };

  test.each<[name: string, schemas: readonly string[], want: readonly string[]]>([
    ["as they are", ["Pet", "PetList"], ["Pet", "PetList"]],
    ["capitalised", ["pet"], ["Pet"]],
    ["other characters", ["pet.list", "pet-list-item"], ["PetList", "PetListItem"]],
    ["other scripts", ["宠物", "狗"], ["宠物", "狗"]],
    ["reserved", ["Kit", "Record"], ["KitSchema", "RecordSchema"]],
    ["the types of an operation", ["GetPetArgs"], ["GetPetArgsSchema"]],
    ["one that needs no change comes first", ["pet", "Pet"], ["PetSchema", "Pet"]],
  ])("%s", (_, schemas, want) => {
    expect(namesOf(Object.fromEntries(schemas.map((name) => [name, object])), "getPet").types).toEqual(want);
  });

  test.each<[name: string, schemas: readonly string[], want: readonly string[]]>([
    ["no namespace", ["Pet", "pet.list"], ["Pet", "List"]],
    ["as little of one as tells them apart", ["io.v1.Pet", "io.v2.Pet", "io.v1.Shop"], ["V1Pet", "V2Pet", "Shop"]],
    ["all of it", ["a.Pet", "Pet"], ["APet", "Pet"]],
    ["nothing but a stop", ["pet."], ["Pet"]],
  ])("for models: %s", (_, schemas, want) => {
    expect(namesOf(Object.fromEntries(schemas.map((name) => [name, object]))).definitions).toEqual(want);
  });

  test("definitions of names in other scripts stay apart", () => {
    const properties = (name: string) => ({
      type: "object",
      properties: { [name]: { type: "string", description: "x".repeat(200) } },
    });
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const schema = { type: "object", properties: { a: ref("宠物"), b: ref("宠物"), c: ref("狗狗"), d: ref("狗狗") } };
    const { tools } = compile({
      paths: { "/": { post: { requestBody: { content: { "application/json": { schema } } } } } },
      components: { schemas: { 宠物: properties("cat"), 狗狗: properties("dog") } },
    });
    const definitions = tools[0]?.parameters.$defs as Raw;
    expect(
      Object.values(definitions)
        .flatMap((each) => Object.keys((each as { properties: object }).properties))
        .sort(),
    ).toEqual(["cat", "dog"]);
    expect(Object.keys(definitions).every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true);
  });
});

test("neither the order of paths nor that of schemas has a say in names", () => {
  const paths = {
    "/b": { get: { operationId: "x" }, put: {} },
    "/a": { get: { operationId: "x" } },
    "/{a}": { get: {} },
  };
  const turned = Object.fromEntries(Object.entries(paths).toReversed());
  const list = (root: Raw) => [...compile(root).names.operations].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(list({ paths: turned })).toEqual(list({ paths }));
});
