import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { generate } from "../../src/generate.ts";
import type { AnyKit } from "../../src/runtime/kit-types.ts";
import { folderWith } from "../temporary-folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A document with this many operations: three of four need formats of the runtime, the others bounds. */
function documentOf(operations: number): object {
  const operation = (index: number) => ({
    operationId: `getItem${index}`,
    parameters: [
      { name: "id", in: "path", required: true, schema: { type: "string" } },
      { name: "since", in: "query", schema: index % 4 > 0 ? { type: "string", format: "date" } : { type: "string" } },
      { name: "page", in: "query", schema: index % 4 === 0 ? { type: "integer", minimum: 1 } : { type: "integer" } },
    ],
    responses: { 200: { description: "The item.", content: { "application/json": { schema: { type: "object" } } } } },
  });
  const paths = Array.from({ length: operations }, (_, index) => [`/items${index}/{id}`, { get: operation(index) }]);
  return {
    openapi: "3.1.0",
    info: { title: "Items", version: "1" },
    servers: [{ url: "https://items.example" }],
    paths: Object.fromEntries(paths),
  };
}

async function kitOf(operations: number): Promise<string> {
  return (await generate({ input: "items.json", text: JSON.stringify(documentOf(operations)) })).code;
}

test("a kit of 250 tools is like all others, one of 251 spares TypeScript the way back to its top", async () => {
  const usual = await kitOf(250);
  expect(usual).toContain("/*@__PURE__*/ executor({\n  api,\n  tool: getItem0Tool,");
  expect(usual).not.toMatch(/makeExecutor|OperationParts|allTools/);
  const large = await kitOf(251);
  expect(large).toContain("/*@__PURE__*/ makeExecutor({\n  tool: getItem0Tool,");
  expect(large.match(/\bexecutor\(/g)).toEqual(["executor("]);
});

test("what most operations of a large kit need of the runtime is said once", async () => {
  const [usual, large] = [await kitOf(250), await kitOf(251)];
  const uses = (code: string) => code.match(/uses: \[.*\]/g)?.length;
  expect([uses(usual), uses(large)]).toEqual([250, 64]);
  expect(large).toContain('  server: "https://items.example",\n  uses: [stringFormats],\n};');
  expect(large).toContain("  uses: [valueBounds],\n});");
});

test("what acts by being there stays with the operations that ask for it", async () => {
  const get = (mediaType: string) => ({
    get: { responses: { 200: { description: "ok", content: { [mediaType]: { schema: { type: "string" } } } } } },
  });
  const paths = Array.from({ length: 251 }, (_, index) => [
    `/items${index}`,
    get(index === 0 ? "application/json" : index % 2 === 0 ? "image/png" : "text/event-stream"),
  ]);
  const document = { ...documentOf(0), paths: Object.fromEntries(paths) };
  const { code } = await generate({ input: "items.json", text: JSON.stringify(document) });
  expect(code.match(/uses: \[.*\]/g)).toHaveLength(250);
});

test("a large kit type-checks", { timeout: 60_000 }, async () => {
  const use = `import { createKit, dispatcher, getItem0, tools } from "./kit.ts";
const names: keyof typeof dispatcher = "getItem250";
createKit().call("getItem1", { id: "a" });
getItem0({ id: "a", since: "2026-01-01" });
// @ts-expect-error There is no such tool.
createKit().call("getItem251", { id: "a" });
// @ts-expect-error An argument is missing.
getItem0({});
// @ts-expect-error It cannot be changed.
dispatcher.getItem0 = getItem0;
export { names, tools };
`;
  const compilerOptions = {
    strict: true,
    noUnusedLocals: true,
    exactOptionalPropertyTypes: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    ...{ target: "es2023", lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"] },
    ...{ module: "esnext", moduleResolution: "bundler", types: [], noEmit: true, skipLibCheck: true },
    allowImportingTsExtensions: true,
    paths: { "fctool/runtime": [join(root, "src/runtime/index.ts")] },
  };
  const folder = folderWith({
    "kit.ts": await kitOf(251),
    "use.ts": use,
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["use.ts"] }),
  });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  expect(execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" })).toBe("");
});

test("a large kit runs", async () => {
  const runtime = JSON.stringify(join(root, "src/runtime/index.ts"));
  const folder = folderWith({ "kit.ts": (await kitOf(251)).replaceAll('"fctool/runtime"', runtime) });
  const { createKit, dispatcher, tools } = await import(join(folder, "kit.ts"));
  expect(tools).toHaveLength(251);
  expect(Object.keys(dispatcher)).toEqual(tools.map(({ function: { name } }: AnyKit["tools"][number]) => name));
  const asked: string[] = [];
  const kit = createKit({
    fetch: async (url: string) => {
      asked.push(url);
      return Response.json({ ok: true });
    },
  });
  expect(await kit.call("getItem250", { id: "a", since: "2026-01-01" })).toEqual({ ok: true });
  expect(asked).toEqual(["https://items.example/items250/a?since=2026-01-01"]);
  expect(
    await kit.dispatch({ id: "1", function: { name: "getItem2", arguments: '{"id":"a","since":"no","page":null}' } }),
  ).toMatchObject({
    ok: false,
    error: { kind: "invalid_arguments", path: "since" },
  });
});
