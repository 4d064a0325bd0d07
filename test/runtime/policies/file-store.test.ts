import { execFileSync } from "node:child_process";
import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { fileStore } from "../../../src/runtime/policies/file-store.ts";
import { folderWith } from "../../temporary-folder.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("what one process kept, another has", async () => {
  const folder = join(folderWith({}), "cache");
  await fileStore(folder).set("key-1", { text: "喂", list: [1] }, 60_000);
  expect(await fileStore(folder).get("key-1")).toEqual({ text: "喂", list: [1] });
  const source = new URL("../../../src/runtime/policies/file-store.ts", import.meta.url).href;
  const script = `const { fileStore } = await import(process.argv[1]);
    console.log(JSON.stringify(await fileStore(process.argv[2]).get("key-1")));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script, source, folder], {
    encoding: "utf8",
  });
  expect(JSON.parse(output)).toEqual({ text: "喂", list: [1] });
});

test("only its user can read it", async () => {
  const folder = join(folderWith({}), "cache");
  await fileStore(folder).set("key", 1, 60_000);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "key.cache.json")).mode & 0o777).toBe(0o600);
});

test("it ends, and what is over is swept away", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const folder = folderWith({
    "notes.json": '{"end":0}',
    "half.cache.json": "{",
    "old.cache.json.x.part": "",
    "new.part": "",
  });
  const day = Date.now() / 1000 - 25 * 60 * 60;
  utimesSync(join(folder, "old.cache.json.x.part"), day, day);
  const store = fileStore(folder);
  await store.set("short", 1, 1_000);
  await store.set("long", 2, 9_000);
  vi.setSystemTime(Date.now() + 1_000);
  expect([await store.get("short"), await store.get("long")]).toEqual([undefined, 2]);
  await fileStore(folder).set("other", 3, 9_000);
  expect(readdirSync(folder).sort()).toEqual([
    "half.cache.json",
    "long.cache.json",
    "new.part",
    "notes.json",
    "other.cache.json",
  ]);
});

test("many at once, of one key", async () => {
  const folder = folderWith({});
  const store = fileStore(folder);
  const text = "x".repeat(100_000);
  const writes = Array.from({ length: 30 }, (_, n) => store.set("key", { n, text }, 60_000));
  const reads = Array.from({ length: 30 }, () => store.get("key"));
  await Promise.all(writes);
  for (const value of await Promise.all(reads)) {
    if (value !== undefined) expect(value).toEqual({ n: expect.any(Number), text });
  }
  expect(await store.get("key")).toMatchObject({ text });
  expect(readdirSync(folder)).toEqual(["key.cache.json"]);
});

test.each(["../key", "a/b", "", ".", "x".repeat(200), "key\u0000"])("%j is no key", async (key) => {
  const store = fileStore(folderWith({}));
  await expect(store.get(key)).rejects.toThrow("a key of a file store");
  await expect(store.set(key, 1, 1)).rejects.toThrow("a key of a file store");
});

test("a file that is broken, or a folder that is none", async () => {
  const folder = folderWith({ file: "" });
  writeFileSync(join(folder, "key.cache.json"), '{"end":99');
  expect(await fileStore(folder).get("key")).toBeUndefined();
  expect(await fileStore(join(folder, "file")).get("key")).toBeUndefined();
  await expect(fileStore(join(folder, "file")).set("key", 1, 1)).rejects.toThrow();
});
