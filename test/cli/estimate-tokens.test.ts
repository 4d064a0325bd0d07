import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { countTokens } from "../../src/cli/count-tokens.ts";
import { estimateTokens } from "../../src/cli/estimate-tokens.ts";
import { generate } from "../../src/generate.ts";

const root = new URL("../../", import.meta.url).pathname;
const large = ["discord*", "spotify*", "fire.com*"].flatMap((name) =>
  globSync(`../shared/corpus/documents/${name}`, { cwd: root }),
);

test.each(["examples/pet-store.yaml", ...large])("%s: the estimate is within a tenth of the count", async (path) => {
  const { tools } = await generate({ input: `${root}${path}` });
  const { all } = await countTokens(tools);
  const estimate = estimateTokens(tools);
  expect(estimate).toBeGreaterThan(all * 0.9);
  expect(estimate).toBeLessThan(all * 1.1);
});

test("more words cost more, and no tools nothing", () => {
  const tool = (description: string) => ({ name: "a", description, strict: true, parameters: {} });
  const estimate = (description: string) => estimateTokens([tool(description)] as never);
  expect(estimate("Adds a pet to the store")).toBeGreaterThan(estimate("Adds a pet"));
  expect(estimateTokens([])).toBe(0);
});
