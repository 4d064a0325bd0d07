import type { Diagnostic } from "../compiler/diagnostics.ts";
import type { Location } from "../compiler/load.ts";
import type { GenerateOptions, Stage } from "../generate.ts";
import { type LockedKit, lockTools } from "../lock.ts";
import { countTokens } from "./count-tokens.ts";

/** A kit that was made, as plain data: it comes from another thread, or from the cache. */
export interface BuiltKit {
  /** The generated module. */
  readonly code: string;
  readonly tools: readonly BuiltTool[];
  /** The names of all tools of the document, selected or not. */
  readonly available: readonly string[];
  readonly unmatched: readonly string[];
  readonly tokens: number;
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** The addresses of all files that had a say in it. */
  readonly addresses: readonly string[];
  readonly locked: LockedKit;
  readonly times: readonly StageTime[];
}

export interface BuiltTool {
  readonly name: string;
  readonly strict: boolean;
  readonly tokens: number;
}

export type LocatedDiagnostic = Diagnostic & Location;

/** How long a stage took, in milliseconds. */
export interface StageTime {
  readonly stage: Stage | "count";
  readonly time: number;
}

/** Compiles a document and counts what its tools cost. The compiler is loaded here, as that takes a while. */
export async function buildKit(
  options: Omit<GenerateOptions, "onStage">,
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
  begin("count");
  const tokens = await countTokens(result.tools);
  const tools = result.tools.map(({ name, strict }, index) => ({ name, strict, tokens: tokens.each[index] ?? 0 }));
  begin();
  return {
    code: result.code,
    tools,
    available: result.available,
    unmatched: result.unmatched,
    tokens: tokens.all,
    diagnostics: result.diagnostics.map((diagnostic) => ({ ...diagnostic, ...result.locate(diagnostic.pointer) })),
    addresses: result.addresses,
    // Only kits of a configuration have a lock.
    locked: options.lockedNames === undefined ? {} : lockTools(result.tools),
    times,
  };
}
