import { checkNames } from "./check-names.ts";
import { OptionsError } from "./errors.ts";
import type { AnyKit } from "./kit-types.ts";
import { mostTools } from "./limits.ts";
import type { ToolChoice } from "./loop-options.ts";
import type { FunctionTool } from "./types.ts";

/** The tools of one turn. */
export interface Offer {
  readonly tools: readonly FunctionTool[];
  readonly names: readonly string[];
  readonly choice: ToolChoice | undefined;
}

interface Wish {
  readonly toolChoice?: ToolChoice | undefined;
  readonly activeTools?: readonly string[] | undefined;
}

/** The tools that are offered in a turn. Throws `OptionsError`, where too many of them count. */
export function offerTools(
  kit: AnyKit<never>,
  options: Wish,
  change: Wish | undefined,
  turn: number,
  isCounted: (tool: string) => boolean = () => true,
): Offer {
  const active = change?.activeTools ?? options.activeTools;
  const all = Object.keys(kit.dispatcher);
  if (active !== undefined) checkNames(active, all);
  const tools = active === undefined ? kit.tools : kit.tools.filter((tool) => active.includes(tool.function.name));
  const names = tools.map((tool) => tool.function.name);
  const count = names.filter(isCounted).length;
  if (count > mostTools) {
    throw new OptionsError(
      `${count} tools are active, and a request takes at most ${mostTools}: choose with kit.pick(…) or activeTools`,
    );
  }
  const { toolChoice } = options;
  // A call that is forced in every turn would never let the model answer.
  const choice = change?.toolChoice ?? (turn === 1 || toolChoice === "none" ? toolChoice : undefined);
  if (typeof choice === "object") {
    checkNames([choice.name], all);
    if (!names.includes(choice.name)) throw new OptionsError(`toolChoice: ${choice.name} is not among activeTools`);
  }
  return { tools, names, choice };
}
