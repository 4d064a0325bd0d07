import type { Cost } from "../measure.ts";
import { median, ratio } from "../median.ts";
import { figure, table } from "../table.ts";
import { type Compiler, compilers } from "./check-types.ts";
import type { CompileFigures, DocumentFigures } from "./compile.ts";
import { again, generators } from "./generators.ts";

type Costs = { readonly [generator: string]: readonly Cost[] };

const everything = [generators[0], again, ...generators.slice(1)].map((generator) => generator?.name ?? "");
const typed = generators.filter((generator) => generator.typed !== undefined).map(({ name }) => name);
const withTools = generators.filter(({ tools }) => tools !== undefined).map(({ name }) => name);

/** The tables of the first part. */
export function printCompile({ documents, version }: CompileFigures): string {
  const generate = (each: DocumentFigures) => each.generate;
  const check = (version: Compiler) => (each: DocumentFigures) => each.check[version];
  return [
    costTable("Generating: CPU seconds", "cpu", documents, everything, generate, 2),
    costTable("Generating: wall seconds", "wall", documents, everything, generate, 2),
    costTable("Generating: peak memory, MB", "memory", documents, everything, generate, 0),
    ...(Object.keys(compilers) as Compiler[]).flatMap((version) => [
      costTable(`Checking with TypeScript ${version}: CPU seconds`, "cpu", documents, typed, check(version), 2),
      costTable(`Checking with TypeScript ${version}: wall seconds`, "wall", documents, typed, check(version), 2),
      costTable(`Checking with TypeScript ${version}: peak memory, MB`, "memory", documents, typed, check(version), 0),
    ]),
    errorTable(documents),
    tokenTable(documents),
    `\`fctool --version\`: ${figure(median(version.map(({ cpu }) => cpu)), 2)} CPU s, ${figure(median(version.map(({ wall }) => wall)), 2)} s.\n`,
    failureList(documents),
  ].join("\n");
}

/** Medians, each with how many times as much as the first column's it is, pair by pair. */
function costTable(
  title: string,
  field: keyof Cost,
  documents: readonly DocumentFigures[],
  names: readonly string[],
  costsOf: (figures: DocumentFigures) => Costs,
  digits: number,
): string {
  const rows = documents.map((document) => {
    const values = (name: string) => costsOf(document)[name]?.map((cost) => cost[field]);
    const base = values(names[0] ?? "");
    return [
      `${document.document} (${figure(document.size / 2 ** 20, 2)} MB)`,
      ...names.map((name, index) => {
        const own = values(name);
        if (own === undefined) return "–";
        const times = index > 0 && base !== undefined ? ` (${figure(ratio(own, base), 2)}×)` : "";
        return `${figure(median(own), digits)}${times}`;
      }),
    ];
  });
  return table(title, ["document", ...names], rows);
}

function errorTable(documents: readonly DocumentFigures[]): string {
  const rows = documents.map(({ document, errors }) => [document, ...typed.map((name) => figure(errors[name], 0))]);
  return table("Type errors (`strict`)", ["document", ...typed], rows);
}

function tokenTable(documents: readonly DocumentFigures[]): string {
  const rows = documents.map(({ document, tools }) => [
    document,
    ...withTools.map((name) => {
      const list = tools[name];
      if (list === undefined) return "–";
      return `${figure(list.tokens, 0)} (${list.count} tools, ${list.strict} strict)`;
    }),
    figure(((tools.fctool?.tokens ?? Number.NaN) / (tools["openapi-mcp-generator"]?.tokens ?? Number.NaN)) * 100, 0),
  ]);
  return table(
    "Tokens of the whole tool list",
    ["document", ...withTools, "fctool in % of openapi-mcp-generator"],
    rows,
  );
}

function failureList(documents: readonly DocumentFigures[]): string {
  const lines = documents.flatMap(({ document, failures }) =>
    Object.entries(failures).map(([name, reason]) => `- ${name} on ${document}: ${reason}`),
  );
  return lines.length > 0 ? ["Failed:", "", ...lines, ""].join("\n") : "";
}
