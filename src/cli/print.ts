import { relative } from "node:path";
import { styleText } from "node:util";
import type { Location } from "../compiler/load.ts";

type Colour = "red" | "yellow" | "green" | "dim" | "bold";

/** Whether a person watches: then there may be colour and movement. */
export function isInteractive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.CI && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

/** Text in colour, where colour is wanted. */
export function paint(colour: Colour, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return isInteractive(stream) ? styleText(colour, text, { validateStream: false }) : text;
}

/** One line on standard error, which carries everything but results. */
export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One line on standard output, which carries results alone. */
export function printResult(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Text from a document, which could steer the terminal otherwise. */
export function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** `openapi.yaml:12:3`, as terminals and editors make a link of it. */
export function place({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** A path as a person would write it from here. */
export function near(path: string): string {
  const way = relative(process.cwd(), path);
  return way === "" ? "." : way.startsWith("..") ? path : way;
}

/** `1,234 tools`, `1 tool`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
