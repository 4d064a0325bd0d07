import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** One module of an example and all that it imports, the runtime from its source, as a host would deploy it. */
export async function bundle(example: string, format: "esm" | "cjs" = "esm"): Promise<string> {
  const { output } = await build({
    input: path(`examples/${example}`),
    platform: "browser",
    write: false,
    logLevel: "silent",
    resolve: {
      alias: {
        "fctool/runtime/policies": path("src/runtime/policies/index.ts"),
        "fctool/runtime": path("src/runtime/index.ts"),
      },
    },
    output: { format },
  });
  return output[0].code;
}
