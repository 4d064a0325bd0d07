import { expect, test } from "vitest";
import { lint } from "../../src/cli/lint.ts";
import { compile } from "../../src/generate.ts";

const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
const query = (name: string, schema: object = { type: "string" }, rest: object = {}) => ({
  name,
  in: "query",
  schema,
  ...rest,
});
const answer = (schema: object) => ({ 200: { description: "", content: { "application/json": { schema } } } });
const summary = "List what there is in the store.";
const pets = { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } };

test.for<[what: string, operations: object[], findings: (string | RegExp)[]]>([
  ["all is well", [{ summary }], []],
  ["no words", [{}], ["a has no description: the model has to guess from its name"]],
  ["few words", [{ summary: "Lists." }], ["a has hardly a description"]],
  [
    "copied words",
    [{ summary }, { summary: "List what there is, in the store!" }],
    [/^a is described like b/, /^b is described like a/],
  ],
  ["a vague name", [{ summary, parameters: [query("data")] }], ["a does not say what the argument data is"]],
  ["a vague name with a description", [{ summary, parameters: [query("data", {}, { description: "A day." })] }], []],
  [
    "a description behind a reference",
    [{ summary, parameters: [query("type", { $ref: "#/components/schemas/Type" })] }],
    [],
  ],
  [
    "two names alike",
    [{ summary, parameters: [query("petId"), query("pet_id")] }],
    [/petId and pet_id, which are easily confused/],
  ],
  [
    "a huge enum",
    [{ summary, parameters: [query("a", { type: "string", enum: many(51) })] }],
    ["a lists 51 values for a"],
  ],
  [
    "one in a list, behind a reference",
    [{ summary, parameters: [query("a", { type: "array", items: { $ref: "#/components/schemas/Huge" } })] }],
    ["a lists 60 values for a"],
  ],
  ["many arguments", [{ summary, parameters: many(26).map((name) => query(name)) }], ["a has 26 arguments"]],
  ["a list without end", [{ summary, responses: answer(pets) }], [/gives a list of any length/]],
  ["a list with a limit", [{ summary, responses: answer(pets), parameters: [query("limit")] }], []],
  [
    "a wide answer",
    [{ summary, responses: answer({ $ref: "#/components/schemas/Wide" }) }],
    ["a gives 120 fields, far more than a model needs"],
  ],
  [
    "a wide answer of which some is picked",
    [{ summary, responses: answer({ $ref: "#/components/schemas/Wide" }), "x-fctool": { result: { pick: ["v1"] } } }],
    [],
  ],
])("%s", async ([, operations, findings]) => {
  const properties = Object.fromEntries(many(119).map((name) => [name, { type: "string" }]));
  const document = {
    openapi: "3.0.3",
    info: { title: "Pets", version: "1" },
    components: {
      schemas: {
        Type: { type: "string", description: "What it is." },
        Huge: { type: "string", enum: many(60) },
        Wide: { type: "object", properties: { ...properties, self: { $ref: "#/components/schemas/Wide" } } },
      },
    },
    paths: Object.fromEntries(
      operations.map((operation, index) => [
        `/${index}`,
        { get: { operationId: "ab"[index], responses: {}, ...operation } },
      ]),
    ),
  };
  const { tools, api } = await compile({ input: "a.json", text: JSON.stringify(document) });
  expect(lint(tools, api).map(({ tool, message }) => `${tool} ${message}`)).toEqual(
    findings.map((finding) => (typeof finding === "string" ? finding : expect.stringMatching(finding))),
  );
});

test.for<[method: string, extensions: object, findings: readonly string[]]>([
  ["delete", {}, []],
  ["delete", { "x-fctool": { effect: "read" } }, ["a is DELETE, and taken for a read"]],
  ["delete", { "x-fctool": { effect: "write" } }, ["a is DELETE, and taken for a write"]],
  ["put", { "x-fctool": { effect: "read" } }, ["a is PUT, and taken for a read"]],
  ["post", { "x-fctool": { effect: "read" } }, []],
  ["delete", { "x-openai-isConsequential": false }, ["a is destructive, and nobody is asked before it"]],
  ["post", { "x-openai-isConsequential": false }, []],
])("%s with %j", async ([method, extensions, findings]) => {
  const operation = { operationId: "a", summary, responses: {}, ...extensions };
  const document = { openapi: "3.1.0", info: { title: "T", version: "1" }, paths: { "/": { [method]: operation } } };
  const { tools, api } = await compile({ input: "openapi.json", text: JSON.stringify(document) });
  expect(lint(tools, api).map(({ tool, message }) => `${tool} ${message}`)).toEqual(findings);
});
