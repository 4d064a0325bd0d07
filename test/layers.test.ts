import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));

interface Import {
  readonly from: string;
  /** A path below `src`, or a package. */
  readonly of: string;
  readonly isType: boolean;
}

/** Every import of our source: static and dynamic ones, and re-exports. */
const imports: readonly Import[] = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((from) => {
    const text = readFileSync(join(source, from), "utf8");
    const statements = text.matchAll(
      /^(?:import|export)\s(type\s)?(?:[\w\s{},*]*?\sfrom\s)?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
    );
    return [...statements].map(([, type, target, dynamic]) => {
      const of = target ?? dynamic ?? "";
      return { from, of: of.startsWith(".") ? normalize(join(dirname(from), of)) : of, isType: type !== undefined };
    });
  });

const show = ({ from, of, isType }: Import) => `${from} → ${of}${isType ? " (type)" : ""}`;
const isOwn = ({ of }: Import) => of.endsWith(".ts");
const layerOf = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? "") : "root");

describe("layers", () => {
  /** For each layer, what else it may import: all of a layer, or only types of one file. */
  const allowed: {
    readonly [layer: string]: { readonly layers: readonly string[]; readonly types: readonly string[] };
  } = {
    runtime: { layers: [], types: [] },
    compiler: { layers: [], types: ["runtime/types.ts"] },
    emit: { layers: ["compiler"], types: ["runtime/types.ts"] },
    root: { layers: ["compiler", "config", "diff", "emit"], types: [] },
    config: { layers: ["compiler", "runtime"], types: [] },
    cli: { layers: ["root", "compiler", "config", "diff", "emit", "runtime"], types: [] },
    diff: { layers: ["root", "compiler", "emit"], types: ["runtime/types.ts"] },
    plugin: { layers: ["cli"], types: [] },
  };

  test.for(Object.entries(allowed))("%s", ([layer, { layers, types }]) => {
    const own = imports.filter(({ from }) => layerOf(from) === layer);
    expect(own.length).toBeGreaterThan(0);
    const wrong = own
      .filter(isOwn)
      .filter(
        ({ of, isType }) => layerOf(of) !== layer && !layers.includes(layerOf(of)) && !(isType && types.includes(of)),
      );
    expect(wrong.map(show)).toEqual([]);
  });

  test("there is no other layer", () => {
    const layers = new Set(imports.map(({ from }) => layerOf(from)));
    expect([...layers].sort()).toEqual(Object.keys(allowed).sort());
  });
});

describe("doors", () => {
  /** The files that may import a package. */
  const doors: { readonly [name: string]: readonly string[] } = {
    "@apidevtools/swagger-parser": ["compiler/read-references.ts"],
    "@clack/prompts": ["cli/init.ts"],
    "@opentelemetry/api": ["runtime/otel.ts"],
    cockatiel: ["runtime/policies/cockatiel.ts"],
    diff: ["cli/unified-diff.ts"],
    "gpt-tokenizer": ["cli/count-tokens.ts"],
    handlebars: ["emit/render.ts"],
    "jsonpath-rfc9535": ["compiler/overlay.ts"],
    "js-yaml": ["compiler/parse.ts", "compiler/source-map.ts"],
    lilconfig: ["config/load-config.ts"],
    openai: [],
    "ts-morph": ["emit/types.ts", "emit/check.ts"],
    unplugin: ["plugin/unplugin.ts"],
    yargs: ["cli/read-words.ts"],
  };
  const packages = imports.filter((each) => !isOwn(each) && !each.of.startsWith("node:"));
  const nameOf = ({ of }: Import) =>
    of
      .split("/")
      .slice(0, of.startsWith("@") ? 2 : 1)
      .join("/");

  test("each package comes in through its own", () => {
    const wrong = packages.filter((each) => !each.isType && !doors[nameOf(each)]?.includes(each.from));
    expect(wrong.map(show)).toEqual([]);
  });

  test("no package has a door that is not used, or is missing from package.json", () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(source, "../package.json"), "utf8"));
    const used = new Set(packages.map(nameOf));
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
    expect([...used].filter((name) => !(name in dependencies) && !(name in peerDependencies))).toEqual([]);
  });

  test("the runtime needs no Node, save for entries that nothing else imports", () => {
    const nodeEntries = ["runtime/policies/file-store.ts", "runtime/sqlite.ts"];
    const wrong = imports.filter(
      ({ from, of, isType }) =>
        (layerOf(from) === "runtime" && of.startsWith("node:") && !nodeEntries.includes(from)) ||
        (nodeEntries.includes(of) && !isType),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test("nobody pays for policies and observation who does not use them", () => {
    const values = imports.filter(({ isType }) => !isType);
    const reached = new Set(["runtime/index.ts", "runtime/adapters/responses.ts"]);
    for (const from of reached) for (const { of } of values.filter((each) => each.from === from)) reached.add(of);
    const paidApart = /^runtime\/(policies\/|observe|otel|sqlite|stats|console-logger|stored-call)/;
    expect([...reached].filter((of) => paidApart.test(of))).toEqual([]);
    expect(reached.size).toBeGreaterThan(30);
  });

  test("the compiler touches disk and network where it reads and where it writes", () => {
    const wrong = imports.filter(
      ({ from, of }) => /^node:(fs|http|net)/.test(of) && ["compiler", "emit", "root"].includes(layerOf(from)),
    );
    const readers = ["compiler/read-source.ts", "emit/write.ts", "emit/render.ts"];
    expect(wrong.filter(({ from }) => !readers.includes(from)).map(show)).toEqual([]);
  });
});
