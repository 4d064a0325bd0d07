import { type Code, codes, type Diagnostic } from "../compiler/diagnostics.ts";
import type { GenerateResult } from "../generate.ts";
import { harmless, paint, place } from "./print.ts";

const shownOfEach = 3;

/** What there is to say about a document: a few of each kind in full, the rest counted. */
export function diagnosticLines(result: GenerateResult, options: { readonly isVerbose: boolean }): string[] {
  const groups = Map.groupBy(result.diagnostics, ({ code }) => code);
  return [...groups].flatMap(([code, group]) => {
    const isShort = options.isVerbose || group.length <= shownOfEach + 1;
    const shown = isShort ? group : group.slice(0, shownOfEach);
    const lines = shown.flatMap((diagnostic, index) => linesOf(diagnostic, result, group[index - 1]?.fix));
    return isShort ? lines : [...lines, rest(code, group.length - shown.length)];
  });
}

/** A fix that was just given is not given again. */
function linesOf(
  { severity, code, pointer, message, fix }: Diagnostic,
  { locate }: GenerateResult,
  lastFix?: string,
): string[] {
  const head = paint(severity === "error" ? "red" : "yellow", `${severity} ${code}`);
  const line = `${head} at ${harmless(`${place(locate(pointer))} (${pointer}): ${message}`)}`;
  return fix === "" || fix === lastFix ? [line] : [line, `  ${harmless(fix)}`];
}

function rest(code: Code, number: number): string {
  return paint("dim", `  … and ${number} more ${code} (${codes[code]}); --verbose shows them all`);
}
