import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../compiler/errors.ts";
import { isUrl, nameOf } from "../compiler/read-source.ts";

/** Where the kit of each document goes, by document. */
export function outputPaths(documents: readonly string[], output: string | undefined): ReadonlyMap<string, string> {
  const [first] = documents;
  if (first === undefined) {
    throw new UsageError("generate needs a document", "Give a path, an http(s) URL, or - for standard input.");
  }
  const unique = [...new Map(documents.map((each) => [isUrl(each) ? each : resolve(each), each])).values()];
  if (unique.includes("-") && output === undefined) {
    throw new UsageError("the kit of standard input has no name", "Say where it goes: -o <file>.gen.ts");
  }
  if (output !== undefined) requireTypeScript(output);
  if (output !== undefined && isFile(output)) return new Map([[onlyOne(unique, output), resolve(output)]]);
  if (unique.length > 1 && output === undefined) {
    throw new UsageError(`${unique.length} documents need a folder for their kits`, "Name one: -o <folder>");
  }
  return inFolder(unique, output ?? ".");
}

/** Where the one kit of this name goes. */
export function outputPath(name: string, output: string): string {
  requireTypeScript(output);
  return resolve(isFile(output) ? output : join(output, `${kitName(name)}.gen.ts`));
}

/** A folder that is called like a file of another kind is a slip. */
function requireTypeScript(output: string): void {
  if (output.trim() === "") throw new UsageError("-o is empty", "Give a file that ends in .ts, or a folder.");
  if (basename(output) === ".ts")
    throw new UsageError(`-o ${output} has no name before .ts`, "Name it like src/pets.gen.ts.");
  if (output.endsWith(".d.ts")) {
    throw new UsageError(
      `-o ${output} would be a file of declarations, and a kit runs`,
      "Name it like src/pets.gen.ts.",
    );
  }
  const [, ending] = /\.([cm]?jsx?|tsx|[cm]ts|json|ya?ml)$/.exec(output) ?? [];
  if (ending === undefined || (existsSync(output) && statSync(output).isDirectory())) return;
  throw new UsageError(
    `-o ${output} ends in .${ending}, and a kit is TypeScript`,
    "Name a file that ends in .ts, or a folder.",
  );
}

function isFile(output: string): boolean {
  return output.endsWith(".ts") && !(existsSync(output) && statSync(output).isDirectory());
}

function onlyOne(documents: readonly string[], output: string): string {
  const [document = ""] = documents;
  if (documents.length === 1) return document;
  throw new UsageError(
    `${documents.length} documents cannot go into the one file ${output}`,
    "Give a folder: -o <folder>",
  );
}

function inFolder(documents: readonly string[], folder: string): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const document of documents) {
    const path = resolve(join(folder, `${kitName(document)}.gen.ts`));
    const owner = owners.get(path);
    if (owner !== undefined) {
      const fix = "Generate them one at a time, each with its own -o <file>.gen.ts.";
      throw new UsageError(`${owner} and ${document} would both become ${kitName(document)}.gen.ts`, fix);
    }
    owners.set(path, document);
    paths.set(document, path);
  }
  return paths;
}

/** A document's name as that of a file, whatever the document is called. */
function kitName(document: string): string {
  const name = document === "-" ? "stdin" : nameOf(document);
  const plain = name
    .replace(/\.(json|ya?ml)$/i, "")
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^[._]+/, "");
  return plain === "" ? "kit" : plain.slice(0, 100);
}
