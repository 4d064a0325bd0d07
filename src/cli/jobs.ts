import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { UsageError } from "../compiler/errors.ts";
import { decode, isUrl } from "../compiler/read-source.ts";
import type { KitConfig } from "../config/config.ts";
import { type FoundConfig, loadConfig } from "../config/load-config.ts";
import { nearest } from "../runtime/nearest.ts";
import type { DocumentArgs, GenerateArgs } from "./args.ts";
import type { BuildOptions } from "./build-kit.ts";
import { outputPaths } from "./output-paths.ts";

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
    requireDocuments(documents, args);
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
  if (config === undefined) {
    throw new UsageError(
      "generate needs a document, or a configuration, and there is no fctool.config.ts here or above",
      "Give a path, an http(s) URL, or - for standard input; or write a configuration: fctool init",
    );
  }
  return { jobs: await configuredJobs(config, args), config };
}

const listFlags = ["include", "exclude", "include-tags", "exclude-tags", "overlay", "allow-external-refs"] as const;

/** A flag takes one value each time; a second one would be taken for a document. */
function requireDocuments(documents: readonly string[], args: GenerateArgs): void {
  const flag = listFlags.find((name) => args[name] !== undefined);
  const stray = documents.find((word) => word !== "-" && !isUrl(word) && !/[./\\]/.test(word) && !existsSync(word));
  if (flag === undefined || stray === undefined) return;
  const fix = `Write each value behind a flag of its own: --${flag} ${args[flag]?.[0]} --${flag} ${stray}`;
  throw new UsageError(`${stray} is taken for a document, as --${flag} takes one value each time`, fix);
}

async function configuredJobs({ config, folder }: FoundConfig, args: GenerateArgs): Promise<Job[]> {
  const names = Object.keys(config.kits);
  const wanted = args.project ?? names;
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
    const output = args.output === undefined ? resolve(folder, kit.output ?? `${name}.gen.ts`) : resolve(args.output);
    return toJob(kit, name, output, folder, args);
  });
  const all = await Promise.all(jobs);
  for (const [index, job] of all.entries()) {
    const other = all.slice(0, index).find(({ output }) => output === job.output);
    if (other === undefined) continue;
    const fix = `Give one of them another output: kits.${job.name}.output`;
    throw new UsageError(`the kits ${other.name} and ${job.name} would both become ${job.output}`, fix);
  }
  return all;
}

/** The command line beats the configuration. */
async function toJob(kit: KitConfig, name: string, output: string, folder: string, args: GenerateArgs): Promise<Job> {
  const from = (path: string) => (isUrl(path) || path === "-" ? path : folder === "." ? path : near(folder, path));
  const templates = Object.entries(kit.templates ?? {}).flatMap(([part, path]) =>
    path === undefined ? [] : [[part, resolve(folder, path)] as const],
  );
  const texts = await Promise.all(templates.map(async ([part, path]) => [part, await readTemplate(path)] as const));
  const flags = documentOptions(args);
  const maxTokens = args["max-tokens"] ?? kit.maxTokens;
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
    root: flags.root ?? (kit.root === undefined ? undefined : resolve(folder, kit.root)),
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
      maxTools: args["max-tools"] ?? kit.maxTools,
      failOn: args["fail-on"] ?? kit.failOn ?? "error",
    },
  };
}

function near(folder: string, path: string): string {
  const whole = resolve(folder, path);
  const here = `${process.cwd()}/`;
  return whole.startsWith(here) ? whole.slice(here.length) : whole;
}

async function readTemplate(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`the template ${path} cannot be read`, "Check the path under templates.", { cause: error });
  }
}

/** What flags say about reading and compiling a document. */
export function documentOptions(args: DocumentArgs) {
  if (args.root !== undefined && !existsSync(args.root)) {
    throw new UsageError(
      `--root ${args.root}: there is no such folder`,
      "Name the folder that all referenced files lie in.",
    );
  }
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
