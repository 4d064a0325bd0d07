import { inspect, styleText } from "node:util";
import type { AnyKit, ToolOutput } from "fctool/runtime";

const width = 88;

const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  styleText(style, text, { stream: process.stdout });

function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** A step of the preparation, with what came of it. */
export function tellReady(what: string, detail: string): void {
  print(`  ${paint("green", "✔")} ${what.padEnd(16)} ${paint("dim", detail)}`);
}

export function tellTitle(title: string): void {
  print();
  print(paint("bold", title));
  print(paint("dim", "─".repeat(width)));
}

export function tellUser(text: string): void {
  print(`${paint("cyan", "user      ")}  ${wrap(text)}`);
}

export function tellAssistant(text: string): void {
  print(`${paint("magenta", "assistant ")}  ${wrap(text)}`);
}

export function tellVerdict(isGood: boolean, text: string): void {
  print(`${isGood ? paint("green", "✔") : paint("red", "✘")} ${text}`);
}

/** The same kit, which tells of every call that it makes. */
export function narrated(kit: AnyKit): AnyKit {
  return {
    ...kit,
    async dispatch(toolCall, options) {
      const start = performance.now();
      const output = await kit.dispatch(toolCall, options);
      tellCall(toolCall.function?.arguments, output, performance.now() - start);
      return output;
    },
  };
}

function tellCall(args: unknown, output: ToolOutput, milliseconds: number): void {
  const time = `${Math.round(milliseconds)} ms`.padStart(8);
  print(`  ${paint("yellow", "→")} ${paint("bold", output.name.padEnd(width - 12))}${paint("dim", time)}`);
  print(`    ${indent(show(args))}`);
  print(`  ${output.ok ? paint("green", "←") : paint("red", "←")} ${indent(show(output.content))}`);
}

/** JSON text as a person likes to read it. */
function show(json: unknown): string {
  try {
    const value = typeof json === "string" ? JSON.parse(json) : json;
    return inspect(value, {
      colors: process.stdout.hasColors?.() ?? false,
      depth: 6,
      compact: 10,
      breakLength: width - 4,
    });
  } catch {
    return String(json);
  }
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n    ");
}

function wrap(text: string): string {
  const lines = text
    .split("\n")
    .flatMap((line) => line.match(new RegExp(`.{1,${width - 12}}(?:\\s|$)`, "g")) ?? [line]);
  return lines.map((line) => line.trimEnd()).join(`\n${" ".repeat(12)}`);
}
