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

test("what many tools and arguments say is said by each", () => {
  const start = { name: "start", in: "query", schema: string, description: "A place in the list. Defaults to 0." };
  const [tool] = compile(documentOf(20, [start], () => "Shops are nice. Only read what is new.")).tools;
  expect(tool?.description).toBe("Does 0. Shops are nice. Only read what is new.");
  expect(tool?.parameters.properties).toMatchObject({ start: { description: "Place in the list. Defaults to 0" } });
});

test.each<[name: string, operation: Raw, want: string]>([
  ["nothing but its name", { summary: "getPet()" }, "GET /pets."],
  ["an invitation", { summary: "Get a pet", description: "This endpoint gets a pet." }, "Gets a pet."],
  [
    "a request that is sent",
    { summary: "Find", description: "To find the pets of a shop, send a GET request to `/pets`." },
    "Find the pets of a shop.",
  ],
  [
    "another deed",
    { summary: "Add a pet", description: "Returns all pets there are." },
    "Add a pet. Returns all pets there are.",
  ],
  [
    "what it does at length, and what is dangerous",
    {
      summary: "Power off",
      description: `Cuts the power of the server${", whatever it is that it does".repeat(4)}. It has a light. May lead to data loss.`,
    },
    `Power off. Cuts the power of the server${", whatever it is that it does".repeat(4)}. May lead to data loss.`,
  ],
  ["an example", { description: "Gets a pet. In short:\n\n```js\ngetPet();\n```" }, "Gets a pet."],
])("a tool that is described by %s", (_, operation, want) => {
  const [tool] = compile({ paths: { "/pets": { get: { operationId: "getPet", ...operation } } } }).tools;
  expect(tool?.description).toBe(want);
});

test("tools that would read the same say what tells them apart", () => {
  const about = `Removes a pet${" of one of the shops that there are".repeat(3)}.`;
  const operation = (own: string) => ({ summary: "Remove", description: `${about} ${own}` });
  const paths = {
    "/a": { delete: operation("Its owner is told by letter.") },
    "/b": { delete: operation("Nobody is told.") },
    "/c": { delete: operation("You must have admin access.") },
  };
  const endings = compile({ paths }).tools.map(({ description }) => description.slice(about.length));
  expect(endings).toEqual([" Its owner is told by letter.", " Nobody is told.", ""]);
});

/** Longer than the room that an ordinary description has. */
const meanings = (verb: string) =>
  ["cat", "dog", "cow"].map((kind) => `${kind} ${verb} ${"one of those ".repeat(6)}${kind}s`);

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
    `${prose} ${`Must be one of ${"cat, ".repeat(50)}`.slice(0, 80).replace(/, \S*$/, "")}…`,
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
  [
    "a length beside a pattern that says it",
    { ...string, minLength: 4, maxLength: 4, pattern: "^[a-f]{4}$" },
    undefined,
  ],
  ["a length beside a pattern that does not", { ...string, maxLength: 4, pattern: "^[a-f]+$" }, "at most 4 characters"],
  ["an example that is none", { ...string, example: "{{PET_ID}}" }, undefined],
  ["an example of signs", { ...string, example: " ****" }, undefined],
  ["a default that is nothing", { type: "array", items: string, default: [] }, undefined],
  ["a default of two digits", { type: "integer", default: 10 }, "default 10"],
  [
    "a default that is said where there is no room",
    { ...string, default: "cat", description: `${prose} Must be ${"one of those, ".repeat(10)}but is by default cat.` },
    `${prose} Must be ${"one of those, ".repeat(5)}one…; default cat`,
  ],
  [
    "a brief default behind all else",
    { ...string, description: `${prose} Must be ${"one of those, ".repeat(10)}or so. Defaults to cat.` },
    `${prose} Must be ${"one of those, ".repeat(5)}one… Defaults to cat`,
  ],
  [
    "the meanings of an enum's values",
    { ...string, enum: ["cat", "dog", "cow"], description: `Kind. ${meanings("means").join(". ")}.` },
    `Kind. ${meanings("means").join(". ")}`.replace(/^Kind\. /, "Kind. "),
  ],
  [
    "a name, and what follows",
    { ...string, description: "The value. Must be unique in its shop." },
    "Must be unique in its shop",
  ],
  [
    "a name, and what speaks of it",
    { ...string, description: "The value. It must be unique in its shop." },
    "Value. It must be unique in its shop",
  ],
  ["what is only required", { ...string, description: "**Required**. The color." }, "Color"],
  [
    "a time that is written as its format wants it",
    { ...string, format: "date-time", description: "Only newer ones. This is a timestamp in ISO 8601 format." },
    "Only newer ones",
  ],
  [
    "a list that is written as the kit writes it",
    { type: "array", items: string, description: "A comma-separated list of colors. For example, c=red&c=blue." },
    "Colors",
  ],
  ["a default that is said", { ...string, default: "cat", description: "Defaults to cat." }, "Defaults to cat"],
  [
    "labels that its words hold",
    { enum: ["de", "en"], description: "de for German.", "x-enumDescriptions": { de: "German", en: "English" } },
    "de for German; en: English",
  ],
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
