import { expect, test } from "vitest";
import { generate } from "../../src/generate.ts";

const text = {
  type: "string",
  description: "Long enough for a constant, as parts are that hold a thousand characters.",
};
const large = (rest: object = {}) => ({
  type: "object",
  properties: { ...Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`field_${index}`, text])), ...rest },
});
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

type Operations = { readonly [operation: string]: object };

/** A kit whose operations take these things: `post a`, `patch b`. */
async function kit(operations: Operations, schemas: object): Promise<string> {
  const paths = Object.fromEntries(
    Object.entries(operations).map(([operation, thing]) => {
      const [method = "", operationId = ""] = operation.split(" ");
      const schema = { type: "object", properties: { thing } };
      const requestBody = { required: true, content: { "application/json": { schema } } };
      return [`/${operationId}`, { [method]: { operationId, requestBody, responses: {} } }];
    }),
  );
  const document = { openapi: "3.1.0", info: { title: "T", version: "1" }, paths, components: { schemas } };
  return (await generate({ input: "a.json", text: JSON.stringify(document) })).code;
}

async function constants(operations: Operations, schemas: object): Promise<string[]> {
  const code = await kit(operations, schemas);
  return [...code.matchAll(/^const (\w+): JsonSchema/gm)].map(([, name = ""]) => name);
}

test("constants stay in their places when a tool is added", async () => {
  const schemas = { Apple: large(), Pear: large({ kind: { type: "string" } }), Basket: large({ apple: ref("Apple") }) };
  const old = {
    "post m": ref("Pear"),
    "post n": ref("Pear"),
    "post o": ref("Basket"),
    "post p": ref("Basket"),
    "post q": ref("Apple"),
  };
  const wanted = ["appleSchema", "basketSchema", "pearSchema"];
  expect(await constants(old, schemas)).toEqual(wanted);
  expect(await constants({ ...old, "post a": ref("Basket") }, schemas)).toEqual(wanted);
});

test("parts that are the same are one constant", async () => {
  // A PATCH writes schemas in a way of its own, which makes a difference only where something may be null.
  const operations = Object.fromEntries(["post a", "post b", "patch c", "patch d"].map((name) => [name, ref("Apple")]));
  expect(await constants(operations, { Apple: large() })).toEqual(["appleSchema"]);
});

test("a tool that goes changes no other", async () => {
  const schemas = { Apple: large() };
  const both = await kit({ "post a": ref("Apple"), "post b": ref("Apple") }, schemas);
  const one = await kit({ "post a": ref("Apple") }, schemas);
  const [start, b, end] = [
    "const appleSchema",
    "// ------------------------------------------------------------ b\n",
    "// ---",
  ];
  const before = both.slice(both.indexOf(start), both.indexOf(b));
  expect(before).toContain('name: "a"');
  expect(one.slice(one.indexOf(start), one.lastIndexOf(end))).toBe(before);
});
