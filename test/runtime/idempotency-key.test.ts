import { expect, test } from "vitest";
import { idempotencyKeyOf } from "../../src/runtime/idempotency-key.ts";

const uuid = /^[\da-f]{8}-[\da-f]{4}-[48][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const id = "call_Ahq3bEtB2yUW5o1QjTfQ8aJk";

const call = { id, tool: "pay", run: undefined };
const run = { id: "run_1", turn: 1 };

test("one logical call has one key, whatever the order of its arguments", async () => {
  for (const each of [call, { ...call, run }, { ...call, id: "1", run }]) {
    const key = await idempotencyKeyOf(each, { a: 1, b: 2 });
    expect(key).toMatch(uuid);
    expect(await idempotencyKeyOf({ ...each }, { b: 2, a: 1 })).toBe(key);
  }
});

test("two calls never have the same", async () => {
  const keys = [
    await idempotencyKeyOf(call, { a: 1 }),
    await idempotencyKeyOf(call, { a: 2 }),
    await idempotencyKeyOf({ ...call, tool: "refund" }, { a: 1 }),
    await idempotencyKeyOf({ ...call, id: `${id}2` }, { a: 1 }),
    // Some gateways count from one in every answer.
    await idempotencyKeyOf({ ...call, id: "call_1" }, { a: 1 }),
    await idempotencyKeyOf({ ...call, id: "call_1" }, { a: 1 }),
    // Some give the same ids to all users.
    await idempotencyKeyOf({ ...call, run }, { a: 1 }),
    await idempotencyKeyOf({ ...call, run: { ...run, turn: 2 } }, { a: 1 }),
    await idempotencyKeyOf({ ...call, run: { ...run, id: "run_2" } }, { a: 1 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(uuid);
});
