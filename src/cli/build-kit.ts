import type { Diagnostic } from "../compiler/diagnostics.ts";
import type { Location } from "../compiler/load.ts";
import type { GenerateOptions, Stage } from "../generate.ts";
import { type LockedKit, lockTools } from "../lock.ts";
import { estimateTokens } from "./estimate-tokens.ts";

/** A kit that was made, as plain data: it comes from another thread, or from the cache. */
export interface BuiltKit {
  /** The generated module. */
  readonly code: string;
  readonly tools: readonly BuiltTool[];
  /** The names of all tools of the document, selected or not. */
  readonly available: readonly string[];
  readonly unmatched: readonly string[];
  readonly tokens: Tokens;
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** The addresses of all files that had a say in it. */
  readonly addresses: readonly string[];
  readonly locked: LockedKit;
  readonly times: readonly StageTime[];
}

export interface BuiltTool {
  readonly name: string;
  readonly strict: boolean;
}

/** What the tools cost, in tokens of o200k_base. */
export interface Tokens {
  readonly all: number;
  /** By tool, where they were counted; otherwise `all` is an estimate. */
  readonly each?: readonly number[];
}

export interface BuildOptions extends Omit<GenerateOptions, "onStage"> {
  /** Whether tokens are counted one by one, which takes a while. */
  readonly countsTokens?: boolean;
}

export type LocatedDiagnostic = Diagnostic & Location;

/** How long a stage took, in milliseconds. */
export interface StageTime {
  readonly stage: Stage | "tokens";
  readonly time: number;
}

/** Compiles a document, and tells what its tools cost. What that takes is loaded here, as loading takes a while. */
export async function buildKit(
  { countsTokens = false, ...options }: BuildOptions,
  onStage: (stage: Stage) => void | Promise<void> = () => {},
): Promise<BuiltKit> {
  const { generate } = await import("../generate.ts");
  const times: StageTime[] = [];
  let current: { stage: StageTime["stage"]; start: number } | undefined;
  const begin = (stage?: StageTime["stage"]) => {
    const now = performance.now();
    if (current !== undefined) times.push({ stage: current.stage, time: now - current.start });
    current = stage === undefined ? undefined : { stage, start: now };
  };
  const result = await generate({
    ...options,
    async onStage(stage) {
      begin(stage);
      await onStage(stage);
    },
  });
  begin("tokens");
  const tokens = countsTokens
    ? await (await import("./count-tokens.ts")).countTokens(result.tools)
    : { all: estimateTokens(result.tools) };
  begin();
  return {
    code: result.code,
    tools: result.tools.map(({ name, strict }) => ({ name, strict })),
    available: result.available,
    unmatched: result.unmatched,
    tokens,
    diagnostics: result.diagnostics.map((diagnostic) => ({ ...diagnostic, ...result.locate(diagnostic.pointer) })),
    addresses: result.addresses,
    // Only kits of a configuration have a lock.
    locked: options.lockedNames === undefined ? {} : lockTools(result.tools),
    times,
  };
}
