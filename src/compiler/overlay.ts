import { runInNewContext } from "node:vm";
import { exec, type JsonValue } from "jsonpath-rfc9535";
import type { Diagnostics } from "./diagnostics.ts";
import { DocumentError } from "./errors.ts";
import type { Location } from "./load.ts";
import { joinPointer, valueAt } from "./pointer.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** An OpenAPI Overlay, 1.0 or 1.1, and what messages call it. */
export interface Overlay {
  readonly label: string;
  readonly value: unknown;
  /** Where a part of it stands, where it was read from a file. */
  readonly locate?: ((pointer: string) => Location) | undefined;
}

/** One change that an overlay makes. */
interface Action {
  readonly target: string;
  readonly update: unknown;
  readonly remove: boolean;
  /** JSONPath of the one value to merge into the target. */
  readonly copy: string | undefined;
  readonly pointer: string;
}

type Path = readonly (string | number)[];

/** A document as overlays leave it, each applied to what the one before it made. */
export function applyOverlays(document: RawObject, overlays: readonly Overlay[], diagnostics: Diagnostics): RawObject {
  // YAML's aliases share objects; a change to one place must not show in another.
  const changed = JSON.parse(JSON.stringify(document)) as RawObject;
  let added = 0;
  for (const overlay of overlays) {
    for (const action of actionsOf(overlay)) {
      added += apply(action, changed, overlay, diagnostics, mostAdded - added);
    }
  }
  return changed;
}

/** What copies of copies add to a document: more than this is made to exhaust whoever reads it. */
const mostAdded = 5_000_000;

function actionsOf(overlay: Overlay): Action[] {
  const { label, value } = overlay;
  const location = placeIn(overlay, "#/overlay");
  if (!isRawObject(value) || value.overlay === undefined) {
    throw new DocumentError(
      `${label} is not an OpenAPI Overlay`,
      'It has a key `overlay: "1.0.0"` at its top.',
      location,
    );
  }
  if (!/^1\.[01](\.|$)/.test(String(value.overlay))) {
    const problem = `Overlay version ${JSON.stringify(value.overlay)} is not supported`;
    throw new DocumentError(problem, "fctool reads Overlays 1.0 and 1.1.", location);
  }
  if (!Array.isArray(value.actions)) {
    const fix = "Write them as a list: actions: [{ target: …, update: … }]";
    throw new DocumentError(`${label} has no list of actions`, fix, placeIn(overlay, "#/actions"));
  }
  return value.actions.map((action: unknown, index) => {
    const pointer = joinPointer("#/actions", index);
    if (!isRawObject(action) || typeof action.target !== "string") {
      throw new DocumentError(
        `${label}: the action at ${pointer} has no target`,
        "Give it a JSONPath: target: \"$.paths['/pets'].get\"",
        placeIn(overlay, pointer),
      );
    }
    if (action.remove !== undefined && typeof action.remove !== "boolean") {
      const problem = `${label}: remove must be true or false, and is ${JSON.stringify(action.remove)}`;
      throw new DocumentError(problem, "Write it without quotes: remove: true", placeIn(overlay, `${pointer}/remove`));
    }
    if (action.update === undefined && action.copy === undefined && action.remove !== true) {
      const problem = `${label}: the action at ${pointer} does nothing`;
      throw new DocumentError(problem, "Give it update, copy or remove: true.", placeIn(overlay, pointer));
    }
    return {
      target: action.target,
      update: action.update,
      remove: action.remove === true,
      copy: typeof action.copy === "string" ? action.copy : undefined,
      pointer,
    };
  });
}

function placeIn({ label, locate }: Overlay, pointer: string): Location {
  return locate?.(pointer) ?? { file: label, line: 1, column: 1 };
}

/** Tells how many values it added. */
function apply(
  action: Action,
  document: RawObject,
  overlay: Overlay,
  diagnostics: Diagnostics,
  mostValues: number,
): number {
  const { target, pointer, remove, copy, update } = action;
  const paths = find(document, target, overlay, pointer).map(({ path }) => path);
  if (paths.length === 0) {
    const what = `${JSON.stringify(target)} fits nothing, so this action of ${overlay.label} changes nothing`;
    diagnostics.warn("FC402", `${overlay.label}${pointer}/target`, what, "Mend the JSONPath, or remove the action.");
  }
  // From the last to the first, so that removing one element does not move those that are still to go.
  if (remove) for (const path of paths.toReversed()) removeAt(document, path);
  if (remove || paths.length === 0) return 0;
  const source = copy === undefined ? update : copied(document, copy, overlay, pointer);
  if (source === undefined) return 0;
  const added = countValues(source, mostValues / paths.length) * paths.length;
  if (added > mostValues) {
    const problem = `${overlay.label}: the action at ${pointer} adds millions of values`;
    throw new DocumentError(problem, "Make its target narrower, or what is copied smaller.", placeIn(overlay, pointer));
  }
  for (const path of paths) {
    const old = valueAt(document, path.map(String));
    if (isRawObject(old) && !isRawObject(source)) {
      const problem = `${overlay.label}: ${JSON.stringify(target)} leads to an object, and the update is none`;
      throw new DocumentError(
        problem,
        "Write what is to change in it: update: { title: … }",
        placeIn(overlay, pointer),
      );
    }
    mergeAt(document, path, source);
  }
  return added;
}

/** All that a value holds, but no more than so many. */
function countValues(root: unknown, most: number): number {
  let count = 0;
  const pending = [root];
  while (pending.length > 0 && count <= most) {
    const value = pending.pop();
    count++;
    if (typeof value === "object" && value !== null) for (const child of Object.values(value)) pending.push(child);
  }
  return count;
}

/** For one path. Its patterns are those of RegExp, which may take for ever. */
const patience = 10_000;

function find(document: RawObject, path: string, overlay: Overlay, pointer: string): { value: unknown; path: Path }[] {
  const found: { value: unknown; path: Path }[] = [];
  const search = () => exec(document as JsonValue, path, (value, at) => void found.push({ value, path: [...at] }));
  try {
    runInNewContext("search()", { search }, { timeout: patience });
    return found;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      throw new DocumentError(
        `${overlay.label}: ${JSON.stringify(path)} is not found in ${patience / 1000} seconds`,
        "Write it with fewer wildcards, and patterns without repetitions of repetitions.",
        placeIn(overlay, `${pointer}/target`),
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new DocumentError(
      `${overlay.label}: ${JSON.stringify(path)} is no JSONPath: ${reason.replace(/^Expected .* but (.*) found\.?$/s, "$1 is not expected")}`,
      "Write it as RFC 9535 has it: $.paths['/pets'].get",
      placeIn(overlay, `${pointer}/target`),
      { cause: error },
    );
  }
}

function copied(document: RawObject, path: string, overlay: Overlay, pointer: string): unknown {
  const found = find(document, path, overlay, pointer);
  const [source] = found;
  if (found.length === 1 && source !== undefined) return source.value;
  throw new DocumentError(
    `${overlay.label}: ${JSON.stringify(path)} (${pointer}/copy) must lead to one value, and leads to ${found.length}`,
    "Mend the JSONPath.",
    placeIn(overlay, `${pointer}/copy`),
  );
}

type Owner = { [key: string | number]: unknown };

function ownerOf(document: RawObject, path: Path): Owner {
  let owner = document as Owner;
  for (const step of path.slice(0, -1)) owner = owner[step] as Owner;
  return owner;
}

function removeAt(document: RawObject, path: Path): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const owner = ownerOf(document, path);
  if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete owner[last];
}

function mergeAt(document: RawObject, path: Path, update: unknown): void {
  const last = path.at(-1);
  if (last === undefined) {
    if (isRawObject(update)) for (const [key, value] of Object.entries(update)) set(document as Owner, key, value);
    return;
  }
  const owner = ownerOf(document, path);
  // What an array is updated with is one more element of it.
  if (Array.isArray(owner[last]) && !Array.isArray(update)) owner[last].push(clone(update));
  else set(owner, last, update);
}

/** Objects are merged, arrays joined, anything else replaced. */
function set(owner: Owner, key: string | number, value: unknown): void {
  const old = Object.hasOwn(owner, key) ? owner[key] : undefined;
  if (isRawObject(old) && isRawObject(value)) {
    for (const [name, child] of Object.entries(value)) set(old as Owner, name, child);
  } else {
    const isJoined = Array.isArray(old) && Array.isArray(value);
    const next = isJoined ? [...old, ...clone(value)] : clone(value);
    Object.defineProperty(owner, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
}

function clone<Value>(value: Value): Value {
  return structuredClone(value);
}
