import { expect, test } from "vitest";
import { checkDepth, parseJsonText } from "../../src/runtime/json-text.ts";

test.each([
  ['{"a":1 "b":2}', 'not JSON: expected "," or "}" at position 7, before "\\"b\\":2}"'],
  ["hello", 'not JSON: expected a value at position 0, before "hello"'],
  ['{"a":', "not JSON: the text ends at position 5, where a value was expected"],
  ['{"a":"cut', 'not JSON: expected a value at position 5, before "\\"cut"'],
  ['{"a":1}x', 'not JSON: expected the end at position 7, before "x"'],
  ["{'a':1}", 'not JSON: expected a key or "}" at position 1, before "\'a\':1}"'],
  ['{"a":1,}', 'not JSON: expected a key at position 7, before "}"'],
  ["[1,]", 'not JSON: expected a value at position 3, before "]"'],
  ["[1 2]", 'not JSON: expected "," or "]" at position 3, before "2]"'],
  ['{"a" 1}', 'not JSON: expected ":" at position 5, before "1}"'],
  ['{"a": NaN}', 'not JSON: expected a value at position 6, before "NaN}"'],
  ['{"a":"x\n"}', 'not JSON: expected a value at position 5, before "\\"x\\n\\"}"'],
  ['{"a":"\\x"}', 'not JSON: expected a value at position 5, before "\\"\\\\x\\"}"'],
  ["[[{}], 01]", 'not JSON: expected "," or "]" at position 8, before "1]"'],
  ["", "not JSON: the text ends at position 0, where a value was expected"],
])("%j", (text, want) => {
  expect(() => parseJsonText(text)).toThrow(want);
});

test.each(['{"a":[1,-2.5e3,"\\u4e2d\\n",true,null,{}],"b":[]}', " 1 ", '"中文"'])("%s is JSON", (text) => {
  expect(parseJsonText(text)).toEqual(JSON.parse(text));
});

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test.each([nested(201), nested(20_000), "[".repeat(20_000), '{"a":'.repeat(20_000), `["\\"]",${nested(200)}]`])(
  "%.20s… is nested too deeply",
  (text) => {
    expect(() => parseJsonText(text, "a")).toThrow(
      expect.objectContaining({
        kind: "invalid_arguments",
        path: "a",
        message: expect.stringMatching(/nested too deeply/),
      }),
    );
  },
);

test("200 levels are not, nor are brackets in strings", () => {
  expect(parseJsonText(nested(200))).toEqual(JSON.parse(nested(200)));
  expect(parseJsonText(JSON.stringify(['[\\"'.repeat(500)]))).toHaveLength(1);
  expect(parseJsonText(`[${"[],{},".repeat(500)}1]`)).toHaveLength(1001);
});

test("what is parsed already is no exception", () => {
  expect(checkDepth(JSON.parse(nested(200)))).toHaveLength(1);
  expect(() => checkDepth(JSON.parse(nested(20_000)))).toThrow(/nested too deeply/);
});
