import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { calls, says, startModel } from "../runtime/model-server.ts";
import { folderWith } from "../temporary-folder.ts";
import { hasTerminal, startInTerminal } from "./terminal.ts";

// Each test starts a process, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const pets = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: https://pets.example }]
paths:
  /pets:
    get: { operationId: listPets, responses: { 200: { description: ok } } }
    post: { operationId: addPet, responses: { 201: { description: ok } } }
`;
const [enter, space, interrupt] = ["\r", " ", "\x03"];

/** An API that answers everything, and what it was asked. */
async function startApi() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

if (!hasTerminal) console.warn("skipped: there is no `script` of util-linux, which makes a terminal");

describe.skipIf(!hasTerminal)("on a terminal", () => {
  test("init asks which of several documents become kits", async () => {
    const folder = folderWith({ "a.yaml": pets, "b.yaml": pets });
    const terminal = startInTerminal(folder, ["init"]);
    await terminal.saw(/Which documents become kits\?[\s\S]*b\.yaml/);
    terminal.type(space + enter);
    await terminal.saw(/fctool\.config\.ts is written, with b\.yaml\. Next: fctool generate/);
    expect(await terminal.exitCode).toBe(0);
    expect(readFileSync(join(folder, "fctool.config.ts"), "utf8")).not.toContain("a.yaml");
  });

  test("init asks for the document where it finds none, and again for one that is not there", async () => {
    const folder = folderWith({ "deep/er/and/deeper/a.yaml": pets });
    const terminal = startInTerminal(folder, ["init"]);
    await terminal.saw(/Where is the OpenAPI document\?/);
    terminal.type(`nowhere.yaml${enter}`);
    await terminal.saw(/There is no such file/);
    terminal.type("\x7f".repeat("nowhere.yaml".length));
    terminal.type(`deep/er/and/deeper/a.yaml${enter}`);
    await terminal.saw(/is written, with deep\/er\/and\/deeper\/a\.yaml/);
    expect(await terminal.exitCode).toBe(0);
  });

  test("init that is interrupted writes nothing", async () => {
    const folder = folderWith({ "a.yaml": pets, "b.yaml": pets });
    const terminal = startInTerminal(folder, ["init"]);
    await terminal.saw(/Which documents/);
    terminal.type(interrupt);
    await terminal.saw(/nothing is written/);
    expect(await terminal.exitCode).toBe(2);
    expect(existsSync(join(folder, "fctool.config.ts"))).toBe(false);
  });

  test("chat talks line by line, asks before each write, and takes no for an answer", async () => {
    const { api, asked } = await startApi();
    await using model = await startModel([
      calls(["listPets"], ["addPet"]),
      says("There was none."),
      calls(["addPet"]),
      says("It is there."),
    ]);
    const words = ["chat", "pets.yaml", "--base-url", model.baseUrl, "--api-base-url", api, "--model", "m"];
    const terminal = startInTerminal(folderWith({ "pets.yaml": pets }), words, { OPENAI_API_KEY: "k" });
    await terminal.saw(/Pets: 2 tools, with m\. An empty line ends it\.[\s\S]*> /);
    terminal.type(`Is there a pet?${enter}`);
    await terminal.saw(/addPet is a write: \{\}[\s\S]*Allow it\? \[y\/N\] /);
    terminal.type(`n${enter}`);
    await terminal.saw(/the person at the terminal said no[\s\S]*There was none\.[\s\S]*> /);
    expect(asked).toEqual(["GET /pets"]);
    terminal.type(`Add it.${enter}`);
    await terminal.saw(/Allow it\? \[y\/N\] /);
    terminal.type(`y${enter}`);
    await terminal.saw(/It is there\.[\s\S]*> /);
    expect(asked).toEqual(["GET /pets", "POST /pets"]);
    expect(model.requests.at(-1)?.messages).toContainEqual({ role: "user", content: "Is there a pet?" });
    terminal.type(enter);
    expect(await terminal.exitCode).toBe(0);
  });

  test("chat asks about one call after the other, as one word must not answer for two", async () => {
    const { api, asked } = await startApi();
    await using model = await startModel([calls(["addPet"], ["addPet"]), says("Done.")]);
    const words = ["chat", "pets.yaml", "Add two.", "--base-url", model.baseUrl, "--api-base-url", api];
    const terminal = startInTerminal(folderWith({ "pets.yaml": pets }), words, { OPENAI_API_KEY: "k" });
    await terminal.saw(/addPet is a write[\s\S]*Allow it\? \[y\/N\] /);
    terminal.type(`y${enter}`);
    await terminal.saw(/addPet is a write[\s\S]*Allow it\? \[y\/N\] /);
    // The call that was allowed is on its way while the next one is asked about.
    await vi.waitFor(() => expect(asked).toEqual(["POST /pets"]), { timeout: 20_000 });
    terminal.type(`n${enter}`);
    await terminal.saw(/the person at the terminal said no[\s\S]*Done\./);
    expect(await terminal.exitCode).toBe(0);
    expect(asked).toEqual(["POST /pets"]);
  });

  test("several kits are a live list, which disappears when all are made", async () => {
    const paths = Array.from(
      { length: 1_500 },
      (_, index) =>
        `  /p${index}: { get: { parameters: [{ name: a, in: query, schema: { type: string } }], responses: {} } }\n`,
    ).join("");
    const large = pets.replace("paths:\n", `paths:\n${paths}`);
    const long = `second${" and so on".repeat(15)}`;
    const config = `{"kits": {"first": {"input": "a.yaml"}, "${long}": {"input": "a.yaml", "output": "second.gen.ts"}}}`;
    const folder = folderWith({ "a.yaml": large, "fctool.config.json": config });
    const terminal = startInTerminal(folder, ["generate"]);
    expect(await terminal.exitCode).toBe(0);
    const screen = terminal.screen();
    expect(screen).toMatch(/[◐◓◑◒] first .*(reading|compiling|writing)/i);
    expect(screen).toContain("\x1b[2A\x1b[0J");
    const frames = screen.slice(screen.indexOf("\x1b[2A"), screen.lastIndexOf("\x1b[2A"));
    const widths = stripVTControlCharacters(frames)
      .split(/\r?\n/)
      .map(({ length }) => length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
    const rest = screen.slice(screen.lastIndexOf("\x1b[0J"));
    expect(rest).not.toMatch(/[◐◓◑◒]/);
    expect(rest).toMatch(/first\.gen\.ts.*1,502 tools[\s\S]*second\.gen\.ts.*1,502 tools/);
  });
});
