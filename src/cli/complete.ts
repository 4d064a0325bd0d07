import { dirname } from "node:path";
import type { Options } from "yargs";
import { findConfig, isData, loadConfig } from "../config/load-config.ts";
import { type Lock, noLock } from "../lock.ts";
import { own } from "../runtime/own.ts";
import { type Command, nameOf } from "./commands.ts";
import { compileDocument } from "./compile-document.ts";
import { isName } from "./jobs.ts";
import { readLock } from "./lock-file.ts";
import { commonOptions } from "./options.ts";

/** What a word may become. */
export interface Completion {
  readonly words: readonly Candidate[];
  /** Whether files may stand there, too. */
  readonly files: boolean;
}

interface Candidate {
  readonly word: string;
  /** What it is. */
  readonly about?: string;
}

type Flags = { readonly [name: string]: Options };

const none: Completion = { words: [], files: false };

/** What the last of the words behind `fctool` may become. */
export async function complete(words: readonly string[], commands: readonly Command[]): Promise<Completion> {
  const [name = "", ...rest] = words;
  const current = words.at(-1) ?? "";
  const found = await candidates(name, rest, commands);
  return { ...found, words: found.words.filter(({ word }) => word.startsWith(current)) };
}

async function candidates(name: string, rest: readonly string[], commands: readonly Command[]): Promise<Completion> {
  if (rest.length === 0) {
    return { ...none, words: commands.map((command) => ({ word: nameOf(command), about: command.describe })) };
  }
  const command = commands.find((each) => nameOf(each) === name);
  if (command === undefined) return none;
  const flags: Flags = { help: { type: "boolean", describe: "Show help" }, ...commonOptions, ...command.options };
  const before = rest.slice(0, -1);
  const flag = flagOf(before.at(-1), flags);
  if (flag !== undefined && takesValue(flags[flag])) return valuesOf(flag, flags[flag], positionals(before, flags));
  if (rest.at(-1)?.startsWith("-")) return { ...none, words: flagsOf(flags, before) };
  return wordsOf(command, positionals(before, flags));
}

/** The name of the flag that a word is. */
function flagOf(word: string | undefined, flags: Flags): string | undefined {
  const [, name] = /^--?([^=]+)$/.exec(word ?? "") ?? [];
  return Object.keys(flags).find((each) => each === name || (name !== undefined && flags[each]?.alias === name));
}

function takesValue(option: Options | undefined): boolean {
  return option?.type !== "boolean";
}

/** Those that are not given yet, or may be given again. */
function flagsOf(flags: Flags, given: readonly string[]): Candidate[] {
  return Object.entries(flags)
    .filter(([name, { array }]) => array === true || !given.some((word) => flagOf(word, flags) === name))
    .map(([name, { describe }]) => ({ word: `--${name}`, ...(typeof describe === "string" && { about: describe }) }));
}

async function valuesOf(flag: string, option: Options | undefined, given: readonly string[]): Promise<Completion> {
  if (option?.choices !== undefined) return { ...none, words: option.choices.map((each) => ({ word: String(each) })) };
  if (flag === "project") return { ...none, words: await kits() };
  const [document] = given;
  if (flag === "tool" && document !== undefined) return { ...none, words: await tools(document) };
  return { ...none, files: true };
}

/** The words that are neither flags nor their values. */
function positionals(words: readonly string[], flags: Flags): string[] {
  return words.filter((word, index) => {
    const before = flagOf(words[index - 1], flags);
    return !word.startsWith("-") && (before === undefined || !takesValue(flags[before]));
  });
}

/** What stands for the next word that a command takes. */
async function wordsOf({ command, positionals = {} }: Command, given: readonly string[]): Promise<Completion> {
  const [document] = given;
  const next = command.split(" ")[given.length + 1];
  const { choices } = positionals[next?.replaceAll(/\W/g, "") ?? ""] ?? {};
  if (choices !== undefined) return { ...none, words: choices.map((each) => ({ word: String(each) })) };
  if (next === "<tool>" && document !== undefined) return { ...none, words: await tools(document) };
  return { words: next === "<document>" ? await kits() : [], files: true };
}

/** What is known of a configuration that is code: its lock. Nobody agrees to run it by asking for a word. */
async function lockOfCode(): Promise<Lock | undefined> {
  const path = await findConfig(process.cwd());
  if (path === undefined || isData(path)) return undefined;
  const found = await readLock({ folder: dirname(path) }).catch(() => undefined);
  return found?.lock ?? noLock;
}

async function kits(): Promise<Candidate[]> {
  const lock = await lockOfCode();
  if (lock !== undefined) return Object.keys(lock.kits).map((word) => ({ word }));
  const found = await loadConfig(process.cwd()).catch(() => undefined);
  return Object.entries(found?.config.kits ?? {}).map(([word, { input }]) => ({ word, about: input }));
}

async function tools(document: string): Promise<Candidate[]> {
  const lock = isName(document) ? await lockOfCode() : undefined;
  if (lock !== undefined) {
    return Object.entries(own(lock.kits, document) ?? {}).map(([about, { name }]) => ({ word: name, about }));
  }
  const compiled = await compileDocument(document, {}).catch(() => undefined);
  return (compiled?.tools ?? []).map(({ name, operation: { method, path } }) => ({
    word: name,
    about: `${method} ${path}`,
  }));
}
