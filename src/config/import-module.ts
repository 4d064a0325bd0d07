import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** How modules may be found, where that is not Node's way. */
export type Resolve = NonNullable<Parameters<typeof registerHooks>[0]["resolve"]>;

/**
 * Imports a file of the user's. What is written as an ES module is one, whatever `type` the package.json around it has:
 * `npm init` writes "commonjs", and where there is none Node warns. `version` tells apart the states of a file that changes.
 */
export async function importModule(
  path: string,
  { resolve, version = "" }: { readonly resolve?: Resolve; readonly version?: string | number } = {},
): Promise<{ readonly [name: string]: unknown }> {
  const hooks = registerHooks({
    ...(resolve !== undefined && { resolve }),
    load: (url, context, next) => next(url, isModule(url) ? { ...context, format: formatOf(url) } : context),
  });
  try {
    return await import(`${pathToFileURL(path).href}${version === "" ? "" : `?${version}`}`);
  } finally {
    hooks.deregister();
  }
}

function isModule(url: string): boolean {
  if (!url.startsWith("file:") || url.includes("/node_modules/") || !/\.[jt]s(\?|$)/.test(url)) return false;
  return /^\s*(import\s*["'{*\w]|export\s*[{*\w])/m.test(readFileSync(fileURLToPath(url), "utf8"));
}

function formatOf(url: string): string {
  return /\.ts(\?|$)/.test(url) ? "module-typescript" : "module";
}
