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
  /** Flags of one letter, by that letter. */
  readonly letters: { readonly [letter: string]: string };
  /** The values that flags take, where they are few. */
  readonly choices: { readonly [flag: string]: readonly string[] };
}

/** What a parser takes for something else, or passes over. */
export function requireWellFormed(words: readonly string[], known: Known): void {
  const { switches } = known;
  for (const word of words) {
    if (word === "--") return;
    requireTwoDashes(word, known);
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

/** Behind one dash stands one letter; a parser takes each of several for a flag. */
function requireTwoDashes(word: string, { flags, letters }: Known): void {
  const [, name = "", value = ""] = /^-([a-zA-Z][\w.-]+)(=.*)?$/.exec(word) ?? [];
  if (name === "") return;
  const likely = nearest(name, flags);
  const letter = name.slice(0, 1);
  const fix =
    likely === undefined && letter in letters
      ? `Write: -${letter} ${name.slice(1)}${value}`
      : `Write: --${likely ?? name}${value}`;
  throw new UsageError(`${word} has one dash before several letters`, fix);
}

/** What the parser of the command line complains about, in words that help. */
export function misuse(complaint: string, known: Known): UsageError {
  const { commands, usage } = known;
  const text = complaint.trim();
  const [, words] = /^Unknown (?:arguments?|commands?): (.+)$/.exec(text) ?? [];
  if (words !== undefined) {
    if (!text.startsWith("Unknown command")) return unknownFlags(words.split(", "), known);
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
  const document = missing.includes("<document>") ? " A document is a path, a URL, or a kit of the configuration." : "";
  return new UsageError(
    `${name} needs ${missing.join(" and ")}`,
    `Write: fctool ${usage}.${document} Examples: fctool ${name} --help`,
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

function unknownFlags(names: readonly string[], known: Known): UsageError {
  const likely = names.flatMap((name) => likelyFlag(name, known) ?? []);
  const isCall = known.usage?.startsWith("call ") === true;
  const otherwise = isCall ? `Arguments of the tool stand in --args '{…}'. ${help}` : help;
  const fix = likely.length > 0 ? `Did you mean ${likely.join(", ")}? ${help}` : otherwise;
  return new UsageError(`unknown option${names.length > 1 ? "s" : ""} ${names.map(flag).join(", ")}`, fix);
}

/** A flag that is spelt nearly so, begins so, or takes that as its value. */
function likelyFlag(name: string, { flags, choices }: Known): string | undefined {
  const likely = nearest(name, flags) ?? flags.find((each) => name.length > 2 && each.startsWith(name));
  if (likely !== undefined) return flag(likely);
  const [owner] = Object.entries(choices).find(([, values]) => values.includes(name)) ?? [];
  return owner === undefined ? undefined : `${flag(owner)} ${name}`;
}

function flag(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
