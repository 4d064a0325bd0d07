import { describe, expect, test } from "vitest";
import { patternProblem } from "../../corpus/strict-pattern.ts";
import { isCheckable, isReadable, strictPattern } from "../../src/compiler/pattern.ts";
import { compilePattern } from "../../src/runtime/pattern.ts";

test.each<[pattern: string, want: string | undefined]>([
  ["abc", "^(?:.*abc.*)$"],
  ["^abc$", "^(?:abc)$"],
  ["^abc", "^(?:abc.*)$"],
  ["abc$", "^(?:.*abc)$"],
  ["^a$|^b$", "^(?:a|b)$"],
  ["^(a|b)$", "^(?:a|b)$"],
  ["^(?:a|b)$", "^(?:a|b)$"],
  ["^(a|b)+$", "^(?:(a|b)+)$"],
  ["^(a)(b)$", "^(?:(a)(b))$"],
  ["^(a|[)])$", "^(?:(a|[)]))$"],
  ["(a|b)$", "^(?:.*(a|b))$"],
  ["^(?:a|b)+?$", "^(?:(?:a|b)+)$"],
  ["^(?<year>\\d{4})$", "^(?:(?:[0-9]{4}))$"],
  ["^\\d+\\.\\d{2}$", "^(?:[0-9]+\\.[0-9]{2})$"],
  ["^[\\w.-]+$", "^(?:[A-Za-z0-9_.-]+)$"],
  ["^[^/]+$", "^(?:[^/]+)$"],
  ["^\\/a\\-b$", "^(?:/a-b)$"],
  ["^\\x41$", "^(?:A)$"],
  [".*", ""],
  ["", ""],
  ["^", ""],
  ["a|", ""],
  ["^(?!a)b$", undefined],
  ["(?<=a)b", undefined],
  ["^(.)\\1$", undefined],
  ["a\\b", undefined],
  ["^\\p{L}+$", undefined],
  ["^\\S+\\Z", undefined],
  ["^a{1001}$", undefined],
  ["(a", undefined],
  ["a".repeat(501), undefined],
])("%j", (pattern, want) => {
  const strict = strictPattern(pattern);
  expect(strict).toBe(want);
  if (strict !== undefined && strict !== "") expect(patternProblem(strict)).toBeUndefined();
});

describe("a strict pattern means the same", () => {
  const texts = ["", "a", "b", "ab", "abc", "xabcx", "a.b", "12", "2024", "a/b", "-", "é", "a\nb", "A"];
  const patterns = [
    "abc",
    "^abc",
    "abc$",
    "^a$|^b$",
    "^[a-c]+$",
    "^\\w+$",
    "^[^/]*$",
    "\\d",
    "^\\d{2,4}$",
    "^(?:a|\\.|b)+$",
    "^\\S+$",
    "^.$",
  ];
  test.each(patterns)("%s", (pattern) => {
    const strict = strictPattern(pattern) as string;
    const single = texts.filter((text) => !text.includes("\n"));
    expect(single.filter((text) => new RegExp(strict, "u").test(text))).toEqual(
      single.filter((text) => new RegExp(pattern).test(text)),
    );
  });
});

test.each<[pattern: string, want: boolean]>([
  ["^a", true],
  ["^(?!a)", true],
  ["\\p{L}", true],
  ["[[:alpha:]]", false],
  ["\\Aabc\\z", false],
  ["(?i)abc", false],
  ["(", false],
  ["(?<=a)b", false],
  ["(?<a>b)", true],
  ["(a)\\1", false],
  ["(?<a>b)\\k<a>", false],
  ["a\\\\1", true],
])("checkable: %s", (pattern, want) => {
  expect(isCheckable(pattern)).toBe(want);
  if (isReadable(pattern)) expect(compilePattern(pattern) !== undefined).toBe(want);
});
