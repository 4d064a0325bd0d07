import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/config/check-config.ts";
import { defineConfig } from "../../src/config/config.ts";

const check = (kit: object) => () => checkConfig({ kits: { pets: { input: "a.yaml", ...kit } } }, "fctool.config.ts");

test("all that there is", () => {
  const config = defineConfig({
    kits: {
      "pet store": {
        input: "https://a.example/openapi.json",
        overlays: ["o.yaml"],
        output: "src/pets.gen.ts",
        include: ["GET /pets/**"],
        exclude: ["removePet"],
        includeTags: ["a"],
        excludeTags: ["b"],
        deprecated: "exclude",
        operations: {
          "DELETE /**": { exclude: true, approval: "always", effect: "destructive" },
          addPet: { name: "add", description: "Add", inject: { tenant: "tenantId" } },
        },
        descriptions: "minimal",
        maxTokens: 8000,
        maxTools: 20,
        failOn: "warning",
        templates: { kit: "kit.hbs", operation: undefined },
        root: "..",
        allowExternalRefs: ["a.example"],
      },
    },
  });
  expect(checkConfig(config, "fctool.config.ts")).toBe(config);
});

describe("what is wrong is named by its key:", () => {
  test.for<[value: unknown, message: string, fix: RegExp]>([
    [null, "the configuration must be an object, and is null", /kits: \{ pets/],
    [{}, "the configuration is empty", /kits: \{ pets/],
    [{ kit: {} }, "kit is not a known key", /Did you mean kits\?/],
    [{ kits: {}, extra: 1 }, "kits is empty", /Name a kit/],
    [{ kits: [] }, "kits must be an object, and is []", /name/],
    [{ kits: { pets: "a.yaml" } }, 'kits.pets must be an object, and is "a.yaml"', /^Write it like pets: \{ input/],
    [
      { kits: { pets: { input: undefined } } },
      "kits.pets.input is undefined: something that it is made of is not set",
      /Name the document/,
    ],
    [
      { kits: { "../pets": { input: "a" } } },
      'kits["../pets"] is not named like a file, which it would become',
      /output: "src/,
    ],
    [{ kits: { "": { input: "a" } } }, 'kits[""] is not named like a file, which it would become', /Choose another/],
    [
      { kits: { "pet store": {} } },
      'kits["pet store"].input is missing',
      /^Name the document: "pet store": \{ input: "openapi.yaml" \}$/,
    ],
  ])("%j", ([value, message, fix]) => {
    expect(() => checkConfig(value, "fctool.config.ts")).toThrow(
      expect.objectContaining({ message: `fctool.config.ts: ${message}`, fix: expect.stringMatching(fix) }),
    );
  });

  test.for<[kit: object, message: string, fix: RegExp]>([
    [{ input: 7 }, "kits.pets.input must be a text, and is 7", /quotes/],
    [{ inptu: "a" }, "kits.pets.inptu is not a known key", /Did you mean input\?/],
    [{ output: "src" }, 'kits.pets.output must end in .ts, and is "src"', /Name a file/],
    [{ include: "addPet" }, 'kits.pets.include must be a list of texts, and is "addPet"', /\[ and \]/],
    [{ include: ["a", 1] }, "kits.pets.include[1] must be a text, and is 1", /quotes/],
    [{ maxTokens: "8k" }, 'kits.pets.maxTokens must be a whole number above 0, and is "8k"', /8000/],
    [{ maxTools: 0 }, "kits.pets.maxTools must be a whole number above 0, and is 0", /8000/],
    [{ descriptions: "short" }, 'kits.pets.descriptions cannot be "short"', /full, concise, minimal/],
    [
      { operations: { a: { effects: "read" } } },
      "kits.pets.operations.a.effects is not a known key",
      /Did you mean effect\?/,
    ],
    [
      { operations: { "GET /a": { effect: "safe" } } },
      'kits.pets.operations["GET /a"].effect must be one of read, write, destructive, and is "safe"',
      /effect: "read"/,
    ],
    [
      { operations: { a: { inject: ["b"] } } },
      'kits.pets.operations.a.inject must be a map from arguments to keys of the kit\'s inject option, and is ["b"]',
      /inject: \{ tenant/,
    ],
    [{ templates: { page: "a" } }, "kits.pets.templates.page is not a known key", /kit, operation/],
  ])("%j", ([kit, message, fix]) => {
    expect(check(kit)).toThrow(
      expect.objectContaining({ message: `fctool.config.ts: ${message}`, fix: expect.stringMatching(fix) }),
    );
  });
});

test("what holds itself, or goes deeper than a call stack, is shown as far as there is room", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  const deep = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
  for (const input of [circle, deep]) expect(check({ input })).toThrow(/^fctool\.config\.ts: .*\[\[\[\["…"\]\]\]\]/);
});
