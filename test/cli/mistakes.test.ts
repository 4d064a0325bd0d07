import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { folderWith } from "../temporary-folder.ts";
import { fctool } from "./run.ts";

// Each test starts a process, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const pets = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: https://pets.example }]
paths:
  /pets:
    get: { operationId: listPets, responses: { 200: { description: ok } } }
    post: { operationId: addPet, responses: { 201: { description: ok } } }
`;
const head = 'openapi: 3.1.0\ninfo: { title: a, version: "1" }\n';

/** Runs a command that must fail, tell what, where and how to mend it, and leave everything as it was. */
async function fail(files: { [path: string]: string }, words: readonly string[]) {
  const folder = folderWith({ "pets.yaml": pets, ...files });
  const before = readdirSync(folder, { recursive: true });
  const { code, stdout, stderr } = await fctool(folder, words);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error( at \S+)?: .+\n {2}\S.+\n$/);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
  return { code, stderr };
}

describe("a document that is none", () => {
  test.for<[what: string, text: string, message: string]>([
    ["nothing", "", "at a.yaml:1:1: the document is empty\n  Check that it was written whole."],
    [
      "a page to sign in at",
      "<!doctype html>\n<title>Sign in</title>",
      "it is an HTML page\n  It is a page about the document, or one to sign in at",
    ],
    [
      "tabs",
      "openapi: 3.0.3\npaths:\n\t/a: {}\n",
      "at a.yaml:3:1: not valid YAML: tab characters must not be used in indentation\n  Indent with spaces.",
    ],
    ["half of JSON", '{"openapi": "3.0.3",\n "paths": {', "at a.yaml:2:12: not valid JSON: it breaks off"],
    ["a list", "[1, 2]", "not an OpenAPI document: it holds no object"],
    ["AsyncAPI", "asyncapi: 3.0.0\n", "it looks like an AsyncAPI document\n  fctool calls APIs over HTTP"],
    [
      "Arazzo",
      "arazzo: 1.0.1\n",
      "it looks like an Arazzo document\n  It describes workflows; give the documents that its sourceDescriptions name.",
    ],
    [
      "an Overlay",
      "overlay: 1.0.0\nactions: []\n",
      "it looks like an OpenAPI Overlay\n  Give the document that it changes, and this with --overlay.",
    ],
    [
      "Postman",
      '{"info": {"_postman_id": "x"}, "item": []}',
      "it looks like a Postman collection\n  Export it as OpenAPI.",
    ],
    [
      "GraphQL that YAML can read",
      "type Query { a: Int }\n",
      "it looks like a GraphQL schema\n  GraphQL has one operation for all",
    ],
    ["our own lock", '{"version": 1, "kits": {}}', "it looks like a lock of fctool"],
    [
      "our own configuration",
      '{"kits": {"a": {"input": "b"}}}',
      "it looks like a configuration of fctool\n  Leave it out",
    ],
    [
      "a version to come",
      "openapi: 4.0.0\npaths: {}\n",
      'OpenAPI version "4.0.0" is not supported\n  fctool reads Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2.',
    ],
    ["no paths", head, "the document has no `paths`"],
    ["webhooks alone", `${head}webhooks: { a: { post: {} } }\n`, "the document has webhooks alone, which others call"],
    [
      "webhooks beside empty paths",
      `${head}paths: {}\nwebhooks: { a: { post: {} } }\n`,
      "the document has webhooks alone, which others call",
    ],
    ["neither paths nor webhooks", `${head}paths: {}\nwebhooks: {}\n`, "the document's `paths` are empty"],
    [
      "paths as a list",
      `${head}paths: []\n`,
      "at a.yaml:3:1: the document's `paths` are no object\n  Write them as a map",
    ],
    ["empty paths", `${head}paths: {}\n`, "the document's `paths` are empty: it has no operations"],
    [
      "a path without methods",
      `${head}paths: { /a: { parameters: [] } }\n`,
      "the document has no operations\n  A path holds them by method",
    ],
    [
      "a path in a file that is not there",
      `${head}paths: { /a: { $ref: b.yaml } }\n`,
      'the reference "b.yaml" leads nowhere: there is no such file',
    ],
  ])("%s", async ([, text, message]) => {
    const { code, stderr } = await fail({ "a.yaml": text }, ["generate", "a.yaml"]);
    expect(stderr).toContain(message);
    expect(code).toBe(3);
  });

  test.for<[address: string, message: string]>([
    ["ftp://a.example/b.yaml", "only paths and http(s) URLs are read\n  Download it, and give its path."],
    ["file:///a/b.yaml", "only paths and http(s) URLs are read\n  Give the path itself."],
    ["*.yaml", "*.yaml: no such file\n  Patterns are for the shell: write it without quotes."],
  ])("%s", async ([address, message]) => {
    const { code, stderr } = await fail({}, ["generate", address]);
    expect(stderr).toContain(message);
    expect(code).toBe(3);
  });

  test.each([
    ["a byte-order mark", Buffer.from(`\ufeff${pets}`)],
    ["UTF-16", Buffer.from(`\ufeff${pets}`, "utf16le")],
    ["UTF-16 without a mark", Buffer.from(pets, "utf16le")],
    ["a comma too many in JSON", Buffer.from('{"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": {}},}},}')],
  ])("is one in spite of %s", async (_, bytes) => {
    const folder = folderWith({});
    writeFileSync(join(folder, "a.yaml"), bytes);
    expect(await fctool(folder, ["generate", "a.yaml"])).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("an overlay", () => {
  const action = (text: string) => `overlay: 1.0.0\nactions:\n  - ${text}\n`;

  test.for<[text: string, message: string]>([
    ["overlay: 1.0.0\n", "o.yaml has no list of actions\n  Write them as a list"],
    ["overlay: 1.0.0\nactions: { target: $.info }\n", "at o.yaml:2:1: o.yaml has no list of actions"],
    ["overlay: 2.0.0\nactions: []\n", 'at o.yaml:1:1: Overlay version "2.0.0" is not supported'],
    [action("targt: $.info"), "at o.yaml:3:5: o.yaml: the action at #/actions/0 has no target"],
    [action("{ target: '$.info[', remove: true }"), 'o.yaml: "$.info[" is no JSONPath: end of input is not expected'],
    [
      action('{ target: $.info, remove: "yes" }'),
      'o.yaml: remove must be true or false, and is "yes"\n  Write it without quotes',
    ],
    [action("{ target: $.info, update: text }"), 'o.yaml: "$.info" leads to an object, and the update is none'],
    [
      action("{ target: $.info }"),
      "o.yaml: the action at #/actions/0 does nothing\n  Give it update, copy or remove: true.",
    ],
  ])("%j", async ([text, message]) => {
    const { code, stderr } = await fail({ "o.yaml": text }, ["generate", "pets.yaml", "--overlay", "o.yaml"]);
    expect(stderr).toContain(message);
    expect(code).toBe(3);
  });
});

describe("a configuration", () => {
  const kit = (text: string) => `export default { kits: { pets: { input: "pets.yaml", ${text} } } };`;

  test.for<[name: string, text: string, message: string]>([
    [
      "ts",
      kit('operations: { addPet: { efect: "read" } }'),
      "kits.pets.operations.addPet.efect is not a known key\n  Did you mean effect?",
    ],
    [
      "ts",
      kit('operations: { addPet: { result: ["id"] } }'),
      'kits.pets.operations.addPet.result must be { pick: […] } with fields of the answer, like "id" or "owner.login", and is ["id"]\n  Write it like result: { pick: ["id", "owner.login"] }.',
    ],
    [
      "ts",
      kit('operations: { addPet: { effect: "delete" } }'),
      'must be one of read, write, destructive, and is "delete"\n  Write it like effect: "read".',
    ],
    ["ts", kit("templates: { page: 'a.hbs' }"), "kits.pets.templates.page is not a known key"],
    [
      "ts",
      'export default { kits: { pets: { inputs: "pets.yaml" } } };',
      "kits.pets.inputs is not a known key\n  Did you mean input?",
    ],
    ["ts", "export default { kits: { pets: {} } };", "kits.pets.input is missing"],
    [
      "ts",
      'export default { kits: [{ input: "pets.yaml" }] };',
      'kits must be an object, and is [{"input":"pets.yaml"}]\n  Give each entry a name',
    ],
    [
      "ts",
      'export default { input: "pets.yaml" };',
      "kits is missing\n  Give the kit a name: kits: { pets: { input: … } }",
    ],
    ["ts", "export default { kit: {} };", "kit is not a known key\n  Did you mean kits?"],
    ["ts", "export default () => ({ kits: {} });", "the configuration is a function, and must be an object"],
    ["ts", 'throw new Error("no DATABASE_URL");', "fctool.config.ts:1:7 throws: no DATABASE_URL"],
    [
      "ts",
      "export default {\n  kits: {,, },\n};",
      "fctool.config.ts:2:10 is no valid TypeScript: Unexpected token `,`",
    ],
    [
      "ts",
      "enum A { B }\nexport default {};",
      "fctool.config.ts:1:1 cannot be loaded: TypeScript enum is not supported in strip-only mode",
    ],
    ["ts", 'import a from "./nowhere.ts";\nexport default a;', "Correct the import, or install it."],
    [
      "ts",
      'import { defineConfig } from "fctool";\nexport default defineConfig({});',
      "imports fctool, which is not installed here\n  Install it beside the configuration",
    ],
    [
      "ts",
      'import { join } from "node:paths";\nexport default {};',
      "cannot be loaded: no such built-in module: node:paths\n  Correct the import, or install it.",
    ],
    [
      "ts",
      'import { jion } from "node:path";\nexport default {};',
      "fctool.config.ts:1:10 imports jion, which node:path does not export",
    ],
    ["mjs", "module.exports = {};", "is CommonJS in a package of ES modules\n  Write export default"],
    ["ts", "await new Promise(() => {});\nexport default {};", "fctool.config.ts awaits what never comes"],
    ["ts", "export default { kits: { pets: { input: process.env.NOPE_NOPE } } };", "kits.pets.input is undefined"],
    ["ts", kit('root: "nowhere"'), "kits.pets.root nowhere: there is no such folder"],
    [
      "ts",
      kit('allowExternalRefs: ["https://a.example"]'),
      'kits.pets.allowExternalRefs "https://a.example" is no host',
    ],
    ["ts", "export default Promise.resolve({ kits: { pets: {} } });", "kits.pets.input is missing"],
    ["mjs", "export default { kits: { pets: { input: __dirname } } };", "import.meta.dirname instead of __dirname"],
    ["ts", kit("include: []"), "the selection leaves no operation: include is an empty list"],
    ["json", "", "fctool.config.json: the configuration is empty"],
    [
      "json",
      '// pets\n{"kits": {}}',
      "fctool.config.json:1:1 is a comment, which JSON does not have\n  Remove it, or write YAML",
    ],
    [
      "yml",
      "kits: {}",
      "fctool.config.yml is not read: it is not called like a configuration\n  Call it fctool.config.ts",
    ],
    ["json", '{"kits": {"pets": {"input": "pets.yaml",}', "fctool.config.json:1:42: not valid JSON: it breaks off"],
    ["yaml", "kits:\n  pets:\n    input: pets.yaml\n   output: x", "fctool.config.yaml:4:4: not valid YAML"],
    ["json", '{"kits": {"pets": {"input": "pets.yaml", "output": "pets.js"}}}', "kits.pets.output must end in .ts"],
  ])("%s %s", async ([ending, text, message]) => {
    const { code, stderr } = await fail({ [`fctool.config.${ending}`]: text }, ["generate"]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test.for<[template: string, message: string]>([
    ["{{#each operations}}", "the templates cannot be used: line 1: EOF is not expected there"],
    ["export const a: string =\n  {{nope}};", "the templates cannot be used: 2:4: there is nothing called nope"],
    ["export const a = ;", "line 1 of the generated module: Expression expected."],
  ])("the template %j", async ([template, message]) => {
    const config = '{"kits": {"pets": {"input": "pets.yaml", "templates": {"kit": "kit.hbs"}}}}';
    const { code, stderr } = await fail({ "kit.hbs": template, "fctool.config.json": config }, ["generate"]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("a lock", () => {
  test.for<[text: string, message: string]>([
    ["{", "fctool.lock.json is not a lock: not valid JSON: it breaks off at 1:2"],
    [
      '{"version": 1,\n<<<<<<< HEAD\n',
      "fctool.lock.json:2:1 holds a merge conflict\n  Take one side of it, and run fctool generate",
    ],
    ['{"version": 2, "kits": {}}', "was written by a newer fctool: its version is 2, and this one reads 1"],
    [
      '{"version": 1, "kits": {"pets": {"GET /pets": "listPets"}}}',
      "is not a lock: each operation in it has a name and a hash",
    ],
    [
      '{"version": 1, "kits": {"pets": {"GET /pets": {"name": "list pets", "hash": ""}}}}',
      "is not a lock: each operation in it has a name and a hash",
    ],
  ])("%j", async ([text, message]) => {
    const files = { "fctool.config.json": '{"kits": {"pets": {"input": "pets.yaml"}}}', "fctool.lock.json": text };
    const { code, stderr } = await fail(files, ["generate"]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("a command line", () => {
  test.for<[words: string[], message: string]>([
    [
      ["generate", "pets.yaml", "--include", "listPets", "addPet"],
      "addPet is taken for a document, as --include takes one value each time\n  Write each value behind a flag of its own: --include listPets --include addPet",
    ],
    [
      ["generate", "pets.yaml", "--include", "GET pets"],
      'is no pattern of a path\n  Write a method and a path that begins with a slash: "GET /pets"',
    ],
    [["generate", "pets.yaml", "--include", "/pets"], 'or "* /pets" for any method.'],
    [["generate", "pets.yaml", "--include", ""], "--include is empty"],
    [["generate", "pets.yaml", "--root", "nowhere"], "--root nowhere: there is no such folder"],
    [
      ["generate", "http://127.0.0.1:1/a.yaml", "--watch"],
      "cannot be watched: nobody tells when what is behind a URL changes\n  Download it",
    ],
    [["generate", "pets.yaml", "--watch", "--check"], "--watch and --check cannot be given together"],
    [["generate", "pets.yaml", "-o", "kit.js"], "-o kit.js ends in .js, and a kit is TypeScript"],
    [["generate", "pets.yaml", "-o", "kit.d.ts"], "would be a file of declarations, and a kit runs"],
    [["generate", "pets.yaml", "-o", "pets.yaml"], "-o pets.yaml ends in .yaml"],
    [
      ["generate", "pets.yaml", "-o", "folder"],
      "folder/pets.gen.ts cannot be written: it is a folder\n  Choose another output with -o, or remove the folder.",
    ],
    [
      ["generate", "pets.yaml", "-o", "file/a.ts"],
      "a file stands where its folder should be\n  Choose another output with -o, or move that file away.",
    ],
    [["generate", "pets.yaml", "--max-tokens", "0"], "--max-tokens must be a whole number above 0"],
    [["generate", "pets.yaml", "--max-tools", "8k"], "--max-tools must be a whole number above 0\n  Write it like"],
    [["generate", "pets.yaml", "--dry-run=yes"], '--dry-run takes no value, and is given "yes"\n  Write: --dry-run'],
    [["generate", "pets.yaml", "—check"], "—check begins with a typographic dash, —\n  Write: --check"],
    [["generate", "pets.yaml", "–o", "a.ts"], "–o begins with a typographic dash, –\n  Write: -o"],
    [["generate", "pets.yaml", "--root", "pets.yaml"], "--root pets.yaml: there is no such folder"],
    [["generate", "pets.yaml", "--include-tags", "pets"], 'none has the tag "pets"\n  Its operations have no tags'],
    [
      ["generate", "pets.yaml", "--exclude", "* /**"],
      '"* /**" excludes all of them\n  The document has listPets, addPet.',
    ],
    [["generate", "-p", "pets"], "-p needs a configuration, and there is no fctool.config.ts here or above"],
    [["generate", "--config", "nowhere.ts"], "nowhere.ts: no such file\n  Check the path of --config."],
    [["generate", "pets.yaml", "-okit.ts"], "-okit.ts has one dash before several letters\n  Write: -o kit.ts"],
    [["generate", "pets.yaml", "-check"], "-check has one dash before several letters\n  Write: --check"],
    [["generate", "pets.yaml", "--json"], "unknown option --json\n  Did you mean --reporter json?"],
    [["generate", "pets.yaml", "--dry"], "unknown option --dry\n  Did you mean --dry-run?"],
    [["generate", "pets.yaml", "-o", ".ts"], "-o .ts has no name before .ts"],
    [
      ["generate", "pets.yaml", "--allow-external-refs", "https://a.example/x"],
      '--allow-external-refs "https://a.example/x" is no host\n  Write it like a.example',
    ],
    [["generate", "--config", "folder"], "folder is a folder\n  Name the configuration in it."],
    [["generate", "--config", "file"], "file is not called like a configuration\n  Call it something.ts"],
    [["call", "pets.yaml", "listPets", "--args", "@a.json"], 'Write it like --args "$(cat a.json)"'],
    [["chat", "pets.yaml", " "], "there is no prompt\n  Write it: fctool chat"],
    [["init", "folder"], "folder is a folder, not a document\n  Name a file in it."],
    [["init", "own.ts"], "own.ts is no OpenAPI document\n  It has a key"],
    [["init", "pets.yaml", "-o", ""], "-o is empty\n  Name a folder"],
    [[], "no command given\n  The commands are: generate, init, inspect"],
    [["inspect", "pets.yaml", "own.ts"], "own.ts is more than inspect takes\n  Write: fctool inspect <document>"],
    [["call", "pets.yaml", "listPets", "7"], "7 is more than call takes\n  Arguments of the tool stand in --args"],
    [["call", "pets.yaml", "listPets", "--id", "7"], "unknown option --id\n  Arguments of the tool stand in --args"],
    [["call", "pets.yaml", "listPets", "-H", "X Trace: 1"], '--header "X Trace: 1" is no legal header'],
    [["inspect"], "inspect needs <document>\n  Write: fctool inspect <document>."],
    [["inspect", "pets.yaml", "--tool", "listPet"], 'there is no tool "listPet"\n  Did you mean listPets?'],
    [["diff", "pets.yaml"], "diff needs <new>\n  Write: fctool diff <old> <new>."],
    [["diff", "pets.yaml", "own.ts"], "own.ts was not written by fctool\n  Compare kits, documents or locks."],
    [["call", "pets.yaml"], "call needs <tool>"],
    [
      ["call", "pets.yaml", "listPets", "--base-url", "nope"],
      '--base-url "nope" is no http(s) URL\n  Write it like https://',
    ],
    [
      ["chat", "pets.yaml", "hi", "--base-url", "nope"],
      'the model\'s address "nope" is no http(s) URL\n  Write it like --base-url http://localhost:11434/v1',
    ],
    [["init", "pets.yaml", "nowhere.yaml"], "nowhere.yaml: no such file"],
  ])("%j", async ([words, message]) => {
    const { code, stderr } = await fail({ file: "x", "own.ts": "export {};\n", "folder/pets.gen.ts/.keep": "" }, words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test.skipIf(process.getuid?.() === 0)("that writes into a folder that may not be written", async () => {
    const folder = folderWith({ "pets.yaml": pets });
    mkdirSync(join(folder, "kits"), { mode: 0o500 });
    expect(await fctool(folder, ["generate", "pets.yaml", "-o", "kits"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "permission denied\n  Choose another output with -o, or change the folder's permissions.",
      ),
    });
  });
});

test("a lock that cannot be read is told of", async () => {
  const files = { "fctool.config.json": '{"kits": {"pets": {"input": "pets.yaml"}}}', "fctool.lock.json/.keep": "" };
  const { code, stderr } = await fail(files, ["generate"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/lock\.json cannot be read: .*\n {2}Move it/),
  });
});

test("what --fail-on does not allow is said with where that stands", async () => {
  const text = `${head}paths: { /a: { get: { tags: pets, responses: {} } } }\n`;
  const folder = folderWith({
    "a.yaml": text,
    "fctool.config.yaml": "kits: { a: { input: a.yaml, failOn: warning } }",
  });
  expect(await fctool(folder, ["generate", "a.yaml", "--fail-on", "warning"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/error: a\.yaml: nothing is written, .* and --fail-on warning allows none\n {2}Mend/),
  });
  expect(await fctool(folder, ["generate"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('and failOn: "warning" allows none\n'),
  });
  expect((await fctool(folder, ["generate", "--fail-on", "error"])).code).toBe(0);
});

test("what is named twice is made once", async () => {
  const folder = folderWith({ "pets.yaml": pets, "fctool.config.yaml": "kits: { a: { input: pets.yaml } }" });
  expect((await fctool(folder, ["generate", "pets.yaml", "./pets.yaml", "-o", "kits"])).code).toBe(0);
  expect(readdirSync(join(folder, "kits"))).toEqual(["pets.gen.ts"]);
  expect((await fctool(folder, ["generate", "-p", "a", "-p", "a"])).code).toBe(0);
  expect((await fctool(folder, ["init", "pets.yaml"])).code).toBe(2);
});

test("one cause is told once for each operation that it costs", async () => {
  const lost = "parameters: [{ $ref: 'nowhere.yaml#/x' }], responses: {}";
  const text = `${head}paths: { /a: { get: { ${lost} }, post: { ${lost} }, put: { responses: {} } } }\n`;
  const { code, stderr } = await fctool(folderWith({ "a.yaml": text }), ["generate", "a.yaml"]);
  expect({ code, warnings: stderr.match(/^warning .*$/gm) }).toEqual({
    code: 0,
    warnings: ["GET", "POST"].map((method) =>
      expect.stringContaining(
        `${method} /a is left out: the reference "nowhere.yaml#/x" leads nowhere: there is no such file`,
      ),
    ),
  });
});

test("more tools than a request takes are hinted at", async () => {
  const paths = Array.from({ length: 129 }, (_, index) => `  /p${index}: { get: { responses: {} } }\n`).join("");
  const folder = folderWith({ "a.yaml": `${head}paths:\n${paths}` });
  expect((await fctool(folder, ["generate", "a.yaml"])).stderr).toBe(
    "hint: a.yaml has 129 tools, and a request takes at most 128\n  Choose where the kit runs, kit.pick(…) or activeTools, or here: --include, --include-tags.\n",
  );
  expect((await fctool(folder, ["generate", "a.yaml", "--exclude", "GET /p0"])).stderr).toBe("");
});

test("--check tells a kit that was never generated from one that is out of date", async () => {
  const run = await fctool(folderWith({ "pets.yaml": pets }), ["generate", "pets.yaml", "--check"]);
  expect(run).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^pets\.gen\.ts is not there: it was never generated, or not committed\nRun this command without --check/,
    ),
  });
});
