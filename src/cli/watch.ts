import { existsSync, type FSWatcher, watch as watchFolder } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { UsageError } from "../compiler/errors.ts";
import { isUrl } from "../compiler/read-source.ts";
import type { GenerateArgs } from "./args.ts";
import { ExitCode } from "./exit-code.ts";
import { explain } from "./explain.ts";
import type { Run } from "./generate.ts";
import { count, paint, printError } from "./print.ts";
import { type Remaker, remaker } from "./remake.ts";

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
  const kits = remaker(args);
  const told = new Set<string>();
  while (!isInterrupted) {
    const changed = new Promise<void>((done) => {
      wasChanged = done;
    });
    const run = await attempt(kits, args);
    const files = kits.files();
    for (const line of unwatchedLines(run, told)) printError(paint("yellow", line));
    for (const watcher of watchers) watcher.close();
    watchers = watchAll(files, () => {
      clearTimeout(timer);
      timer = setTimeout(wasChanged, quiet);
    });
    const present = files.filter((file) => existsSync(file)).length;
    printError(paint("dim", `watching ${count(present, "file")}; Ctrl+C ends it`));
    await changed;
  }
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  return ExitCode.done;
}

/** A configuration may be half saved: what is wrong is told, and the next change tried again. */
async function attempt(kits: Remaker, { verbose = false }: GenerateArgs): Promise<Run | undefined> {
  try {
    return await kits.make();
  } catch (error) {
    explain(error, { isVerbose: verbose });
    return undefined;
  }
}

/** What lies behind URLs is read again with the rest; each is told of once. */
function unwatchedLines(run: Run | undefined, told: Set<string>): string[] {
  const remote = (run?.addresses ?? []).filter((address) => isUrl(address) && !told.has(address));
  for (const address of remote) told.add(address);
  return remote.map((address) => `${address} is not watched: it is read again when a file changes`);
}

/** Folders are watched, not files: editors put a new file in the place of the old one, and Git whole folders. */
function watchAll(files: readonly string[], onChange: () => void): FSWatcher[] {
  const wanted = new Set(files.flatMap((file) => [file, ...foldersAbove(file)]));
  const byFolder = Map.groupBy(wanted, (path) => dirname(path));
  return [...byFolder].flatMap(([folder, paths]) => {
    if (!existsSync(folder)) return [];
    const names = new Set(paths);
    const watcher = watchFolder(folder, (_event, name) => {
      if (name === null || names.has(resolve(folder, name))) onChange();
    });
    return watcher.on("error", onChange);
  });
}

/** The folders that a file lies in, as far as they may come and go: those below the current one, otherwise its own. */
function foldersAbove(file: string): string[] {
  const here = process.cwd();
  const folders: string[] = [];
  for (let folder = dirname(file); folder.startsWith(here + sep); folder = dirname(folder)) folders.push(folder);
  return folders.length > 0 || dirname(file) === here ? folders : [dirname(file)];
}
