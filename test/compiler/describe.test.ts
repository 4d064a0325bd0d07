import { expect, test } from "vitest";
import { compile, compileField, type Raw } from "./compile.ts";

const string = { type: "string" };

/** So many operations with these parameters. */
function documentOf(count: number, parameters: readonly Raw[], description: (index: number) => string = () => "") {
  const operation = (index: number) => ({
    operationId: `tool${index}`,
    summary: `Does ${index}.`,
    description: description(index),
    parameters,
  });
  return {
    paths: Object.fromEntries(Array.from({ length: count }, (_, index) => [`/${index}`, { get: operation(index) }])),
  };
}

const shop = { name: "shop", in: "query", required: true, schema: string, description: "The shop's legal name." };
const key = { name: "org", in: "query", required: true, schema: string, description: "The slug of the company." };

test.each<[count: number, shop: string | undefined]>([
  [99, "Shop's legal name"],
  [100, undefined],
])("of %d tools with the same argument: %s", (count, want) => {
  const [tool] = compile(documentOf(count, [shop, key])).tools;
  const properties = tool?.parameters.properties as { [name: string]: { description?: string } };
  expect(properties.shop?.description).toBe(want);
  expect(properties.org?.description).toBe("Slug of the company");
});

test.each<[count: number, want: string]>([
  [9, "Does 0. Unlike tool1. Shops are nice."],
  [10, "Does 0. Unlike tool1."],
])("what %d tools say after their first sentence", (count, want) => {
  const { tools } = compile(documentOf(count, [], (index) => `Unlike tool${index + 1}. Shops are nice.`));
  expect(tools[0]?.description).toBe(want);
});

const prose = "Kind of thing that somebody who knows a lot about pets and their owners might want to say of it.";

test.each<[name: string, schema: Raw, want: string | undefined]>([
  [
    "more prose is let go",
    { ...string, description: `The ${prose.toLowerCase()} Pets are friends.` },
    prose.slice(0, -1),
  ],
  [
    "what matters is kept",
    { ...string, description: `${prose} Pets are friends. Must be one of cat, dog.` },
    `${prose} Must be one of cat, dog`,
  ],
  [
    "as far as there is room",
    { ...string, description: `${prose} Must be one of ${"cat, ".repeat(50)}dog.` },
    `${prose} ${`Must be one of ${"cat, ".repeat(50)}`.slice(0, 80).replace(/ \S*$/, "")}…`,
  ],
  [
    "the values of an enum",
    { ...string, enum: ["cat", "dog"], description: "The species. One of cat, dog." },
    "Species",
  ],
  [
    "the values of a list",
    { type: "array", items: { enum: ["a", "b"] }, description: "List of kinds: a or b." },
    "Kinds: a or b",
  ],
  ["a URL that is called one", { ...string, format: "uri", description: "The URL of the shop." }, "URL of the shop"],
  ["a format beside a pattern", { ...string, format: "snowflake", pattern: "^[0-9]+$" }, undefined],
  ["an example beside a format", { ...string, format: "date", example: "2026-01-31" }, undefined],
  [
    "a length that is said",
    { ...string, maxLength: 20, description: "At most 20 characters." },
    "At most 20 characters",
  ],
  [
    "another length",
    { ...string, maxLength: 20, description: "Its 2 characters." },
    "Its 2 characters; at most 20 characters",
  ],
  ["a length that says nothing", { ...string, minLength: 1, maxLength: 65_536 }, undefined],
  ["a default that is said", { ...string, default: "cat", description: "Defaults to cat." }, "Defaults to cat"],
  [
    "labels that repeat their values",
    { enum: ["de", "en"], "x-enumDescriptions": { de: "de", en: "English" } },
    "en: English",
  ],
])("%s", (_, schema, want) => {
  const tool = compileField(schema, { isRequired: true });
  const { value } = tool.parameters.properties as { value: { description?: string } };
  expect(value.description).toBe(want);
});
