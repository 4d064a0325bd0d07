import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "rolldown";
import { describe, expect, test } from "vitest";
import { folderWith } from "../temporary-folder.ts";

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** A kit with `runTools` as a bundler puts it into an application. */
const bundle = (kit: string) => bundleText(`export { createKit } from ${JSON.stringify(path(kit))};\n${loop}`);

const loop = 'export { runTools } from "fctool/runtime";\n';

async function bundleText(entry: string, files: { readonly [path: string]: string } = {}) {
  const folder = folderWith({ ...files, "entry.ts": entry });
  const { output } = await build({
    input: `${folder}/entry.ts`,
    platform: "browser",
    write: false,
    logLevel: "silent",
    resolve: { alias: { "fctool/runtime": path("src/runtime/index.ts") } },
    output: { format: "esm", minify: true },
  });
  return output[0];
}

describe("a kit with runTools", { timeout: 30_000 }, () => {
  const limit = 15_000;

  test(`has less than ${limit} bytes beside what stands in the kit, gzipped`, async () => {
    const kit = readFileSync(path("examples/pet-store.gen.ts"), "utf8");
    const [imported = ""] = /^import \{.*\} from "fctool\/runtime";$/m.exec(kit) ?? [];
    const { code, exports } = await bundleText(imported.replace("import", "export") + loop);
    expect(exports).toEqual(["executor", "kit", "runTools"]);
    expect(gzipSync(code).length).toBeLessThan(limit);
  });

  test.for([
    { kit: "examples/pet-store.gen.ts", want: [] },
    {
      kit: "fixtures/bodies/expected/openapi.gen.ts",
      want: ["files.ts", "form.ts", "rules.ts", "shadowing.ts", "styles.ts", "text-body.ts", "xml.ts"],
    },
    { kit: "fixtures/answers/expected/openapi.gen.ts", want: ["attachments.ts", "content.ts", "events.ts"] },
    { kit: "fixtures/extensions/expected/openapi.gen.ts", want: ["fill-args.ts", "pick-fields.ts"] },
    {
      kit: "fixtures/security/expected/openapi.gen.ts",
      want: ["client-credentials.ts", "cookies.ts", "key-places.ts"],
    },
    { kit: "fixtures/maps/expected/openapi.gen.ts", want: ["bounds.ts", "spellings.ts"] },
    {
      kit: "fixtures/internal-apis/expected/openapi.gen.ts",
      want: ["bounds.ts", "pattern.ts", "rules.ts"],
    },
    { kit: "fixtures/nullable/expected/openapi.gen.ts", want: ["formats.ts"] },
    { kit: "fixtures/unions/expected/openapi.gen.ts", want: ["bounds.ts", "rules.ts", "spellings.ts", "unions.ts"] },
  ])("$kit carries what only some need where it needs it: $want", async ({ kit, want }) => {
    const optional = [
      "attachments.ts",
      "bounds.ts",
      "client-credentials.ts",
      "content.ts",
      "cookies.ts",
      "events.ts",
      "files.ts",
      "fill-args.ts",
      "form.ts",
      "formats.ts",
      "idempotency-key.ts",
      "key-places.ts",
      "parameter-styles.ts",
      "pattern.ts",
      "pick-fields.ts",
      "rules.ts",
      "server-choices.ts",
      "shadowing.ts",
      "spellings.ts",
      "styles.ts",
      "text-body.ts",
      "unions.ts",
      "xml.ts",
    ];
    const absent = ["combine-kits.ts", "define-tool.ts", "resume-run.ts", "stream-run.ts"];
    const { modules } = await bundle(kit);
    const carried = Object.entries(modules).flatMap(([path, { renderedLength }]) =>
      renderedLength > 0 ? [basename(path)] : [],
    );
    expect(carried.filter((name) => optional.includes(name) || absent.includes(name)).sort()).toEqual(want);
  });

  test("falls away where one executor is all that is imported", async () => {
    // Outside of our package, which says of itself that nothing has effects.
    const files = { "kit.ts": readFileSync(path("fixtures/shared-schemas/expected/openapi.gen.ts"), "utf8") };
    const { code } = await bundleText('export { sendParcel } from "./kit.ts";\n', files);
    expect(code).toContain("/parcels");
    expect(code).not.toMatch(/orderPickup|pickups/);
    const { code: nothing } = await bundleText('import "./kit.ts";\n', files);
    expect(nothing.trim()).toBe("");
  });

  test("loads nothing of the platform when it is imported", async () => {
    // Node loads its `fetch` where one of these is first named, and takes longer for that than for all of a kit.
    const lazy = ["fetch", "Request", "Response", "Headers", "FormData", "Blob", "crypto", "TextEncoder"];
    const main = `
      const named = [];
      for (const name of ${JSON.stringify(lazy)})
        Object.defineProperty(globalThis, name, { configurable: true, get() { named.push(name); } });
      const kit = await import("./kit.mjs");
      console.log(JSON.stringify([Object.keys(kit), named]));`;
    const { code } = await bundle("examples/pet-store.gen.ts");
    const cwd = folderWith({ "kit.mjs": code, "main.mjs": main });
    const { stdout, stderr } = spawnSync(process.execPath, ["main.mjs"], { cwd, encoding: "utf8" });
    expect([stderr, JSON.parse(stdout)]).toEqual(["", [["createKit", "runTools"], []]]);
  });
});
