import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkCorpus } from "../../corpus/corpus.ts";

const folder = fileURLToPath(new URL("../../fixtures", import.meta.url));

/** Why Prism has something against calls of these tools. */
const known = {
  findEnums: "it reads a number in a query as text, and then looks for it among numbers",
  findMember: "it wants `;id=25` of a matrix parameter to begin without its semicolon",
  sendContradiction: "no value at all fulfils the schema",
  sendTuples: "it applies `items: false` to the elements that `prefixItems` describes",
  sendUnions: "a payment fits two branches of its oneOf, which only the discriminator tells apart",
};

test("Prism accepts every request of the fixtures", { timeout: 120_000 }, async () => {
  // Two have tests of their own: the servers of the hostile one are no addresses, and a host injects what `extensions` needs.
  const paths = globSync(`${folder}/*/openapi.*`).filter((path) => !/hostile|extensions/.test(path));
  const rows = await checkCorpus({ paths });
  const calls = rows.flatMap((row) => row.calls ?? []);
  const wrong = calls.filter(({ outcome }) => outcome !== "accepted" && outcome !== "refused");
  expect(calls.length).toBeGreaterThan(150);
  expect([...new Set(wrong.map(({ tool }) => tool))].sort()).toEqual(Object.keys(known));
});
