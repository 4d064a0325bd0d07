import { parseArgs } from "node:util";
import type { Options } from "yargs";
import { type Command, commands, nameOf } from "./commands.ts";
import { commonOptions } from "./options.ts";
import type { Request } from "./run.ts";

type Flags = { readonly [name: string]: Options };

/**
 * Reads a command line that is as it should be, by Node's own parser: yargs takes longer to load than small documents
 * take to compile. Nothing, where there is anything to explain, or to look at twice.
 */
export function readOrdinary(words: readonly string[]): Request | undefined {
  const [name, ...rest] = words;
  const command = commands.find((each) => nameOf(each) === name);
  // Standard input, the end of flags, and `-ofile`.
  if (command === undefined || rest.some((word) => /^-(?:-?$|\w.)/.test(word))) return undefined;
  const flags: Flags = { ...commonOptions, ...command.options };
  const parsed = parse(rest, flags);
  const values = parsed && valuesOf(parsed.values, flags);
  const places = parsed && placesOf(parsed.positionals, command);
  return values && places && { command, args: { ...values, ...places } };
}

type Parsed = { readonly values: { readonly [flag: string]: unknown }; readonly positionals: readonly string[] };

function parse(words: string[], flags: Flags): Parsed | undefined {
  const options = Object.entries(flags).map(([name, { type, array, alias }]) => [
    name,
    {
      type: type === "boolean" ? "boolean" : "string",
      multiple: array === true,
      ...(typeof alias === "string" && { short: alias }),
    } as const,
  ]);
  try {
    return parseArgs({ args: words, options: Object.fromEntries(options), allowPositionals: true });
  } catch {
    return undefined;
  }
}

/** The values of flags, numbers as such; nothing, where one is none that the flag takes. */
function valuesOf(given: Parsed["values"], flags: Flags): Request["args"] | undefined {
  const values = Object.entries(given).map(([name, value]) => [name, value, flags[name] ?? {}] as const);
  if (!values.every(([, value, flag]) => [value].flat().every((each) => fits(each, flag)))) return undefined;
  return Object.fromEntries(values.map(([name, value, { type }]) => [name, type === "number" ? Number(value) : value]));
}

function fits(value: unknown, { type, choices }: Options): boolean {
  if (type === "number") return /^\d{1,15}$/.test(String(value));
  return value !== "" && (choices?.includes(value as string) ?? true);
}

/** The words that are no flags, by the places of the command: `<needed> [other]`, or one for all, `[document..]`. */
function placesOf(words: readonly string[], { command, positionals = {} }: Command): Request["args"] | undefined {
  const places = command.split(" ").slice(1);
  const [first = ""] = places;
  if (first.endsWith("..]")) return words.length === 0 ? {} : { [first.slice(1, -3)]: words };
  if (words.length > places.length || words.includes("")) return undefined;
  if (places.slice(words.length).some((place) => place.startsWith("<"))) return undefined;
  const values = words.map((word, index) => [places[index]?.slice(1, -1) as string, word] as const);
  const isChosen = values.every(([name, word]) => positionals[name]?.choices?.includes(word) ?? true);
  return isChosen ? Object.fromEntries(values) : undefined;
}
