import { expect, test } from "vitest";
import { nearest } from "../../src/runtime/nearest.ts";

test.each([
  ["rmb", ["CNY", "USD", "EUR"], undefined],
  ["cny", ["CNY", "USD"], "CNY"],
  ["get_pet", ["listPets", "getPet"], "getPet"],
  ["getPte", ["getPet", "getPot"], "getPet"],
  ["find_customer", ["findCustomer", "createOrder"], "findCustomer"],
  ["delete", ["createOrder"], undefined],
  ["", ["a"], undefined],
  ["", ["getPet"], undefined],
  ["x", [], undefined],
  ["x", ["y"], undefined],
  ["EU", ["USD", "EUR"], "EUR"],
  ["avail", ["available", "sold"], undefined],
  ["availible", ["available", "sold"], "available"],
  ["__proto__", ["getPet"], undefined],
])("nearest to %j of %j is %j", (word, candidates, want) => {
  expect(nearest(word, candidates)).toBe(want);
});

test("a very long word costs no time", () => {
  expect(nearest("a".repeat(1_000_000), Array(1000).fill("b".repeat(10_000)))).toBeUndefined();
});
