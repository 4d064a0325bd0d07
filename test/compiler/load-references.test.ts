import { mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import { type Document, type LoadOptions, load } from "../../src/compiler/load.ts";
import { hasForeignReferences } from "../../src/compiler/read-references.ts";
import { folderWith } from "../temporary-folder.ts";

type Files = { readonly [path: string]: string };

async function read(
  files: Files,
  options: LoadOptions = {},
): Promise<{ document: Document; diagnostics: Diagnostics }> {
  const diagnostics = new Diagnostics();
  const document = await load(join(folderWith(files), Object.keys(files)[0] ?? ""), { ...options, diagnostics });
  return { document, diagnostics };
}

const withSchema = (schema: string) => `openapi: 3.1.0\ncomponents: {schemas: {Main: ${schema}}}\n`;

describe("files become one tree:", () => {
  test.for<[what: string, files: Files, wanted: object]>([
    [
      "a component that is a file",
      { "a.yaml": withSchema("{$ref: ./Main.yaml}"), "Main.yaml": "type: string" },
      { schemas: { Main: { type: "string" } } },
    ],
    [
      "a whole file, named after itself",
      { "a.yaml": withSchema("{items: {$ref: s/Pet.yaml}}"), "s/Pet.yaml": "type: string" },
      { schemas: { Main: { items: { $ref: "#/components/schemas/Pet" } }, Pet: { type: "string" } } },
    ],
    [
      "a fragment, named after itself",
      { "a.yaml": withSchema("{items: {$ref: 'b.yaml#/x/Pet'}}"), "b.yaml": "x: {Pet: {type: string}}" },
      { schemas: { Main: { items: { $ref: "#/components/schemas/Pet" } }, Pet: { type: "string" } } },
    ],
    [
      "the middle of another file, through a reference there",
      {
        "a.yaml": withSchema("{items: {$ref: 'b.yaml#/Pet/properties/name'}}"),
        "b.yaml": "Pet: {$ref: c.yaml}",
        "c.yaml": "properties: {name: {type: string}}",
      },
      { schemas: { Main: { items: { $ref: "#/components/schemas/name" } }, name: { type: "string" } } },
    ],
    [
      "a file's references to itself and to a file beside it",
      {
        "a.yaml": withSchema("{$ref: s/b.yaml#/B}"),
        "s/b.yaml": "B: {allOf: [{$ref: '#/C'}, {$ref: d.yaml}]}\nC: {type: object}",
        "s/d.yaml": "type: string",
      },
      {
        schemas: {
          Main: { allOf: [{ $ref: "#/components/schemas/C" }, { $ref: "#/components/schemas/d" }] },
          C: { type: "object" },
          d: { type: "string" },
        },
      },
    ],
    [
      "circles between files",
      {
        "a.yaml": withSchema("{properties: {b: {$ref: b.yaml}}}"),
        "b.yaml": "properties: {c: {$ref: c.yaml}, main: {$ref: 'a.yaml#/components/schemas/Main'}}",
        "c.yaml": "properties: {b: {$ref: b.yaml}}",
      },
      {
        schemas: {
          Main: { properties: { b: { $ref: "#/components/schemas/b" } } },
          b: { properties: { c: { $ref: "#/components/schemas/c" }, main: { $ref: "#/components/schemas/Main" } } },
          c: { properties: { b: { $ref: "#/components/schemas/b" } } },
        },
      },
    ],
    [
      "two files that want the same name",
      {
        "a.yaml": withSchema("{anyOf: [{$ref: x/Pet.yaml}, {$ref: y/Pet.yaml}, {$ref: b.yaml#/Main}]}"),
        "x/Pet.yaml": "type: string",
        "y/Pet.yaml": "type: number",
        "b.yaml": "Main: {type: boolean}",
      },
      {
        schemas: {
          Main: {
            anyOf: [
              { $ref: "#/components/schemas/Pet" },
              { $ref: "#/components/schemas/Pet_Pet" },
              { $ref: "#/components/schemas/b_Main" },
            ],
          },
          Pet: { type: "string" },
          Pet_Pet: { type: "number" },
          b_Main: { type: "boolean" },
        },
      },
    ],
    [
      "what stands beside a reference, and the values of a discriminator",
      {
        "a.yaml": withSchema(
          "{oneOf: [{$ref: Dog.yaml, description: d}], discriminator: {propertyName: t, mapping: {dog: ./Dog.yaml, cat: Cat}}}",
        ),
        "Dog.yaml": "type: object",
      },
      {
        schemas: {
          Main: {
            oneOf: [{ $ref: "#/components/schemas/Dog", description: "d" }],
            discriminator: { propertyName: "t", mapping: { dog: "#/components/schemas/Dog", cat: "Cat" } },
          },
          Dog: { type: "object" },
        },
      },
    ],
    [
      "names that need escapes",
      { "a.yaml": withSchema("{items: {$ref: 'b c.yaml#/x~1y%20z%25'}}"), "b c.yaml": '"x/y z%": {type: string}' },
      { schemas: { Main: { items: { $ref: "#/components/schemas/x~1y z%25" } }, "x/y z%": { type: "string" } } },
    ],
    [
      "a reference that only the main file can answer",
      { "a.yaml": withSchema("{items: {$ref: b.yaml}}"), "b.yaml": "items: {$ref: '#/components/schemas/Main'}" },
      {
        schemas: {
          Main: { items: { $ref: "#/components/schemas/b" } },
          b: { items: { $ref: "#/components/schemas/Main" } },
        },
      },
    ],
    [
      "a map of schemas in a file of its own",
      {
        "a.yaml": "openapi: 3.1.0\ncomponents: {schemas: {$ref: s/index.yaml}}",
        "s/index.yaml": "Pet: {$ref: ./Pet.yaml}\nTag: {type: string}",
        "s/Pet.yaml": "properties: {tag: {$ref: index.yaml#/Tag}}",
      },
      {
        schemas: {
          Pet: { properties: { tag: { $ref: "#/components/schemas/Tag" } } },
          Tag: { type: "string" },
        },
      },
    ],
  ])("%s", async ([, files, wanted]) => {
    const { document, diagnostics } = await read(files);
    expect(document.root.components).toEqual(wanted);
    expect(diagnostics.list).toEqual([]);
  });

  test("paths, operations' parts and everything in them, each in its place", async () => {
    const { document, diagnostics } = await read({
      "openapi.yaml": "openapi: 3.0.3\ninfo: {$ref: info.yaml}\npaths:\n  /pets: {$ref: paths/pets.yaml, summary: s}\n",
      "info.yaml": "title: Pets",
      "paths/pets.yaml": `get:
  parameters: [{$ref: ../parts.yaml#/Page}, {name: q, in: query, schema: {$ref: ../parts.yaml#/Q}}]
  requestBody: {$ref: ../parts.yaml#/Body}
  responses: {200: {$ref: ../parts.yaml#/Ok}}
`,
      "parts.yaml": `Page: {name: page, in: query}
Q: {type: string}
Body: {content: {application/json: {schema: {$ref: '#/Q'}}}}
Ok: {content: {application/json: {schema: {$ref: '#/Q'}}}}
`,
    });
    const q = { $ref: "#/components/schemas/Q" };
    expect(document.root).toEqual({
      openapi: "3.0.3",
      info: { title: "Pets" },
      paths: {
        "/pets": {
          summary: "s",
          get: {
            parameters: [{ $ref: "#/components/parameters/Page" }, { name: "q", in: "query", schema: q }],
            requestBody: { $ref: "#/components/requestBodies/Body" },
            responses: { "200": { $ref: "#/components/responses/Ok" } },
          },
        },
      },
      components: {
        schemas: { Q: { type: "string" } },
        parameters: { Page: { name: "page", in: "query" } },
        requestBodies: { Body: { content: { "application/json": { schema: q } } } },
        responses: { Ok: { content: { "application/json": { schema: q } } } },
      },
    });
    expect(diagnostics.list).toEqual([]);
    expect(document.files.map((file) => file.replace(/.*\//, "")).sort()).toEqual([
      "info.yaml",
      "openapi.yaml",
      "parts.yaml",
      "pets.yaml",
    ]);
  });

  test("paths in a file of their own", async () => {
    const { document } = await read({
      "a.yaml": "openapi: 3.1.0\npaths: {$ref: p.yaml}",
      "p.yaml": "/a: {get: {}}\n/b: {$ref: b.yaml}",
      "b.yaml": "put: {}",
    });
    expect(document.root.paths).toEqual({ "/a": { get: {} }, "/b": { put: {} } });
  });

  test("in Swagger 2.0, what is shared goes where 2.0 has it, and is lifted", async () => {
    const { document } = await read({
      "a.json": JSON.stringify({
        swagger: "2.0",
        host: "a.example",
        paths: {
          "/a": {
            get: { parameters: [{ $ref: "c.json#/parameters/V" }, { $ref: "c.json#/parameters/B" }], responses: {} },
          },
        },
      }),
      "c.json": JSON.stringify({
        swagger: "2.0",
        parameters: {
          V: { name: "v", in: "query", type: "string" },
          B: { name: "b", in: "body", schema: { $ref: "#/definitions/D" } },
        },
        definitions: { D: { type: "object", "x-nullable": true } },
      }),
    });
    expect(document.root).toMatchObject({
      paths: {
        "/a": {
          get: {
            parameters: [{ $ref: "#/parameters/V" }],
            requestBody: { content: { "application/json": { schema: { $ref: "#/definitions/D" } } } },
          },
        },
      },
      parameters: { V: { name: "v", in: "query", schema: { type: "string" } } },
      definitions: { D: { type: "object", nullable: true } },
    });
  });
});

describe("what is no reference is left alone:", () => {
  test.for([
    ["an example", "{example: {$ref: nowhere.yaml}}"],
    ["examples", "{examples: [{$ref: nowhere.yaml}]}"],
    ["a default", "{default: {$ref: nowhere.yaml}}"],
    ["an enum and a const", "{enum: [{$ref: nowhere.yaml}], const: {$ref: nowhere.yaml}}"],
    ["an extension", "{x-see: {$ref: nowhere.yaml}}"],
    ["a property called $ref", "{properties: {$ref: {type: string}}}"],
    [
      "an identifier of a schema of this document",
      "{$id: 'https://a.example/pet', items: {$ref: 'https://a.example/pet'}}",
    ],
  ])("%s", async ([, schema = ""]) => {
    const { document, diagnostics } = await read({ "a.yaml": withSchema(schema) });
    const same = await load("b", { text: `openapi: 3.1.0\nx: ${schema}` });
    expect((document.root.components as { schemas: object }).schemas).toEqual({ Main: same.root.x });
    expect(diagnostics.list).toEqual([]);
  });
});

describe("what cannot be followed stays, with a warning:", () => {
  const outside = { "sub/a.yaml": withSchema("{$ref: ../b.yaml}"), "b.yaml": "type: string" };
  test.for<[what: string, files: Files, code: string, message: RegExp]>([
    [
      "no such file",
      { "a.yaml": withSchema("{$ref: b.yaml}") },
      "FC101",
      /"b.yaml" leads nowhere: there is no such file/,
    ],
    [
      "nothing there",
      { "a.yaml": withSchema("{$ref: b.yaml#/x}"), "b.yaml": "y: 1" },
      "FC101",
      /b.yaml has nothing at "#\/x"/,
    ],
    [
      "a broken file",
      { "a.yaml": withSchema("{$ref: b.yaml}"), "b.yaml": "a: b: c" },
      "FC101",
      /leads nowhere: \S*b\.yaml:1:5: not valid YAML/,
    ],
    [
      "an empty file",
      { "a.yaml": withSchema("{$ref: b.yaml}"), "b.yaml": "" },
      "FC101",
      /nowhere: \S*b\.yaml is empty/,
    ],
    ["a file outside the folder", outside, "FC102", /outside the document's folder/],
    [
      "a host",
      { "a.yaml": withSchema("{$ref: 'http://127.0.0.1:9/b.yaml'}") },
      "FC102",
      /the host 127.0.0.1:9 is not allowed/,
    ],
    ["another machine", { "a.yaml": withSchema("{$ref: '//host.example/share/b.yaml'}") }, "FC102", /another machine/],
    ["its file", { "a.yaml": withSchema("{$ref: 'file://host.example/b.yaml'}") }, "FC102", /another machine/],
    ["an odd scheme", { "a.yaml": withSchema("{$ref: 'ftp://a.example/b'}") }, "FC102", /only files and http/],
    ["no address at all", { "a.yaml": withSchema("{$ref: 'http://'}") }, "FC101", /this is no address/],
  ])("%s", async ([, files, code, message]) => {
    const { document, diagnostics } = await read(files);
    expect(diagnostics.list).toMatchObject([
      { code, pointer: "#/components/schemas/Main", message: expect.stringMatching(message) },
    ]);
    expect(document.root).toMatchObject({ components: { schemas: { Main: { $ref: expect.any(String) } } } });
  });

  test("a link that leads out of the folder", async () => {
    const folder = folderWith({ "secret.yaml": "type: string", "api/a.yaml": withSchema("{$ref: b.yaml}") });
    symlinkSync(join(folder, "secret.yaml"), join(folder, "api/b.yaml"));
    const diagnostics = new Diagnostics();
    await load(join(folder, "api/a.yaml"), { diagnostics });
    expect(diagnostics.list).toMatchObject([{ code: "FC102" }]);
  });

  test("--root widens the folder", async () => {
    const folder = folderWith(outside);
    const { root } = await load(join(folder, "sub/a.yaml"), { root: folder });
    expect(root.components).toEqual({ schemas: { Main: { type: "string" } } });
  });

  test("standard input has a folder only where one is named", async () => {
    const folder = folderWith({ "b.yaml": "type: string" });
    mkdirSync(join(folder, "empty"));
    const diagnostics = new Diagnostics();
    const text = withSchema("{$ref: b.yaml}");
    await load("standard input", { text, diagnostics });
    expect(diagnostics.list).toMatchObject([{ code: "FC102", fix: "Name one: --root <folder>" }]);
    const { root } = await load("standard input", { text, root: folder });
    expect(root.components).toEqual({ schemas: { Main: { type: "string" } } });
  });
});

describe("from the network", () => {
  async function serve(answers: {
    readonly [path: string]: string | { status: number; location?: string };
  }): Promise<string> {
    const server = createServer((request, response) => {
      const answer = answers[request.url ?? ""] ?? { status: 404 };
      if (typeof answer === "string") response.end(answer);
      else response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const local = "openapi: 3.1.0\nservers: [{url: /v1}]\n";

  test("a document, its name and its address, after redirects", async () => {
    const origin = await serve({ "/x": { status: 302, location: "/docs/api.yaml" }, "/docs/api.yaml": local });
    const document = await load(`${origin}/docs/api.yaml?a=b`).catch(() => undefined);
    expect(document).toBeUndefined();
    const { name, url } = await load(`${origin}/x`);
    expect({ name, url }).toEqual({ name: "x", url: `${origin}/docs/api.yaml` });
  });

  test("without servers, the default one is where the document is", async () => {
    const origin = await serve({ "/a.yaml": "openapi: 3.1.0" });
    expect((await load(`${origin}/a.yaml`)).root.servers).toEqual([{ url: "/" }]);
  });

  test("errors say what happened", async () => {
    const origin = await serve({
      "/401": { status: 401 },
      "/loop": { status: 302, location: "/loop" },
      "/html": "<!doctype html><title>Docs</title>",
    });
    await expect(load(`${origin}/404`)).rejects.toThrow(/answers 404 Not Found$/);
    await expect(load(`${origin}/401`)).rejects.toMatchObject({ fix: expect.stringContaining("credentials") });
    await expect(load(`${origin}/loop`)).rejects.toThrow(/redirects too often/);
    await expect(load(`${origin}/html`)).rejects.toThrow(/it is an HTML page/);
    await expect(load("http://127.0.0.1:1/a.yaml")).rejects.toThrow(/cannot be reached/);
  });

  test("a document that breaks off, or unfolds without end", { timeout: 30_000 }, async () => {
    const bomb = gzipSync(Buffer.alloc(201_000_000, " "));
    const server = createServer((request, response) => {
      if (request.url === "/bomb") response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
      else response.writeHead(200, { "content-length": "100" }).write("openapi: 3.1.0", () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(load(`${origin}/bomb`)).rejects.toThrow(/bomb is larger than 200 MB/);
    await expect(load(`${origin}/half`)).rejects.toThrow(/half cannot be reached/);
  });

  test("references only to allowed hosts, also by redirects, and never to files", async () => {
    const other = await serve({ "/b.yaml": "type: string" });
    const origin = await serve({
      "/a.yaml": withSchema("{items: {$ref: /b.yaml}, not: {$ref: 'file:///etc/passwd'}, contains: {$ref: /c.yaml}}"),
      "/b.yaml": "type: number",
      "/c.yaml": { status: 302, location: `${other}/b.yaml` },
    });
    const diagnostics = new Diagnostics();
    const allowExternalRefs = [new URL(origin).host];
    const { root } = await load(`${origin}/a.yaml`, { allowExternalRefs, diagnostics });
    expect(root.components).toEqual({
      schemas: {
        Main: {
          items: { $ref: "#/components/schemas/b" },
          not: { $ref: "file:///etc/passwd" },
          contains: { $ref: "/c.yaml" },
        },
        b: { type: "number" },
      },
    });
    expect(diagnostics.list.map(({ message }) => message)).toEqual([
      expect.stringContaining("a document from the network reads no file"),
      expect.stringContaining("not allowed"),
    ]);
  });
});

describe("locate finds what came", () => {
  test("from other files", async () => {
    const { document } = await read({
      "a.yaml": "openapi: 3.1.0\npaths:\n  /a: {$ref: p.yaml}\n",
      "p.yaml": "\nget:\n  responses: {200: {$ref: r.yaml}}\n",
      "r.yaml": "\n\ncontent: {}\n",
    });
    const at = (pointer: string) => {
      const { file, line } = document.locate(pointer);
      return `${file.replace(/.*\//, "")}:${line}`;
    };
    expect(at("#/paths/~1a")).toBe("p.yaml:2");
    expect(at("#/paths/~1a/get/responses")).toBe("p.yaml:3");
    expect(at("#/components/responses/r/content")).toBe("r.yaml:3");
    expect(at("#/paths")).toBe("a.yaml:2");
    expect(document.locate("#/components/responses/r/content").pointer).toBe("#/content");
    expect(document.locate("#/paths/~1a/get").pointer).toBe("#/get");
  });
});

test.for([
  ["$ref: other.yaml", true],
  ["'$ref' : \"other.yaml\"", true],
  ['{"$ref": "https://a.example/pet.json#/Pet"}', true],
  ["$ref: >-\n  other.yaml#/Pet", true],
  ["$ref:\n  other.yaml", true],
  ["$ref: *pet", true],
  ["$ref: # the pet\n  pet.yaml", true],
  ["$ref: >- # the pet\n  pet.yaml", true],
  [`$ref: " pet.yaml"`, true],
  [`{"\\u0024ref": "pet.yaml"}`, true],
  ["$ref: '#/components/schemas/Pet'", false],
  ["$ref: >-\n  #/components/schemas/Pet", false],
  ["$ref: >-\r\n    #/components/schemas/Pet\r\n", false],
  [`{"$ref":"#"}`, false],
  ["$ref: #Pet", false],
  ['{"properties": {"$ref": {"type": "string"}}}', false],
  ["properties:\n  $ref:\n    type: string\n", false],
] as const)("%j may refer to another file: %j", ([text, want]) => {
  expect(hasForeignReferences(text)).toBe(want);
});
