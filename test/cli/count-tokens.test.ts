import { globSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import { countTokens } from "../../src/cli/count-tokens.ts";
import { generate } from "../../src/generate.ts";

const root = new URL("../../", import.meta.url).pathname;
const fixtures = globSync("fixtures/*/openapi.{yaml,json}", { cwd: root });
const large = ["discord*", "spotify*", "fire.com*"].flatMap((name) =>
  globSync(`../shared/corpus/documents/${name}`, { cwd: root }),
);

test.each([...fixtures, ...large])("%s: counting by parts finds what counting the whole does", async (path) => {
  const { tools } = await generate({ input: `${root}${path}` });
  const texts = tools.map(({ name, description, strict, parameters }) =>
    JSON.stringify({ type: "function", function: { name, description, strict, parameters } }),
  );
  const whole = (text: string) => encode(text, { disallowedSpecial: new Set() }).length;
  expect(await countTokens(tools)).toEqual({
    each: texts.map((text) => whole(`[${text}]`)),
    all: whole(`[${texts.join(",")}]`),
  });
});

test("no tools are an empty list", async () => {
  expect(await countTokens([])).toEqual({ each: [], all: 1 });
});
