import { InvalidArgumentsError } from "./errors.ts";

const deepest = 200;

/** What JSON text that a model wrote says. Throws `InvalidArgumentsError` with the place where it stops being JSON. */
export function parseJsonText(text: string, path = ""): unknown {
  if (isTextTooDeep(text)) throw tooDeep(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentsError(path, describeProblem(text));
  }
}

/** Whoever walks a value relies on this. Throws `InvalidArgumentsError`. */
export function checkDepth<Value>(value: Value): Value {
  if (isTooDeep(value)) throw tooDeep("");
  return value;
}

/** Whether a value is nested more deeply than can be walked without care. */
export function isTooDeep(value: unknown, rest = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  return rest === 0 || Object.values(value).some((item) => isTooDeep(item, rest - 1));
}

function isTextTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isString = !isString;
    else if (isString && character === "\\") at++;
    else if (!isString && (character === "[" || character === "{") && ++depth > deepest) return true;
    else if (!isString && (character === "]" || character === "}")) depth--;
  }
  return false;
}

function tooDeep(path: string): InvalidArgumentsError {
  return new InvalidArgumentsError(path, `nested too deeply: at most ${deepest} levels are allowed`);
}

// Engines word their errors differently, and some leave the position out, so we look for it ourselves.
const token =
  /[ \t\n\r]*([{}[\],:]|"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\p{Cc}]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

type Expected =
  | "a value"
  | 'a value or "]"'
  | "a key"
  | 'a key or "}"'
  | '":"'
  | '"," or "}"'
  | '"," or "]"'
  | "the end";

function describeProblem(text: string): string {
  const open: string[] = [];
  let expected: Expected = "a value";
  let end = 0;
  for (;;) {
    token.lastIndex = end;
    const found = token.exec(text)?.[1];
    const next: Expected | undefined = found === undefined ? undefined : advance(expected, found, open);
    if (next === undefined) break;
    expected = next;
    end = token.lastIndex;
  }
  const rest = text.slice(end);
  const position = end + (rest.length - rest.trimStart().length);
  if (position === text.length)
    return `not JSON: the text ends at position ${position}, where ${expected} was expected`;
  const near = JSON.stringify(text.slice(position, position + 20));
  return `not JSON: expected ${expected} at position ${position}, before ${near}`;
}

/** What may follow a token, or `undefined` where the token is out of place. */
function advance(expected: Expected, found: string, open: string[]): Expected | undefined {
  switch (expected) {
    case '":"':
      return found === ":" ? "a value" : undefined;
    case '"," or "}"':
      return found === "," ? "a key" : found === "}" ? close(open) : undefined;
    case '"," or "]"':
      return found === "," ? "a value" : found === "]" ? close(open) : undefined;
    case "a key":
    case 'a key or "}"':
      if (found === "}" && expected !== "a key") return close(open);
      return found.startsWith('"') ? '":"' : undefined;
    case "a value":
    case 'a value or "]"':
      if (found === "]" && expected !== "a value") return close(open);
      if (found === "{" || found === "[") {
        open.push(found);
        return found === "{" ? 'a key or "}"' : 'a value or "]"';
      }
      return "]},:".includes(found) ? undefined : after(open);
    case "the end":
      return undefined;
  }
}

function close(open: string[]): Expected {
  open.pop();
  return after(open);
}

function after(open: readonly string[]): Expected {
  const last = open.at(-1);
  return last === undefined ? "the end" : last === "{" ? '"," or "}"' : '"," or "]"';
}
