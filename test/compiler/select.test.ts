import { expect, test } from "vitest";
import { type Selection, select } from "../../src/compiler/select.ts";
import { compile } from "./compile.ts";

const { api, names } = compile({
  paths: {
    "/pets": {
      get: { operationId: "listPets", tags: ["pets"] },
      post: { operationId: "pets/create", tags: ["pets", "admin"] },
    },
    "/pets/{id}": {
      get: { operationId: "getPet", tags: ["pets"], parameters: [{ name: "id", in: "path" }] },
      delete: { deprecated: true, tags: ["__proto__"] },
    },
    "/pets/{id}/photos": { get: { operationId: "listPhotos" } },
  },
});
const all = ["GET /pets", "POST /pets", "DELETE /pets/{id}", "GET /pets/{id}", "GET /pets/{id}/photos"];

test.each<[name: string, selection: Selection, want: readonly string[]]>([
  ["nothing said", {}, all],
  ["an operationId", { include: ["getPet"] }, ["GET /pets/{id}"]],
  ["an operationId with a slash", { include: ["pets/create"] }, ["POST /pets"]],
  ["a tool name", { include: ["pets_create", "delete_pets_id"] }, ["POST /pets", "DELETE /pets/{id}"]],
  ["a route", { include: ["GET /pets/{id}"] }, ["GET /pets/{id}"]],
  ["a route in small letters", { include: ["get /pets"] }, ["GET /pets"]],
  ["any method", { include: ["* /pets"] }, ["GET /pets", "POST /pets"]],
  ["a star stays in its segment", { include: ["* /pets/*"] }, ["DELETE /pets/{id}", "GET /pets/{id}"]],
  ["two stars do not", { include: ["GET /pets/{**"] }, ["GET /pets/{id}", "GET /pets/{id}/photos"]],
  ["a path and all below it", { include: ["GET /pets/**"] }, all.filter((each) => each.startsWith("GET"))],
  ["no segment between two", { include: ["GET /pets/**/{id}"] }, ["GET /pets/{id}"]],
  ["two stars within a segment", { include: ["GET /p/**ets"] }, []],
  ["a dot is a dot", { include: ["GET /pet."] }, []],
  ["exclude overrules", { include: ["* /pets"], exclude: ["listPets"] }, ["POST /pets"]],
  ["tags", { includeTags: ["admin"] }, ["POST /pets"]],
  ["tags, but not others", { includeTags: ["pets"], excludeTags: ["admin"] }, ["GET /pets", "GET /pets/{id}"]],
  ["a hostile tag", { includeTags: ["__proto__"] }, ["DELETE /pets/{id}"]],
  ["deprecated", { deprecated: "exclude" }, all.filter((each) => !each.startsWith("DELETE"))],
])("%s", (_, selection, want) => {
  const { operations } = select(api, names, selection);
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...want].sort());
});
