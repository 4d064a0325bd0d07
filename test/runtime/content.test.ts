import { openAsBlob, rmSync } from "node:fs";
import { join } from "node:path";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { expect, test } from "vitest";
import { defineTool, runTools } from "../../src/runtime/index.ts";
import { folderWith } from "../temporary-folder.ts";
import { calls, says, startModel } from "./model-server.ts";

const kit = defineTool({
  name: "show",
  parameters: { type: "object" },
  execute: ({ type, size = 3 }: { type: string; size?: number }) =>
    new Blob([new Uint8Array(size).fill(255)], { type }),
});

async function show(list: { type: string; size?: number }[], maxContentBytes?: number) {
  await using model = await startModel([
    calls(...list.map((args, index) => ["show", args, `c${index}`] as const)),
    says("ok"),
  ]);
  const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "go" }];
  await runTools({ client: model.client, model: "test", kit, messages, maxContentBytes });
  return model.requests[1]?.messages.slice(2) ?? [];
}

test.each<[type: string, part: object]>([
  ["image/png", { type: "image_url", image_url: { url: "data:image/png;base64,////" } }],
  ["image/jpeg; q=1", { type: "image_url", image_url: { url: "data:image/jpeg;base64,////" } }],
  ["audio/wav", { type: "input_audio", input_audio: { data: "////", format: "wav" } }],
  ["audio/mpeg", { type: "input_audio", input_audio: { data: "////", format: "mp3" } }],
  [
    "application/pdf",
    { type: "file", file: { file_data: "data:application/pdf;base64,////", filename: "result.pdf" } },
  ],
])("%s follows in a message of its own", async (type, part) => {
  expect(await show([{ type }])).toEqual([
    { role: "tool", tool_call_id: "c0", content: `[${type}, 3 bytes]: shown below` },
    { role: "user", content: [{ type: "text", text: "What show (c0) gave:" }, part] },
  ]);
});

test.each<[what: string, type: string, limit: number | undefined, note: string]>([
  ["a type that models do not take", "image/tiff", undefined, "it cannot be shown to you"],
  ["too much", "image/png", 2, "it is too large to be shown to you"],
  ["nothing at all, by the limit", "image/png", 0, "it is too large to be shown to you"],
])("%s is a note", async (_, type, limit, note) => {
  expect(await show([{ type }], limit)).toEqual([
    { role: "tool", tool_call_id: "c0", content: `[${type}, 3 bytes]: ${note}` },
  ]);
});

test("a file that is gone before it is read is a note, and the run goes on", async () => {
  const folder = folderWith({ "a.png": "\x89PNG" });
  const kit = defineTool({
    name: "show",
    parameters: { type: "object" },
    async execute() {
      const blob = await openAsBlob(join(folder, "a.png"), { type: "image/png" });
      rmSync(join(folder, "a.png"));
      return blob;
    },
  });
  await using model = await startModel([calls(["show", {}, "c0"]), says("ok")]);
  const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "go" }];
  const result = await runTools({ client: model.client, model: "test", kit, messages });
  expect([result.stopReason, result.messages[2]]).toEqual([
    "answer",
    { role: "tool", tool_call_id: "c0", content: "[image/png, 5 bytes]: it could not be read" },
  ]);
});

test("all outputs come first, then what they gave", async () => {
  const history = await show([{ type: "image/png" }, { type: "text/x" }, { type: "image/gif" }]);
  expect(history.map(({ role }) => role)).toEqual(["tool", "tool", "tool", "user"]);
  expect(history[3]?.content).toHaveLength(4);
});

test("a large image keeps its bytes", async () => {
  const [, message] = await show([{ type: "image/png", size: 1_000_000 }]);
  const { url } = (message as unknown as { content: [object, { image_url: { url: string } }] }).content[1].image_url;
  const [, data = ""] = url.split(",");
  expect(Buffer.from(data, "base64").equals(Buffer.alloc(1_000_000, 255))).toBe(true);
});
