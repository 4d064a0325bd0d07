import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { requireWellFormed } from "../../src/cli/misuse.ts";
import { commonOptions } from "../../src/cli/options.ts";
import { readOrdinary } from "../../src/cli/read-ordinary.ts";
import { readWords } from "../../src/cli/read-words.ts";
import { knownIn, type Request } from "../../src/cli/run.ts";

describe("an ordinary command line", () => {
  test.for<[line: string, args: object]>([
    ["generate", {}],
    ["generate a.yaml b.json", { document: ["a.yaml", "b.json"] }],
    ["generate a.yaml -o kit.gen.ts --check", { document: ["a.yaml"], output: "kit.gen.ts", check: true }],
    ["generate --output=src -w -p a --project b", { output: "src", watch: true, project: ["a", "b"] }],
    [
      "generate a.yaml --max-tokens 8000 --reporter json",
      { document: ["a.yaml"], "max-tokens": 8000, reporter: "json" },
    ],
    ["inspect a.yaml --tool getPet --verbose", { document: "a.yaml", tool: "getPet", verbose: true }],
    ["diff old.yaml new.yaml --fail-on-breaking", { old: "old.yaml", new: "new.yaml", "fail-on-breaking": true }],
    [
      "call a.yaml getPet --args {} -H X:1 -H Y:2",
      { document: "a.yaml", tool: "getPet", args: "{}", header: ["X:1", "Y:2"] },
    ],
    ["chat a.yaml", { document: "a.yaml" }],
    ["completion zsh", { shell: "zsh" }],
  ])("%s", ([line, args]) => {
    expect(readOrdinary(line.split(" "))?.args).toEqual(args);
  });

  test.for([
    ...["", "--help", "generate --help", "nonsense", "generate -", "generate -- a.yaml", "generate --no-check"],
    ...["generate --chek", "generate --output", "generate --output=", "generate --check=true", "generate -o -w"],
    ...["generate --reporter xml", "generate --max-tools many", "generate --max-tools -1", "generate --max-tools 1.5"],
    ...["inspect", "inspect a.yaml b.yaml", "diff a.yaml", "call a.yaml", "completion tcsh", "chat a b c"],
  ])("is not: %s", (line) => {
    expect(readOrdinary(line.split(" "))).toBeUndefined();
  });
});

/** Words of a command line, most of them such as belong together. */
const lines = fc.constantFrom(...commands).chain(({ command, options }) => {
  const [name = ""] = command.split(" ");
  const flags = Object.entries({ ...commonOptions, ...options });
  const value = fc.constantFrom(
    "a.yaml",
    "json",
    "text",
    "warning",
    "full",
    "8000",
    "0",
    "007",
    "1e3",
    "x=y",
    "",
    "-",
    "zsh",
  );
  const flag = fc.constantFrom(...flags).chain(([long, { alias, choices = [] }]) => {
    const written = typeof alias === "string" ? fc.constantFrom(`--${long}`, `-${alias}`) : fc.constant(`--${long}`);
    const fitting = choices.length > 0 ? fc.oneof(value, fc.constantFrom(...choices.map(String))) : value;
    return fc.oneof(
      written.map((word) => [word]),
      fc.tuple(written, fitting).map((words) => [...words]),
      fc.tuple(written, fitting).map(([word, given]) => [`${word}=${given}`]),
    );
  });
  const rest = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: flag },
      value.map((word) => [word]),
    ),
    { maxLength: 6 },
  );
  return rest.map((words) => [name, ...words.flat()]);
});

test("what is ordinary is read as yargs reads it", async () => {
  let ordinary = 0;
  await fc.assert(
    fc.asyncProperty(lines, async (words) => {
      const known = knownIn(words);
      try {
        requireWellFormed(words, known);
      } catch {
        return;
      }
      const request = readOrdinary(words);
      if (request === undefined) return;
      ordinary++;
      const read = await readWords(words, known);
      expect(said(request)).toEqual(read && said(read));
    }),
    { numRuns: 1500 },
  );
  expect(ordinary).toBeGreaterThan(100);
});

/** What a command looks at: flags by their long names, and places. */
function said({ command, args }: Request): object {
  const names = [...Object.keys({ ...commonOptions, ...command.options }), ...Object.keys(command.positionals ?? {})];
  const given = names.map((name) => [name, args[name]] as const);
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(given.filter(([, value]) => isGiven(value)));
}
