import { describeValue } from "./describe-value.ts";
import { InvalidArgumentsError } from "./errors.ts";
import { type Features, needed } from "./features.ts";
import { own } from "./own.ts";
import { type Args, asIs, isUsual, percentEncode, spellUsual } from "./serialize.ts";
import type { Parameter } from "./types.ts";

/** Fills a path with arguments. Throws `InvalidArgumentsError` for a value that would leave its place. */
export type FillPath = (args: Args) => string;

/** Reads a path once, as the document writes it: with templates, maybe with a query, without its fragment. */
export function readPath(
  path: string,
  parameters: Iterable<readonly [argument: string, Parameter]>,
  features: Features = {},
): FillPath {
  const inPath = [...parameters].filter(([, parameter]) => parameter.in === "path");
  const [template = ""] = path.split("#", 1);
  // Literals and the names in braces, in turn.
  const parts = template
    .split(/\{([^{}]*)\}/)
    .map((text, index) =>
      index % 2 === 0 ? text : (inPath.find(([argument, { name = argument }]) => name === text) ?? `{${text}}`),
    );
  return (args) => {
    const pieces = parts.map((part) => (typeof part === "string" ? literal(part) : fill(part, args, features)));
    checkSegments(pieces);
    return pieces.map(({ text }) => text).join("");
  };
}

interface Piece {
  readonly text: string;
  /** Before it was encoded. */
  readonly plain: string;
  /** Where it comes from one. */
  readonly argument?: string;
}

function literal(text: string): Piece {
  return { text, plain: text.replace(/%2e/gi, ".") };
}

function fill([argument, parameter]: readonly [string, Parameter], args: Args, features: Features): Piece {
  const value = own(args, argument);
  if (value === undefined || value === null) throw new InvalidArgumentsError(argument, "it is needed for the path");
  const [plain, text = ""] = isUsual(parameter, value)
    ? [spellUsual(value, asIs), spellUsual(value, percentEncode)]
    : needed(features, "styleInPath")(parameter.name ?? argument, value, parameter);
  if (value === "" || !plain) throw new InvalidArgumentsError(argument, "it must not be empty");
  // Whatever surrounds it, it is no name.
  if (/^\.\.?$/.test(plain)) throw leadsAway(argument, value);
  return { text, plain, argument };
}

// Some servers take these for a slash, and end a segment's name at a semicolon or a NUL.
const slash = /[\\/]|%2f|%5c/i;
const dots = /^\.\.?(?:;|\0|%3b|%00|$)/i;

/** Refuses arguments that lead to another path together with what surrounds them. */
function checkSegments(pieces: readonly Piece[]): void {
  const segments: { text: string; from: string | undefined }[] = [];
  for (const { plain, argument } of pieces) {
    const [path = "", query] = argument === undefined ? plain.split("?", 2) : [plain];
    for (const [index, part] of path.split(slash).entries()) {
      const last = index === 0 ? segments.pop() : undefined;
      segments.push({ text: (last?.text ?? "") + part, from: argument ?? last?.from });
    }
    if (query !== undefined) break;
  }
  for (const { text, from } of segments) if (from !== undefined && dots.test(text)) throw leadsAway(from, text);
}

function leadsAway(argument: string, value: unknown): InvalidArgumentsError {
  return new InvalidArgumentsError(argument, `${describeValue(value)} would lead to another path`);
}
