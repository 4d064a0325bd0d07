import type { Document } from "./load.ts";
import { joinPointer, parsePointer, splitPointer, valueAt } from "./pointer.ts";

/** A value of the document and its place. */
export interface Located {
  readonly value: unknown;
  readonly pointer: string;
}

export type RawObject = { readonly [key: string]: unknown };

export function isRawObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isReference(value: unknown): value is { readonly $ref: string } {
  return isRawObject(value) && typeof value.$ref === "string";
}

/** A reference that leads nowhere, or in a circle. */
export class UnresolvedReference extends Error {
  override name = "UnresolvedReference";
  readonly reference: string;
  readonly pointer: string;
  /** Whether the files of the document were looked through for it in vain, which was told then. */
  readonly isTold: boolean;

  constructor(reference: string, pointer: string, reason?: string) {
    super(`the reference ${JSON.stringify(reference)} leads nowhere${reason === undefined ? "" : `: ${reason}`}`);
    this.reference = reference;
    this.pointer = pointer;
    this.isTold = reason !== undefined;
  }
}

/** A reference to a reference to a reference, and so on, is an oversight; many of them take for ever. */
const mostSteps = 100;

/** Follows the references of one document. */
export class References {
  readonly #root: RawObject;
  readonly #unresolved: Document["unresolved"];
  #anchors: ReadonlyMap<string, Located> | undefined;

  constructor({ root, unresolved }: Document) {
    this.#root = root;
    this.#unresolved = unresolved;
  }

  /** What a reference points to, in one step. Throws `UnresolvedReference`; `pointer` is where the reference stands. */
  target(reference: string, pointer: string): Located {
    const found = this.find(reference);
    if (found === undefined) {
      throw new UnresolvedReference(reference, pointer, this.#unresolved.get(reference));
    }
    return found;
  }

  /** What stands at a pointer of ours, in which a `%` is a `%`. */
  at(pointer: string): unknown {
    return valueAt(this.#root, splitPointer(pointer));
  }

  /** The value itself, or what its references lead to in the end. */
  follow(value: unknown, pointer: string): Located {
    let located: Located = { value, pointer };
    const seen = new Set<string>();
    while (isReference(located.value)) {
      const { $ref } = located.value;
      if (seen.has($ref) || seen.size === mostSteps) throw new UnresolvedReference($ref, pointer);
      seen.add($ref);
      located = this.target($ref, pointer);
    }
    return located;
  }

  /** What a reference points to, or undefined where it leads nowhere. */
  find(reference: string): Located | undefined {
    const found = this.#find(reference);
    return found?.value === undefined ? undefined : found;
  }

  /** The value itself, or what its references lead to in the end; undefined where they lead nowhere. */
  valueOf(value: unknown): unknown {
    try {
      return this.follow(value, "").value;
    } catch {
      return undefined;
    }
  }

  #find(reference: string): Located | undefined {
    if (reference === "#" || reference.startsWith("#/")) {
      try {
        const segments = parsePointer(reference);
        return { value: valueAt(this.#root, segments), pointer: joinPointer("#", ...segments) };
      } catch {
        return undefined;
      }
    }
    if (reference.startsWith("#")) return this.#anchored().get(reference.slice(1));
    // A whole-schema identifier: JSON Schema's `$id`.
    return this.#anchored().get(reference);
  }

  #anchored(): ReadonlyMap<string, Located> {
    this.#anchors ??= collectAnchors(this.#root);
    return this.#anchors;
  }
}

/** Every `$anchor`, `$dynamicAnchor` and `$id` below the components. */
function collectAnchors(root: RawObject): ReadonlyMap<string, Located> {
  const anchors = new Map<string, Located>();
  visit(root, "#", 0);
  return anchors;

  function visit(value: unknown, pointer: string, depth: number): void {
    if (typeof value !== "object" || value === null || depth > 100) return;
    for (const keyword of ["$anchor", "$dynamicAnchor", "$id"]) {
      const name = (value as RawObject)[keyword];
      if (typeof name === "string" && !anchors.has(name)) anchors.set(name, { value, pointer });
    }
    for (const [key, child] of Object.entries(value)) visit(child, joinPointer(pointer, key), depth + 1);
  }
}
