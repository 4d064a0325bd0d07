import type { Diagnostics } from "./diagnostics.ts";
import { type Kind, type Slot, slotOf } from "./grammar.ts";
import { joinPointer, parsePointer, splitPointer, valueAt } from "./pointer.ts";
import type { Failure, Files, ReadFile } from "./read-references.ts";
import { isRawObject, isReference, type RawObject } from "./references.ts";

type Mutable = { [key: string]: unknown };

/** Where a value stood before it was brought into the one tree. */
export interface Origin {
  readonly file: ReadFile;
  readonly pointer: string;
}

interface Place extends Origin {
  readonly value: unknown;
}

/** Where values of a kind live when something else refers to them: in OpenAPI 3, and in Swagger 2.0. */
const homes: { readonly [kind in Kind]?: readonly [openapi: string, swagger: string] } = {
  schema: ["components/schemas", "definitions"],
  parameter: ["components/parameters", "parameters"],
  response: ["components/responses", "responses"],
  requestBody: ["components/requestBodies", "components/requestBodies"],
  header: ["components/headers", "components/headers"],
  securityScheme: ["components/securitySchemes", "securityDefinitions"],
  callback: ["components/callbacks", "components/callbacks"],
  link: ["components/links", "components/links"],
  mediaType: ["components/mediaTypes", "components/mediaTypes"],
};

/**
 * Makes one tree of a document and the files that it refers to. What can be referred to gets a home in the tree, once;
 * anything else (a path, a map of schemas) is copied to where it is wanted. A reference that cannot be followed stays.
 */
export function hoist(
  files: Files,
  diagnostics: Diagnostics,
): { root: RawObject; origins: ReadonlyMap<string, Origin>; unresolved: ReadonlyMap<string, string> } {
  const main = files.main;
  const source = main.value as RawObject;
  const isSwagger = source.swagger !== undefined;
  const origins = new Map<string, Origin>();
  const homeOf = new Map<string, string>();
  const taken = new Set<string>();
  const waiting: (() => void)[] = [];
  const reported = new Map<string, string>();

  claimHomes();
  const root = copy(source, "document", { file: main, pointer: "#", value: source }, "#", []) as Mutable;
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) place();
  return { root, origins, unresolved: reported };

  /** The document's own components are homes: of what stands there, or of what they are nothing but a reference to. */
  function claimHomes(): void {
    for (const kind of Object.keys(homes) as Kind[]) {
      const section = sectionOf(kind);
      if (section === undefined || !isRawObject(section.value)) continue;
      for (const [name, entry] of Object.entries(section.value)) claim(name, entry, kind, section);
    }
  }

  function claim(name: string, entry: unknown, kind: Kind, section: Place): void {
    const home = joinPointer(homePointer(kind), name);
    taken.add(home);
    if (isReference(entry) && Object.keys(entry).length === 1) {
      const target = follow(entry.$ref, section.file);
      if (target === undefined || "reason" in target || target.file === main) return;
      const key = keyOf(target, kind);
      if (!homeOf.has(key)) settle(key, home, kind, target);
    } else if (section.file !== main) {
      homeOf.set(keyOf({ file: section.file, pointer: joinPointer(section.pointer, name) }, kind), home);
    }
  }

  /** The document's components of a kind, which may be a reference to another file. */
  function sectionOf(kind: Kind): Place | undefined {
    let section = dig(main, splitPointer(homePointer(kind)));
    for (let steps = 0; section !== undefined && isReference(section.value) && steps < 50; steps++) {
      section = followFrom(section.value.$ref, section.file);
    }
    return section;
  }

  function homePointer(kind: Kind): string {
    return `#/${homes[kind]?.[isSwagger ? 1 : 0]}`;
  }

  /** `at` is where the copy will stand; `open` are the references whose targets are being copied into each other. */
  function copy(value: unknown, slot: Slot, from: Place, at: string, open: readonly string[]): unknown {
    if (Array.isArray(value)) return value.map((child, index) => copyChild(child, index, slot, from, at, open));
    if (!isRawObject(value)) return value;
    if (slot === "mapping") return copyMapping(value, from);
    if (isReference(value)) return copyReference(value, slot, from, at, open);
    return copyFields(value, slot, from, at, open);
  }

  function copyFields(value: RawObject, slot: Slot, from: Place, at: string, open: readonly string[]): RawObject {
    const fields = Object.entries(value).map(([field, child]): [string, unknown] => {
      const next = slotOf(slot, field);
      return [field, next === undefined ? child : copyChild(child, field, next, from, at, open)];
    });
    return Object.fromEntries(fields);
  }

  function copyChild(
    child: unknown,
    key: string | number,
    slot: Slot,
    from: Place,
    at: string,
    open: readonly string[],
  ): unknown {
    const place = { file: from.file, pointer: joinPointer(from.pointer, key), value: child };
    return copy(child, slot, place, joinPointer(at, key), open);
  }

  function copyReference(
    value: RawObject & { readonly $ref: string },
    slot: Slot,
    from: Place,
    at: string,
    open: readonly string[],
  ): unknown {
    const { $ref, ...siblings } = value;
    const rest = copyFields(siblings, slot, from, at, open);
    const target = follow($ref, from.file);
    if (target === undefined) return { ...rest, $ref };
    if ("reason" in target) {
      report($ref, at, target);
      return { ...rest, $ref };
    }
    if (slot in homes) return { ...rest, $ref: refer(target, slot as Kind) };
    if (target.file === main && from.file === main && slot === "pathItem") return value;
    const key = keyOf(target, slot);
    if (open.includes(key)) return rest;
    origins.set(at, target);
    const content = copy(target.value, slot, target, at, [...open, key]);
    return isRawObject(content) ? { ...content, ...rest } : content;
  }

  /** The values of a discriminator's mapping are names or references. */
  function copyMapping(mapping: RawObject, from: Place): RawObject {
    const entries = Object.entries(mapping).map(([value, written]): [string, unknown] => {
      const isFileReference = typeof written === "string" && /#|\.(json|ya?ml)$/i.test(written);
      const target = isFileReference ? follow(written, from.file) : undefined;
      return [value, target === undefined || "reason" in target ? written : refer(target, "schema")];
    });
    return Object.fromEntries(entries);
  }

  /** The local reference to a value, which gets a home if it has none. */
  function refer(target: Place, kind: Kind): string {
    if (target.file === main) return fragment(target.pointer);
    const key = keyOf(target, kind);
    const known = homeOf.get(key);
    if (known !== undefined) return fragment(known);
    const home = freeHome(target, kind);
    settle(key, home, kind, target);
    return fragment(home);
  }

  function settle(key: string, home: string, kind: Kind, target: Place): void {
    homeOf.set(key, home);
    taken.add(home);
    waiting.push(() => {
      origins.set(home, target);
      put(home, copy(target.value, kind, target, home, []));
    });
  }

  function freeHome(target: Place, kind: Kind): string {
    const file = target.file.name.replace(/\.[^.]*$/, "");
    const last = splitPointer(target.pointer).at(-1) ?? file;
    const names = [last, `${file}_${last}`];
    for (let number = 2; ; number++) {
      const free = names.map((name) => joinPointer(homePointer(kind), name)).find((home) => !taken.has(home));
      if (free !== undefined) return free;
      names.push(`${file}_${last}_${number}`);
    }
  }

  function put(pointer: string, value: unknown): void {
    const path = splitPointer(pointer);
    const name = path.pop() ?? "";
    let owner: Mutable = root;
    for (const step of path) {
      if (!isRawObject(owner[step])) owner[step] = {};
      owner = owner[step] as Mutable;
    }
    Object.defineProperty(owner, name, { value, enumerable: true, configurable: true, writable: true });
  }

  /** What a reference leads to; undefined where it stays as it is, because it is one of the main file's own. */
  function follow(reference: string, from: ReadFile): Place | Failure | undefined {
    if (from === main && (reference.startsWith("#") || files.identifiers.has(reference))) return undefined;
    const [address, hash = ""] = splitReference(reference);
    const file = address === "" ? from : files.find(address, from);
    if ("reason" in file) return file;
    const place = dig(file, tokens(hash)) ?? (address === "" ? dig(main, tokens(hash)) : undefined);
    return place ?? { kind: "missing", reason: `${file.label} has nothing at ${JSON.stringify(`#${hash}`)}` };
  }

  /** The value at a path in a file; references on the way are followed. */
  function dig(file: ReadFile, path: readonly string[], steps = 0): Place | undefined {
    let value = file.value;
    for (const [index, token] of path.entries()) {
      if (isReference(value) && !Object.hasOwn(value, token) && steps < 50) {
        const target = followFrom(value.$ref, file);
        if (target === undefined) return undefined;
        return dig(target.file, [...splitPointer(target.pointer), ...path.slice(index)], steps + 1);
      }
      value = valueAt(value, [token]);
      if (value === undefined) return undefined;
    }
    return { file, pointer: joinPointer("#", ...path), value };
  }

  function followFrom(reference: string, file: ReadFile): Place | undefined {
    if (file === main && reference.startsWith("#")) return dig(main, tokens(reference.slice(1)));
    const target = follow(reference, file);
    return target === undefined || "reason" in target ? undefined : target;
  }

  function report(reference: string, at: string, failure: Failure): void {
    if (reported.has(reference)) return;
    reported.set(reference, failure.reason);
    if (failure.kind === "forbidden") {
      diagnostics.warn(
        "FC102",
        at,
        `the reference ${JSON.stringify(reference)} is not followed: ${failure.reason}`,
        failure.fix ?? "",
      );
    } else {
      const fix = "Mend the reference or add what is missing; the operations that need it are left out.";
      diagnostics.warn(
        "FC101",
        at,
        `the reference ${JSON.stringify(reference)} leads nowhere: ${failure.reason}`,
        failure.fix ?? fix,
      );
    }
  }
}

function keyOf({ file, pointer }: Origin, slot: Slot): string {
  return `${slot} ${file.address}${pointer}`;
}

function splitReference(reference: string): [address: string, fragment?: string] {
  const at = reference.indexOf("#");
  return at === -1 ? [reference] : [reference.slice(0, at), reference.slice(at + 1)];
}

function tokens(hash: string): string[] {
  try {
    return parsePointer(`#${hash}`);
  } catch {
    return [hash];
  }
}

/** A pointer as a reference: a `%` in it is no escape. */
function fragment(pointer: string): string {
  return pointer.replaceAll("%", "%25");
}
