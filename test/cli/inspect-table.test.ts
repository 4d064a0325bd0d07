import { expect, test } from "vitest";
import { adviceLines, findingLines, type Row, tableLines } from "../../src/cli/inspect-table.ts";
import { compile } from "../../src/generate.ts";

const row = (name: string, more: Partial<Row> = {}): Row => ({
  name,
  operation: "GET /organisations/{organisation}/members/{member}",
  effect: "read",
  strict: "strict",
  tokens: 1234,
  warnings: [],
  findings: [],
  ...more,
});

test("a line fits into the terminal, cuts the middle of a path, and never a name", () => {
  const rows = [row("list-the-members-of-an-organisation-that-somebody-has-left"), row("b", { approval: "always" })];
  const lines = tableLines(rows, 140);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(140);
  expect(lines[1]).toBe(
    "list-the-members-of-an-organisation-that-somebody-has-left  GET /organ…on}/members/{member}  read                   strict   1,234",
  );
  expect(lines[2]).toMatch(/^b +GET .* read, approval always +strict +1,234$/);
  expect(tableLines(rows, Number.POSITIVE_INFINITY)[1]).toContain("/organisations/{organisation}/members/{member}");
});

test("why a tool is loose, codes and hints", () => {
  const finding = { tool: "a", message: "has no words", fix: "Say what it does." };
  const lines = tableLines([row("a", { strict: "too deep", warnings: ["FC301", "FC301"], findings: [finding] })], 200);
  expect(lines[1]).toMatch(/ no +1,234 {2}FC301 1 hint$/);
});

const toolsOf = async (count: number, properties: object, tags?: string[]) => {
  const body = { content: { "application/json": { schema: { type: "object", properties } } } };
  const paths = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `/p${index}`,
      { post: { operationId: `p${index}`, tags, requestBody: body, responses: {} } },
    ]),
  );
  const text = JSON.stringify({ openapi: "3.1.0", info: { title: "a", version: "1" }, paths });
  return (await compile({ input: "a.json", text })).tools;
};

test("what to do about the most expensive says which argument takes most of them", async () => {
  const rules = {
    type: "array",
    items: { type: "object", properties: { kind: { enum: ["first", "second", "third"] } } },
  };
  const tools = await toolsOf(2, { rules, name: { type: "string" } });
  const rows = tools.map(({ name }, index) => row(name, { tokens: 800 - index * 400 }));
  expect(adviceLines(rows, tools)).toEqual([
    "The most expensive: p0 800 (most of it for rules).",
    expect.stringMatching(/^ {2}Leave them out \(--exclude\), inject/),
  ]);
  expect(adviceLines([row("p0", { tokens: 90 }), row("p1", { tokens: 80 })], tools)).toEqual([]);
});

test("what to do about more tools than a request takes names the tags", async () => {
  const tools = await toolsOf(129, {}, ["pets"]);
  const rows = tools.map(({ name }) => row(name, { tokens: 9 }));
  expect(adviceLines(rows, tools)).toEqual([
    "A request takes at most 128 tools.",
    '  Choose some: --include "GET /**", or --include-tags (pets 129, …).',
  ]);
});

test("hints of a kind are cut, unless all are wanted", () => {
  const rows = Array.from({ length: 6 }, (_, index) =>
    row(`t${index}`, { findings: [{ tool: `t${index}`, message: "has no words", fix: "Say what it does." }] }),
  );
  expect(findingLines(rows, false)).toHaveLength(5);
  expect(findingLines(rows, false).at(-1)).toBe("  … and 2 more. Say what it does.");
  expect(findingLines(rows, true)).toHaveLength(7);
});
