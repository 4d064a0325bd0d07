import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { explain, problemOf, reasonOf } from "../cli/explain.ts";
import { remaker } from "../cli/remake.ts";

export interface PluginOptions {
  /** The configuration. Default: `fctool.config.*` in the current folder or above. */
  readonly config?: string | undefined;
  /** The kits to make. Default: all. */
  readonly kits?: readonly string[] | undefined;
}

/** What is used of esbuild. */
interface Esbuild {
  onLoad(options: { readonly filter: RegExp }, load: (file: { readonly path: string }) => Promise<Loaded>): void;
}

type Loaded = { readonly contents: string; readonly loader: "ts"; readonly watchFiles: readonly string[] } | undefined;

/** A plug-in for Vite, Rollup, esbuild, webpack and others: makes the kits before a build, and again when documents change. */
export const fctool: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin((options, { framework }) => {
  const { config, kits: project } = options ?? {};
  const kits = remaker({ silent: true, ...(config !== undefined && { config }), ...(project && { project }) });
  const outputs = new Set<string>();
  let isFresh = false;
  const make = async () => {
    const { jobs, reasons } = await kits.make();
    for (const { output } of jobs) outputs.add(output);
    return reasons;
  };
  return {
    name: "fctool",
    async buildStart() {
      // What was told of a change has been answered already.
      const problem = isFresh
        ? undefined
        : await make().then(toError, (error) => toError([reasonOf(problemOf(error))]));
      isFresh = false;
      if (framework !== "esbuild") for (const file of kits.files()) this.addWatchFile(file);
      if (problem !== undefined) throw problem;
    },
    /** What is half saved leaves the kits as they are; standard error tells why. */
    async watchChange(id) {
      if (!kits.files().includes(resolve(id))) return;
      await make().catch(explain);
      isFresh = true;
    },
    esbuild: {
      /** It builds again when a file changes that what it loaded depends on. */
      setup(build: Esbuild) {
        build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
          if (!outputs.has(resolve(path))) return undefined;
          return { contents: await readFile(path, "utf8"), loader: "ts", watchFiles: [...kits.files()] };
        });
      },
    },
  };
});

function toError(reasons: readonly { readonly message: string; readonly fix: string }[]): Error | undefined {
  if (reasons.length === 0) return undefined;
  return new Error(`the kits cannot be made\n${reasons.map(({ message, fix }) => `${message}\n  ${fix}`).join("\n")}`);
}

export default fctool;
