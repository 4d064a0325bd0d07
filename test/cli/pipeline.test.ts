import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { folderWith } from "../temporary-folder.ts";
import { cli, fctool } from "./run.ts";

// Each test starts processes, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const pets = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: https://pets.example }]
paths:
  /pets:
    get: { operationId: listPets, parameters: [{ $ref: limit.yaml }], responses: { 200: { description: ok } } }
    post: { operationId: addPet, responses: { 201: { description: ok } } }
`;
const limit = "{ name: limit, in: query, schema: { type: integer } }\n";
const files = { "pets.yaml": pets, "limit.yaml": limit };
const config = `export default {
  kits: {
    pets: { input: "pets.yaml", output: "src/pets.gen.ts" },
    reading: { input: "pets.yaml", output: "src/reading.gen.ts", include: ["GET /**"] },
  },
};
`;
const read = (...path: string[]) => readFileSync(join(...path), "utf8");

describe("a configuration", () => {
  test("without arguments all of its kits are made, and found from below", async () => {
    const folder = folderWith({ ...files, "fctool.config.ts": config, "deep/er/.keep": "" });
    const { code, stdout, stderr } = await fctool(join(folder, "deep/er"), ["generate"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/pets\.gen\.ts: 2 tools.*\n.*reading\.gen\.ts: 1 of 2 tools/);
    expect(readdirSync(join(folder, "src")).sort()).toEqual(["pets.gen.ts", "reading.gen.ts"]);
  });

  test.for<[name: string, text: string]>([
    ["fctool.config.mts", config],
    ["fctool.config.js", config],
    ["fctool.config.mjs", config],
    ["fctool.config.json", '{"kits": {"pets": {"input": "pets.yaml"}}}'],
    ["fctool.config.yaml", "kits: {pets: {input: pets.yaml}}"],
  ])("%s", async ([name, text]) => {
    const folder = folderWith({ ...files, [name]: text, "package.json": '{"type": "module"}' });
    const { code, stderr } = await fctool(folder, ["generate", "-p", "pets"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(existsSync(join(folder, "fctool.lock.json"))).toBe(true);
  });

  test.for(["{}", '{"type": "commonjs"}', '{"type": "module"}'])(
    "is an ES module in a package that says %s",
    async (own) => {
      const helper = 'export const input: string = "pets.yaml";\n';
      for (const [name, text] of [
        ["fctool.config.ts", 'import { input } from "./input.ts";\nexport default { kits: { pets: { input } } };\n'],
        ["fctool.config.js", 'export default { kits: { pets: { input: "pets.yaml" } } };\n'],
      ] as const) {
        const folder = folderWith({ ...files, [name]: text, "input.ts": helper, "package.json": own });
        expect(await fctool(folder, ["generate"]), name).toMatchObject({ code: 0, stderr: "" });
        const compared = await fctool(folder, ["diff", "pets.gen.ts", "pets.gen.ts"]);
        expect(compared).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Warning") });
      }
    },
  );

  test("that is CommonJS stays so", async () => {
    const text = 'module.exports = { kits: { pets: { input: "pets.yaml" } } };\n';
    const folder = folderWith({ ...files, "fctool.config.js": text, "package.json": "{}" });
    expect(await fctool(folder, ["generate"])).toMatchObject({ code: 0, stderr: "" });
  });

  test("one kit of it goes where the command line says: a folder, too", async () => {
    const folder = folderWith({ ...files, "fctool.config.ts": config });
    expect(await fctool(folder, ["generate", "-p", "pets", "-o", "kits"])).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, "kits"))).toEqual(["pets.gen.ts"]);
    expect(await fctool(folder, ["generate", "-p", "pets", "-o", "pets.js"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("-o pets.js ends in .js, and a kit is TypeScript"),
    });
  });

  test("a kit of it is a document by its name", async () => {
    const operations = { listPets: { name: "searchPets", inject: { limit: "most" } } };
    const text = JSON.stringify({ kits: { zoo: { input: "pets.yaml", exclude: ["addPet"], operations } } });
    const folder = folderWith({ ...files, "fctool.config.json": text, "below/.keep": "" });
    const below = join(folder, "below");
    const { stdout } = await fctool(below, ["inspect", "zoo", "--reporter", "json"]);
    expect(JSON.parse(stdout).tools).toMatchObject([{ name: "searchPets" }]);
    expect((await fctool(below, ["call", "zoo", "searchPets", "--args", '{"limit":3}', "--curl"])).stdout).toContain(
      "'https://pets.example/pets?limit=3'",
    );
    expect(await fctool(folder, ["generate", "zoo"])).toMatchObject({
      code: 2,
      stderr: "error: zoo is a kit of the configuration, and no document\n  Write: fctool generate -p zoo\n",
    });
    expect(await fctool(folder, ["inspect", "zo"])).toMatchObject({
      code: 3,
      stderr: "error: zo: no such file, and no kit of the configuration\n  Did you mean zoo?\n",
    });
  });

  test("the command line beats it", async () => {
    const folder = folderWith({ ...files, "fctool.config.ts": config });
    const words = ["generate", "-p", "reading", "-o", "here.ts", "--include", "addPet"];
    const { code, stdout } = await fctool(folder, words);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("here.ts: 1 of 2 tools") });
    expect(read(folder, "here.ts")).toContain("addPetTool");
  });

  test("overlays, settings and templates reach the kit", async () => {
    const folder = folderWith({
      ...files,
      "o.yaml": "overlay: 1.0.0\nactions: [{ target: $.info, update: { title: Zoo } }]\n",
      "operation.hbs":
        '// {{name}}\n{{args.declaration}}\n{{result.declaration}}\nexport const {{tool.name}}: FunctionTool = { type: "function", function: { name: {{tool.toolName}}, strict: {{tool.strict}}, parameters: {{tool.parameters}} } };\nexport const {{name}}: {{type}} = executor({ api, tool: {{tool.name}},\n{{#each fields}}{{this}},\n{{/each}} });\n',
      "fctool.config.yaml":
        "kits: {pets: {input: pets.yaml, overlays: [o.yaml], templates: {operation: operation.hbs}, operations: {addPet: {name: add_pet, approval: always}, listPets: {inject: {limit: limit}}}}}",
    });
    const { code, stderr } = await fctool(folder, ["generate"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const kit = read(folder, "pets.gen.ts");
    expect(kit).toContain("The tools of Zoo");
    expect(kit).toContain("// add_pet");
    expect(kit).toContain('approval: "always"');
    expect(kit).toContain('injected: { limit: "limit" }');
    expect(kit).toMatch(/interface ListPetsArgs \{\n\s+limit\?: number;/);
  });

  test.for<[config: string, words: string[], code: number, message: RegExp]>([
    ["export const a = 1;", [], 2, /fctool\.config\.ts exports no configuration/],
    ["export default {", [], 2, /fctool\.config\.ts:1:\d+ is no valid TypeScript/],
    ["enum A { B }\nexport default { kits: {} };", [], 2, /cannot be loaded[\s\S]*erasable/],
    [
      "export default { kits: { pets: { input: 'pets.yaml', maxTokens: 'a' } } };",
      [],
      2,
      /kits\.pets\.maxTokens must be/,
    ],
    ["export default { kits: { pets: { input: 'nowhere.yaml' } } };", [], 3, /nowhere\.yaml: no such file/],
    [
      "export default { kits: { pets: { input: 'pets.yaml', exclude: ['ad'] } } };",
      [],
      2,
      /the kit pets: "ad" fits no operation/,
    ],
    [
      "export default { kits: { pets: { input: 'pets.yaml', operations: { addPets: {} } } } };",
      [],
      2,
      /"addPets" fits no operation[\s\S]*Did you mean addPet/,
    ],
    [
      "export default { kits: { pets: { input: 'pets.yaml', overlays: ['pets.yaml'] } } };",
      [],
      3,
      /pets\.yaml is not an OpenAPI Overlay/,
    ],
    [
      "export default { kits: { pets: { input: 'pets.yaml', templates: { kit: 'no.hbs' } } } };",
      [],
      2,
      /template .*no\.hbs cannot be read/,
    ],
    [
      "export default { kits: { a: { input: 'pets.yaml', output: 'x.ts' }, b: { input: 'pets.yaml', output: 'x.ts' } } };",
      [],
      2,
      /kits a and b would both become/,
    ],
    [config, ["-p", "pest"], 2, /no kit "pest"\n {2}Did you mean pets\?/],
    [config, ["-o", "a.ts"], 2, /-o takes one kit/],
    [config, ["pets.yaml", "-p", "pets"], 2, /cannot be given together/],
    [config, ["--config", "nowhere.ts"], 2, /nowhere\.ts: no such file/],
    [config, ["--max-tokens", "many"], 2, /--max-tokens must be a whole number above 0/],
  ])("%s %j exits with %i", async ([text, words, code, message]) => {
    const folder = folderWith({ ...files, "fctool.config.ts": text });
    const before = readdirSync(folder);
    const run = await fctool(folder, ["generate", ...words]);
    expect(run).toEqual({ code, stdout: "", stderr: expect.stringMatching(message) });
    expect(run.stderr).toMatch(/^error( at \S+)?: .+\n {2}\S.+\n$/);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe("the lock", () => {
  test("keeps names, tells what would be renamed, and is frozen where that is asked for", async () => {
    const folder = folderWith({ ...files, "fctool.config.json": '{"kits": {"pets": {"input": "pets.yaml"}}}' });
    const broken = await fctool(folder, ["generate", "--frozen-lock"]);
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining("not in the lock yet") });
    expect(existsSync(join(folder, "pets.gen.ts"))).toBe(false);

    expect((await fctool(folder, ["generate"])).code).toBe(0);
    expect(JSON.parse(read(folder, "fctool.lock.json")).kits.pets).toEqual({
      "GET /pets": { name: "listPets", hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
      "POST /pets": { name: "addPet", hash: expect.any(String) },
    });
    expect((await fctool(folder, ["generate", "--frozen-lock"])).code).toBe(0);

    writeFileSync(join(folder, "pets.yaml"), pets.replace("addPet", "createPet"));
    const frozen = await fctool(folder, ["generate", "--frozen-lock"]);
    expect(frozen).toMatchObject({ code: 1, stderr: expect.stringContaining('renamed from "addPet" to "createPet"') });
    const told = await fctool(folder, ["generate", "--frozen-lock", "--reporter", "github"]);
    expect(told.stdout).toMatch(/^::error file=fctool\.lock\.json,.*renamed from "addPet" to "createPet"/m);
    const { code, stderr } = await fctool(folder, ["generate"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/FC203 at pets\.yaml:7:\d+ .*the lock keeps "addPet"/),
    });
    expect(read(folder, "pets.gen.ts")).toContain('name: "addPet"');
  });

  test("that is broken is named", async () => {
    const folder = folderWith({ ...files, "fctool.config.ts": config, "fctool.lock.json": "{" });
    expect(await fctool(folder, ["generate"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/fctool\.lock\.json is not a lock/),
    });
  });

  test("needs a configuration", async () => {
    const run = await fctool(folderWith(files), ["generate", "pets.yaml", "--frozen-lock"]);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining("needs a configuration") });
  });
});

describe("what has not changed", () => {
  test("is not made again; what has, is", async () => {
    const folder = folderWith({ ...files, "fctool.config.ts": config, "node_modules/.keep": "" });
    const run = async () => (await fctool(folder, ["generate", "-p", "pets", "--verbose"])).stderr;
    const same = /as it was, nothing to do/;
    const made = /load [\d,]+ ms, compile [\d,]+ ms, emit [\d,]+ ms/;
    await new Promise((done) => setTimeout(done, 20));
    expect(await run()).toMatch(made);
    expect(await run()).toMatch(same);
    const changes: [string, string][] = [
      ["limit.yaml", limit.replace("integer", "string")],
      ["pets.yaml", pets.replace("Pets", "Zoo")],
      ["src/pets.gen.ts", `${read(folder, "src/pets.gen.ts")}\n`],
      [
        "fctool.config.ts",
        config
          .replace("pets.yaml", "./pets.yaml")
          .replace('"pets.yaml", output', '"pets.yaml", descriptions: "full", output')
          .replace('./pets.yaml"', './pets.yaml", descriptions: "full"'),
      ],
    ];
    for (const [name, text] of changes) {
      writeFileSync(join(folder, name), text);
      await new Promise((done) => setTimeout(done, 20));
      expect(await run(), name).toMatch(made);
      expect(await run(), name).toMatch(same);
    }
    expect(readdirSync(join(folder, "node_modules/.cache/fctool"))).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });
});

describe("--check", () => {
  test("shows what has changed, in few lines", async () => {
    const folder = folderWith({ ...files, "fctool.config.ts": config });
    await fctool(folder, ["generate"]);
    expect((await fctool(folder, ["generate", "--check"])).code).toBe(0);
    writeFileSync(join(folder, "limit.yaml"), limit.replace("limit", "most"));
    const { code, stderr } = await fctool(folder, ["generate", "--check", "-p", "pets"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "src/pets.gen.ts is out of date: it is not what pets.yaml gives now\n  listPets (GET /pets) has changed\n  @@ ",
    );
    expect(stderr).toContain("\n  -  limit?: number;\n  +  most?: number;\n");
    expect(stderr).toContain("fctool.lock.json is out of date");
    expect(stderr).toMatch(/\nRun this command without --check, and commit what it writes\.\n$/);
    const { errors } = JSON.parse((await fctool(folder, ["generate", "--check", "--reporter", "json"])).stdout);
    expect(errors[0].message).toBe("src/pets.gen.ts is out of date: listPets (GET /pets) has changed.");
  });
});

describe("budgets", () => {
  test.for<[words: string[], message: RegExp]>([
    [
      ["--max-tokens", "40"],
      /take \d+ tokens, and at most 40 are allowed\n {2}The most expensive: listPets \d+, addPet \d+\. Leave some out \(--exclude listPets\)/,
    ],
    [["--max-tools", "1"], /has 2 tools, and at most 1 are allowed\n {2}Choose what the model needs: --include/],
  ])("%j", async ([words, message]) => {
    const folder = folderWith(files);
    const { code, stderr } = await fctool(folder, ["generate", "pets.yaml", ...words]);
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(message) });
    expect(existsSync(join(folder, "pets.gen.ts"))).toBe(false);
    expect((await fctool(folder, ["generate", "pets.yaml", words[0] as string, "5000"])).code).toBe(0);
  });
});

test("--silent prints nothing but errors", async () => {
  const folder = folderWith({ ...files, "limit.yaml": "{ name: 7, in: query }" });
  expect(await fctool(folder, ["generate", "pets.yaml", "--silent"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const { stderr } = await fctool(folder, ["generate", "no.yaml", "--silent"]);
  expect(stderr).toMatch(/^error: no\.yaml/);
});

test("--descriptions chooses how much prose there is", async () => {
  const folder = folderWith({
    "pets.yaml": pets
      .replace(
        "operationId: addPet",
        'operationId: addPet, summary: Add, description: "Add a pet. It is kept for ever. See the manual for more."',
      )
      .replace("limit.yaml", "'limit.yaml'"),
    "limit.yaml": limit,
  });
  const size = async (level: string) => {
    await fctool(folder, ["generate", "pets.yaml", "--descriptions", level]);
    return read(folder, "pets.gen.ts").match(/description: "(Add[^"]*)"/)?.[1]?.length ?? 0;
  };
  expect(await size("minimal")).toBeLessThan(await size("full"));
});

test("--watch follows every file, and survives what is half saved", async () => {
  const folder = folderWith(files);
  const child = spawn(process.execPath, [cli, "generate", "pets.yaml", "--watch"], { cwd: folder });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stdout.on("data", (part) => (text += part));
  child.stderr.on("data", (part) => (text += part));
  const saw = (pattern: RegExp) => vi.waitFor(() => expect(text).toMatch(pattern), { timeout: 20_000, interval: 30 });
  await saw(/pets\.gen\.ts: 2 tools[\s\S]*watching 2 files/);
  text = "";
  writeFileSync(join(folder, "pets.yaml"), pets.slice(0, 60));
  await saw(/error[\s\S]*watching/);
  text = "";
  writeFileSync(join(folder, "pets.yaml"), pets);
  await saw(/unchanged[\s\S]*watching 2 files/);
  text = "";
  writeFileSync(join(folder, "new.yaml"), limit.replace("limit", "most"));
  renameSync(join(folder, "new.yaml"), join(folder, "limit.yaml"));
  await saw(/2 tools[\s\S]*watching 2 files/);
  expect(read(folder, "pets.gen.ts")).toContain("most");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("--watch writes nothing of what a vanished or half saved file costs, and follows folders that are replaced", async () => {
  const folder = folderWith({ "api/pets.yaml": pets, "api/limit.yaml": limit });
  const child = spawn(process.execPath, [cli, "generate", "api/pets.yaml", "--watch"], { cwd: folder });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stdout.on("data", (part) => (text += part));
  child.stderr.on("data", (part) => (text += part));
  const saw = async (pattern: RegExp) => {
    await vi.waitFor(() => expect(text).toMatch(pattern), { timeout: 20_000, interval: 30 });
    text = "";
  };
  const kit = () => read(folder, "pets.gen.ts");
  await saw(/watching 2 files/);
  const before = kit();
  writeFileSync(join(folder, "api/limit.yaml"), "{ name: limit, in:");
  await saw(
    /error: api\/pets\.yaml:6:\d+: .*leads nowhere: api\/limit\.yaml:1:19: .*; kits stay as they are[\s\S]*watching 2/,
  );
  expect(kit()).toBe(before);
  rmSync(join(folder, "api"), { recursive: true });
  await saw(/error: api\/pets\.yaml: no such file[\s\S]*watching 0 files/);
  mkdirSync(join(folder, "api"));
  writeFileSync(join(folder, "api/limit.yaml"), limit.replace("limit", "most"));
  writeFileSync(join(folder, "api/pets.yaml"), pets);
  await saw(/2 tools[\s\S]*watching 2 files/);
  expect(kit()).toContain("most");
});

test("--watch says which documents it does not watch", async () => {
  const server = createServer((_, response) => void response.end(pets.replace("[{ $ref: limit.yaml }]", "[]")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pets.yaml`;
  const folder = folderWith({ "fctool.config.json": JSON.stringify({ kits: { pets: { input: url } } }) });
  const child = spawn(process.execPath, [cli, "generate", "--watch"], { cwd: folder });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stderr.on("data", (part) => (text += part));
  await vi.waitFor(() => expect(text).toContain("Ctrl+C ends it"), { timeout: 20_000, interval: 30 });
  expect(text).toContain(`${url} is not watched: it is read again when a file changes\n`);
});

test("a pipeline: generate, change the document, --check fails, generate, and the compiler shows the break", async () => {
  const source = fileURLToPath(new URL("../../", import.meta.url));
  const compilerOptions = {
    ...{
      strict: true,
      module: "nodenext",
      target: "es2023",
      types: ["node"],
      typeRoots: [`${source}node_modules/@types`],
    },
    ...{ lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"] },
    ...{ noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
    paths: { "fctool/runtime": [`${source}src/runtime/index.ts`] },
  };
  const folder = folderWith({
    ...files,
    "package.json": '{"type": "module"}',
    "tsconfig.json": JSON.stringify({ compilerOptions }),
    "use.ts": 'import { listPets } from "./pets.gen.ts";\nvoid listPets({ limit: 3 });\n',
  });
  const compile = async () => {
    const tsc = join(source, "node_modules/typescript/bin/tsc");
    return new Promise<string>(
      (resolve) => void execFile(process.execPath, [tsc], { cwd: folder }, (_, stdout) => resolve(stdout)),
    );
  };
  expect((await fctool(folder, ["generate", "pets.yaml"])).code).toBe(0);
  expect(await compile()).toBe("");
  writeFileSync(join(folder, "limit.yaml"), limit.replace("limit", "most"));
  expect(await fctool(folder, ["generate", "pets.yaml", "--check"])).toMatchObject({ code: 1 });
  expect((await fctool(folder, ["generate", "pets.yaml"])).code).toBe(0);
  expect(await compile()).toMatch(/use\.ts\(2,\d+\): error TS2353: .*'limit'/);
});
