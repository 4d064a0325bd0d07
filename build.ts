import { readFileSync } from "node:fs";
import { build } from "rolldown";

const { bin, exports: entries } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const published = Object.values<string | { readonly default: string }>({ ...bin, ...entries })
  .map((entry) => (typeof entry === "string" ? entry : entry.default))
  .filter((path) => path.endsWith(".js"));

/** The files that others name, and the one that threads run. The rest is put together, as many small files load slowly. */
const files = [...published, "dist/cli/build-worker.js"].map((file) => /dist\/(.*)\.js$/.exec(file)?.[1] ?? file);

await build({
  cwd: import.meta.dirname,
  input: Object.fromEntries(files.map((file) => [file, `src/${file}.ts`])),
  external: /^[^./]/,
  platform: "node",
  logLevel: "warn",
  output: {
    dir: "dist",
    cleanDir: true,
    minify: { compress: true, mangle: false, codegen: false },
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    codeSplitting: {
      groups: [
        { name: "runtime", test: /\/src\/runtime\/(?!observe|otel|sqlite)[\w-]+\.ts$/ },
        { name: "compiler", test: /\/src\/(compiler|emit)\/(?!overlay)[\w-]+\.ts$|\/src\/generate\.ts$/ },
      ],
    },
  },
});
