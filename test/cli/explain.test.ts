import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { explain } from "../../src/cli/explain.ts";
import { DocumentError, UsageError } from "../../src/compiler/errors.ts";

let printed = { stderr: "", stdout: "" };

beforeEach(() => {
  printed = { stderr: "", stdout: "" };
  for (const stream of ["stderr", "stdout"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += text;
      return true;
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

const location = { file: "a.yaml", line: 3, column: 7 };

test.for<[what: string, error: unknown, code: number, text: string]>([
  ["wrong usage", new UsageError("no", "do this"), 2, "error: no\n  do this\n"],
  ["a document", new DocumentError("bad", "mend it", location), 3, "error at a.yaml:3:7: bad\n  mend it\n"],
  ["a document that is not there", new DocumentError("gone", "look"), 3, "error: gone\n  look\n"],
])("%s", ([, error, code, text]) => {
  expect(explain(error, {})).toBe(code);
  expect(printed).toEqual({ stderr: text, stdout: "" });
});

test("anything else is our bug, and says how to report it", () => {
  expect(explain(new TypeError("x is undefined"), {})).toBe(70);
  expect(printed.stderr).toMatch(/^error: a bug in fctool: TypeError: x is undefined\n {2}Please report it .+\n$/);
});

test("its stack is for those who ask", () => {
  expect(explain(new TypeError("x is undefined"), { isVerbose: true })).toBe(70);
  expect(printed.stderr).toContain("explain.test.ts");
});
