import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { folderWith } from "../temporary-folder.ts";
import { cli, fctool } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const pets = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: https://pets.example }]
paths: { /pets: { get: { operationId: listPets, responses: {} }, post: { operationId: addPet, responses: {} } } }
`;
const config = '{"kits": {"zoo": {"input": "pets.yaml", "exclude": ["addPet"]}}}';
const folder = () => folderWith({ "pets.yaml": pets, "fctool.config.json": config });

test.for<[words: string[], lines: string[]]>([
  [["in"], ["init\tWrite a configuration", expect.stringMatching(/^inspect\t/)]],
  [["generate", "--fro"], ["--frozen-lock\tExit 1 where the lock would change"]],
  [["generate", "--frozen-lock", "--froz"], []],
  [
    ["generate", "--include", "a", "--inclu"],
    [expect.stringMatching(/^--include\t/), expect.stringMatching(/^--include-tags\t/)],
  ],
  [["generate", "pets.yaml", "--reporter", "s"], ["sarif"]],
  [["generate", "-p", ""], ["zoo\tpets.yaml"]],
  [["generate", "-o", ""], [":files"]],
  [
    ["inspect", ""],
    ["zoo\tpets.yaml", ":files"],
  ],
  [["inspect", "--descriptions", "full", "pets.yaml", "--tool", "add"], ["addPet\tPOST /pets"]],
  [["call", "zoo", ""], ["listPets\tGET /pets"]],
  [["completion", "b"], ["bash"]],
  [["nothing", ""], []],
])("%j", async ([words, lines]) => {
  const { code, stdout, stderr } = await fctool(folder(), ["--complete", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n").slice(0, -1)).toEqual(lines);
});

test("a configuration that is code is not run, its lock tells what there is", async () => {
  const kits = { zoo: { "GET /pets": { name: "listPets", hash: "1" } } };
  const files = {
    "fctool.config.ts": `process.stdout.write("run");\nexport default ${config};\n`,
    "fctool.lock.json": JSON.stringify({ version: 1, kits }),
    "pets.yaml": pets,
  };
  const ask = async (...words: string[]) => (await fctool(folderWith(files), ["--complete", ...words])).stdout;
  expect(await ask("generate", "-p", "")).toBe("zoo\n");
  expect(await ask("call", "zoo", "")).toBe("listPets\tGET /pets\n");
  expect(await ask("call", "pets.yaml", "add")).toBe("addPet\tPOST /pets\n");
  const { "fctool.lock.json": _, ...unlocked } = files;
  expect((await fctool(folderWith(unlocked), ["--complete", "generate", "-p", ""])).stdout).toBe("");
});

describe("the script of a shell", () => {
  test.for<[words: string, found: string[]]>([
    [`inspect ""`, ["fctool.config.json", "pets.yaml", "zoo", "$(touch hit);a b"]],
    [`generate -p ""`, ["zoo", "\\$\\(touch\\ hit\\)\\;a\\ b"]],
  ])("completes %s in bash, where there is one", async ([words, wanted], { skip }) => {
    const odd = { input: "pets.yaml", output: "odd.gen.ts" };
    const kits = { zoo: { input: "pets.yaml" }, "$(touch hit);a b": odd };
    const where = folderWith({ "pets.yaml": pets, "fctool.config.json": JSON.stringify({ kits }) });
    const { stdout: script } = await fctool(where, ["completion", "bash"]);
    const bin = folderWith({ fctool: `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n` });
    chmodSync(join(bin, "fctool"), 0o755);
    const ask = `compopt() { :; }\n${script}\nCOMP_WORDS=(fctool ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _fctool; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    let found: string;
    try {
      found = execFileSync("bash", ["-c", ask], { cwd: where, env, encoding: "utf8" });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return skip("there is no bash");
      throw error;
    }
    expect(found.trim().split("\n").sort()).toEqual(wanted.sort());
  });

  test("is that of $SHELL", async () => {
    const scriptFor = async (shell: string) =>
      (await fctool(folder(), ["completion"], { env: { SHELL: shell } })).stdout;
    expect(await scriptFor("/usr/bin/zsh")).toMatch(/^#compdef fctool\n/);
    expect(await scriptFor("/usr/bin/fish")).toMatch(/^function __fctool_complete\n/);
    expect(await scriptFor("/bin/sh")).toMatch(/\ncomplete -F _fctool fctool\n$/);
    expect(await fctool(folder(), ["completion", "tcsh"])).toMatchObject({
      code: 2,
      stderr: 'error: shell cannot be "tcsh"\n  Choose one of "bash", "zsh", "fish".\n',
    });
  });
});
