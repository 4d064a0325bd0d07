import { DocumentError, UsageError } from "../compiler/errors.ts";
import type { Location } from "../compiler/load.ts";
import { ExitCode } from "./exit-code.ts";
import { harmless, paint, place, printError } from "./print.ts";

interface ExplainOptions {
  readonly isVerbose?: boolean;
  readonly isJson?: boolean;
}

/** Tells a person what went wrong and how to mend it, and says which exit code that is. */
export function explain(error: unknown, { isVerbose = false, isJson = false }: ExplainOptions): ExitCode {
  const problem = problemOf(error);
  const { exitCode, message, fix, location } = problem;
  const where = location === undefined ? "" : ` at ${place(location)}`;
  printError(paint("red", "error") + harmless(`${where}: ${message}`));
  printError(`  ${harmless(fix)}`);
  if (isVerbose && error instanceof Error && exitCode === ExitCode.bug) printError(error.stack ?? "");
  if (isJson) process.stdout.write(`${JSON.stringify({ error: { message, fix, ...location }, exitCode }, null, 2)}\n`);
  return exitCode;
}

interface Problem {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly fix: string;
  readonly location?: Location | undefined;
}

function problemOf(error: unknown): Problem {
  if (error instanceof UsageError) return { exitCode: ExitCode.usage, message: error.message, fix: error.fix };
  if (error instanceof DocumentError) {
    const { message, fix, location } = error;
    return { exitCode: ExitCode.document, message, fix, location };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: ExitCode.bug,
    message: `a bug in fctool: ${message}`,
    fix: "Please report it with this command line, the document, and what --verbose prints. Nothing was written.",
  };
}
