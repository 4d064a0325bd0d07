import { describe, expect, test } from "vitest";
import { HttpError } from "../../../src/runtime/index.ts";
import type { AnyPolicy, Run } from "../../../src/runtime/kit-types.ts";
import { fallback, redact, redactor } from "../../../src/runtime/policies/index.ts";
import { newCall } from "./scripted.ts";

const around = (policy: AnyPolicy, run: Run): Run => ("run" in policy && policy.run?.(run)) || run;
const hidden = "[redacted]";

const cases: [paths: string[], value: unknown, want: unknown][] = [
  [["name"], { name: "Ada", id: 1 }, { name: hidden, id: 1 }],
  [["customer.email"], { customer: { email: "a@b", name: "Ada" } }, { customer: { email: hidden, name: "Ada" } }],
  [["customer"], { customer: { email: "a@b" }, id: 1 }, { customer: hidden, id: 1 }],
  [
    ["items[].iban"],
    { items: [{ iban: 1 }, { iban: 2, id: 3 }] },
    { items: [{ iban: hidden }, { iban: hidden, id: 3 }] },
  ],
  [["items[*].iban"], { items: [{ iban: 1 }] }, { items: [{ iban: hidden }] }],
  [["items[1]"], { items: [1, 2, 3] }, { items: [1, hidden, 3] }],
  [["[].email"], [{ email: 1 }, { id: 2 }], [{ email: hidden }, { id: 2 }]],
  [["*.token"], { a: { token: 1 }, b: { token: null } }, { a: { token: hidden }, b: { token: hidden } }],
  [
    ["**.password"],
    { password: 1, a: [{ b: { password: [1] } }], c: "password" },
    { password: hidden, a: [{ b: { password: hidden } }], c: "password" },
  ],
  [["a.**.x"], { x: 1, a: { x: 1, b: { x: 1 } } }, { x: 1, a: { x: hidden, b: { x: hidden } } }],
  [["a", "b.c"], { a: 1, b: { c: 2, d: 3 } }, { a: hidden, b: { c: hidden, d: 3 } }],
  [["missing.path"], { a: 1 }, { a: 1 }],
  [["name"], "name", "name"],
  [["name"], null, null],
  [["toString"], {}, {}],
  [["a"], { a: "", b: '"a":{' }, { a: hidden, b: '"a":{' }],
];

test("what is nested too deeply to be looked at is hidden", { timeout: 5_000 }, async () => {
  const content = `{"password":1,"deep":${"[".repeat(500_000)}"password"${"]".repeat(500_000)}}`;
  const run = around(redact(["**.password"]), async () => ({ result: JSON.parse(content), content }));
  const answer = await run({}, newCall());
  const deep = `{"password":"${hidden}","deep":${"[".repeat(199)}"${hidden}"${"]".repeat(199)}}`;
  expect([answer.content, JSON.stringify(answer.result)]).toEqual([deep, deep]);
});

describe("paths", () => {
  test.each(cases)("%j of %j", async (paths, value, want) => {
    expect(redactor(paths)(value)).toEqual(want);
    const run = around(redact(paths), async () => ({ result: value, content: JSON.stringify(value) }));
    const { result, content } = await run({}, newCall());
    expect(result).toEqual(want);
    expect(JSON.parse(content)).toEqual(want);
  });

  test("a key called __proto__ is one like any other", () => {
    const value = JSON.parse('{"__proto__":{"a":1},"b":2}');
    expect(JSON.stringify(redactor(["__proto__.a"])(value))).toBe('{"__proto__":{"a":"[redacted]"},"b":2}');
  });
});

test("what is not hidden stays as it came", async () => {
  const content = '{ "id": 12345678901234567890, "secret": {"a": [1]}, "text": "\\"secret\\": 喂" }';
  const run = around(redact(["secret"]), async () => ({ result: JSON.parse(content), content }));
  expect((await run({}, newCall())).content).toBe(
    '{"id":12345678901234567890,"secret":"[redacted]","text":"\\"secret\\": 喂"}',
  );
  for (const content of ["plain text", "", "{not json"]) {
    const plain = around(redact(["secret"]), async () => ({ result: content, content }));
    expect(await plain({}, newCall())).toEqual({ result: content, content });
  }
  const result = new Blob(["secret"]);
  expect((await around(redact(["*"]), async () => ({ result, content: "" }))({}, newCall())).result).toBe(result);
});

test.each<[path: string, content: string, want: string]>([
  ["secret", '{"\\u0073ecret":1}', '{"\\u0073ecret":"[redacted]"}'],
  ["a/b", '{"a\\/b":1}', '{"a\\/b":"[redacted]"}'],
  ["secret", '{"a":"secret", "n":1.0}', '{"a":"secret", "n":1.0}'],
  ["a.secret", '{"secret": 1, "n":1.0}', '{"secret": 1, "n":1.0}'],
])("a key that is spelled otherwise is hidden all the same: %s in %s", async (path, content, want) => {
  const run = around(redact([path]), async () => ({ result: JSON.parse(content), content }));
  const answer = await run({}, newCall());
  expect(JSON.parse(answer.content)).toEqual(JSON.parse(want));
  expect(answer.result).toEqual(JSON.parse(want));
});

test("errors hide it too", async () => {
  const body = { detail: "no", customer: { email: "ada@example.test" } };
  const run = around(redact(["**.email"]), () => Promise.reject(new HttpError(409, body, JSON.stringify(body))));
  const error = await run({}, newCall()).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(HttpError);
  expect((error as HttpError).toToolError()).toMatchObject({
    status: 409,
    body: { detail: "no", customer: { email: hidden } },
  });
  expect(JSON.stringify(error) + (error as HttpError).stack).not.toContain("ada@");
  const long = { email: "ada@example.test", text: "x".repeat(5_000) };
  const cut = around(redact(["email"]), () => Promise.reject(new HttpError(409, long, JSON.stringify(long))));
  const shown = await cut({}, newCall()).catch((error: HttpError) => error.toToolError());
  expect(JSON.stringify(shown)).not.toContain("ada@");
});

test("answers of fallbacks hide it too", async () => {
  const failing: Run = () => Promise.reject(new HttpError(503, undefined, ""));
  const substitute = fallback({ getPet: () => [{ email: "ada@example.test" }] });
  const run = around(redact(["[].email"]), around(substitute, failing));
  const { result, content } = await run({}, newCall());
  expect(result).toEqual([{ email: hidden }]);
  expect(JSON.parse(content)).toEqual({ degraded: expect.stringContaining("503"), result: [{ email: hidden }] });
});
