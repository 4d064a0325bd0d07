import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { BenchDocument } from "../documents.ts";
import { type Cost, measure, type Outcome } from "../measure.ts";
import { type Compiler, checkTypes, compilers, countErrors } from "./check-types.ts";
import { again, cli, type Generator, generators } from "./generators.ts";
import { readToolList, type ToolList } from "./tools.ts";

export interface CompileOptions {
  readonly documents: readonly BenchDocument[];
  readonly runs: number;
  /** An empty folder from which the peers and fctool are found. */
  readonly folder: string;
  readonly tell: (message: string) => void;
}

/** Everything measured on one document. */
export interface DocumentFigures {
  readonly document: string;
  /** Bytes. */
  readonly size: number;
  /** By generator, in the order of the runs. */
  readonly generate: { [generator: string]: Cost[] };
  /** By compiler, then by generator. */
  readonly check: { readonly [compiler in Compiler]: { [generator: string]: Cost[] } };
  /** The errors that `tsc` 7 finds, by generator. */
  readonly errors: { [generator: string]: number };
  readonly tools: { [generator: string]: ToolList };
  /** Why a generator made nothing of the document. */
  readonly failures: { [generator: string]: string };
}

export interface CompileFigures {
  readonly documents: readonly DocumentFigures[];
  /** `fctool --version`. */
  readonly version: readonly Cost[];
}

/** Runs every generator on every document, in turns, and looks at what they made. */
export async function measureCompile({ documents, runs, folder, tell }: CompileOptions): Promise<CompileFigures> {
  const small = documents.at(-1) as BenchDocument;
  tell("warming up");
  for (const generator of generators) await generateOnce(generator, small, join(folder, "warm"));
  const version: Cost[] = [];
  for (let run = 0; run < Math.max(runs, 5); run++) {
    version.push((await measure({ words: [cli, "--version"], cwd: folder })).cost);
  }
  const figures: DocumentFigures[] = [];
  for (const [index, document] of documents.entries()) {
    figures.push(await measureDocument(document, join(folder, String(index)), runs, tell));
  }
  return { documents: figures, version };
}

async function measureDocument(
  document: BenchDocument,
  folder: string,
  runs: number,
  tell: (message: string) => void,
): Promise<DocumentFigures> {
  const figures: DocumentFigures = {
    document: document.name,
    size: statSync(document.path).size,
    generate: {},
    check: { "7": {}, "5.9": {} },
    errors: {},
    tools: {},
    failures: {},
  };
  const folderOf = (generator: Generator) => join(folder, generator.name.replace(/\W+/g, "-"));
  for (let run = 0; run < runs; run++) {
    for (const generator of generators.filter(({ name }) => !(name in figures.failures))) {
      tell(`${document.name}: ${generator.name} (${run + 1}/${runs})`);
      const folder = folderOf(generator);
      record(figures, generator, folder, await generateOnce(generator, document, folder));
      if (generator !== generators[0] || generator.name in figures.failures) continue;
      record(figures, again, folder, await measure({ words: again.command(document.path), cwd: folder }));
    }
  }
  const made = generators.filter(({ name }) => !(name in figures.failures));
  for (let run = 0; run < runs; run++) {
    for (const generator of made) await checkOnce(figures, generator, folderOf(generator), tell);
  }
  for (const generator of made) {
    if (generator.tools === undefined) continue;
    tell(`${document.name}: tokens of ${generator.name}`);
    figures.tools[generator.name] = await readToolList(join(folderOf(generator), generator.tools));
  }
  return figures;
}

async function generateOnce(generator: Generator, document: BenchDocument, folder: string): Promise<Outcome> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return await measure({ words: generator.command(document.path), cwd: folder });
}

/** Some fail with exit code 0. */
function record(figures: DocumentFigures, generator: Generator, folder: string, outcome: Outcome): void {
  const { cost, status, stdout, stderr } = outcome;
  const { name, typed, tools } = generator;
  const isThere = [typed, tools].every((file) => file === undefined || existsSync(join(folder, file)));
  if (status === 0 && isThere) figures.generate[name] = [...(figures.generate[name] ?? []), cost];
  else figures.failures[name] = reasonIn(`${stderr}\n${stdout}`) ?? `exit code ${status}, and nothing made`;
}

/** The first line that sounds like a reason. */
function reasonIn(output: string): string | undefined {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /error: .*[^{]$/i.test(line)) ?? lines.at(-1))?.trim().slice(0, 200);
}

async function checkOnce(
  figures: DocumentFigures,
  { name, typed }: Generator,
  folder: string,
  tell: (message: string) => void,
): Promise<void> {
  if (typed === undefined) return;
  for (const version of Object.keys(compilers) as Compiler[]) {
    tell(`${figures.document}: tsc ${version} on ${name}`);
    const outcome = await checkTypes(folder, typed, version);
    const costs = figures.check[version];
    costs[name] = [...(costs[name] ?? []), outcome.cost];
    if (version === "7") figures.errors[name] = countErrors(outcome);
  }
}
