import { baseOf } from "../compiler/strict-schema.ts";
import type { JsonSchema } from "../runtime/types.ts";

/** Source text that is safe to print. Only this module can make one. */
export type Code = string & { readonly __code: unique symbol };

/** The column that printed lines should not pass. */
export const lineWidth = 120;

/** Source text from a template and pieces that are source text already. */
export function code(strings: TemplateStringsArray, ...pieces: readonly Code[]): Code {
  let text = strings[0] ?? "";
  pieces.forEach((piece, index) => {
    text += piece + strings[index + 1];
  });
  return text as Code;
}

/** Pieces of source text, one after the other. */
export function join(pieces: readonly Code[], separator: string): Code {
  return pieces.join(separator) as Code;
}

/** White space. */
export function spaces(count: number): Code {
  return " ".repeat(count) as Code;
}

/** Two pieces on one line, where the second one does not begin with a line of its own. */
export function beside(start: Code, text: Code): Code {
  return text.startsWith("\n") ? code`${start}${text}` : code`${start} ${text}`;
}

/** Source text that ts-morph need not read to lay out what is around it: it gets a hole, which is filled afterwards. */
export function holes(): { hole(text: Code): string; fill(printed: string): Code } {
  const texts: Code[] = [];
  return {
    hole: (text) => `\ue000${texts.push(text) - 1}\ue000`,
    // A comment brings its own signs along, and a text of several lines its own line.
    fill: (printed) =>
      printed.replace(/( |\/\*\* )?\ue000(\d+)\ue000(?: \*\/)?/g, (_, before, index) => {
        const text = texts[index] as Code;
        return before === " " ? beside(code``, text) : text;
      }) as Code,
  };
}

// ------------------------------------------------------------ values

/** Objects that are constants of their own, by identity: printed by their names. */
export type NamedParts = ReadonlyMap<object, Code>;

const none: NamedParts = new Map();

/**
 * Any JSON value as an expression. What does not fit on the line is broken, one entry a line; `indent` is the
 * indentation of the line it stands on, and `column` where on that line it begins.
 */
export function literal(value: unknown, indent = 0, column = indent, named: NamedParts = none): Code {
  const pieces: string[] = [];
  print(value, indent, column, pieces, named);
  return pieces.join("") as Code;
}

/**
 * The text of a value as a constant, where it must be one: if a key is called like a method of every object, TypeScript
 * looks at that method for the type of its value, and would take `"optional"` for any string.
 */
export function constant(value: unknown, text: Code): Code {
  return hasInheritedName(value) ? code`${text} as const` : text;
}

const inherited = new WeakMap<object, boolean>();

function hasInheritedName(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const known = inherited.get(value);
  if (known !== undefined) return known;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const has = names.some((name) => name in Object.prototype) || Object.values(value).some(hasInheritedName);
  inherited.set(value, has);
  return has;
}

/** An object or array with one entry a line, however short. */
export function lines(value: object, indent = 0, named: NamedParts = none): Code {
  const pieces: string[] = [];
  printBroken(value, indent, pieces, named);
  return pieces.join("") as Code;
}

/** An object literal of finished values, one entry a line. */
export function block(values: { readonly [name: string]: Code | undefined }, indent = 0): Code {
  const entries = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [field(name, value)]));
  return wrapped("{", entries, "}", indent) as Code;
}

/** An array literal of finished elements. */
export function list(elements: readonly Code[], column = 0): Code {
  const line = `[${elements.join(", ")}]`;
  return (column + line.length < lineWidth ? line : wrapped("[", elements, "]", 0)) as Code;
}

/** An entry of an object literal. */
export function field(name: string, value: Code): Code {
  return `${key(name)}: ${value}` as Code;
}

function wrapped(open: string, entries: readonly string[], close: string, indent: number): string {
  if (entries.length === 0) return open + close;
  const pad = " ".repeat(indent);
  return `${open}\n${entries.map((entry) => `${pad}  ${entry},\n`).join("")}${pad}${close}`;
}

/** On one line, if it takes no more than `room`. */
function inline(value: unknown, room: number, named: NamedParts): string | undefined {
  if (room <= 0 || (typeof value === "string" && value.length > room)) return undefined;
  if (typeof value !== "object" || value === null) return scalar(value);
  const part = partOf(value, named);
  if (part !== undefined) return part;
  const isArray = Array.isArray(value);
  const pieces: string[] = [];
  let left = room - (isArray ? 2 : 4);
  for (const [name, entry] of isArray ? value.entries() : entriesOf(value)) {
    const start = isArray ? "" : `${key(name as string)}: `;
    const text = inline(entry, left - start.length, named);
    if (text === undefined) return undefined;
    left -= start.length + text.length + 2;
    if (left < -2) return undefined;
    pieces.push(start + text);
  }
  if (isArray) return `[${pieces.join(", ")}]`;
  return pieces.length === 0 ? "{}" : `{ ${pieces.join(", ")} }`;
}

/**
 * The name of an object that has one, or that name with another description: by a call that bundlers leave out where it
 * is not needed, as they do not a spread.
 */
function partOf(value: object, named: NamedParts): string | undefined {
  if (named.size === 0) return undefined;
  const name = named.get(value);
  if (name !== undefined) return name;
  const base = baseOf(value as JsonSchema);
  const baseName = base && named.get(base);
  if (baseName === undefined) return undefined;
  const description = quoted((value as { description: string }).description);
  return `/*@__PURE__*/ Object.assign({}, ${baseName}, { description: ${description} })`;
}

/** Adds the pieces of a value to those of what it stands in, as text that is joined on every level is copied on every level. */
function print(value: unknown, indent: number, column: number, pieces: string[], named: NamedParts): void {
  const line = inline(value, lineWidth - 1 - column, named);
  if (line !== undefined) pieces.push(line);
  else if (typeof value === "object" && value !== null) {
    const part = partOf(value, named);
    if (part !== undefined) pieces.push(part);
    else printBroken(value, indent, pieces, named);
  } else pieces.push(scalar(value));
}

function printBroken(value: object, indent: number, pieces: string[], named: NamedParts): void {
  const isArray = Array.isArray(value);
  const pad = " ".repeat(indent + 2);
  pieces.push(isArray ? "[\n" : "{\n");
  for (const [name, entry] of isArray ? value.entries() : entriesOf(value)) {
    const start = isArray ? pad : `${pad}${key(name as string)}: `;
    pieces.push(start);
    print(entry, indent + 2, start.length, pieces, named);
    pieces.push(",\n");
  }
  pieces.push(" ".repeat(indent), isArray ? "]" : "}");
}

function entriesOf(value: object): [string, unknown][] {
  const entries = Object.entries(value);
  return entries.some(([, entry]) => entry === undefined)
    ? entries.filter(([, entry]) => entry !== undefined)
    : entries;
}

function scalar(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
      break;
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null";
  }
  throw new TypeError(`not a JSON value: ${String(value)}`);
}

/** Line separators, and what an editor does not show or shows in another order. */
const invisible =
  /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

/** What most texts are made of: nothing in them is escaped. */
const plain = /^[ !#-;=-[\]-~]*$/;

/** In double quotes, or in single ones where that saves escapes. */
function quoted(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  const escaped = JSON.stringify(text)
    .replace(invisible, (character) => character.split("").map(escapedUnit).join(""))
    .replace(/<(?=\/script|!--)/gi, "\\x3c");
  if (!text.includes('"') || count(text, '"') <= count(text, "'")) return escaped;
  return `'${escaped.slice(1, -1).replace(/\\"|\\.|'/g, (found) => singleQuoted[found] ?? found)}'`;
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const singleQuoted: { readonly [found: string]: string } = { '\\"': '"', "'": "\\'" };

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

// ------------------------------------------------------------ names

/** Words that cannot name a value or a type in a module. */
const reserved = new Set(
  (
    "any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else " +
    "enum eval export extends false finally for function if implements import in instanceof interface let never new null " +
    "number object package private protected public return static string super switch symbol this throw true try type " +
    "typeof undefined unknown var void while with yield"
  ).split(" "),
);

/** A legal name, or it throws. */
export function identifier(name: string): Code {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || reserved.has(name)) {
    throw new Error(`not a legal name: ${JSON.stringify(name)}`);
  }
  return name as Code;
}

/** The name of a property in a type, quoted where it must be. */
export function propertyName(name: string): Code {
  return (isPlain(name) ? name : quoted(name)) as Code;
}

/** The name of a property in an object literal, where a plain `__proto__` would set the prototype. */
function key(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : propertyName(name);
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

// ------------------------------------------------------------ comments

/** Comments end here: nobody reads on. */
const mostText = 20_000;

/** Text for the inside of a comment: it cannot close the comment, and no tool takes it for an instruction. */
export function docText(text: string, indent = 0): Code {
  const lines = text
    .slice(0, mostText)
    .replace(/\r\n?|[\u2028\u2029\v\f]/g, "\n")
    .replace(/(?!\n)\p{Cc}/gu, (character) => (character === "\t" ? "  " : ""))
    .replace(invisible, "")
    .toWellFormed()
    .replace(/\*(?=\/)/g, "*\\")
    .replace(/<(?=\/script|!--)/gi, "<\\")
    .replace(/@(?=ts-|jsx)/gi, "@ ")
    .replace(/^([ \t]*)@/gm, "$1\\@")
    .split("\n")
    .flatMap((line) => wrap(line.trimEnd(), lineWidth - indent - 3));
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim() as Code;
}

/** Text as a comment: one that cannot close itself, laid out over several lines where it needs them. */
export function docComment(text: string, indent = 0, tags: readonly Code[] = []): Code {
  return comment([docText(text, indent), ...tags].join("\n\n") as Code, indent);
}

/** A comment around finished text. */
export function comment(text: Code, indent = 0): Code {
  const pad = " ".repeat(indent);
  if (!text.includes("\n") && text.length + indent + 7 <= lineWidth) return `/** ${text} */` as Code;
  const lines = text.split("\n").map((line) => `${pad} * ${line}`.trimEnd());
  return `/**\n${lines.join("\n")}\n${pad} */` as Code;
}

/** Breaks a line at its spaces. Tables and code keep theirs. */
function wrap(line: string, width: number): string[] {
  if (line.length <= width || /^(\||\s{4})/.test(line)) return [line];
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > 0 ? space : rest.indexOf(" ");
    if (end <= 0) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end + 1);
  }
  return [...lines, rest];
}
