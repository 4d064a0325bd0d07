import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Diagnostics } from "./diagnostics.ts";
import { hoist, type Origin } from "./hoist.ts";
import { lift } from "./lift.ts";
import type { Overlay } from "./overlay.ts";
import { type Parsed, parse } from "./parse.ts";
import { splitPointer } from "./pointer.ts";
import { hasForeignReferences, type ReadFile, type ReadOptions, readReferences, unplaced } from "./read-references.ts";
import { isUrl, nameOf, readSource, type Source } from "./read-source.ts";
import { refuseText, versionOf } from "./recognize.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** A document as JSON, lifted to OpenAPI 3 where it was 2.0, with every file that it refers to in one tree. */
export interface Document {
  /** What messages and the kit's header call it: the file's base name. */
  readonly name: string;
  /** The OpenAPI version as written: "2.0", "3.0.3", … */
  readonly version: string;
  readonly root: { readonly [key: string]: unknown };
  /** Where it was read from, if that was the network: relative servers are relative to it. */
  readonly url?: string;
  /** Where in which file the value at a JSON pointer (`#/paths/~1pets`), or its nearest ancestor, stands. */
  locate(pointer: string): PointedLocation;
  /** The references that could not be followed to another file, and why. */
  readonly unresolved: ReadonlyMap<string, string>;
  /** Every file that was read, as messages call them. */
  readonly files: readonly string[];
  /** The addresses (`file:`, `https:`) of all that was read, and of what was looked for in vain. */
  readonly addresses: readonly string[];
}

/** 1-based. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface PointedLocation extends Location {
  /** The value's pointer in that file, which is another one in the tree of all files. */
  readonly pointer: string;
}

export interface LoadOptions extends ReadOptions {
  /** The document itself, where it was read already (standard input); `input` is then only what messages call it. */
  readonly text?: string | undefined;
  /** OpenAPI Overlays, applied in this order: paths, `http(s)` URLs, or the overlays themselves. */
  readonly overlays?: readonly (string | { readonly [key: string]: unknown })[] | undefined;
  readonly diagnostics?: Diagnostics | undefined;
}

/** Reads a document from a path or an `http(s)` URL. Throws `DocumentError` where there is none that can be read. */
export async function load(input: string, options: LoadOptions = {}): Promise<Document> {
  const { text, diagnostics = new Diagnostics() } = options;
  const source = text === undefined ? await readSource(input) : given(input, text, options);
  const parsed = parseDocument(source);
  const overlays = await Promise.all((options.overlays ?? []).map(readOverlay));
  const value = await overlaid(parsed.value, overlays, diagnostics);
  const name = nameOf(input);
  const main: ReadFile = { ...parsed, value, address: source.address, label: source.label, name };
  const version = versionOf(parsed.value, source);

  const isAlone = ![source, ...overlays].some(({ text }) => hasForeignReferences(text));
  const files = isAlone ? undefined : await readReferences(main, options);
  const { root: whole, origins, unresolved } = files === undefined ? alone(value) : hoist(files, diagnostics);
  const { root, moved } = version.startsWith("2") ? lift(whole) : unmoved(whole);

  const isRemote = isUrl(source.address);
  for (const pointer of parsed.duplicates) warnOfDuplicate(pointer, diagnostics);
  return {
    name,
    version,
    // OpenAPI's default server: where the document is.
    ...(isRemote ? { root: { ...root, servers: root.servers ?? [{ url: "/" }] }, url: source.address } : { root }),
    unresolved,
    files: (files?.all ?? [main]).map(({ label }) => label),
    addresses: [...(files?.addresses ?? [main.address]), ...overlays.flatMap(({ address }) => address ?? [])],
    locate: (pointer) => locateInOverlay(pointer, overlays) ?? locate(pointer, moved, origins, main),
  };
}

/** Only a folder that was named lets a text without a place of its own refer to files. */
function given(label: string, text: string, { root }: LoadOptions): Source {
  return { address: root === undefined ? unplaced : pathToFileURL(join(root, "document")).href, label, text };
}

function parseDocument({ text, label }: Source): Parsed & { readonly value: RawObject } {
  let parsed: Parsed;
  try {
    parsed = parse(text, label);
  } catch (error) {
    return refuseText(text, label, error);
  }
  return isRawObject(parsed.value) ? { ...parsed, value: parsed.value } : refuseText(text, label);
}

/** An overlay with its text. */
async function readOverlay(overlay: string | RawObject): Promise<Overlay & { text: string; address?: string }> {
  if (typeof overlay !== "string") return { label: "an overlay", value: overlay, text: JSON.stringify(overlay) };
  const { address, label, text } = await readSource(overlay);
  const { value, map } = parse(text, label);
  return { label, value, text, address, locate: map.locate };
}

/** What reads JSONPath is loaded only where there are overlays. */
async function overlaid(root: RawObject, overlays: readonly Overlay[], diagnostics: Diagnostics): Promise<RawObject> {
  if (overlays.length === 0) return root;
  const { applyOverlays } = await import("./overlay.ts");
  return applyOverlays(root, overlays, diagnostics);
}

function alone(root: RawObject): ReturnType<typeof hoist> {
  return { root, origins: new Map(), unresolved: new Map() };
}

function unmoved(root: RawObject): { root: RawObject; moved: ReadonlyMap<string, string> } {
  return { root, moved: new Map() };
}

/** What is said of an overlay has its name before the pointer. */
function locateInOverlay(pointer: string, overlays: readonly Overlay[]): PointedLocation | undefined {
  const overlay = overlays.find(({ label }) => pointer.startsWith(`${label}#`));
  const inside = pointer.slice(overlay?.label.length);
  const location = overlay?.locate?.(inside);
  return location && { ...location, pointer: inside };
}

function locate(
  pointer: string,
  moved: ReadonlyMap<string, string>,
  origins: ReadonlyMap<string, Origin>,
  main: ReadFile,
): PointedLocation {
  const [place, before] = nearest(pointer, moved);
  const written = place === undefined ? pointer : place + before;
  const [origin, rest] = nearest(written, origins);
  const { file, at } =
    origin === undefined ? { file: main, at: written } : { file: origin.file, at: origin.pointer + rest };
  return { ...file.map.locate(at), pointer: at };
}

/** What a table says about a pointer or its nearest ancestor, and the rest of the pointer. */
function nearest<Value>(pointer: string, table: ReadonlyMap<string, Value>): [value: Value | undefined, rest: string] {
  for (let end = pointer.length; end > 0 && table.size > 0; end = pointer.lastIndexOf("/", end - 1)) {
    const value = table.get(pointer.slice(0, end));
    if (value !== undefined) return [value, pointer.slice(end)];
  }
  return [undefined, pointer];
}

function warnOfDuplicate(pointer: string, diagnostics: Diagnostics): void {
  const key = splitPointer(pointer).at(-1);
  const fix = "Remove one of the two.";
  diagnostics.warn(
    "FC103",
    pointer,
    `the key ${JSON.stringify(key)} stands twice in one object; the last one counts`,
    fix,
  );
}
