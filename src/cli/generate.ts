import { buffer } from "node:stream/consumers";
import { UsageError } from "../compiler/errors.ts";
import { decode, nameOf } from "../compiler/read-source.ts";
import { type Outcome, write } from "../emit/write.ts";
import { type GenerateOptions, type GenerateResult, generate } from "../generate.ts";
import { nearest } from "../runtime/nearest.ts";
import { ExitCode } from "./exit-code.ts";
import { explain } from "./explain.ts";
import { outputPaths } from "./output-paths.ts";
import { near, printError } from "./print.ts";
import { diagnosticLines } from "./print-diagnostics.ts";
import { printKits } from "./print-kits.ts";
import { stageNames, startProgress } from "./progress.ts";

/** The command's arguments, as yargs gives them. */
export interface GenerateArgs {
  readonly document?: readonly string[];
  readonly output?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly "include-tags"?: readonly string[];
  readonly "exclude-tags"?: readonly string[];
  readonly deprecated?: "include" | "exclude";
  readonly root?: string;
  readonly "allow-external-refs"?: readonly string[];
  readonly reporter?: "pretty" | "json";
  readonly "fail-on"?: "error" | "warning";
  readonly check?: boolean;
  readonly "dry-run"?: boolean;
  readonly verbose?: boolean;
}

/** A generated kit and its place. */
export interface Kit {
  readonly input: string;
  readonly path: string;
  readonly result: GenerateResult;
}

/** `fctool generate`: every document is compiled before the first kit is written. */
export async function generateCommand(args: GenerateArgs): Promise<ExitCode> {
  const paths = outputPaths(args.document ?? [], args.output);
  const { kits, exitCode } = await generateAll(paths, args);
  if (exitCode !== ExitCode.done) return exitCode;
  requireMatches(kits);

  for (const kit of kits) {
    for (const line of diagnosticLines(kit.result, { isVerbose: args.verbose === true })) printError(line);
  }
  if (kits.some(({ result }) => reachesLimit(result, args["fail-on"] ?? "error"))) {
    printError(`nothing is written: there is a diagnostic that --fail-on ${args["fail-on"] ?? "error"} does not allow`);
    await printKits(
      kits,
      kits.map(() => undefined),
      args.reporter,
      ExitCode.found,
    );
    return ExitCode.found;
  }
  const isCheck = args.check === true;
  const outputs = kits.map(({ path, result }) => ({ path, code: result.code }));
  const outcomes = await write(outputs, { dryRun: isCheck || args["dry-run"] === true });
  const code = isCheck && outcomes.includes("outdated") ? ExitCode.found : ExitCode.done;
  await printKits(kits, outcomes, args.reporter, code);
  if (isCheck) reportOutdated(kits, outcomes);
  return code;
}

/** Compiles all documents; whatever is wrong with any of them is explained, not only the first. */
async function generateAll(
  paths: ReadonlyMap<string, string>,
  args: GenerateArgs,
): Promise<{ kits: Kit[]; exitCode: ExitCode }> {
  const isJson = args.reporter === "json";
  const kits: Kit[] = [];
  let exitCode: ExitCode = ExitCode.done;
  for (const [input, path] of paths) {
    const progress = startProgress(!isJson);
    try {
      const onStage: GenerateOptions["onStage"] = (stage) => progress.show(`${stageNames[stage]} ${nameOf(input)}`);
      const result = await generate({ ...(await optionsFor(input, args)), onStage });
      kits.push({ input, path, result });
    } catch (error) {
      progress.stop();
      exitCode = explain(error, { isVerbose: args.verbose === true, isJson });
      if (isJson) break; // One object is all that standard output may hold.
    } finally {
      progress.stop();
    }
  }
  return { kits, exitCode };
}

async function optionsFor(input: string, args: GenerateArgs): Promise<GenerateOptions> {
  const options = {
    root: args.root,
    allowExternalRefs: args["allow-external-refs"],
    select: {
      include: names(args.include),
      exclude: names(args.exclude),
      includeTags: args["include-tags"],
      excludeTags: args["exclude-tags"],
      deprecated: args.deprecated,
    },
  };
  if (input !== "-") return { input, ...options };
  const label = "standard input";
  if (process.stdin.isTTY)
    throw new UsageError("nothing is piped into standard input", "Pipe a document in, or give its path.");
  return { input: label, text: decode(await buffer(process.stdin), label), ...options };
}

/** `a,b` stands for two names; a path may hold a comma. */
function names(patterns: readonly string[] | undefined): readonly string[] | undefined {
  return patterns?.flatMap((pattern) => (pattern.includes("/") ? pattern : pattern.split(",")));
}

/** A pattern that fits nothing in any document is a slip. */
function requireMatches(kits: readonly Kit[]): void {
  const [first, ...others] = kits.map(({ result }) => result);
  const pattern = first?.unmatched.find((each) => others.every(({ unmatched }) => unmatched.includes(each)));
  if (pattern === undefined) return;
  const likely = nearest(
    pattern,
    kits.flatMap(({ result }) => result.available),
  );
  const form = 'Write an operationId, a tool name, or "METHOD /path/glob".';
  const fix = likely === undefined ? form : `Did you mean ${likely}? ${form}`;
  throw new UsageError(`${JSON.stringify(pattern)} fits no operation`, fix);
}

function reachesLimit({ diagnostics }: GenerateResult, limit: "error" | "warning"): boolean {
  return diagnostics.some(({ severity }) => severity === "error" || limit === "warning");
}

function reportOutdated(kits: readonly Kit[], outcomes: readonly Outcome[]): void {
  kits.forEach(({ input, path }, index) => {
    if (outcomes[index] !== "outdated") return;
    printError(`${near(path)} is out of date: it is not what ${input} gives now`);
    printError(`  Run: fctool generate ${input} -o ${near(path)}, with the other flags of this command.`);
  });
}
