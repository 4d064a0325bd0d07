import { DocumentError, UsageError } from "../compiler/errors.ts";
import type { Location } from "../compiler/load.ts";
import { CallFailure } from "./call-failure.ts";
import { ExitCode } from "./exit-code.ts";
import { harmless, harmlessLines, paint, place, printError } from "./print.ts";

interface ExplainOptions {
  readonly isVerbose?: boolean;
}

/** Tells a person what went wrong and how to mend it, and says which exit code that is. */
export function explain(error: unknown, options: ExplainOptions = {}): ExitCode {
  return explainProblem(problemOf(error), options);
}

/** Tells a person what went wrong and how to mend it. */
export function explainProblem(problem: Problem, { isVerbose = false }: ExplainOptions): ExitCode {
  const { exitCode, message, fix, location } = problem;
  const where = location === undefined ? "" : ` at ${place(location)}`;
  printError(paint("red", "error") + harmless(`${where}: ${message}`));
  printError(`  ${harmless(fix)}`);
  if (isVerbose && problem.stack !== undefined) printError(harmlessLines(problem.stack));
  return exitCode;
}

/** What went wrong, as plain data. */
export interface Problem {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly fix: string;
  readonly location?: Location | undefined;
  /** Of a bug. */
  readonly stack?: string | undefined;
}

/** A problem with its place in the text, where nothing else tells it. */
export function reasonOf({ message, fix, location }: Problem): { readonly message: string; readonly fix: string } {
  return { message: location === undefined ? message : `${place(location)}: ${message}`, fix };
}

/** What to say about an error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof UsageError) return { exitCode: ExitCode.usage, message: error.message, fix: error.fix };
  if (error instanceof CallFailure) return { exitCode: ExitCode.callFailed, message: error.message, fix: error.fix };
  if (error instanceof DocumentError) {
    const { message, fix, location } = error;
    return { exitCode: ExitCode.document, message, fix, location };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: ExitCode.bug,
    message: `a bug in fctool: ${message}`,
    stack: error instanceof Error ? error.stack : undefined,
    fix: "Please report it with this command line, the document, and what --verbose prints. Nothing was written.",
  };
}
