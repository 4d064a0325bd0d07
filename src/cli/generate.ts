import { UsageError } from "../compiler/errors.ts";
import { type Outcome, type Output, write } from "../emit/write.ts";
import { lockChanges } from "../lock.ts";
import { nearest } from "../runtime/nearest.ts";
import type { GenerateArgs, Reporter } from "./args.ts";
import { excessOf } from "./budgets.ts";
import type { BuiltKit, LocatedDiagnostic } from "./build-kit.ts";
import { buildKits } from "./build-kits.ts";
import { type RememberedKit, recall, remember } from "./cache.ts";
import { findOutdated, outdatedReasons, tellOutdated } from "./check.ts";
import { ExitCode } from "./exit-code.ts";
import { explainProblem, type Problem, reasonOf } from "./explain.ts";
import { findJobs, type Job, type Jobs } from "./jobs.ts";
import { type LockFile, nextLock, readLock, withLock, withNames } from "./lock-file.ts";
import { count, harmless, near, paint, printError } from "./print.ts";
import { diagnosticLines } from "./print-diagnostics.ts";
import { startLiveList } from "./progress.ts";
import { type Reason, type Reported, report, reportProblem } from "./report.ts";

const shownChanges = 40;

/** What Chat Completions takes in one request. */
const mostTools = 128;

/** One run of `fctool generate`, and the files that it depends on. */
export interface Run {
  readonly exitCode: ExitCode;
  readonly jobs: readonly Job[];
  readonly addresses: readonly string[];
  /** What it fails for. */
  readonly reasons: readonly Reason[];
}

/** Says what keeps kits with these warnings from being written, if anything does. */
export type Objection = (diagnostics: readonly LocatedDiagnostic[]) => Reason | undefined;

/** A kit of this run. What was remembered has no code: its file is as it should be. */
type Kit = { readonly job: Job } & (
  | { readonly kit: BuiltKit }
  | { readonly kit: RememberedKit; readonly isSame: true }
);

/** `fctool generate`: every kit is made before the first one is written. */
export async function generateCommand(args: GenerateArgs): Promise<ExitCode> {
  if (args.watch === true) {
    const other = (["check", "dry-run", "frozen-lock"] as const).find((flag) => args[flag] === true);
    if (other !== undefined) {
      throw new UsageError(`--watch and --${other} cannot be given together`, `Leave out one: --${other} looks once.`);
    }
    const { watch } = await import("./watch.ts");
    return watch(args);
  }
  return (await generateOnce(args)).exitCode;
}

/** Makes and writes what is not up to date. */
export async function generateOnce(args: GenerateArgs, objection: Objection = () => undefined): Promise<Run> {
  const reporter = args.reporter ?? "pretty";
  const say = args.silent === true ? () => {} : printError;
  const found = await findJobs(args);
  const lock = found.config && (await readLock(found.config));
  const jobs = found.jobs.map((job) => withLock(job, lock));
  const start = Date.now();
  const { kits, problems } = await makeKits(jobs, args);
  const addresses = kits.flatMap(({ kit }) => kit.addresses);
  const end = (
    exitCode: ExitCode,
    outcomes: readonly (Outcome | undefined)[] = [],
    reasons: readonly Reason[] = [],
  ): Run => {
    const all = kits.map(({ job, kit }, index): Reported => ({ job, kit, outcome: outcomes[index] }));
    if (args.silent !== true) report(all, reporter, exitCode, reasons);
    return { exitCode, jobs, addresses, reasons };
  };
  if (problems.length > 0) return { ...tellProblems(problems, args, reporter), jobs, addresses };
  requireMatches(kits);

  for (const { kit } of kits) {
    for (const line of diagnosticLines(kit.diagnostics, { isVerbose: args.verbose === true })) say(line);
  }
  for (const kit of kits) if (kit.kit.tools.length > mostTools) for (const line of manyTools(kit)) say(line);
  if (args.verbose === true) for (const kit of kits) say(timeLine(kit));
  const objected = objection(kits.flatMap(({ kit }) => kit.diagnostics));
  if (objected !== undefined) {
    tellReason(objected);
    return end(ExitCode.found, [], [objected]);
  }
  const failing = kits.find(({ job, kit }) => reachesLimit(kit, job.limits.failOn));
  if (failing !== undefined) {
    const { failOn } = failing.job.limits;
    const flag = args["fail-on"] === undefined ? `failOn: ${JSON.stringify(failOn)}` : `--fail-on ${failOn}`;
    const reason = {
      message: `${failing.job.document}: nothing is written, as there is a warning, and ${flag} allows none`,
      fix: "Mend what is warned of, or allow it: --fail-on error",
    };
    tellReason(reason);
    return end(ExitCode.found, [], [reason]);
  }
  const excesses = excessesOf(kits);
  if (excesses.length > 0) return end(ExitCode.budget, [], excesses);
  const breaks = args["frozen-lock"] === true ? lockBreaks(kits, found, lock) : [];
  if (breaks.length > 0) return end(ExitCode.found, [], breaks);

  const isCheck = args.check === true;
  const outputs = kits.filter(isBuilt).map(({ job, kit }): Output => ({ path: job.output, code: kit.code }));
  // Others may have written it while these kits were made.
  const lockOutput = lockOutputOf(kits, found, found.config && (await readLock(found.config)));
  const written = await write([...outputs, ...lockOutput], { dryRun: isCheck || args["dry-run"] === true });
  const builtOutcomes = written.slice(0, outputs.length);
  const outcomes = kits.map((kit): Outcome => (isBuilt(kit) ? (builtOutcomes.shift() ?? "written") : "unchanged"));
  const isWritten = (outcome: Outcome | undefined) => outcome === "written" || outcome === "unchanged";
  for (const [index, kit] of kits.entries()) {
    if (isBuilt(kit) && isWritten(outcomes[index])) await remember(withNames(kit.job, kit.kit.locked), kit.kit, start);
  }
  if (!isCheck) return end(ExitCode.done, outcomes);
  const outdated = await findOutdated([...outputs, ...lockOutput], written, kits, lock);
  if (outdated.length === 0) return end(ExitCode.done, outcomes);
  const run = end(ExitCode.found, outcomes, outdatedReasons(outdated));
  await tellOutdated(outdated);
  return run;
}

function isBuilt(kit: Kit): kit is Kit & { readonly kit: BuiltKit } {
  return !("isSame" in kit);
}

async function makeKits(
  jobs: readonly Job[],
  args: GenerateArgs,
): Promise<{ kits: readonly Kit[]; problems: readonly Problem[] }> {
  const known = await Promise.all(jobs.map(recall));
  const stale = jobs.filter((_, index) => known[index] === undefined);
  const list = startLiveList(jobs, args.silent !== true && (args.reporter ?? "pretty") === "pretty");
  for (const [index, job] of jobs.entries()) if (known[index] !== undefined) list.done(job, "unchanged");
  const built = await buildKits(stale, {
    onStage: (job, stage) => list.show(job, stage),
    onDone: (job, result) => list.done(job, "kit" in result ? "made" : "failed"),
  });
  list.stop();
  const kits: Kit[] = [];
  const problems: Problem[] = [];
  for (const [index, job] of jobs.entries()) {
    const remembered = known[index];
    const result = built.get(job);
    if (remembered !== undefined) kits.push({ job, kit: remembered, isSame: true });
    else if (result !== undefined && "kit" in result) kits.push({ job, kit: result.kit });
    else if (result !== undefined) problems.push(result.problem);
  }
  return { kits, problems };
}

/** Everything that is wrong is explained, not only the first; programs get one object. */
function tellProblems(
  problems: readonly Problem[],
  args: GenerateArgs,
  reporter: Reporter,
): Pick<Run, "exitCode" | "reasons"> {
  for (const problem of problems) explainProblem(problem, { isVerbose: args.verbose === true });
  const [first] = problems as [Problem, ...Problem[]];
  reportProblem(first, reporter);
  return { exitCode: first.exitCode, reasons: problems.map(reasonOf) };
}

/** A pattern that fits nothing in any document is a slip. */
function requireMatches(kits: readonly Kit[]): void {
  const groups = kits.some(({ job }) => job.name !== undefined) ? kits.map((kit) => [kit]) : [kits];
  for (const group of groups) {
    const [first, ...others] = group.map(({ kit }) => kit);
    const pattern = first?.unmatched.find((each) => others.every(({ unmatched }) => unmatched.includes(each)));
    if (pattern === undefined) continue;
    const names = group.flatMap(({ kit }) => kit.available);
    const likely = pattern.includes("/") ? undefined : nearest(pattern, names);
    const form = 'Write an operationId, a tool name, or "METHOD /path/glob".';
    const fix = likely === undefined ? form : `Did you mean ${likely}? ${form}`;
    const name = group[0]?.job.name;
    const where = name === undefined ? "" : `the kit ${name}: `;
    throw new UsageError(`${where}${JSON.stringify(pattern)} fits no operation`, fix);
  }
}

/** A kit may hold more than a request takes; whoever does not know learns it from the provider's error. */
function manyTools({ job, kit }: Kit): string[] {
  return [
    `${paint("yellow", "hint")}: ${harmless(job.document)} has ${count(kit.tools.length, "tool")}, and a request takes at most ${mostTools}`,
    "  Choose where the kit runs, kit.pick(…) or activeTools, or here: --include, --include-tags.",
  ];
}

function timeLine({ job, kit, ...rest }: Kit): string {
  if ("isSame" in rest) return paint("dim", `${harmless(job.document)}: as it was, nothing to do`);
  const times = kit.times.map(({ stage, time }) => `${stage} ${Math.round(time).toLocaleString("en")} ms`);
  return paint("dim", `${harmless(job.document)}: ${times.join(", ")}`);
}

function reachesLimit({ diagnostics }: RememberedKit, limit: "error" | "warning"): boolean {
  return diagnostics.some(({ severity }) => severity === "error" || limit === "warning");
}

function excessesOf(kits: readonly Kit[]): Reason[] {
  const excesses = kits.flatMap(({ job, kit }) => {
    const excess = excessOf(kit, job.limits);
    return excess === undefined ? [] : [{ ...excess, message: `${job.document}: ${excess.message}` }];
  });
  for (const excess of excesses) tellReason(excess);
  return excesses;
}

function tellReason({ message, fix }: Reason): void {
  printError(`${paint("red", "error")}: ${harmless(message)}`);
  printError(`  ${harmless(fix)}`);
}

// ------------------------------------------------------------ lock

function lockOutputOf(kits: readonly Kit[], { config }: Jobs, lock: LockFile | undefined): Output[] {
  if (config === undefined || lock === undefined) return [];
  const made = new Map(kits.map(({ job, kit }) => [job.name ?? "", kit.locked]));
  return [{ path: lock.path, code: nextLock(lock, config, made) }];
}

function lockBreaks(kits: readonly Kit[], { config }: Jobs, lock: LockFile | undefined): Reason[] {
  if (config === undefined || lock === undefined) {
    throw new UsageError("--frozen-lock needs a configuration: the lock stands beside it", "Write one: fctool init");
  }
  const changes = kits.flatMap(({ job, kit }) => {
    const old = job.name === undefined ? undefined : lock.lock.kits[job.name];
    const renames = kit.diagnostics.filter(({ code }) => code === "FC203").map(({ message }) => message);
    return [...renames, ...lockChanges(old, kit.locked)].map((change) => `${job.name}: ${change}`);
  });
  if (changes.length === 0) return [];
  printError(
    `${paint("red", "error")}: ${near(lock.path)} is frozen, and ${count(changes.length, "thing")} would change`,
  );
  for (const change of changes.slice(0, shownChanges)) printError(`  ${harmless(change)}`);
  const isRenamed = kits.some(({ kit }) => kit.diagnostics.some(({ code }) => code === "FC203"));
  if (isRenamed) {
    printError(
      "  To keep a name for good, give it to the operation in the configuration; to rename, remove it from the lock.",
    );
  }
  const fix = "Run fctool generate without --frozen-lock, look at what changed, and commit it.";
  printError(`  ${isRenamed ? "Then run" : "Run"}${fix.slice("Run".length)}`);
  return changes.map((message) => ({ message, fix, file: near(lock.path) }));
}
