import { existsSync, statSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, relative, resolve } from "node:path";
import { UsageError } from "../compiler/errors.ts";
import { isUrl, nameOf } from "../compiler/read-source.ts";
import { configNames } from "../config/load-config.ts";
import type { CommonArgs } from "./args.ts";
import { ExitCode } from "./exit-code.ts";
import { harmless, isInteractive, printResult } from "./print.ts";

export interface InitArgs extends CommonArgs {
  readonly document?: readonly string[];
  readonly output?: string;
  readonly yes?: boolean;
}

/** `fctool init`: writes a configuration, asking only what cannot be seen. */
export async function initCommand(args: InitArgs): Promise<ExitCode> {
  const existing = configNames.find((name) => existsSync(name));
  if (existing !== undefined) throw new UsageError(`${existing} is there already`, "Add a kit to it by hand.");
  const named = [...new Set(args.document ?? [])];
  for (const document of named) if (!isUrl(document)) await requireDocument(document);
  const folder = args.output ?? (existsSync("src") ? "src" : ".");
  if (folder.trim() === "") throw new UsageError("-o is empty", "Name a folder: -o src/kits");
  if (folder.endsWith(".ts"))
    throw new UsageError(`-o ${folder} is a file, and init takes a folder`, "Name a folder: -o src/kits");
  const documents = named.length > 0 ? named : await chooseDocuments(args);
  const path = "fctool.config.ts";
  await writeFile(path, configText(documents, folder, isInstalled()), { flag: "wx" });
  printResult(harmless(`${path} is written, with ${documents.join(", ")}. Next: fctool generate`));
  return ExitCode.done;
}

async function requireDocument(path: string): Promise<void> {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file`, "Check the path, or give an http(s) URL.");
  if (statSync(path).isDirectory()) throw new UsageError(`${path} is a folder, not a document`, "Name a file in it.");
  if (await isDocument(path)) return;
  throw new UsageError(
    `${path} is no OpenAPI document`,
    "It has a key `openapi` or `swagger`. Name the file that has.",
  );
}

async function chooseDocuments({ yes }: InitArgs): Promise<readonly string[]> {
  const found = await findDocuments(".");
  if (found.length > 0 && (found.length === 1 || yes === true)) return found;
  if (yes === true || !isInteractive(process.stdout) || !process.stdin.isTTY) {
    if (found.length === 0) {
      throw new UsageError("there is no OpenAPI document here", "Name what to start with: fctool init openapi.yaml");
    }
    const list = found.slice(0, 5).join(", ") + (found.length > 5 ? ", …" : "");
    const fix = `Name those to start with, fctool init ${found[0]}, or take all of them: fctool init --yes`;
    throw new UsageError(`there are ${found.length} documents here: ${list}`, fix);
  }
  return found.length === 0 ? [await askForDocument()] : askWhich(found);
}

async function askForDocument(): Promise<string> {
  const clack = await import("@clack/prompts");
  const answer = await clack.text({
    message: "Where is the OpenAPI document?",
    placeholder: "openapi.yaml or https://…",
    validate: (value = "") =>
      isUrl(value) || existsSync(value) ? undefined : "There is no such file; give a path or an http(s) URL.",
  });
  if (clack.isCancel(answer)) throw cancelled();
  return answer;
}

async function askWhich(found: readonly string[]): Promise<string[]> {
  const clack = await import("@clack/prompts");
  const answer = await clack.multiselect({
    message: "Which documents become kits?",
    options: found.map((value) => ({ value, label: harmless(value) })),
    initialValues: [...found],
  });
  if (clack.isCancel(answer)) throw cancelled();
  return answer;
}

function cancelled(): UsageError {
  return new UsageError("nothing is written", "Run fctool init again whenever you like.");
}

const skipped = new Set(["node_modules", "dist", "build", "coverage"]);

/** The documents in a folder, and in those below it down to the second. */
async function findDocuments(folder: string, depth = 2): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return depth === 0 || entry.name.startsWith(".") || skipped.has(entry.name) ? [] : findDocuments(path, depth - 1);
    }
    return [".yaml", ".yml", ".json"].includes(extname(entry.name)) && (await isDocument(path)) ? [path] : [];
  });
  return (await Promise.all(found)).flat().sort();
}

async function isDocument(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8");
  return /^\s*\{?\s*["']?(openapi|swagger)["']?\s*:\s*["']?[23]|[{,]\s*"(openapi|swagger)"\s*:\s*"[23]/m.test(text);
}

/** Whether the configuration can import fctool, from here or from a folder above. */
function isInstalled(): boolean {
  try {
    createRequire(resolve("fctool.config.ts")).resolve("fctool/package.json");
    return true;
  } catch {
    return false;
  }
}

/** Without the package at hand, the configuration does not import it. */
function configText(documents: readonly string[], folder: string, canImport: boolean): string {
  const names = new Map<string, string>();
  for (const document of documents) names.set(freeName(document, names), document);
  const kits = [...names].map(([name, document]) => {
    const output = relative(".", join(folder, `${name}.gen.ts`)).replaceAll("\\", "/");
    const key = /^[a-zA-Z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const input = JSON.stringify(document.replaceAll("\\", "/"));
    return `    ${key}: { input: ${input}, output: ${JSON.stringify(output)} },\n`;
  });
  const body = `{\n  kits: {\n${kits.join("")}  },\n}`;
  return canImport
    ? `import { defineConfig } from "fctool";\n\nexport default defineConfig(${body});\n`
    : `export default ${body};\n`;
}

function freeName(document: string, taken: ReadonlyMap<string, string>): string {
  const plain = nameOf(document)
    .replace(/\.(json|ya?ml)$/i, "")
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-");
  const name = plain === "" ? "kit" : plain;
  for (let number = 2; ; number++) {
    const candidate = number === 2 ? name : `${name}-${number - 1}`;
    if (!taken.has(candidate)) return candidate;
  }
}
