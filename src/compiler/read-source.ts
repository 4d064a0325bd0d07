import { readdirSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DocumentError } from "./errors.ts";

/** The text of a file, and where it came from. */
export interface Source {
  /** A `file:` or `http(s):` URL; references in the file are relative to it. */
  readonly address: string;
  /** What messages call it. */
  readonly label: string;
  readonly text: string;
}

export function isUrl(input: string): boolean {
  return /^https?:\/\//i.test(input);
}

/** Reads a path or an `http(s)` URL. Throws `DocumentError`. */
export async function readSource(input: string): Promise<Source> {
  if (isUrl(input) && !URL.canParse(input)) throw new DocumentError(`${input} is no URL`, "Check the address.");
  return isUrl(input) ? readUrl(input) : readPath(input);
}

/** The text of bytes: UTF-8, or UTF-16 by its byte-order mark or its zeros. */
export function decode(bytes: Uint8Array, label: string): string {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (second === 0 && fourth === 0) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0 && third === 0) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const archive = archives.find(([magic]) => magic.every((byte, index) => bytes[index] === byte));
    if (archive !== undefined) {
      const location = { file: label, line: 1, column: 1 };
      throw new DocumentError(`the file is compressed (${archive[1]})`, "Unpack it first.", location);
    }
    const before = new TextDecoder().decode(bytes).split("\ufffd", 1).join("").split("\n");
    const location = { file: label, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new DocumentError(
      "the file is not UTF-8 text",
      "Save it as UTF-8 (or UTF-16 with a byte-order mark).",
      location,
    );
  }
}

const archives: readonly (readonly [magic: readonly number[], name: string])[] = [
  [[0x1f, 0x8b], "gzip"],
  [[0x50, 0x4b, 0x03, 0x04], "zip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
];

async function readPath(input: string): Promise<Source> {
  const [, scheme] = /^([a-z][a-z\d+.-]+):\/\//i.exec(input) ?? [];
  if (scheme !== undefined) {
    const fix = scheme.toLowerCase() === "file" ? "Give the path itself." : "Download it, and give its path.";
    throw new DocumentError(`${input}: only paths and http(s) URLs are read`, fix);
  }
  const path = resolve(input);
  try {
    const text = decode(await readFile(path), input);
    return { address: pathToFileURL(path).href, label: input, text };
  } catch (error) {
    throw error instanceof DocumentError ? error : fileError(input, path, error);
  }
}

function fileError(input: string, path: string, error: unknown): DocumentError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const options = { cause: error };
  if (code === "ENOENT" || code === "ENOTDIR") {
    const isGlob = /[*?[\]{}]/.test(input);
    const fix = isGlob ? "Patterns are for the shell: write it without quotes." : suggestion(dirname(path));
    return new DocumentError(`${input}: no such file`, fix, undefined, options);
  }
  if (code === "EISDIR")
    return new DocumentError(`${input} is a folder, not a document`, suggestion(path), undefined, options);
  if (code === "EACCES" || code === "EPERM") {
    return new DocumentError(`${input} may not be read`, "Check the file's permissions.", undefined, options);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new DocumentError(`${input} cannot be read: ${reason}`, "Check the path.", undefined, options);
}

function suggestion(folder: string): string {
  const names = documentsIn(folder).map((name) => relative(process.cwd(), resolve(folder, name)));
  if (names.length === 0) return "Check the path: there is no .yaml, .yml or .json file in that folder.";
  const shown = names.slice(0, 5).join(", ");
  return `Check the path. In that folder: ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ""}.`;
}

function documentsIn(folder: string): string[] {
  const isSettings = (name: string) =>
    /^(package(-lock)?|tsconfig.*|biome|fctool\.(config|lock))\.(json|yaml)$/.test(name) || name.startsWith(".");
  try {
    return readdirSync(folder).filter(
      (name) => [".yaml", ".yml", ".json"].includes(extname(name)) && !isSettings(name),
    );
  } catch {
    return [];
  }
}

// ------------------------------------------------------------ network

const patience = 30_000;
const mostBytes = 200_000_000;
const accept = "application/json, application/yaml, text/yaml, */*;q=0.5";

/** Reads a URL. With `isAllowed`, every redirect must lead to a host that is allowed too. */
export async function readUrl(url: string, isAllowed: (url: URL) => boolean = () => true): Promise<Source> {
  let address = url;
  for (let hops = 0; hops <= 5; hops++) {
    const response = await request(address);
    const target = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (target === null) return readResponse(response, address, url);
    await response.body?.cancel();
    const next = new URL(target, address);
    if (!isUrl(next.href) || !isAllowed(next)) {
      throw new DocumentError(
        `${url} redirects to ${next.origin}, which is not allowed`,
        "Use the address it redirects to.",
      );
    }
    address = next.href;
  }
  throw new DocumentError(`${url} redirects too often`, "Use the address of the document itself.");
}

async function request(url: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: "manual", headers: { accept }, signal: AbortSignal.timeout(patience) });
  } catch (error) {
    throw unreachable(url, error);
  }
}

function unreachable(url: string, error: unknown): DocumentError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const reason = isLate
    ? `no answer in ${patience / 1000} seconds`
    : cause instanceof Error
      ? cause.message
      : String(cause);
  const fix = "Check the address and the network, or download the document and give its path.";
  return new DocumentError(`${url} cannot be reached: ${reason}`, fix, undefined, { cause: error });
}

/** All of an answer, unpacked; the largest documents that there are have less than half of what it may have. */
async function readBody(response: Response, url: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      parts.push(part);
      size += part.byteLength;
      if (size > mostBytes) break;
    }
  } catch (error) {
    throw unreachable(url, error);
  }
  if (size <= mostBytes) return Buffer.concat(parts);
  throw new DocumentError(`${url} is larger than ${mostBytes / 1_000_000} MB`, "Check that it is the document.");
}

async function readResponse(response: Response, address: string, url: string): Promise<Source> {
  if (!response.ok) {
    const fix =
      response.status === 401 || response.status === 403
        ? "Download the document with your credentials and give its path."
        : "Check the address.";
    throw new DocumentError(`${url} answers ${response.status} ${response.statusText}`.trim(), fix);
  }
  return { address, label: url, text: decode(await readBody(response, url), url) };
}

// ------------------------------------------------------------ files below a folder

/** Reads a file that a document refers to, if it really lies below `root`. */
export async function readBelow(root: string, path: string): Promise<string | undefined> {
  const [base, target] = await Promise.all([realpath(root), realpath(path)]);
  const way = relative(base, target);
  if (way.startsWith("..") || resolve(base, way) !== target) return undefined;
  return decode(await readFile(target), relative(process.cwd(), path));
}

/** What messages and the kit's header call a document. */
export function nameOf(input: string): string {
  if (!isUrl(input) || !URL.canParse(input)) return basename(input);
  const { pathname, hostname } = new URL(input);
  const last = pathname.split("/").findLast((segment) => segment !== "");
  return last === undefined ? hostname : safelyDecode(last);
}

function safelyDecode(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll(/[/\\]/g, "_");
  } catch {
    return text;
  }
}
