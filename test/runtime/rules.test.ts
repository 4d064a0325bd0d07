import { expect, test } from "vitest";
import { matches } from "../../src/runtime/pattern.ts";

test.each<[text: string, pattern: string, want: boolean]>([
  ["b", "^a", false],
  ["b", "(", true],
  [`b${"a".repeat(9_999)}`, "^a", false],
  [`b${"a".repeat(10_000)}`, "^a", true],
])("%.10s… matches %s: %s", (text, pattern, want) => {
  expect(matches(text, pattern)).toBe(want);
});
