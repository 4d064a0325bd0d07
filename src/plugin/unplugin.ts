import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { generateOnce } from "../cli/generate.ts";

export interface PluginOptions {
  /** The configuration. Default: `fctool.config.*` in the current folder or above. */
  readonly config?: string | undefined;
  /** The kits to make. Default: all. */
  readonly kits?: readonly string[] | undefined;
}

/** A plug-in for Vite, Rollup, esbuild, webpack and others: makes the kits before a build, and again when documents change. */
export const fctool: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin((options) => {
  const { config, kits } = options ?? {};
  let files = new Set<string>();
  const make = async () => {
    const args = {
      silent: true,
      ...(config !== undefined && { config }),
      ...(kits !== undefined && { project: kits }),
    };
    const { exitCode, jobs, addresses } = await generateOnce(args);
    const inputs = jobs
      .flatMap(({ document, templateFiles }) => [document, ...templateFiles])
      .map((path) => resolve(path));
    const local = addresses.filter((address) => address.startsWith("file:")).map((address) => fileURLToPath(address));
    files = new Set([...inputs, ...local]);
    if (exitCode !== 0) throw new Error("fctool could not make the kits; what is wrong stands above");
  };
  return {
    name: "fctool",
    async buildStart() {
      await make();
      for (const file of files) this.addWatchFile(file);
    },
    async watchChange(id) {
      if (files.has(resolve(id))) await make();
    },
  };
});

export default fctool;
