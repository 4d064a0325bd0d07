import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type DocumentReport, isTask, type Task } from "./check-document.ts";
import { isFailure, runAll } from "./pool.ts";
import { type Figure, figuresOf, formatCases, formatFigures, type Row, shareOf } from "./report.ts";
import { typeCheck } from "./type-check.ts";
import { createWorkplace } from "./workplace.ts";

const usage = `npm run corpus -- <folder or file..> [options]

  --limit N       only the first N documents
  --only TEXT     only documents whose path holds TEXT
  --ts 5.9        type-check with TypeScript 5.9 instead of 7
  --xgrammar      ask a grammar engine about every strict schema, too
  --seconds N     how long one document may take (default 300)
  --workers N     how many at once (default 2)
  --causes N      how many causes to print (default 30)
  --examples N    how many examples of each (default 1)
  --json FILE     all details
  --min ID=SHARE  another threshold for a figure: --min calls=0.99 --min strict=0.9
  --keep          leave the kits where they are`;

export interface CorpusOptions {
  readonly paths: readonly string[];
  readonly limit?: number;
  readonly only?: string;
  readonly typescript?: "7" | "5.9";
  readonly grammar?: boolean;
  readonly seconds?: number;
  readonly workers?: number;
  readonly keep?: boolean;
  readonly onDone?: (report: DocumentReport) => void;
}

/** Compiles and checks all documents of some folders. */
export async function checkCorpus(options: CorpusOptions): Promise<Row[]> {
  const {
    paths,
    limit = Number.POSITIVE_INFINITY,
    only = "",
    typescript = "7",
    grammar = false,
    seconds = 300,
    workers = 2,
  } = options;
  const files = paths
    .flatMap(filesIn)
    .filter((file) => file.includes(only) && isTask(file))
    .slice(0, limit);
  const workplace = createWorkplace();
  try {
    const tasks = files.map(
      (file, index): Task => ({
        file,
        compiler: workplace.compiler,
        folder: join(workplace.folder, String(index)),
        grammar,
      }),
    );
    const pool = {
      script: new URL("./worker.ts", import.meta.url),
      size: workers,
      limit: seconds * 1000,
      memory: 4000,
    };
    const reports: DocumentReport[] = [];
    await runAll<Task, DocumentReport>(tasks, pool, (task, outcome) => {
      const report = isFailure(outcome)
        ? { file: task.file, broken: outcome.failure, milliseconds: seconds * 1000 }
        : outcome;
      reports.push(report);
      options.onDone?.(report);
    });
    const kits = reports.flatMap(({ kit }) => (kit === undefined ? [] : [kit]));
    const errors = kits.length > 0 ? typeCheck(workplace.folder, kits, typescript) : new Map<string, string[]>();
    return reports
      .map((report) => ({ ...report, typeErrors: errors.get(report.kit ?? "") ?? [] }))
      .sort((one, other) => one.file.localeCompare(other.file));
  } finally {
    if (options.keep !== true) workplace.remove();
  }
}

/** The figures that fall short. */
export function shortfalls(figures: readonly Figure[], thresholds: { readonly [id: string]: number } = {}): Figure[] {
  return figures.filter((figure) => shareOf(figure) < (thresholds[figure.id] ?? figure.goal));
}

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [resolve(path)];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:json|ya?ml)$/i.test(entry.name))
    .map((entry) => resolve(join(entry.parentPath, entry.name)))
    .sort();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      limit: { type: "string" },
      only: { type: "string" },
      ts: { type: "string" },
      xgrammar: { type: "boolean" },
      seconds: { type: "string" },
      workers: { type: "string" },
      causes: { type: "string" },
      examples: { type: "string" },
      json: { type: "string" },
      min: { type: "string", multiple: true },
      keep: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true || positionals.length === 0) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  let done = 0;
  const rows = await checkCorpus({
    paths: positionals,
    limit: Number(values.limit ?? Number.POSITIVE_INFINITY),
    only: values.only ?? "",
    typescript: values.ts === "5.9" ? "5.9" : "7",
    grammar: values.xgrammar ?? false,
    seconds: Number(values.seconds ?? 300),
    workers: Number(values.workers ?? 2),
    keep: values.keep ?? false,
    onDone: ({ file, milliseconds, tools = [] }) => {
      done += 1;
      process.stderr.write(
        `${done} ${file.split("/").at(-1)}: ${tools.length} tools, ${(milliseconds / 1000).toFixed(1)} s\n`,
      );
    },
  });
  const figures = figuresOf(rows);
  process.stdout.write(`${formatFigures(figures)}\n\n`);
  process.stdout.write(
    `${formatCases(rows, { limit: Number(values.causes ?? 30), examples: Number(values.examples ?? 1) })}\n`,
  );
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ figures, rows }, null, 1));
  const thresholds = Object.fromEntries(
    (values.min ?? []).map((text) => text.split("=")).map(([id, share]) => [id, Number(share)]),
  );
  const short = shortfalls(figures, thresholds);
  if (short.length > 0) {
    process.stderr.write(`\nBelow the threshold: ${short.map(({ label }) => label).join("; ")}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
