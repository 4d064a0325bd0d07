import { InvalidArgumentsError } from "./errors.ts";
import { own } from "./own.ts";
import { describeValue } from "./rules.ts";
import { type Args, asIs, type Encode, encodeReservedInPath, percentEncode, spell, toContent } from "./serialize.ts";
import type { Parameter } from "./types.ts";

/** Fills a path with arguments. Throws `InvalidArgumentsError` for a value that would leave its place. */
export type FillPath = (args: Args) => string;

/** Reads a path once, as the document writes it: with templates, maybe with a query, without its fragment. */
export function readPath(path: string, parameters: Iterable<readonly [argument: string, Parameter]>): FillPath {
  const templates = new Map<string, Template>();
  for (const [argument, parameter] of parameters) {
    const name = parameter.name ?? argument;
    if (parameter.in === "path") templates.set(name, { name, argument, parameter });
  }
  const [template = ""] = path.split("#", 1);
  // Literals and the names in braces, in turn.
  const parts = template
    .split(/\{([^{}]*)\}/)
    .map((text, index) => (index % 2 === 0 ? text : (templates.get(text) ?? `{${text}}`)));
  return (args) =>
    parts.map((part) => (typeof part === "string" ? part : fill(part, own(args, part.argument)))).join("");
}

interface Template {
  readonly name: string;
  readonly argument: string;
  readonly parameter: Parameter;
}

function fill({ name, argument, parameter }: Template, value: unknown): string {
  if (value === undefined || value === null) throw new InvalidArgumentsError(argument, "it is needed for the path");
  const text = write(name, value, parameter, asIs);
  if (value === "" || !text) throw new InvalidArgumentsError(argument, "it must not be empty");
  // No template can become a segment of dots then, whatever surrounds it. Some servers take an encoded slash for a slash.
  if (/^\.$|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(text)) {
    throw new InvalidArgumentsError(argument, `${describeValue(value)} would lead to another path`);
  }
  return write(name, value, parameter, parameter.allowReserved ? encodeReservedInPath : percentEncode) ?? "";
}

function write(name: string, value: unknown, parameter: Parameter, encode: Encode): string | undefined {
  if (parameter.mediaType === undefined) return spell(name, value, parameter, encode);
  return encode(toContent(value, parameter.mediaType) ?? "");
}
