import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { combineKits, defineTool, runTools } from "fctool/runtime";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { folderWith } from "../temporary-folder.ts";
import { calls, type ModelRequest, type Reply, says, startModel } from "./model-server.ts";

afterEach(() => vi.restoreAllMocks());

const question = "Write mem_high.txt if more than 80 % of the memory is in use, else mem_ok.txt.";

/** A tool that looks at this machine, and one that writes into a folder. */
function machineKit(folder: string) {
  const readMemory = defineTool({
    name: "readMemoryUse",
    description: "How much of the memory of this machine is in use.",
    parameters: { type: "object", properties: {} },
    effect: "read",
    execute: () => ({ total: os.totalmem(), used: os.totalmem() - os.freemem() }),
  });
  const writeText = defineTool({
    name: "writeTextFile",
    description: "Writes a text file.",
    parameters: z.object({ name: z.string().regex(/^\w+\.txt$/), text: z.string() }),
    async execute({ name, text }) {
      await writeFile(join(folder, name), text);
      return { written: name };
    },
  });
  return combineKits(readMemory, writeText);
}

/** A model that reads the threshold from the question and the memory from the tool, and acts on them. */
function think({ messages }: ModelRequest): Reply {
  const threshold = Number(/(\d+) %/.exec(String(messages[0]?.content))?.[1]);
  const outputs = messages.filter(({ role }) => role === "tool").map(({ content }) => JSON.parse(String(content)));
  const [memory, file] = outputs;
  if (memory === undefined) return calls(["readMemoryUse"]);
  if (file !== undefined) return says(`I wrote ${file.written}.`);
  const percent = (memory.used / memory.total) * 100;
  const name = percent > threshold ? "mem_high.txt" : "mem_ok.txt";
  return calls(["writeTextFile", { name, text: `${percent.toFixed(1)} %` }]);
}

async function run() {
  const folder = folderWith({});
  const model = await startModel(think);
  onTestFinished(() => model[Symbol.asyncDispose]());
  const kit = machineKit(folder);
  const messages = [{ role: "user" as const, content: question }];
  return { folder, result: await runTools({ client: model.client, model: "gpt-5.5", kit, messages }) };
}

test.each([
  [0, 1000, "mem_high.txt", "100.0 %"],
  [199, 1000, "mem_high.txt", "80.1 %"],
  [200, 1000, "mem_ok.txt", "80.0 %"],
  [900, 1000, "mem_ok.txt", "10.0 %"],
])("%i of %i free: the model writes %s", async (free, total, file, text) => {
  vi.spyOn(os, "freemem").mockReturnValue(free);
  vi.spyOn(os, "totalmem").mockReturnValue(total);
  const { folder, result } = await run();
  expect(readdirSync(folder)).toEqual([file]);
  expect(readFileSync(join(folder, file), "utf8")).toBe(text);
  expect([result.stopReason, result.text, result.steps.length]).toEqual(["answer", `I wrote ${file}.`, 3]);
});

test("of the memory of this very machine the model writes one of both", async () => {
  const { folder, result } = await run();
  const [file = "none"] = readdirSync(folder);
  expect(["mem_high.txt", "mem_ok.txt"]).toContain(file);
  const percent = Number.parseFloat(readFileSync(join(folder, file), "utf8"));
  expect(percent > 80).toBe(file === "mem_high.txt");
  expect(result.stopReason).toBe("answer");
});
