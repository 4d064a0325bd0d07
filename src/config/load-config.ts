import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, relative } from "node:path";
import { type AsyncSearcher, type Loader, lilconfig } from "lilconfig";
import { DocumentError, UsageError } from "../compiler/errors.ts";
import { parse } from "../compiler/parse.ts";
import { checkConfig } from "./check-config.ts";
import type { Config } from "./config.ts";
import { importModule } from "./import-module.ts";

/** A configuration, and where it was found. */
export interface FoundConfig {
  readonly path: string;
  /** What paths in it are relative to. */
  readonly folder: string;
  readonly config: Config;
}

/** The names under which a configuration is found. */
export const configNames: readonly string[] = ["ts", "mts", "js", "mjs", "json", "yaml"].map(
  (ending) => `fctool.config.${ending}`,
);

/** The path of the configuration in a folder or above it, which is not read. */
export async function findConfig(from: string): Promise<string | undefined> {
  const unread = () => ({});
  return (await searcherWith(unread, unread).search(from))?.filepath;
}

/** Whether a configuration is data, so that reading it runs nothing. */
export function isData(path: string): boolean {
  return /\.(json|ya?ml)$/.test(path);
}

/** Finds the configuration in a folder or above it, or reads the one that is named. Throws `UsageError`. */
export async function loadConfig(from: string, path?: string): Promise<FoundConfig | undefined> {
  const searcher = searcherWith(importConfig, parseConfig);
  const found = await (path === undefined ? searcher.search(from) : loadNamed(searcher, path));
  if (found === null) return undefined;
  const config = checkConfig(found.config ?? {}, shown(found.filepath));
  return { path: found.filepath, folder: dirname(found.filepath), config };
}

function searcherWith(code: Loader, data: Loader): AsyncSearcher {
  return lilconfig("fctool", {
    searchPlaces: [...configNames],
    cache: false,
    ignoreEmptySearchPlaces: false,
    loaders: { ".ts": code, ".mts": code, ".js": code, ".mjs": code, ".json": data, ".yaml": data, ".yml": data },
  });
}

const configEnding = /\.(m?[jt]s|json|ya?ml)$/;

async function loadNamed(searcher: AsyncSearcher, path: string) {
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new UsageError(`${shown(path)} is a folder`, "Name the configuration in it.");
  }
  if (existsSync(path) && !configEnding.test(path)) {
    const fix = "Call it something.ts, .mts, .js, .mjs, .json or .yaml.";
    throw new UsageError(`${shown(path)} is not called like a configuration`, fix);
  }
  try {
    return await searcher.load(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = error instanceof Error ? error.message : String(error);
    const problem = isMissing ? `${shown(path)}: no such file` : `${shown(path)} cannot be read: ${reason}`;
    throw new UsageError(problem, "Check the path of --config.", { cause: error });
  }
}

/** A file that is called nearly as a configuration is, and is not read. */
export function misnamedConfig(folder: string): string | undefined {
  return readdirSync(folder).find((name) => /^\.?fctool(\.config\.|\.?rc|\.(json|ya?ml|[cm]?[jt]s)$)/.test(name));
}

/** Modules are read anew when they changed. */
async function importConfig(path: string): Promise<unknown> {
  try {
    const module = await orUnsettled(path, importModule(path, { version: statSync(path).mtimeMs }));
    if (module.default === undefined) {
      throw new UsageError(
        `${shown(path)} exports no configuration`,
        "Write: export default defineConfig({ kits: { … } })",
      );
    }
    return await module.default;
  } catch (error) {
    throw error instanceof UsageError ? error : importProblem(path, error);
  }
}

/** Node ends without a word where nothing is left to wait for. */
function orUnsettled<Value>(path: string, value: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const refuse = () =>
      reject(new UsageError(`${shown(path)} awaits what never comes`, "Look for an await at its top, and mend it."));
    process.once("beforeExit", refuse);
    const settled = () => void process.off("beforeExit", refuse);
    value.finally(settled).then(resolve, reject);
  });
}

function importProblem(path: string, error: unknown): UsageError {
  const message = error instanceof Error ? (error.message.split("\n", 1)[0] as string) : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const where = `${shown(path)}${placeIn(path, error)}`;
  const options = { cause: error };
  if (code === "ERR_MODULE_NOT_FOUND" && message.includes("package 'fctool'")) {
    const fix = "Install it beside the configuration, or write: export default { kits: { … } }";
    return new UsageError(`${where} imports fctool, which is not installed here`, fix, options);
  }
  if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_UNKNOWN_BUILTIN_MODULE") {
    const [what] = message.split(" imported from ");
    return new UsageError(
      `${where} cannot be loaded: ${what?.replace(/^[CN]/, (letter) => letter.toLowerCase())}`,
      "Correct the import, or install it.",
      options,
    );
  }
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    const fix = "TypeScript in a configuration must be erasable: no enum, no namespace, no parameter properties.";
    return new UsageError(`${where} cannot be loaded: ${message}`, fix, options);
  }
  const [, module, missing] = /module '(.+)' does not provide an export named '(.+)'/.exec(message) ?? [];
  if (missing !== undefined) {
    return new UsageError(
      `${where} imports ${missing}, which ${module} does not export`,
      "Correct the import.",
      options,
    );
  }
  if (/^(module|exports|require|__dirname|__filename) is not defined in ES module scope/.test(message)) {
    const fix =
      "Write export default { kits: { … } }, import instead of require, import.meta.dirname instead of __dirname.";
    return new UsageError(`${where} is CommonJS in a package of ES modules`, fix, options);
  }
  if (error instanceof SyntaxError) {
    return new UsageError(
      `${where} is no valid ${isTypeScript(path) ? "TypeScript" : "JavaScript"}: ${message}`,
      "Mend it there.",
      options,
    );
  }
  return new UsageError(`${where} throws: ${message}`, "Mend it there, or set what it needs.", options);
}

function isTypeScript(path: string): boolean {
  return /\.m?ts$/.test(path);
}

/** `:3:1`, as far as the stack of an error tells it. */
function placeIn(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const after =
    stack
      .split(path)
      .slice(1)
      .find((rest) => /^(\?[\d.]+)?:\d+/.test(rest)) ?? "";
  const [, line, column] = /^(?:\?[\d.]+)?:(\d+)(?::(\d+))?/.exec(after) ?? [];
  if (line === undefined) return "";
  const caret = column ?? String((/\n( *)\^/.exec(after)?.[1]?.length ?? 0) + 1);
  return `:${line}:${caret}`;
}

function parseConfig(path: string, text: string): unknown {
  const comment = text.split("\n").findIndex((line) => /^\s*\/[/*]/.test(line)) + 1;
  if (path.endsWith(".json") && comment > 0) {
    const fix = "Remove it, or write YAML, and call it fctool.config.yaml.";
    throw new UsageError(`${shown(path)}:${comment}:1 is a comment, which JSON does not have`, fix);
  }
  try {
    return parse(text, shown(path)).value;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { file, line, column } = error.location ?? { file: shown(path), line: 1, column: 1 };
    throw new UsageError(`${file}:${line}:${column}: ${error.message}`, error.fix, { cause: error });
  }
}

function shown(path: string): string {
  const way = relative(process.cwd(), path);
  return way === "" ? "." : way.startsWith("..") ? path : way;
}
