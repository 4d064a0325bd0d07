import { describe, expect, test } from "vitest";
import { compilePattern } from "../../src/runtime/pattern.ts";

const texts = [
  "",
  "a",
  "b",
  "ab",
  "aab",
  "abc",
  "ab ab",
  "a.b",
  "12",
  "a1",
  "-",
  "_",
  "é",
  "😀",
  "a\nb",
  "\\",
  "{",
  "]",
];

test.each([
  "a",
  "^a",
  "a$",
  "^a|b$",
  "^(a|b)+$",
  "^(?:ab?)*$",
  "^(?<name>a{2}b)$",
  "a{2}",
  "^a{0}b",
  "^[ab]{1,2}$",
  "^[ab]{2,}$",
  "^a??b+?$",
  "^.$",
  "^..$",
  "^[^]$",
  "[]",
  "\\d",
  "^\\w+$",
  "\\bb",
  "\\Bb",
  "^\\S+\\s\\S+$",
  "^(?=.*\\d)(?=.*a).+$",
  "^(?!a)",
  "a(?!b)",
  "^\\p{L}$",
  "^\\u{1f600}$",
  "^\\x61\\u0062$",
  "^\\{$",
  "^{$",
  "^]$",
  "^\\-$",
  "^\\\\$",
  "^[\\]\\\\]$",
  "",
  "(?:)*",
  "(?:a|)+b",
])("%s matches what it does as a regular expression", (pattern) => {
  const flags = [pattern.startsWith("^{"), pattern.startsWith("^]"), pattern.includes("\\-")].some(Boolean) ? "" : "u";
  const native = new RegExp(pattern, flags);
  expect(texts.filter((text) => compilePattern(pattern)?.(text))).toEqual(texts.filter((text) => native.test(text)));
});

test.each(["(", "(a)\\1", "(?<=a)b", "(?<!a)b", "(?<a>b)\\k<a>", "^a{9999}$", "^(((a{1,9}){1,9}){1,9}){1,9}$"])(
  "%s cannot be followed",
  (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  },
);

describe("a pattern that has more ways than there is time for is quick all the same", { timeout: 5_000 }, () => {
  test.each<[pattern: string, repeated: string, last: string]>([
    ["(a+)+$", "a", "!"],
    ["^(a|a?)+$", "a", "!"],
    ["^(a|b|ab)*c$", "ab", "!"],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", "a", "!"],
    ["^(.+,)*x$", "a,", "!"],
    ['^(?:\\.|[^"])*"$', ".", "!"],
    ["^([a-c]|[b-d])*$", "b", "!"],
    ["^(?:[a-z][a-z0-9]*)+$", "a", "!"],
    ["^(a?){30}a{30}$", "a", ""],
    ["a*a*a*a*a*a*b", "a", "!"],
    ["x.*x.*x.*x.*x.*y", "x", "!"],
    ["^(.|\\s)*x$", " ", "!"],
    ["^(?=(a+)+$)b", "a", "!"],
  ])("%s", (pattern, repeated, last) => {
    const text = `${repeated.repeat(5_000 / repeated.length)}${last}`;
    expect(compilePattern(pattern)?.(text)).toBe(false);
  });
});

test("what takes too long to tell counts as a match", () => {
  expect(compilePattern(".{0,900}b")?.("a".repeat(5_000))).toBe(true);
  expect(compilePattern(".{0,900}b")?.("a".repeat(50))).toBe(false);
});
