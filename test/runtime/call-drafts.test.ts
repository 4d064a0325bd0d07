import { describe, expect, test } from "vitest";
import { callDrafts } from "../../src/runtime/call-drafts.ts";

const whole = (index: number | undefined, id: string | undefined, name: string, args: unknown) => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id }),
  type: "function",
  function: { name, arguments: args },
});
const more = (index: number | undefined, args: unknown, rest: object = {}) => ({
  ...(index !== undefined && { index }),
  ...rest,
  function: { arguments: args },
});
const call = (id: string, name: string, args: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("pieces become calls", () => {
  test.each<[what: string, pieces: unknown[], early: number, want: object[]]>([
    [
      "as OpenAI sends them",
      [
        whole(0, "a", "f", ""),
        more(0, '{"x"'),
        more(0, ":1}"),
        whole(1, "b", "g", ""),
        more(1, '{"y":"}"'),
        more(1, "}"),
      ],
      2,
      [call("a", "f", '{"x":1}'), call("b", "g", '{"y":"}"}')],
    ],
    [
      "interleaved",
      [whole(0, "a", "f", '{"x":'), whole(1, "b", "g", '{"y":'), more(0, "1}"), more(1, "2}")],
      2,
      [call("a", "f", '{"x":1}'), call("b", "g", '{"y":2}')],
    ],
    [
      "whole, each in one piece",
      [whole(0, "a", "f", '{"x":1}'), whole(1, "b", "f", '{"x":2}')],
      2,
      [call("a", "f", '{"x":1}'), call("b", "f", '{"x":2}')],
    ],
    [
      "whole, all with index 0",
      [whole(0, "a", "f", '{"x":1}'), whole(0, "b", "f", '{"x":2}')],
      2,
      [call("a", "f", '{"x":1}'), call("b", "f", '{"x":2}')],
    ],
    [
      "whole, without ids, all with index 0",
      [whole(0, "", "f", '{"x":1}'), whole(0, "", "f", '{"x":2}')],
      2,
      [call("call_7_0", "f", '{"x":1}'), call("call_7_1", "f", '{"x":2}')],
    ],
    [
      "without indexes",
      [
        whole(undefined, "a", "f", ""),
        more(undefined, '{"x":'),
        more(undefined, "1}"),
        whole(undefined, "b", "g", "{}"),
      ],
      1,
      [call("a", "f", '{"x":1}'), call("b", "g", "{}")],
    ],
    [
      "without indexes, told apart by id",
      [
        whole(undefined, "a", "f", '{"x":'),
        whole(undefined, "b", "f", '{"x":'),
        more(undefined, "1}", { id: "a" }),
        more(undefined, "2}", { id: "b" }),
      ],
      2,
      [call("a", "f", '{"x":1}'), call("b", "f", '{"x":2}')],
    ],
    [
      "with the name in each piece",
      [whole(0, "a", "f", '{"x":'), whole(0, "a", "f", "1}"), whole(0, "a", "f", "")],
      1,
      [call("a", "f", '{"x":1}')],
    ],
    [
      "with the name in each piece, and nothing else",
      [whole(undefined, undefined, "f", '{"x":'), whole(undefined, undefined, "f", "1}")],
      1,
      [call("call_7_0", "f", '{"x":1}')],
    ],
    [
      "with another id in each piece",
      [whole(0, "a", "f", '{"x":'), more(0, "1}", { id: "z" })],
      1,
      [call("a", "f", '{"x":1}')],
    ],
    [
      "with the id after the name",
      [{ index: 0, function: { name: "f" } }, more(0, "", { id: "a" }), more(0, '{"x":1}')],
      1,
      [call("a", "f", '{"x":1}')],
    ],
    ["with arguments as an object", [whole(0, "a", "f", { x: 1 })], 1, [call("a", "f", '{"x":1}')]],
    [
      "with an empty object first",
      [whole(0, "a", "f", "{}"), more(0, '{"x":'), more(0, "1}")],
      1,
      [call("a", "f", '{"x":1}')],
    ],
    [
      "without arguments",
      [whole(0, "a", "f", ""), whole(1, "b", "g", null), { index: 2, id: "c", function: { name: "h" } }],
      0,
      [call("a", "f", "{}"), call("b", "g", "{}"), call("c", "h", "{}")],
    ],
    [
      "with the same id twice",
      [whole(0, "a", "f", '{"x":1}'), whole(1, "a", "f", '{"x":2}')],
      2,
      [call("a", "f", '{"x":1}'), call("call_7_1", "f", '{"x":2}')],
    ],
    [
      "with fields of a gateway",
      [{ ...whole(0, "a", "f", ""), extra_content: { signature: "s" } }, more(0, '{"x":1}')],
      1,
      [{ ...call("a", "f", '{"x":1}'), extra_content: { signature: "s" } }],
    ],
    [
      "whose arguments are no JSON",
      [whole(0, "a", "f", '{"x": 1,'), more(0, "oops")],
      0,
      [call("a", "f", '{"x": 1,oops')],
    ],
    ["that are none", [null, 7, {}], 0, [{ id: "call_7_0" }]],
  ])("%s", (_, pieces, early, want) => {
    const drafts = callDrafts(7);
    const complete = pieces.map((piece) => drafts.add(piece)).filter((each) => each !== undefined);
    expect(complete).toHaveLength(early);
    expect(drafts.calls(false)).toEqual(complete);
    expect(drafts.calls(true)).toMatchObject(want);
    expect(drafts.calls(true)).toHaveLength(want.length);
    // The calls that are being made and those of the message are the same ones.
    for (const call of complete) expect(drafts.calls(true)).toContain(call);
  });
});

test("a call of many brackets takes time in proportion to its length", () => {
  const drafts = callDrafts(0);
  drafts.add(whole(0, "a", "f", '{"x":['));
  const start = performance.now();
  for (let count = 0; count < 100_000; count++) drafts.add(more(0, "{},"));
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(drafts.add(more(0, "{}]}"))).toBeDefined();
});
