import { statSync } from "node:fs";
import { dirname, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { lilconfig } from "lilconfig";
import { DocumentError, UsageError } from "../compiler/errors.ts";
import { parse } from "../compiler/parse.ts";
import { checkConfig } from "./check-config.ts";
import type { Config } from "./config.ts";

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

/** Finds the configuration in a folder or above it, or reads the one that is named. Throws `UsageError`. */
export async function loadConfig(from: string, path?: string): Promise<FoundConfig | undefined> {
  const searcher = lilconfig("fctool", {
    searchPlaces: [...configNames],
    cache: false,
    ignoreEmptySearchPlaces: false,
    loaders: {
      ".ts": importConfig,
      ".mts": importConfig,
      ".js": importConfig,
      ".mjs": importConfig,
      ".json": parseConfig,
      ".yaml": parseConfig,
      ".yml": parseConfig,
    },
  });
  const found = await (path === undefined ? searcher.search(from) : loadNamed(searcher, path));
  if (found === null) return undefined;
  const config = checkConfig(found.config ?? {}, shown(found.filepath));
  return { path: found.filepath, folder: dirname(found.filepath), config };
}

async function loadNamed(searcher: ReturnType<typeof lilconfig>, path: string) {
  try {
    return await searcher.load(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${shown(path)} cannot be read: ${reason}`, "Check the path of --config.", { cause: error });
  }
}

/** Modules are read anew when they changed. */
async function importConfig(path: string): Promise<unknown> {
  try {
    const module = await import(`${pathToFileURL(path).href}?${statSync(path).mtimeMs}`);
    if (module.default === undefined) {
      throw new UsageError(
        `${shown(path)} exports no configuration`,
        "Write: export default defineConfig({ kits: { … } })",
      );
    }
    return module.default;
  } catch (error) {
    throw error instanceof UsageError ? error : importProblem(path, error);
  }
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
  if (code === "ERR_MODULE_NOT_FOUND") {
    const [what] = message.split(" imported from ");
    return new UsageError(
      `${where} cannot be loaded: ${what?.replace(/^C/, "c")}`,
      "Correct the import, or install it.",
      options,
    );
  }
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    const fix = "TypeScript in a configuration must be erasable: no enum, no namespace, no parameter properties.";
    return new UsageError(`${where} cannot be loaded: ${message}`, fix, options);
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
  return way.startsWith("..") ? path : way;
}
