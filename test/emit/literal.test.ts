import ts from "typescript-5.9";
import { expect, test } from "vitest";
import { code, docComment, docText, holes, identifier, list, literal, propertyName } from "../../src/emit/literal.ts";

const long = "x".repeat(60);

test.each<[string, unknown, string]>([
  ["null", null, "null"],
  ["a negative zero", -0, "-0"],
  ["a big number", 1e21, "1e+21"],
  ["an empty array", [], "[]"],
  ["an empty object", {}, "{}"],
  ["quotes and escapes", "a\"'b\\c\n", '"a\\"\'b\\\\c\\n"'],
  ["more double quotes than single ones", '{"a":"it\'s \\"}', `'{"a":"it\\'s \\\\"}'`],
  ["a template", "`\u0024{x}`", '"`\u0024{x}`"'],
  ["a line separator", "a\u2028b\u2029c", '"a\\u2028b\\u2029c"'],
  ["text that would run backwards", "a\u202eb", '"a\\u202eb"'],
  ["text that is not seen", "a\u{e0041}b\u{e0101}", '"a\\udb40\\udc41b\\udb40\\udd01"'],
  ["half a character", "a\ud800b", '"a\\ud800b"'],
  ["other writing", "客户 é 👍🏽", '"客户 é 👍🏽"'],
  ["the end of a script", "</script><!--", '"\\x3c/script>\\x3c!--"'],
  ["short things", { a: [1, { b: true }] }, "{ a: [1, { b: true }] }"],
  ["names", { a1: 1, $b: 2, "c-d": 3, "1": 4, "": 5 }, '{ "1": 4, a1: 1, $b: 2, "c-d": 3, "": 5 }'],
  ["a field that is left out", { a: undefined, b: 1 }, "{ b: 1 }"],
  ["an own __proto__", JSON.parse('{"__proto__":{"a":1}}'), '{ ["__proto__"]: { a: 1 } }'],
  ["long things", { a: long, b: [long] }, `{\n  a: "${long}",\n  b: ["${long}"],\n}`],
  ["long arrays", [long, long], `[\n  "${long}",\n  "${long}",\n]`],
  [
    "what is long inside",
    { a: { b: long, c: { d: long } } },
    `{\n  a: {\n    b: "${long}",\n    c: { d: "${long}" },\n  },\n}`,
  ],
])("literal: %s", (_, value, want) => {
  expect(literal(value)).toBe(want);
});

test("a line holds 120 columns with its comma, and no more", () => {
  const value = (length: number) => ({ b: "x".repeat(length) });
  expect(literal(value(100), 4, 8)).not.toContain("\n");
  expect(literal(value(102), 4, 8)).not.toContain("\n");
  expect(`        ${literal(value(102), 4, 8)},`).toHaveLength(120);
  expect(literal(value(103), 4, 8)).toContain("\n");
});

test.each([[undefined], [Number.NaN], [1n], [() => 1], [Symbol("a")]])("literal refuses %s", (value) => {
  expect(() => literal(value)).toThrow(TypeError);
});

const hostile = [
  '"; throw 1; "',
  "'\"`\\",
  "\u0024{globalThis.hit = 1}",
  "*/ globalThis.hit = 1; /*",
  "</script><script>alert(1)</script>",
  "\u2028\u2029\r\n\0\u0007\ufeff\ud800",
  "__proto__",
  "constructor",
];

test("every value comes back as it was", () => {
  const value = { list: hostile, map: Object.fromEntries(hostile.map((text, index) => [text, index])) };
  for (const indent of [0, 40, 110]) {
    const text = `export default ${literal(value, indent)}`;
    const file = ts.createSourceFile("a.ts", text, ts.ScriptTarget.ESNext);
    expect(file.statements).toHaveLength(1);
    // The one place where a test runs what was printed, to see that it is data.
    expect(new Function(text.replace("export default", "return"))()).toEqual(value);
  }
  expect(globalThis).not.toHaveProperty("hit");
});

test.each([["pet"], ["$pet_1"], ["客户"], ["then"]])("identifier: %s", (name) => {
  expect(identifier(name)).toBe(name);
});

test.each([[""], ["a-b"], ["1a"], ["class"], ["await"], ["string"], ["a b"], ["a;b"], ["a\u2028"]])(
  "identifier refuses %j",
  (name) => {
    expect(() => identifier(name)).toThrow("not a legal name");
  },
);

test.each([
  ["a", "a"],
  ["new", "new"],
  ["__proto__", "__proto__"],
  ["a-b", '"a-b"'],
  ["客户", '"客户"'],
  ["a\n", '"a\\n"'],
])("propertyName: %j", (name, want) => {
  expect(propertyName(name)).toBe(want);
});

test.each([
  ["one line", "A pet.", "/** A pet. */"],
  ["several lines", "A pet.\r\n\r\n\r\n  Or two.  \n", "/**\n * A pet.\n *\n *   Or two.\n */"],
  ["the end of a comment", "a */ b", "/** a *\\/ b */"],
  ["the end of a comment, hidden", "a *\u200b/ b **/", "/** a *\\/ b **\\/ */"],
  ["a star at the end", "a *", "/** a * */"],
  ["line separators", "a\u2028b", "/**\n * a\n * b\n */"],
  ["a tag", "@deprecated really", "/** \\@deprecated really */"],
  ["an instruction for the compiler", "see @ts-expect-error and @jsx h", "/** see @ ts-expect-error and @ jsx h */"],
  ["control characters", "a\0b\tc", "/** ab  c */"],
  ["a long line", `${long} ${long}`, `/**\n * ${long}\n * ${long}\n */`],
  ["a table", `| ${long} | ${long} |`, `/**\n * | ${long} | ${long} |\n */`],
  ["a word without end", `${long}${long}`, `/**\n * ${long}${long}\n */`],
])("docComment: %s", (_, text, want) => {
  expect(docComment(text)).toBe(want);
});

test("text never ends its comment", () => {
  for (const text of hostile) {
    const file = ts.createSourceFile("a.ts", `${docComment(text)}\nlet a;`, ts.ScriptTarget.ESNext);
    expect(file.statements.map((statement) => statement.getText(file))).toEqual(["let a;"]);
  }
});

test("lists break where they must", () => {
  expect(list([code`a`, code`b`])).toBe("[a, b]");
  expect(list([code`a`, code`b`], 118)).toBe("[\n  a,\n  b,\n]");
  expect(docText("a\n\nb", 2)).toBe("a\n\nb");
});

test("holes are filled with what they stand for, whatever that holds", () => {
  const { hole, fill } = holes();
  const texts = [literal("$& \ue0001\ue000"), literal("b"), docComment("Two\nlines.", 2), code`\n    | 1\n    | 2`];
  const [name, value, comment, union] = texts.map(hole);
  expect(fill(`{\n  /** ${comment} */\n  ${name}: ${value};\n  a: ${union};\n}`)).toBe(
    '{\n  /**\n   * Two\n   * lines.\n   */\n  "$& \ue0001\ue000": "b";\n  a:\n    | 1\n    | 2;\n}',
  );
});
