import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { DocumentError, UsageError } from "../compiler/errors.ts";
import { decode, isUrl } from "../compiler/read-source.ts";
import type { KitConfig } from "../config/config.ts";
import { type FoundConfig, loadConfig, misnamedConfig } from "../config/load-config.ts";
import { nearest } from "../runtime/nearest.ts";
import type { DocumentArgs, GenerateArgs } from "./args.ts";
import type { BuildOptions } from "./build-kit.ts";
import { outputPath, outputPaths } from "./output-paths.ts";
import { near } from "./print.ts";

/** One kit to make. */
export interface Job {
  /** The kit's name in the configuration. */
  readonly name?: string | undefined;
  /** What messages call the document. */
  readonly document: string;
  /** An absolute path. */
  readonly output: string;
  readonly options: BuildOptions;
  readonly limits: Limits;
  /** The files of templates, of which `options` holds the texts. */
  readonly templateFiles: readonly string[];
}

/** What a kit may not exceed. */
export interface Limits {
  readonly maxTokens?: number | undefined;
  readonly maxTools?: number | undefined;
  readonly failOn: "error" | "warning";
}

export interface Jobs {
  readonly jobs: readonly Job[];
  /** Where the kits come from, where that is a configuration. */
  readonly config: FoundConfig | undefined;
}

/** What is to be made: of the documents on the command line, or of all kits in the configuration. */
export async function findJobs(args: GenerateArgs): Promise<Jobs> {
  const documents = args.document ?? [];
  if (documents.length > 0 && args.project === undefined && args.config === undefined) {
    await requireDocuments(documents, args);
    const paths = outputPaths(documents, args.output);
    const jobs = [...paths].map(([document, output]) => toJob({ input: document }, document, output, ".", args));
    return { jobs: await Promise.all(jobs), config: undefined };
  }
  if (documents.length > 0) {
    throw new UsageError(
      "documents and a configuration cannot be given together",
      "Leave out the documents, or --config and --project.",
    );
  }
  const config = await loadConfig(process.cwd(), args.config);
  if (config === undefined) throw noConfig(args);
  return { jobs: await configuredJobs(config, args), config };
}

function noConfig({ project }: GenerateArgs): UsageError {
  const other = misnamedConfig(process.cwd());
  if (other !== undefined) {
    const fix = "Call it fctool.config.ts, .mts, .js, .mjs, .json or .yaml.";
    return new UsageError(`${other} is not read: it is not called like a configuration`, fix);
  }
  const needed = project === undefined ? "generate needs a document, or a configuration" : "-p needs a configuration";
  return new UsageError(
    `${needed}, and there is no fctool.config.ts here or above`,
    "Give a path, an http(s) URL, or - for standard input; or write a configuration: fctool init",
  );
}

const listFlags = ["include", "exclude", "include-tags", "exclude-tags", "overlay", "allow-external-refs"] as const;

/** A flag takes one value each time; a second one would be taken for a document, as would the name of a kit. */
async function requireDocuments(documents: readonly string[], args: GenerateArgs): Promise<void> {
  const stray = documents.find(isName);
  if (stray === undefined) return;
  const flag = listFlags.find((name) => args[name] !== undefined);
  if (flag !== undefined) {
    const fix = `Write each value behind a flag of its own: --${flag} ${args[flag]?.[0]} --${flag} ${stray}`;
    throw new UsageError(`${stray} is taken for a document, as --${flag} takes one value each time`, fix);
  }
  if ((await findKit(stray, {})) === undefined) return;
  throw new UsageError(`${stray} is a kit of the configuration, and no document`, `Write: fctool generate -p ${stray}`);
}

/** A word that is neither a path nor a URL. */
export function isName(word: string): boolean {
  return word !== "-" && !isUrl(word) && !/[./\\]/.test(word) && !existsSync(word);
}

/** The kit of this name, where that is what the word means. */
export async function findKit(
  name: string,
  args: DocumentArgs,
): Promise<{ readonly job: Job; readonly config: FoundConfig } | undefined> {
  const config = isName(name) ? await loadConfig(process.cwd()) : undefined;
  if (config === undefined) return undefined;
  const names = Object.keys(config.config.kits);
  if (!names.includes(name)) {
    const likely = nearest(name, names);
    const fix = likely === undefined ? `The kits are ${names.join(", ")}.` : `Did you mean ${likely}?`;
    throw new DocumentError(`${name}: no such file, and no kit of the configuration`, fix);
  }
  const [job] = await configuredJobs(config, { ...args, project: [name] });
  return job && { job, config };
}

async function configuredJobs({ config, folder }: FoundConfig, args: GenerateArgs): Promise<Job[]> {
  const names = Object.keys(config.kits);
  const wanted = [...new Set(args.project ?? names)];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const likely = nearest(unknown, names);
    const fix = likely === undefined ? `There is ${names.join(", ")}.` : `Did you mean ${likely}?`;
    throw new UsageError(`the configuration has no kit ${JSON.stringify(unknown)}`, fix);
  }
  if (args.output !== undefined && wanted.length > 1) {
    throw new UsageError("-o takes one kit, and the configuration has several", "Name one: -p <kit>");
  }
  const jobs = wanted.map((name) => {
    const kit = config.kits[name] as KitConfig;
    const output = args.output === undefined ? undefined : outputPath(name, args.output);
    return toJob(kit, name, output ?? resolve(folder, kit.output ?? `${name}.gen.ts`), folder, args);
  });
  const all = await Promise.all(jobs);
  for (const [index, job] of all.entries()) {
    const other = all.slice(0, index).find(({ output }) => output === job.output);
    if (other === undefined) continue;
    const fix = `Give one of them another output: kits.${job.name}.output`;
    throw new UsageError(`the kits ${other.name} and ${job.name} would both become ${near(job.output)}`, fix);
  }
  return all;
}

/** The command line beats the configuration. */
async function toJob(kit: KitConfig, name: string, output: string, folder: string, args: GenerateArgs): Promise<Job> {
  const from = (path: string) => (isUrl(path) || path === "-" || folder === "." ? path : near(resolve(folder, path)));
  const root = kit.root === undefined ? undefined : resolve(folder, kit.root);
  requireFolder(root, `kits.${name}.root`);
  requireHosts(kit.allowExternalRefs, `kits.${name}.allowExternalRefs`);
  const templates = Object.entries(kit.templates ?? {}).flatMap(([part, path]) =>
    path === undefined ? [] : [[part, resolve(folder, path)] as const],
  );
  const texts = await Promise.all(templates.map(async ([part, path]) => [part, await readTemplate(path)] as const));
  const flags = documentOptions(args);
  const maxTokens = budget("max-tokens", args) ?? kit.maxTokens;
  const options = {
    ...(await readInput(from(kit.input))),
    ...flags,
    overlays: [...(kit.overlays ?? []).map(from), ...(flags.overlays ?? [])],
    select: {
      include: flags.select.include ?? kit.include,
      exclude: flags.select.exclude ?? kit.exclude,
      includeTags: flags.select.includeTags ?? kit.includeTags,
      excludeTags: flags.select.excludeTags ?? kit.excludeTags,
      deprecated: flags.select.deprecated ?? kit.deprecated,
    },
    root: flags.root ?? root,
    allowExternalRefs: flags.allowExternalRefs ?? kit.allowExternalRefs,
    descriptions: flags.descriptions ?? kit.descriptions,
    operations: kit.operations,
    ...(texts.length > 0 && { templates: Object.fromEntries(texts) }),
    countsTokens: maxTokens !== undefined || args.reporter === "json",
  };
  return {
    ...(folder !== "." && { name }),
    document: from(kit.input),
    output,
    options,
    templateFiles: templates.map(([, path]) => path),
    limits: {
      maxTokens,
      maxTools: budget("max-tools", args) ?? kit.maxTools,
      failOn: args["fail-on"] ?? kit.failOn ?? "error",
    },
  };
}

function budget(flag: "max-tokens" | "max-tools", { [flag]: number }: GenerateArgs): number | undefined {
  if (number === undefined || (Number.isSafeInteger(number) && number > 0)) return number;
  throw new UsageError(`--${flag} must be a whole number above 0`, `Write it like --${flag} 80.`);
}

async function readTemplate(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`the template ${near(path)} cannot be read`, "Check the path under templates.", {
      cause: error,
    });
  }
}

/** A reference is compared with hosts, so that an address would allow nothing. */
function requireHosts(hosts: readonly string[] | undefined, what: string): void {
  const wrong = hosts?.find((host) => !/^[\w.-]+(:\d+)?$/.test(host));
  if (wrong === undefined) return;
  const host = URL.canParse(wrong) ? new URL(wrong).host : "";
  throw new UsageError(`${what} ${JSON.stringify(wrong)} is no host`, `Write it like ${host || "api.example"}`);
}

function requireFolder(path: string | undefined, what: string): void {
  if (path === undefined || (existsSync(path) && statSync(path).isDirectory())) return;
  throw new UsageError(
    `${what} ${near(path)}: there is no such folder`,
    "Name the folder that all referenced files lie in.",
  );
}

/** What flags say about reading and compiling a document. */
export function documentOptions(args: DocumentArgs) {
  requireFolder(args.root, "--root");
  requireHosts(args["allow-external-refs"], "--allow-external-refs");
  return {
    root: args.root,
    allowExternalRefs: args["allow-external-refs"],
    overlays: args.overlay,
    descriptions: args.descriptions,
    select: {
      include: names("include", args.include),
      exclude: names("exclude", args.exclude),
      includeTags: args["include-tags"],
      excludeTags: args["exclude-tags"],
      deprecated: args.deprecated,
    },
  };
}

/** A document to compile; that on standard input is read now. */
export async function readInput(document: string): Promise<{ input: string; text?: string }> {
  if (document !== "-") return { input: document };
  const input = "standard input";
  if (process.stdin.isTTY)
    throw new UsageError("nothing is piped into standard input", "Pipe a document in, or give its path.");
  return { input, text: decode(await buffer(process.stdin), input) };
}

/** `a,b` stands for two names; a path may hold a comma. */
function names(flag: string, patterns: readonly string[] | undefined): readonly string[] | undefined {
  if (patterns?.some((pattern) => pattern.trim() === ""))
    throw new UsageError(`--${flag} is empty`, `Give an operationId, a tool name, or "METHOD /path/glob".`);
  return patterns?.flatMap((pattern) => (pattern.includes("/") ? pattern : pattern.split(",")));
}
