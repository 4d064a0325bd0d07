import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partsOf } from "../../../src/runtime/json-parts.ts";
import type { AnyPolicy, Run } from "../../../src/runtime/kit-types.ts";
import { resultBudget } from "../../../src/runtime/policies/index.ts";
import { newCall } from "./scripted.ts";

const around = (policy: AnyPolicy, run: Run): Run => ("run" in policy && policy.run?.(run)) || run;

async function cut(content: string, limit: number, names: string[] = []): Promise<string> {
  const parameters = { properties: Object.fromEntries(names.map((name) => [name, {}])) };
  const definition = { type: "function" as const, function: { name: "getPet", strict: true, parameters } };
  const run = around(resultBudget({ limit }), async () => ({ result: "whole", content }));
  const answer = await run({}, newCall({ definition }));
  expect(answer.result).toBe("whole");
  return answer.content;
}

const pets = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `pet ${id}` }));

test("what fits stays as it came", async () => {
  for (const content of ["", "text", '{ "a" : 1 }', "[1 ,2]"]) expect(await cut(content, 20)).toBe(content);
});

test("a list ends after a whole item", async () => {
  const shown = JSON.parse(await cut(JSON.stringify(pets(100)), 400, ["limit", "cursor"]));
  const count = shown.items.length;
  expect(count).toBeGreaterThan(3);
  expect(shown).toEqual({
    truncated: {
      cut: [{ path: "items", unit: "items", shown: count, left: 100 - count }],
      hint: "call again with a smaller limit, and cursor for the rest",
    },
    items: pets(100).slice(0, count),
  });
});

test.each([
  ["lists", "[", "]"],
  ["objects", '{"a":', "}"],
])("what is nested thousands of times is cut in no time: %s", { timeout: 5_000 }, async (_, open, close) => {
  const inner = open === "[" ? "" : "1";
  const text = await cut(open.repeat(500_000) + inner + close.repeat(500_000), 20_000);
  expect(JSON.parse(text)).toMatchObject({ truncated: { cut: [{ unit: "characters", shown: 0 }] } });
});

test("a list in an object, and what stands beside it is kept", async () => {
  const page = { total: 100, next: "abc", data: pets(100), links: { self: "/pets" } };
  const shown = JSON.parse(await cut(JSON.stringify(page), 500));
  const count = shown.data.length;
  expect(shown).toEqual({ ...page, data: pets(100).slice(0, count), truncated: expect.anything() });
  expect(shown.truncated.cut).toEqual([{ path: "data", unit: "items", shown: count, left: 100 - count }]);
});

describe("other things that are long", () => {
  test.each<[what: string, value: unknown, want: object[]]>([
    ["a text in an object", { id: 1, text: "x".repeat(9_000) }, [{ path: "text", unit: "characters" }]],
    ["an item longer than all", [{ id: 1, text: "x".repeat(9_000) }], [{ path: "items[0].text", unit: "characters" }]],
    [
      "a map of many",
      Object.fromEntries(pets(500).map((pet) => [pet.name, pet])),
      [{ path: "", unit: "fields", shown: expect.any(Number) }],
    ],
    [
      "two lists",
      { a: pets(300), b: pets(300) },
      [
        { path: "a", unit: "items" },
        { path: "b", unit: "items" },
      ],
    ],
    ["a list deep below", { a: { b: [{ c: pets(300) }] } }, [{ path: "a.b[0].c", unit: "items" }]],
    ["an object with a field of the name", { truncated: 1, data: pets(300) }, [{ path: "data" }]],
  ])("%s", async (_, value, want) => {
    const text = await cut(JSON.stringify(value), 1_000);
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text.length).toBeGreaterThan(600);
    const shown = JSON.parse(text);
    expect((shown._truncated ?? shown.truncated).cut).toMatchObject(want);
  });

  test("plain text", async () => {
    const lines = Array.from({ length: 500 }, (_, line) => `line ${line}`).join("\n");
    const shown = await cut(lines, 500, ["page"]);
    expect(shown.length).toBeLessThanOrEqual(500);
    const [, end = ""] = /\n\[truncated: (\d+) of 4389 characters; call again with page for more\]$/.exec(shown) ?? [];
    expect(shown.startsWith(lines.slice(0, Number(end)))).toBe(true);
    expect(lines[Number(end)]).toBe("\n");
  });
});

test("long numbers survive", async () => {
  const content = `[${Array.from({ length: 99 }, (_, n) => `12345678901234567${n}`).join(", ")}]`;
  expect(await cut(content, 400)).toContain('"items":[123456789012345670,123456789012345671,');
});

test.each<[names: string[], hint: string]>([
  [["page_size", "page_token"], "call again with a smaller page_size, and page_token for the rest"],
  [["perPage", "page"], "call again with a smaller perPage, and page for the rest"],
  [["_top", "_skip"], "call again with a smaller _top, and _skip for the rest"],
  [["starting_after", "q"], "call again with starting_after for more"],
  [["max_results"], "call again with a smaller max_results"],
  [["status", "tag"], "narrow it down: status, tag"],
  [[], "the tool cannot give less; do with what is here"],
])("with %j it says: %s", async (names, hint) => {
  expect(JSON.parse(await cut(JSON.stringify(pets(100)), 500, names)).truncated.hint).toBe(hint);
});

/** Whether what is shown is the start of what there is, everywhere. */
function isStartOf(shown: unknown, whole: unknown): boolean {
  if (typeof shown === "string" && typeof whole === "string") {
    return shown === whole || whole.toWellFormed().startsWith(shown.replace(/\ufffd?…$/, ""));
  }
  if (Array.isArray(shown) && Array.isArray(whole)) return shown.every((item, index) => isStartOf(item, whole[index]));
  if (typeof shown === "object" && shown !== null && typeof whole === "object" && whole !== null) {
    return Object.entries(shown).every(([key, value]) => isStartOf(value, (whole as { [key: string]: unknown })[key]));
  }
  return shown === null || Object.is(shown, whole) || shown === whole;
}

test("any JSON is cut to valid JSON within the limit, of the start of everything", async () => {
  const any = fc.jsonValue({ maxDepth: 3 });
  const key = fc.string().filter((key) => !/truncated|__proto__/.test(key));
  const value = fc.oneof(
    fc.array(any, { minLength: 20, maxLength: 40, size: "max" }),
    fc.dictionary(key, any, { minKeys: 20, maxKeys: 40, size: "max" }),
  );
  let count = 0;
  await fc.assert(
    fc.asyncProperty(value, fc.integer({ min: 400, max: 3_000 }), fc.boolean(), async (value, limit, isPretty) => {
      const content = JSON.stringify(value, null, isPretty ? 2 : 0);
      const text = await cut(content, limit);
      if (content.length <= limit) {
        expect(text).toBe(content);
        return;
      }
      expect(text.length).toBeLessThanOrEqual(limit);
      if (JSON.stringify(JSON.parse(text)) === JSON.stringify(value)) return;
      count++;
      const { truncated, ...rest } = JSON.parse(text);
      expect(isStartOf(Array.isArray(value) ? rest.items : rest, value)).toBe(true);
      expect(truncated.cut.length).toBeGreaterThan(0);
      for (const { left } of truncated.cut) expect(left).toBeGreaterThan(0);
      const [first] = truncated.cut;
      if (first.path === "items") expect(first.shown + first.left).toBe((value as unknown[]).length);
    }),
  );
  expect(count).toBeGreaterThan(20);
});

test("any JSON can be taken apart", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
      fc.nat(3),
      (value, indent) => {
        const parts = partsOf(JSON.stringify(value, null, indent));
        const back = parts.map(({ key, text }) => [key === undefined ? key : JSON.parse(key), JSON.parse(text)]);
        const entries = Array.isArray(value) ? value.map((item) => [undefined, item]) : Object.entries(value);
        expect(back).toEqual(
          JSON.parse(JSON.stringify(entries)).map(([key, item]: unknown[]) => [key ?? undefined, item]),
        );
      },
    ),
  );
});
