import { UsageError } from "../compiler/errors.ts";
import { nearest } from "../runtime/nearest.ts";

const help = "See fctool --help.";

/** What a command line may hold. */
export interface Known {
  readonly commands: readonly string[];
  /** How the command that was given is written: `diff <old> <new>`. */
  readonly usage: string | undefined;
  /** Its flags, and those of every command. */
  readonly flags: readonly string[];
  /** Those that take no value. */
  readonly switches: readonly string[];
}

/** What a parser takes for something else, or passes over. */
export function requireWellFormed(words: readonly string[], { switches }: Known): void {
  for (const word of words) {
    const [, name = "", value = ""] = /^-{1,2}([^=]+)=(.*)$/.exec(word) ?? [];
    if (switches.includes(name) && !/^(true|false)$/.test(value)) {
      throw new UsageError(
        `${flag(name)} takes no value, and is given ${JSON.stringify(value)}`,
        `Write: ${flag(name)}`,
      );
    }
    const [, dash, rest] = /^([\u2010-\u2015\u2212]+)(\w.*)$/.exec(word) ?? [];
    if (rest !== undefined) {
      throw new UsageError(`${word} begins with a typographic dash, ${dash}`, `Write: ${flag(rest)}`);
    }
  }
}

/** What the parser of the command line complains about, in words that help. */
export function misuse(complaint: string, { commands, flags, usage }: Known): UsageError {
  const text = complaint.trim();
  const [, words] = /^Unknown (?:arguments?|commands?): (.+)$/.exec(text) ?? [];
  if (words !== undefined) {
    if (!text.startsWith("Unknown command")) return unknownFlags(words.split(", "), flags, usage);
    return usage === undefined ? unknownCommand(words, commands) : tooMany(words, usage);
  }
  const [, name, given, choices] = /Argument: (\S+), Given: (.+), Choices: (.+)$/.exec(text) ?? [];
  if (name !== undefined && given !== undefined && choices !== undefined) {
    const isWord = usage?.includes(`[${name}]`) || usage?.includes(`<${name}>`);
    return new UsageError(`${isWord ? name : flag(name)} cannot be ${given}`, `Choose one of ${choices}.`);
  }
  const [, got, needed] = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(text) ?? [];
  if (needed !== undefined && usage !== undefined) return missingWords(Number(got), usage);
  const [, bare] = /^Not enough arguments following: (\S+)$/.exec(text) ?? [];
  if (bare !== undefined) return new UsageError(`${flag(bare)} needs a value`, help);
  if (text === "no command given") return new UsageError(text, `The commands are: ${commands.join(", ")}. ${help}`);
  return new UsageError(text.replaceAll(/\s*\n\s*/g, " "), help);
}

/** What a command needs stands in its usage: `diff <old> <new>`. */
function missingWords(given: number, usage: string): UsageError {
  const [name, ...words] = usage.split(" ");
  const missing = words.slice(given).filter((word) => word.startsWith("<"));
  return new UsageError(
    `${name} needs ${missing.join(" and ")}`,
    `Write: fctool ${usage}. Examples: fctool ${name} --help`,
  );
}

/** What stands behind the last word that a command takes. */
function tooMany(words: string, usage: string): UsageError {
  const [name] = usage.split(" ");
  const fix = name === "call" ? `Arguments of the tool stand in --args '{…}'. ${help}` : `Write: fctool ${usage}`;
  return new UsageError(`${words} is more than ${name} takes`, fix);
}

function unknownCommand(words: string, commands: readonly string[]): UsageError {
  const [word = ""] = words.split(", ");
  const likely = nearest(word, commands);
  const fix = likely === undefined ? `The commands are: ${commands.join(", ")}.` : `Did you mean ${likely}?`;
  return new UsageError(`there is no command ${JSON.stringify(word)}`, `${fix} ${help}`);
}

function unknownFlags(names: readonly string[], known: readonly string[], usage = ""): UsageError {
  const likely = names.flatMap((name) => nearest(name, known) ?? []).map(flag);
  const isCall = usage.startsWith("call ");
  const otherwise = isCall ? `Arguments of the tool stand in --args '{…}'. ${help}` : help;
  const fix = likely.length > 0 ? `Did you mean ${likely.join(", ")}? ${help}` : otherwise;
  return new UsageError(`unknown option${names.length > 1 ? "s" : ""} ${names.map(flag).join(", ")}`, fix);
}

function flag(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
