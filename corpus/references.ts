import { dirname, resolve } from "node:path";

type Tree = { [key: string]: unknown };

/** A value and the file that its references are relative to. */
interface Place {
  readonly value: unknown;
  readonly file: string;
}

/**
 * A copy in which every reference is replaced by the very object that it refers to. One that leads nowhere, or into
 * the network, becomes `{}`. Keys beside a reference are added, as Prism does.
 */
export function dereference(root: unknown, file: string, read: (file: string) => unknown): unknown {
  const files = new Map<string, unknown>([[file, root]]);
  const copies = new Map<object, unknown>();

  const load = (path: string): unknown => {
    if (!files.has(path))
      files.set(
        path,
        attempt(() => read(path)),
      );
    return files.get(path);
  };

  const find = (reference: string, from: string, open: readonly string[] = []): Place | undefined => {
    const [path = "", pointer = ""] = reference.split("#");
    if (/^[a-z]{2,}:/i.test(path) || open.includes(`${from} ${reference}`)) return undefined;
    const target = path === "" ? from : resolve(dirname(from), attempt(() => decodeURI(path)) ?? path);
    let place: Place | undefined = { value: load(target), file: target };
    for (const step of pointer.split("/").slice(1)) {
      place = follow(place, [...open, `${from} ${reference}`]);
      const value: unknown = place?.value;
      const key = keyOf(step);
      if (place === undefined || typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return;
      place = { value: (value as Tree)[key], file: place.file };
    }
    return follow(place, [...open, `${from} ${reference}`]);
  };

  /** Through references without siblings, until there is something else. */
  const follow = (place: Place | undefined, open: readonly string[]): Place | undefined => {
    const { value } = place ?? {};
    if (place === undefined || value === undefined) return undefined;
    return isReference(value) && Object.keys(value).length === 1 ? find(value.$ref, place.file, open) : place;
  };

  const copy = ({ value, file: from }: Place): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    if (isReference(value)) {
      const target = find(value.$ref, from);
      const { $ref: _, ...siblings } = value;
      if (Object.keys(siblings).length === 0) return target === undefined ? {} : copy(target);
      const own: Tree = {};
      copies.set(value, own);
      return Object.assign(own, target === undefined ? {} : copy(target), copy({ value: siblings, file: from }));
    }
    const own: Tree = (Array.isArray(value) ? [] : {}) as Tree;
    copies.set(value, own);
    for (const [key, child] of Object.entries(value)) define(own, key, copy({ value: child, file: from }));
    return own;
  };

  return copy({ value: root, file });
}

/** A copy in which what comes again is a reference to where it came first: a tree, as large as what it is made of. */
export function withoutCircles(root: unknown): unknown {
  const places = new Map<object, string>();
  const copy = (value: unknown, pointer: string): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = places.get(value);
    if (known !== undefined) return { $ref: known };
    places.set(value, pointer);
    const own: Tree = (Array.isArray(value) ? [] : {}) as Tree;
    for (const [key, child] of Object.entries(value)) define(own, key, copy(child, `${pointer}/${stepOf(key)}`));
    return own;
  };
  return copy(root, "#");
}

function stepOf(key: string): string {
  return encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function isReference(value: unknown): value is { readonly $ref: string } {
  return typeof value === "object" && value !== null && "$ref" in value && typeof value.$ref === "string";
}

/** Also where the key is `__proto__`. */
function define(target: Tree, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

function keyOf(step: string): string {
  const key = attempt(() => decodeURIComponent(step)) ?? step;
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function attempt<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
