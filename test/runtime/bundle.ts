import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import manifest from "../../package.json" with { type: "json" };

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** The entries of the runtime with their source. The longest come first: a bundler takes what a path begins with. */
export const entries: { readonly [entry: string]: string } = Object.fromEntries(
  Object.entries(manifest.exports)
    .flatMap(([name, target]) =>
      name.startsWith("./runtime") && typeof target === "object"
        ? [[name.replace(".", "fctool"), path(target.default.replace("./dist/", "src/").replace(/js$/, "ts"))] as const]
        : [],
    )
    .sort(([a], [b]) => b.length - a.length),
);

/** One module of an example, or another file, and all that it imports, the runtime from its source, as a host would deploy it. */
export async function bundle(file: string, format: "esm" | "cjs" = "esm"): Promise<string> {
  const { output } = await build({
    input: file.startsWith("/") ? file : path(`examples/${file}`),
    platform: "browser",
    write: false,
    logLevel: "silent",
    resolve: { alias: entries },
    output: { format },
  });
  return output[0].code;
}
