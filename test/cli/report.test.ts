import { afterEach, expect, test, vi } from "vitest";
import type { Reporter } from "../../src/cli/args.ts";
import type { LocatedDiagnostic } from "../../src/cli/build-kit.ts";
import { report, reportProblem } from "../../src/cli/report.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function printed(print: () => void): string {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += part;
    return true;
  });
  print();
  return text;
}

const location = { file: "a b.yaml", line: 3, column: 7 };
const diagnostic: LocatedDiagnostic = {
  code: "FC104",
  severity: "warning",
  pointer: "#/paths",
  message: "50% is\nleft out",
  fix: "Mend it.",
  ...location,
};
const kit = {
  tools: [{ name: "a", strict: true }],
  available: ["a", "b"],
  unmatched: [],
  tokens: { all: 42, each: [42] },
  diagnostics: [diagnostic],
  addresses: [],
  locked: {},
  times: [],
};
const job = {
  document: "a b.yaml",
  output: `${process.cwd()}/a.gen.ts`,
  options: { input: "a b.yaml" },
  limits: { failOn: "error" },
  templateFiles: [],
} as const;

const show = (reporter: Reporter) => printed(() => report([{ job, kit, outcome: "written" }], reporter, 0));
const summary = "a b.yaml → a.gen.ts: 1 of 2 tools, all strict, 42 tokens, 1 warning\n";

test("pretty", () => {
  expect(show("pretty")).toBe(summary);
});

test("what was not counted is told as an estimate, by three digits", () => {
  const estimated = { ...kit, tokens: { all: 12_345 } };
  expect(printed(() => report([{ job, kit: estimated, outcome: "written" }], "pretty", 0))).toContain(
    ", about 12,300 tokens, ",
  );
});

test("github notes stand at the line, and cannot be broken out of", () => {
  expect(show("github")).toBe(
    `::warning file=a b.yaml,line=3,col=7,title=FC104::50%25 is\\nleft out. Mend it.\n${summary}`,
  );
});

test("programs read what a run fails for", () => {
  const reason = { message: "a.gen.ts is out of date.", fix: "Run fctool generate.", file: "a.gen.ts" };
  const told = (reporter: Reporter) =>
    printed(() => report([{ job, kit, outcome: "outdated" }], reporter, 1, [reason]));
  expect(told("github")).toContain(
    "::error file=a.gen.ts,line=1,col=1,title=fctool::a.gen.ts is out of date. Run fctool generate.\n",
  );
  expect(JSON.parse(told("json"))).toMatchObject({ errors: [reason], exitCode: 1 });
  expect(JSON.parse(told("sarif")).runs[0].results[1]).toMatchObject({
    level: "error",
    message: { text: "a.gen.ts is out of date. Run fctool generate." },
    locations: [{ physicalLocation: { artifactLocation: { uri: "a.gen.ts" } } }],
  });
});

test("sarif", () => {
  expect(JSON.parse(show("sarif"))).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { rules: [{ id: "FC104", shortDescription: { text: "an operation cannot be compiled" } }] } },
        results: [
          {
            ruleId: "FC104",
            level: "warning",
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "a%20b.yaml" },
                  region: { startLine: 3, startColumn: 7 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
});

const problem = { exitCode: 3, message: "bad", fix: "mend it", location } as const;

test.for<[reporter: Reporter, wanted: unknown]>([
  ["json", { error: { message: "bad", fix: "mend it", ...location }, exitCode: 3 }],
  [
    "sarif",
    expect.objectContaining({
      runs: [expect.objectContaining({ results: [expect.objectContaining({ level: "error" })] })],
    }),
  ],
])("a problem in %s", ([reporter, wanted]) => {
  expect(JSON.parse(printed(() => reportProblem(problem, reporter)))).toEqual(wanted);
});

test("a problem on github", () => {
  expect(printed(() => reportProblem(problem, "github"))).toBe(
    "::error file=a b.yaml,line=3,col=7,title=fctool::bad. mend it\n",
  );
  expect(printed(() => reportProblem(problem, "pretty"))).toBe("");
});

test("what has no place is a notification in SARIF, and an absolute path an address", () => {
  const sarifOf = (location?: { file: string; line: number; column: number }) =>
    JSON.parse(
      printed(() => reportProblem({ exitCode: 2, message: "no such flag", fix: "See --help.", location }, "sarif")),
    );
  expect(sarifOf().runs[0]).toMatchObject({
    invocations: [
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ level: "error", message: { text: "no such flag. See --help." } }],
      },
    ],
    results: [],
  });
  expect(sarifOf({ ...location, file: "/a b/c.yaml" }).runs[0].results[0].locations[0].physicalLocation).toMatchObject({
    artifactLocation: { uri: "file:///a%20b/c.yaml" },
  });
});
