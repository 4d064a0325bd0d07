import { UsageError } from "../compiler/errors.ts";
import { nearest } from "../runtime/nearest.ts";

const help = "See fctool --help.";

/** What the parser of the command line complains about, in words that help. */
export function misuse(
  complaint: string,
  commands: readonly string[],
  flags: readonly string[],
  usage: string,
): UsageError {
  const text = complaint.trim();
  const [, words] = /^Unknown (?:arguments?|commands?): (.+)$/.exec(text) ?? [];
  if (words !== undefined) {
    return text.startsWith("Unknown command")
      ? unknownCommand(words, commands)
      : unknownFlags(words.split(", "), flags);
  }
  const [, name, given, choices] = /Argument: (\S+), Given: (.+), Choices: (.+)$/.exec(text) ?? [];
  if (name !== undefined && given !== undefined && choices !== undefined) {
    return new UsageError(`${flag(name)} cannot be ${given}`, `Choose one of ${choices}.`);
  }
  const [, got, needed] = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(text) ?? [];
  if (needed !== undefined) return missingWords(Number(got), usage);
  const [, bare] = /^Not enough arguments following: (\S+)$/.exec(text) ?? [];
  if (bare !== undefined) return new UsageError(`${flag(bare)} needs a value`, help);
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

function unknownCommand(words: string, commands: readonly string[]): UsageError {
  const [word = ""] = words.split(", ");
  const likely = nearest(word, commands);
  const fix = likely === undefined ? `The commands are: ${commands.join(", ")}.` : `Did you mean ${likely}?`;
  return new UsageError(`there is no command ${JSON.stringify(word)}`, `${fix} ${help}`);
}

function unknownFlags(names: readonly string[], known: readonly string[]): UsageError {
  const likely = names.flatMap((name) => nearest(name, known) ?? []).map(flag);
  const fix = likely.length > 0 ? `Did you mean ${likely.join(", ")}? ${help}` : help;
  return new UsageError(`unknown option${names.length > 1 ? "s" : ""} ${names.map(flag).join(", ")}`, fix);
}

function flag(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
