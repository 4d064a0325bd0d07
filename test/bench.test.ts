import { describe, expect, test } from "vitest";
import { readMcpTools } from "../bench/compile/tools.ts";
import { withoutDeadReferences } from "../bench/documents.ts";
import { meters } from "../bench/measure.ts";
import { median, ratio } from "../bench/median.ts";
import { makeDocument } from "../bench/small-document.ts";
import { figure, table } from "../bench/table.ts";

test.for([
  { numbers: [3, 1, 2], want: 2 },
  { numbers: [4, 1, 2, 3], want: 2.5 },
  { numbers: [7], want: 7 },
  { numbers: [], want: Number.NaN },
])("the median of $numbers", ({ numbers, want }) => {
  expect(median(numbers)).toBe(want);
});

test("a ratio is of pairs, so one slow round does not count", () => {
  expect(ratio([2, 40, 6], [1, 20, 1])).toBe(2);
  expect(ratio([2, 40], [1])).toBe(2);
});

describe("meters", () => {
  const bsd = `        1.50 real         1.20 user         0.30 sys
            52428800  maximum resident set size
                   0  average shared memory size`;
  test.for([
    { name: "gnu", text: "1.20 0.30 51200\n", want: { cpu: 1.5, memory: 50 } },
    { name: "bsd", text: bsd, want: { cpu: 1.5, memory: 50 } },
    { name: "node", text: "700000 200000 51200\n500000 100000 1024\n", want: { cpu: 1.5, memory: 50 } },
  ])("$name", ({ name, text, want }) => {
    expect(meters[name]?.read(text)).toEqual(want);
  });
});

test.for([
  { text: '{"$ref": "../gone.yaml"}', want: '{"x-dead-ref": "../gone.yaml"}' },
  { text: "$ref: gone.json#/a", want: "x-dead-ref: gone.json#/a" },
  { text: "$ref: 'https://api.example/gone.yml'", want: "x-dead-ref: 'https://api.example/gone.yml'" },
  { text: "$ref: there.yaml", want: "$ref: there.yaml" },
  { text: "$ref: '#/components/schemas/Pet'", want: "$ref: '#/components/schemas/Pet'" },
  { text: "$ref: >-\n  #/a", want: "$ref: >-\n  #/a" },
  { text: "$ref:\n  type: string", want: "$ref:\n  type: string" },
])("dead references of $text", ({ text, want }) => {
  expect(withoutDeadReferences(text, (file) => file === "there.yaml")).toBe(want);
});

describe("tools of a server", () => {
  const entry = (description: string) => `
  ["getPet", {
    name: "getPet",
    description: \`${description}\`,
    inputSchema: {"type":"object","properties":{"id":{"type":"integer"}}},
    method: "get",
  }],
`;

  test("are read with their escapes", () => {
    const description = String.raw`One \`pet\` for \${5}.
A back\\slash`;
    expect(readMcpTools(`${entry(description)}${entry("")}`)).toEqual(
      [`One \`pet\` for \${5}.\nA back\\slash`, ""].map((description) => ({
        type: "function",
        function: {
          name: "getPet",
          description,
          parameters: { type: "object", properties: { id: { type: "integer" } } },
        },
      })),
    );
  });

  test("are read all, or there is an error", () => {
    expect(() => readMcpTools(entry("").replace("inputSchema", "schema"))).toThrow("read 0 of 1 tools");
  });
});

test.for([20, 100])("a made-up document has %i operations", (count) => {
  const { paths } = makeDocument(count) as { paths: { [path: string]: { [method: string]: object } } };
  const operations = Object.values(paths).flatMap((path) => Object.keys(path).filter((key) => key !== "parameters"));
  expect(operations).toHaveLength(count);
});

test("tables are Markdown", () => {
  expect(table("Sizes", ["what", "kB"], [["a|b", figure(1234.5, 1)]])).toBe(
    "### Sizes\n\n| what | kB |\n| --- | ---: |\n| a\\|b | 1,234.5 |\n",
  );
  expect([figure(undefined, 1), figure(Number.NaN, 1)]).toEqual(["–", "–"]);
});
