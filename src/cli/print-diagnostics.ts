import { type Code, codes } from "../compiler/diagnostics.ts";
import type { LocatedDiagnostic } from "./build-kit.ts";
import { harmless, paint, place } from "./print.ts";

const shownOfEach = 3;

interface Options {
  readonly isVerbose: boolean;
  /** Where it is printed. Default: standard error. */
  readonly stream?: NodeJS.WriteStream;
}

/** What there is to say about a document: a few of each kind in full, the rest counted. */
export function diagnosticLines(diagnostics: readonly LocatedDiagnostic[], options: Options): string[] {
  const { isVerbose, stream = process.stderr } = options;
  const groups = Map.groupBy(diagnostics, ({ code }) => code);
  return [...groups].flatMap(([code, group]) => {
    const isShort = isVerbose || group.length <= shownOfEach + 1;
    const shown = isShort ? group : group.slice(0, shownOfEach);
    const lines = shown.flatMap((diagnostic, index) => linesOf(diagnostic, stream, group[index - 1]?.fix));
    return isShort ? lines : [...lines, rest(code, group.length - shown.length, stream)];
  });
}

/** A fix that was just given is not given again. */
function linesOf(diagnostic: LocatedDiagnostic, stream: NodeJS.WriteStream, lastFix?: string): string[] {
  const { severity, code, pointer, message, fix } = diagnostic;
  const head = paint(severity === "error" ? "red" : "yellow", `${severity} ${code}`, stream);
  const line = `${head} at ${harmless(`${place(diagnostic)} (${pointer}): ${message}`)}`;
  return fix === "" || fix === lastFix ? [line] : [line, `  ${harmless(fix)}`];
}

function rest(code: Code, number: number, stream: NodeJS.WriteStream): string {
  return paint("dim", `  … and ${number} more ${code} (${codes[code]}); --verbose shows them all`, stream);
}
