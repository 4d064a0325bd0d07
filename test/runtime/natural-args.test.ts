import { describe, expect, test } from "vitest";
import { checkNatural } from "../../src/runtime/natural-args.ts";
import { operation } from "./operation.ts";

const text = { type: "string" };
const entry = { type: "object", properties: { key: text, value: { type: "integer" } }, required: ["key", "value"] };
const parameters = {
  type: "object",
  properties: {
    filter_id: text,
    status: { type: ["string", "null"], enum: ["new", "old", null] },
    labels: { type: "array", items: entry },
    any: text,
    list: text,
    pair: { type: "object", properties: { item_0: text, item_1: text }, required: ["item_0", "item_1"] },
    shape: { anyOf: [{ $ref: "#/$defs/Round" }, { type: "integer" }] },
    note: { anyOf: [text, { type: "object", properties: { set_to: text } }, { type: "null" }] },
  },
  required: ["filter_id", "status", "labels", "any", "list", "pair", "shape", "note"],
  additionalProperties: false,
  $defs: {
    Round: { type: "object", properties: { r: { type: "number" } }, required: ["r"], additionalProperties: false },
  },
};
const codec = {
  filter_id: { name: "filter[id]" },
  status: "optional",
  labels: { as: "map", optional: true },
  any: { as: "json", optional: true },
  list: { as: "json", type: "array", optional: true },
  pair: { as: "tuple", optional: true },
  shape: "optional",
  note: { clear: "set_to", optional: true },
};

describe("arguments that a person wrote", () => {
  const made = operation({ tool: { type: "function", function: { name: "test", strict: true, parameters } }, codec });
  test.each<[more: object, message: string | undefined]>([
    [{}, undefined],
    [{ status: "new" }, undefined],
    [{ status: "odd" }, 'status: got "odd"; allowed: new, old, '],
    [
      { filter_id: "7" },
      "filter_id: is not known; allowed: tenant, filter[id], status, labels, any, list, pair, shape, note",
    ],
    [{ "filter[id]": 7 }, "filter[id]: got 7; expected a string"],
    [{ labels: { a: 1 } }, undefined],
    [{ labels: { a: "1" } }, 'labels.a: got "1"; expected an integer'],
    [{ labels: [] }, "labels: got an array of 0; expected an object"],
    [{ any: { x: [1] } }, undefined],
    [{ list: [1, "a"] }, undefined],
    [{ list: {} }, "list: got an object with no keys; expected an array"],
    [{ pair: ["a", "b"] }, undefined],
    [{ pair: ["a"] }, "pair.item_1: is required, and missing"],
    [{ shape: { r: 1 } }, undefined],
    [{ shape: 3 }, undefined],
    [{ shape: { r: 1, q: 2 } }, "shape.q: is not known; allowed: r"],
    [{ note: null }, undefined],
    [{ note: "x" }, undefined],
    [{ note: { set_to: "null" } }, "note: got an object with set_to; expected a string"],
    [{ tenant: "north" }, undefined],
  ])("%j: %s", (more, message) => {
    const check = () => checkNatural(made, { "filter[id]": "7", ...more }, { tenant: "south" });
    if (message === undefined) check();
    else expect(check).toThrow(message);
  });
});

describe("unions in unions", { timeout: 5_000 }, () => {
  const wrapped = (key: string, name: string) => {
    const items = { type: "array", items: { $ref: `#/$defs/${name}` } };
    return { type: "object", properties: { [key]: items }, required: [key], additionalProperties: false };
  };
  const either = (type: string) => ({ anyOf: [{ type }, wrapped("array", "A"), wrapped("array_2", "B")] });
  const codecs = { anyOf: [{}, { as: "wrapper" }, { as: "wrapper" }] } as const;
  const tree = operation({
    tool: {
      type: "function",
      function: {
        name: "test",
        strict: true,
        parameters: {
          type: "object",
          properties: { x: { $ref: "#/$defs/A" } },
          required: ["x"],
          additionalProperties: false,
          $defs: { A: either("number"), B: either("boolean") },
        },
      },
    },
    codec: { $defs: { A: codecs, B: codecs } },
  });
  const nested = (depth: number, leaf: string) => JSON.parse(`${"[".repeat(depth)}${leaf}${"]".repeat(depth)}`);

  test("are looked through once, however deep they are", () => {
    expect(() => checkNatural(tree, { x: nested(150, "true") }, {})).not.toThrow();
    expect(() => checkNatural(tree, { x: nested(150, '"a"') }, {})).toThrow(/expected a number/);
  });

  test("have an end", () => {
    expect(() => checkNatural(tree, { x: nested(100_000, "1") }, {})).toThrow(/nested too deeply/);
  });
});
