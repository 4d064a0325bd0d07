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

/** Characters that move the cursor, change the order of others or are not seen, and what GitHub takes for a command in a log. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}]|[\u{e0100}-\u{e01ef}]|(?![\u200c\u200d])\p{Cf}|(?<=^\s*):(?=:)|(?<=##)\[/gu;
const short: { readonly [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text from a document, a model or an API on one line, which could steer the terminal otherwise. */
export function harmless(text: string): string {
  return text.replaceAll(steering, (found) => short[found] ?? found.split("").map(escaped).join(""));
}

/** The same of several lines. JSON stays what it is. */
export function harmlessLines(text: string): string {
  return text
    .split(/(\r?\n|\t)/)
    .map((part, index) => (index % 2 === 0 ? harmless(part) : part))
    .join("");
}

/** A value as JSON, to be printed. */
export function toJson(value: unknown): string {
  return harmlessLines(JSON.stringify(value, null, 2));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
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
