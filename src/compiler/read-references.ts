import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type SwaggerParser from "@apidevtools/swagger-parser";
import { DocumentError } from "./errors.ts";
import { type Parsed, parse } from "./parse.ts";
import { isUrl, nameOf, readBelow, readUrl } from "./read-source.ts";

/** A file of a document. */
export interface ReadFile extends Parsed {
  readonly address: string;
  readonly label: string;
  /** Its base name. */
  readonly name: string;
}

/** Why a file or what should stand in it is not there. */
export interface Failure {
  readonly kind: "missing" | "forbidden";
  readonly reason: string;
  readonly fix?: string;
}

/** The files of a document, and those that it should have. */
export interface Files {
  readonly main: ReadFile;
  readonly all: readonly ReadFile[];
  /** Those of all files, also of those that cannot be read. */
  readonly addresses: readonly string[];
  /** The `$id`s in the main file: what refers to them needs no other file. */
  readonly identifiers: ReadonlySet<string>;
  find(address: string, from: ReadFile): ReadFile | Failure;
}

export interface ReadOptions {
  /** The folder that files must lie in. Default: that of the document. */
  readonly root?: string | undefined;
  /** The hosts that references may lead to. */
  readonly allowExternalRefs?: readonly string[] | undefined;
}

/** The address of a text that has no place. */
export const unplaced = "text:///";

/** Whether a text may refer to other files. Says yes where in doubt; a property that is called `$ref` is none. */
export function hasForeignReferences(text: string): boolean {
  return foreignReference.test(text);
}

/** A `$ref` with anything behind it but a place in the document itself, on its line or folded, or a mapping. */
const foreignReference =
  /(?:\$|\\u0024|\\x24)ref["']?\s*:(?!\s*(?:[>|][-+]?[ \t]*\r?\n\s*)?["']?#[/\w"']|\s*\{|\s+\w+:\s)/;

/**
 * Reads every file that a document refers to, and those that they refer to. What cannot be read is a failure. None where
 * all references stay in the document: the parser, which takes a while to load, is not needed then.
 */
export async function readReferences(main: ReadFile, options: ReadOptions): Promise<Files | undefined> {
  const { references, identifiers } = collect(main.value);
  if (references.size === 0 && identifiers.size === 0) return undefined;
  const { default: parser } = await import("@apidevtools/swagger-parser");
  const files = new Map<string, ReadFile | Failure>([[main.address, main]]);
  const wanted = (file: ReadFile) => addressesIn(file === main ? references : collect(file.value).references, file);
  await parser.resolve(main.address, asDocument(wanted(main)), {
    continueOnError: true,
    resolve: {
      file: false,
      http: false,
      guarded: {
        canRead: true,
        async read({ url, baseUrl = "" }: FileInfo) {
          const from = files.get(baseUrl.replace(/#.*$/s, ""));
          const isFile = from !== undefined && "value" in from;
          files.set(url, await readOne(url, isFile ? from : main, main, options));
          return url;
        },
      },
    },
    parse: {
      json: false,
      yaml: false,
      text: false,
      binary: false,
      references: {
        canParse: true,
        parse({ url }: FileInfo) {
          const file = files.get(url);
          return asDocument(file !== undefined && "value" in file ? wanted(file) : []);
        },
      },
    },
  });
  return {
    main,
    all: [...files.values()].filter((file): file is ReadFile => "value" in file),
    addresses: [...files.keys()],
    identifiers,
    find: (address, from) =>
      files.get(absolute(address, from) ?? "") ?? { kind: "missing", reason: "this is no address" },
  };
}

/** What the parser's plug-ins are told of a file. */
interface FileInfo {
  readonly url: string;
  /** The address of the file that refers to it, with the place in it. */
  readonly baseUrl?: string;
}

/**
 * The references of a file in a document that every version of the parser takes. The file itself might not pass: the
 * parser refuses OpenAPI 3.2 and numbers as versions, fails as a whole at one reference that is no address, and changes
 * the servers.
 */
function asDocument(addresses: readonly string[]): SwaggerParser["api"] {
  const references = addresses.map((address, index) => [index, { $ref: address }]);
  return { swagger: "2.0", info: { title: "", version: "" }, paths: Object.fromEntries(references) };
}

async function readOne(
  address: string,
  from: ReadFile,
  main: ReadFile,
  options: ReadOptions,
): Promise<ReadFile | Failure> {
  try {
    return isUrl(address) ? await readRemote(address, options) : await readLocal(address, from, main, options);
  } catch (error) {
    if (error instanceof DocumentError) return { kind: "missing", reason: reasonOf(error), fix: error.fix };
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return {
      kind: "missing",
      reason: code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? error})`,
    };
  }
}

/** With the place in the file itself: the reference stands somewhere else. */
function reasonOf({ message, location }: DocumentError): string {
  return location === undefined ? message : `${location.file}:${location.line}:${location.column}: ${message}`;
}

function parseFile(text: string, label: string): Parsed {
  const parsed = parse(text, label);
  if (parsed.value !== undefined) return parsed;
  throw new DocumentError(`${label} is empty`, "Check that it was written whole.");
}

async function readRemote(address: string, { allowExternalRefs = [] }: ReadOptions): Promise<ReadFile | Failure> {
  const isAllowed = (url: URL) => allowExternalRefs.includes(url.host) || allowExternalRefs.includes(url.hostname);
  const { host } = new URL(address);
  if (!isAllowed(new URL(address))) {
    return {
      kind: "forbidden",
      reason: `the host ${host} is not allowed`,
      fix: `Allow it: --allow-external-refs ${host}`,
    };
  }
  const { text, label } = await readUrl(address, isAllowed);
  return { ...parseFile(text, label), address, label, name: nameOf(address) };
}

async function readLocal(
  address: string,
  from: ReadFile,
  main: ReadFile,
  { root }: ReadOptions,
): Promise<ReadFile | Failure> {
  if (address.startsWith(unplaced)) {
    return {
      kind: "forbidden",
      reason: "a document from standard input has no folder",
      fix: "Name one: --root <folder>",
    };
  }
  if (!address.startsWith("file:")) return { kind: "forbidden", reason: "only files and http(s) addresses are read" };
  if (isUrl(from.address)) return { kind: "forbidden", reason: "a document from the network reads no file" };
  // Windows would give the user's password, hashed, to any machine that is looked for a file on.
  if (new URL(address).host !== new URL(main.address).host) {
    return { kind: "forbidden", reason: "it lies on another machine", fix: "Copy it into the document's folder." };
  }
  const folder = root ?? dirname(fileURLToPath(main.address));
  const path = fileURLToPath(address);
  const text = await readBelow(folder, path);
  if (text === undefined) {
    return {
      kind: "forbidden",
      reason: "it lies outside the document's folder",
      fix: "Widen the folder: --root <folder>",
    };
  }
  const label = relative(process.cwd(), path);
  return { ...parseFile(text, label), address, label, name: nameOf(label) };
}

function addressesIn(references: ReadonlySet<string>, from: ReadFile): string[] {
  const found = new Set([...references].flatMap((reference) => absolute(reference, from) ?? []));
  return [...found];
}

function absolute(reference: string, from: ReadFile): string | undefined {
  const url = URL.parse(reference.replace(/#.*$/s, ""), from.address);
  return url?.href;
}

/** Every string that may refer to another file, whether it stands where references do or not. */
function collect(root: unknown): { references: Set<string>; identifiers: Set<string> } {
  const references = new Set<string>();
  const identifiers = new Set<string>();
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === "object") pending.push(child);
      else if (typeof child === "string" && key === "$id") identifiers.add(child);
      else if (typeof child === "string" && key === "$ref" && !child.startsWith("#")) references.add(child);
    }
  }
  for (const identifier of identifiers) references.delete(identifier);
  return { references, identifiers };
}
