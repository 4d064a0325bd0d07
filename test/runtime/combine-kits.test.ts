import { expect, test } from "vitest";
import { combineKits, defineTool, type HistoryEntry, OptionsError, UnknownToolError } from "../../src/runtime/index.ts";

const tool = (name: string) => defineTool({ name, parameters: { type: "object" }, execute: () => `I am ${name}` });
const names = (kit: { tools: { function: { name: string } }[] }) => kit.tools.map((tool) => tool.function.name);

test("the tools of all, each by its own kit", async () => {
  const kit = combineKits(tool("a"), combineKits(tool("b"), tool("c")));
  expect(names(kit)).toEqual(["a", "b", "c"]);
  expect(Object.keys(kit.dispatcher)).toEqual(["a", "b", "c"]);
  expect(await kit.dispatch({ id: "1", function: { name: "c" } })).toMatchObject({ ok: true, content: "I am c" });
  expect(await kit.call("b")).toBe("I am b");
});

test("an unknown name, with the nearest of all kits", async () => {
  const kit = combineKits(tool("findCustomer"), tool("getStock"));
  expect(await kit.dispatch({ id: "1", function: { name: "get_stok" } })).toMatchObject({
    toolCallId: "1",
    error: { kind: "unknown_tool", hint: "did you mean getStock?" },
  });
  expect(await kit.dispatch({ id: "1", function: { name: "__proto__" } })).toMatchObject({ ok: false });
  await expect(kit.call("getStok" as "getStock")).rejects.toThrow(UnknownToolError);
});

test("an unknown name is written down once, by a kit that has a history", async () => {
  const entries: HistoryEntry[] = [];
  const history = { append: (entry: HistoryEntry) => void entries.push(entry) };
  const kept = (name: string) => defineTool({ name, parameters: { type: "object" }, execute: () => 1 }, { history });
  const kit = combineKits(tool("a"), combineKits(tool("b"), kept("c")), kept("d"));
  await kit.dispatch({ id: "1", function: { name: "e" } });
  await kit.pick("a", "d").dispatch({ id: "2", function: { name: "c" } });
  expect(entries).toMatchObject([
    { callId: "1", tool: "e", outcome: { error: { hint: "tools: a, b, c, d" } } },
    { callId: "2", tool: "c", outcome: { error: { hint: "tools: a, d" } } },
  ]);
});

test("pick", async () => {
  const kit = combineKits(tool("a"), tool("b"), tool("c")).pick("c", "a");
  expect(names(kit)).toEqual(["a", "c"]);
  expect(await kit.dispatch({ function: { name: "b" } })).toMatchObject({ error: { kind: "unknown_tool" } });
  expect(() => combineKits(tool("a")).pick("b" as "a")).toThrow(OptionsError);
});

test("equal names throw, all of them named", () => {
  const both = combineKits(tool("a"), tool("b"));
  expect(() => combineKits(both, tool("b"), tool("a"))).toThrow("several kits have a tool of the same name: b, a");
});

test("no kits at all", async () => {
  expect(combineKits().tools).toEqual([]);
  expect(await combineKits().dispatch({ function: { name: "a" } })).toMatchObject({ error: { kind: "unknown_tool" } });
});
