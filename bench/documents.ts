import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { makeDocument } from "./small-document.ts";

/** A document, and what tables call it. */
export interface BenchDocument {
  readonly name: string;
  readonly path: string;
}

const corpus = new URL("../../shared/corpus/", import.meta.url).pathname;

const usual = [
  "large/github*",
  "large/kubernetes*",
  "documents/{themoviedb,spotify,discord,gitlab,stream-io,jellyfin}*",
  "swagger-2/slack*",
];

/** Those that were asked for, or the usual ones as far as they are there; and always a small one, written into `folder`. */
export function findDocuments(asked: readonly string[], folder: string): BenchDocument[] {
  for (const path of asked) if (!existsSync(path)) throw new Error(`there is no document ${path}`);
  const paths = asked.length > 0 ? asked : usual.flatMap((glob) => globSync(glob, { cwd: corpus })).map(inCorpus);
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? globSync("**/*.{json,yaml,yml}", { cwd: path }).map((file) => join(path, file))
      : path,
  );
  return [...files.map((path) => mend({ name: nameOf(path), path: resolve(path) }, folder)), writeSmall(20, folder)];
}

/**
 * One reference to a file that is not there stops most generators. Where there are some, all get a copy in which such
 * a reference is an extension.
 */
function mend({ name, path }: BenchDocument, folder: string): BenchDocument {
  const text = readFileSync(path, "utf8");
  const mended = withoutDeadReferences(text, (file) => existsSync(join(dirname(path), file)));
  if (mended === text) return { name, path };
  const copy = join(folder, basename(path));
  writeFileSync(copy, mended);
  return { name: `${name} (mended)`, path: copy };
}

/** The text of a document, JSON or YAML, with `x-dead-ref` in place of `$ref` where that leads to no file. */
export function withoutDeadReferences(text: string, isThere: (file: string) => boolean): string {
  return text.replace(/\$ref(["']?:[ \t]*["']?)([^#"'\s]+\.(?:json|ya?ml))\b/g, (whole, between, file) =>
    isThere(file) ? whole : `x-dead-ref${between}${file}`,
  );
}

/** Writes a made-up document. */
export function writeSmall(operations: number, folder: string): BenchDocument {
  const path = join(folder, `${operations}-operations.json`);
  writeFileSync(path, JSON.stringify(makeDocument(operations)));
  return { name: `${operations} operations`, path };
}

const inCorpus = (path: string) => join(corpus, path);

/** The collection's names go by `<host>__<part>__<version>`. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.(json|ya?ml)$/, "");
  const [host = name, part = "main"] = name.split("__");
  return part === "main" ? host : `${host} ${part}`;
}
