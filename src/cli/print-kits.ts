import type { Outcome } from "../emit/write.ts";
import { countTokens } from "./count-tokens.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Kit } from "./generate.ts";
import { count, near, paint, printResult } from "./print.ts";

/** Prints what was generated: a line for each kit, or one JSON object. No outcome: it was not written. */
export async function printKits(
  kits: readonly Kit[],
  outcomes: readonly (Outcome | undefined)[],
  reporter: "pretty" | "json" = "pretty",
  exitCode: ExitCode,
): Promise<void> {
  const summaries = await Promise.all(kits.map((kit, index) => summarize(kit, outcomes[index])));
  if (reporter === "json") return printResult(JSON.stringify({ kits: summaries, exitCode }, null, 2));
  for (const summary of summaries) printResult(lineOf(summary));
}

type Summary = Awaited<ReturnType<typeof summarize>>;

async function summarize({ input, path, result }: Kit, outcome: Outcome | undefined) {
  return {
    document: input,
    output: near(path),
    outcome: outcome ?? "refused",
    tools: result.tools.length,
    available: result.available.length,
    strict: result.tools.filter(({ strict }) => strict).length,
    tokens: await countTokens(result.tools),
    diagnostics: result.diagnostics.map((diagnostic) => ({ ...diagnostic, ...result.locate(diagnostic.pointer) })),
  };
}

const outcomeWords: { readonly [outcome in Summary["outcome"]]: string } = {
  written: "",
  unchanged: " (unchanged)",
  outdated: " (not written)",
  refused: " (not written)",
};

function lineOf({ document, output, outcome, tools, available, strict, tokens, diagnostics }: Summary): string {
  const strictness = strict === tools ? "all strict" : `${strict.toLocaleString("en")} strict`;
  const offered =
    tools === available ? count(tools, "tool") : `${tools.toLocaleString("en")} of ${count(available, "tool")}`;
  const figures = [offered, strictness, count(tokens, "token"), count(diagnostics.length, "warning")];
  const name = paint("bold", output, process.stdout);
  return `${document === "-" ? "standard input" : document} → ${name}${outcomeWords[outcome]}: ${figures.join(", ")}`;
}
