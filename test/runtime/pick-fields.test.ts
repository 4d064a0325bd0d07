import { describe, expect, test } from "vitest";
import { executor, kit, pickedFields } from "../../src/runtime/index.ts";
import type { Executor } from "../../src/runtime/kit-types.ts";
import { pickFields } from "../../src/runtime/pick-fields.ts";
import type { Fields } from "../../src/runtime/types.ts";

test("what is nested thousands of times is looked through in no time", { timeout: 5_000 }, () => {
  const content = `[${"[".repeat(500_000)}${"]".repeat(500_000)},{"id":1,"name":"a"}]`;
  expect(pickFields(content, { id: true })).toBe('[{},{"id":1}]');
});

describe("the fields of an answer that a model reads", () => {
  const some: Fields = { id: true, owner: { login: true } };

  test.for<[content: string, fields: Fields, wanted: string]>([
    ['{"id":1,"name":"a","owner":{"login":"b","url":"c"}}', some, '{"id":1,"owner":{"login":"b"}}'],
    ['[{"id":1,"x":2},{"x":3},{"id":4}]', some, '[{"id":1},{},{"id":4}]'],
    ['{"owner":[{"login":"a","b":1},{"login":"c"}]}', some, '{"owner":[{"login":"a"},{"login":"c"}]}'],
    ['{"id":{"deep":[1,{"a":2}]},"b":1}', some, '{"id":{"deep":[1,{"a":2}]}}'],
    ['{"id":9007199254740993,"b":1e400}', some, '{"id":9007199254740993}'],
    ['  {"id": 1,\n "b": 2}', some, '{"id":1}'],
    ['{"owner":null,"b":1}', some, '{"owner":null}'],
    ['{"owner":"me","b":1}', some, '{"owner":"me","b":1}'],
    ["[]", some, "[]"],
    ['{"owner":[]}', some, '{"owner":[]}'],
    ['{"error":"not today"}', some, '{"error":"not today"}'],
    ['[{"error":1}]', some, '[{"error":1}]'],
    ["plain text", some, "plain text"],
    ["[image/png, 5 bytes]", some, "[image/png, 5 bytes]"],
    ["", some, ""],
    ["7", some, "7"],
    ['{"a":{"n":1,"m":2},"b":{"n":3}}', { "*": { n: true } }, '{"a":{"n":1},"b":{"n":3}}'],
    ['{"constructor":1,"a.b":2}', { "a.b": true }, '{"a.b":2}'],
    ['{"__proto__":{"id":1},"id":2}', some, '{"id":2}'],
  ])("%s", ([content, fields, wanted]) => {
    expect(pickFields(content, fields)).toBe(wanted);
  });

  test("code gets the whole answer, and errors are whole", async () => {
    const answer = { id: 1, name: "Tama", owner: { login: "ann", url: "u" } };
    let status = 200;
    const get: Executor<Record<never, never>, typeof answer> = executor({
      api: { server: "https://a.example" },
      tool: {
        type: "function",
        function: { name: "get", strict: true, parameters: { type: "object", properties: {} } },
      },
      method: "GET",
      path: "/pet",
      uses: [pickedFields],
      result: { pick: some },
    });
    const pets = kit({ api: {}, dispatcher: { get } }, { fetch: async () => Response.json(answer, { status }) });
    const call = { id: "1", function: { name: "get", arguments: "{}" } };
    expect(await pets.call("get")).toEqual(answer);
    expect(await pets.dispatch(call)).toMatchObject({
      ok: true,
      content: '{"id":1,"owner":{"login":"ann"}}',
      result: answer,
    });
    status = 404;
    expect(await pets.dispatch(call)).toMatchObject({ ok: false, error: { status: 404, body: answer } });
  });
});
