import { InvalidArgumentsError } from "./errors.ts";
import { deepest } from "./limits.ts";

const tooDeep = `nested too deeply: at most ${deepest} levels are allowed`;

/** What JSON text that a model wrote says. Throws `InvalidArgumentsError` with the place where it stops being JSON. */
export function parseJsonText(text: string, path = ""): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentsError(path, describeProblem(text));
  }
  return checkDepth(value, path);
}

/** Whoever walks a value relies on this. Throws `InvalidArgumentsError`. */
export function checkDepth<Value>(value: Value, path = ""): Value {
  if (isTooDeep(value)) throw new InvalidArgumentsError(path, tooDeep);
  return value;
}

/** Whether a value is nested more deeply than can be walked without care. */
export function isTooDeep(value: unknown, rest = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  return rest === 0 || Object.values(value).some((item) => isTooDeep(item, rest - 1));
}

// Engines word their errors differently, and some leave the position out, so we look for it ourselves.
const token =
  /[ \t\n\r]*([{}[\],:]|"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\p{Cc}]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

function describeProblem(text: string): string {
  /** What closes each array and object that is open. */
  const open: string[] = [];
  let expected = "a value";
  let end = 0;
  for (;;) {
    token.lastIndex = end;
    const found = token.exec(text)?.[1];
    if (found === undefined) break;
    const isKey = found.startsWith('"') && expected.startsWith("a key");
    const read = isKey ? "a key" : "]},:".includes(found) ? `"${found}"` : "a value";
    if (!expected.includes(read)) break;
    end = token.lastIndex;
    if (found === "{") open.push("}");
    if (found === "[") open.push("]");
    if (found === open.at(-1)) open.pop();
    if (open.length > deepest) return tooDeep;
    expected = isKey ? '":"' : expectedAfter(found, open.at(-1));
  }
  const rest = text.slice(end).trimStart();
  const position = text.length - rest.length;
  return rest === ""
    ? `not JSON: the text ends at position ${position}, where ${expected} was expected`
    : `not JSON: expected ${expected} at position ${position}, before ${JSON.stringify(rest.slice(0, 20))}`;
}

function expectedAfter(found: string, closing: string | undefined): string {
  const item = closing === "}" ? "a key" : "a value";
  if ("[{".includes(found)) return `${item} or "${closing}"`;
  if (found === ",") return item;
  if (found === ":") return "a value";
  return closing === undefined ? "the end" : `"," or "${closing}"`;
}
