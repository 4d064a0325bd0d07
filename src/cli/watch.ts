import { existsSync, type FSWatcher, watch as watchFolder } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../compiler/errors.ts";
import { isUrl } from "../compiler/read-source.ts";
import { configNames } from "../config/load-config.ts";
import type { GenerateArgs } from "./args.ts";
import { ExitCode } from "./exit-code.ts";
import { explain } from "./explain.ts";
import { generateOnce, type Run } from "./generate.ts";
import { paint, printError } from "./print.ts";

/** Editors save in several steps; so long nothing may happen before the files are read. */
const quiet = 150;

/** Generates again whenever a file changes that a kit depends on, until it is interrupted. */
export async function watch(args: GenerateArgs): Promise<ExitCode> {
  if (args.document?.includes("-")) {
    throw new UsageError("standard input cannot be watched", "Give the document's path.");
  }
  const { document: documents = [] } = args;
  if (documents.length > 0 && documents.every(isUrl)) {
    const fix = "Download it and watch the file, or run fctool generate whenever it may have changed.";
    throw new UsageError(`${documents[0]} cannot be watched: nobody tells when what is behind a URL changes`, fix);
  }
  let watchers: readonly FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let wasChanged: () => void = () => {};
  let isInterrupted = false;
  const stop = () => {
    isInterrupted = true;
    wasChanged();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  let files: readonly string[] = [];
  const told = new Set<string>();
  while (!isInterrupted) {
    const changed = new Promise<void>((done) => {
      wasChanged = done;
    });
    const run = await attempt(args);
    files = filesOf(args, run, files);
    for (const line of unwatchedLines(run, told)) printError(paint("yellow", line));
    for (const watcher of watchers) watcher.close();
    watchers = watchAll(files, () => {
      clearTimeout(timer);
      timer = setTimeout(wasChanged, quiet);
    });
    printError(paint("dim", `watching ${files.length} file${files.length === 1 ? "" : "s"}; Ctrl+C ends it`));
    await changed;
  }
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  return ExitCode.done;
}

/** A document may be half saved: what is wrong is told, and the next change tried again. */
async function attempt(args: GenerateArgs): Promise<Run | undefined> {
  try {
    return await generateOnce(args);
  } catch (error) {
    explain(error, { isVerbose: args.verbose === true });
    return undefined;
  }
}

/** What lies behind URLs is read again with the rest; each is told of once. */
function unwatchedLines(run: Run | undefined, told: Set<string>): string[] {
  const remote = (run?.addresses ?? []).filter((address) => isUrl(address) && !told.has(address));
  for (const address of remote) told.add(address);
  return remote.map((address) => `${address} is not watched: it is read again when a file changes`);
}

/** All that a kit depends on. After a failure, what it depended on before stays watched. */
function filesOf({ document = [], config }: GenerateArgs, run: Run | undefined, before: readonly string[]): string[] {
  const inputs = run === undefined ? document : run.jobs.flatMap((job) => [job.document, ...job.templateFiles]);
  const addresses = (run?.addresses ?? []).filter((address) => address.startsWith("file:"));
  const isComplete = run?.exitCode === ExitCode.done;
  const configs = document.length > 0 ? [] : config === undefined ? configNames : [config];
  const found = [...inputs.filter((input) => !isUrl(input)), ...configs].map((path) => resolve(path));
  return [...new Set([...found, ...addresses.map((address) => fileURLToPath(address)), ...(isComplete ? [] : before)])];
}

/** Folders are watched, not files: editors put a new file in the place of the old one. */
function watchAll(files: readonly string[], onChange: () => void): FSWatcher[] {
  const byFolder = Map.groupBy(files, (file) => dirname(file));
  return [...byFolder].flatMap(([folder, files]) => {
    if (!existsSync(folder)) return [];
    const names = new Set(files);
    const watcher = watchFolder(folder, (_event, name) => {
      if (name === null || names.has(resolve(folder, name))) onChange();
    });
    return watcher.on("error", onChange);
  });
}
