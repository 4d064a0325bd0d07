import { expect, test } from "vitest";
import { idempotencyKeyOf } from "../../src/runtime/idempotency-key.ts";

const uuid = /^[\da-f]{8}-[\da-f]{4}-[48][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const id = "call_Ahq3bEtB2yUW5o1QjTfQ8aJk";

test("one logical call has one key, whatever the order of its arguments", async () => {
  const key = await idempotencyKeyOf(id, "pay", { a: 1, b: 2 });
  expect(key).toMatch(uuid);
  expect(await idempotencyKeyOf(id, "pay", { b: 2, a: 1 })).toBe(key);
});

test("two calls never have the same", async () => {
  const keys = [
    await idempotencyKeyOf(id, "pay", { a: 1 }),
    await idempotencyKeyOf(id, "pay", { a: 2 }),
    await idempotencyKeyOf(id, "refund", { a: 1 }),
    await idempotencyKeyOf(`${id}2`, "pay", { a: 1 }),
    // Some gateways count from one in every answer.
    await idempotencyKeyOf("call_1", "pay", { a: 1 }),
    await idempotencyKeyOf("call_1", "pay", { a: 1 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(uuid);
});
