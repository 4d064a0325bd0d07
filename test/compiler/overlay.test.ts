import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import { load } from "../../src/compiler/load.ts";
import { applyOverlays } from "../../src/compiler/overlay.ts";
import { folderWith } from "../temporary-folder.ts";

const document = { paths: { "/a": { get: { tags: ["x"] } }, "/b": { get: {}, post: {} } }, info: { title: "t" } };
const overlay = (...actions: object[]) => ({ label: "o.yaml", value: { overlay: "1.1.0", actions } });

describe("an overlay", () => {
  test.for<[what: string, action: object, wanted: object]>([
    [
      "merges objects",
      { target: "$.info", update: { version: "1" } },
      { ...document, info: { title: "t", version: "1" } },
    ],
    [
      "merges into every match",
      { target: "$.paths[*].get", update: { deprecated: true } },
      {
        ...document,
        paths: { "/a": { get: { tags: ["x"], deprecated: true } }, "/b": { get: { deprecated: true }, post: {} } },
      },
    ],
    [
      "joins arrays",
      { target: "$.paths['/a'].get", update: { tags: ["y"] } },
      { ...document, paths: { ...document.paths, "/a": { get: { tags: ["x", "y"] } } } },
    ],
    [
      "adds to an array",
      { target: "$.paths['/a'].get.tags", update: "y" },
      { ...document, paths: { ...document.paths, "/a": { get: { tags: ["x", "y"] } } } },
    ],
    ["replaces a text", { target: "$.info.title", update: "u" }, { ...document, info: { title: "u" } }],
    [
      "removes every match",
      { target: "$.paths[*].get", remove: true },
      { ...document, paths: { "/a": {}, "/b": { post: {} } } },
    ],
    [
      "copies",
      { target: "$.paths['/b'].post", copy: "$.paths['/a'].get" },
      { ...document, paths: { ...document.paths, "/b": { get: {}, post: { tags: ["x"] } } } },
    ],
    ["changes the whole", { target: "$", update: { x: 1 } }, { ...document, x: 1 }],
    [
      "takes __proto__ for a name",
      { target: "$.info", update: JSON.parse('{"__proto__": {"x": 1}}') },
      { ...document, info: JSON.parse('{"title": "t", "__proto__": {"x": 1}}') },
    ],
  ])("%s", ([, action, wanted]) => {
    const before = structuredClone(document);
    expect(applyOverlays(document, [overlay(action)], new Diagnostics())).toStrictEqual(wanted);
    expect(document).toEqual(before);
  });

  test("removes several elements of one array", () => {
    const list = { list: [1, 2, 3, 4] };
    const changed = applyOverlays(list, [overlay({ target: "$.list[?@ > 2]", remove: true })], new Diagnostics());
    expect(changed).toEqual({ list: [1, 2] });
  });

  test("comes after the one before it, and what fits nothing is a warning", () => {
    const diagnostics = new Diagnostics();
    const first = overlay({ target: "$.info", update: { x: { y: 1 } } });
    const second = overlay({ target: "$.info.x", update: { z: 2 } }, { target: "$.nowhere", remove: true });
    expect(applyOverlays(document, [first, second], diagnostics).info).toEqual({ title: "t", x: { y: 1, z: 2 } });
    expect(diagnostics.list).toMatchObject([
      {
        code: "FC402",
        pointer: "o.yaml#/actions/1/target",
        message: expect.stringContaining('"$.nowhere" fits nothing'),
      },
    ]);
  });

  test("that changes nothing is told of at its own place", async () => {
    const folder = folderWith({
      "a.yaml": "openapi: 3.1.0\npaths: {}\n",
      "o.yaml": "overlay: 1.0.0\nactions:\n  - target: $.nowhere\n    remove: true\n",
    });
    const diagnostics = new Diagnostics();
    const overlay = join(folder, "o.yaml");
    const { locate } = await load(join(folder, "a.yaml"), { overlays: [overlay], diagnostics });
    const [warning] = diagnostics.list;
    expect(locate(warning?.pointer ?? "")).toEqual({
      file: overlay,
      line: 3,
      column: 5,
      pointer: "#/actions/0/target",
    });
  });

  test.for<[what: string, value: unknown, message: RegExp]>([
    ["no overlay", { openapi: "3.0.0" }, /o\.yaml is not an OpenAPI Overlay/],
    ["another version", { overlay: "2.0.0" }, /version "2\.0\.0" is not supported/],
    ["no target", { overlay: "1.0.0", actions: [{ update: {} }] }, /#\/actions\/0 has no target/],
    ["no JSONPath", { overlay: "1.0.0", actions: [{ target: "$.[", remove: true }] }, /"\$\.\[" is no JSONPath/],
    [
      "a copy of many",
      { overlay: "1.1.0", actions: [{ target: "$.info", copy: "$.paths[*]" }] },
      /must lead to one value, and leads to 2/,
    ],
  ])("refuses %s", ([, value, message]) => {
    expect(() => applyOverlays(document, [{ label: "o.yaml", value }], new Diagnostics())).toThrow(message);
  });

  test("may bring in references, which are read like the document's own", async () => {
    const folder = folderWith({
      "a.yaml": "openapi: 3.1.0\npaths: {}\n",
      "o.yaml": "overlay: 1.0.0\nactions: [{target: $.paths, update: {/x: {$ref: p.yaml}}}]\n",
      "p.yaml": "get: {}",
    });
    const { root, addresses } = await load(join(folder, "a.yaml"), { overlays: [join(folder, "o.yaml")] });
    expect(root.paths).toEqual({ "/x": { get: {} } });
    expect(addresses.map((address) => address.replace(/.*\//, ""))).toEqual(["a.yaml", "p.yaml", "o.yaml"]);
  });
});

describe("an overlay that would never end", { timeout: 60_000 }, () => {
  const text = { info: { title: `${"a".repeat(60)}!` } };
  test.each<[what: string, document: { [key: string]: unknown }, actions: object[], message: RegExp]>([
    ["by its pattern", text, [{ target: "$..[?search(@.title, '(a+)+$')]", update: {} }], /is not found in 10 seconds/],
    [
      "by copies of copies",
      { tags: ["a", "b"] },
      Array.from({ length: 40 }, () => ({ target: "$.tags", copy: "$.tags" })),
      /the action at #\/actions\/2\d adds millions of values/,
    ],
  ])("%s", (_, document, actions, message) => {
    expect(() => applyOverlays(document, [overlay(...actions)], new Diagnostics())).toThrow(message);
  });
});
