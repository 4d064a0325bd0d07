import type { ChatMessage } from "./chat.ts";
import { OptionsError } from "./errors.ts";
import { checkNames } from "./kit.ts";
import type { RunToolsOptions, StepOptions, ToolChoice } from "./run-tools.ts";
import type { AnyKit } from "./types.ts";

/** What the Chat Completions API takes at most. */
const mostTools = 128;

/** The tools of one turn: their names, and the fields of the request that offer them. Throws `OptionsError`. */
export function offerTools<K extends AnyKit<never>, Message extends ChatMessage>(
  options: RunToolsOptions<K, Message>,
  change: StepOptions<string, Message> | undefined,
  turn: number,
): { readonly names: readonly string[]; readonly fields: object } {
  const { kit, parallelToolCalls } = options;
  const active: readonly string[] | undefined = change?.activeTools ?? options.activeTools;
  if (active !== undefined) checkNames(active, Object.keys(kit.dispatcher));
  const tools = active === undefined ? kit.tools : kit.tools.filter((tool) => active.includes(tool.function.name));
  if (tools.length > mostTools) {
    throw new OptionsError(
      `${tools.length} tools are active, and a request takes at most ${mostTools}: choose with kit.pick(…) or activeTools`,
    );
  }
  const names = tools.map((tool) => tool.function.name);
  const choice = change?.toolChoice ?? (turn === 1 ? options.toolChoice : afterFirst(options.toolChoice));
  const toolChoice = choice === undefined ? undefined : toToolChoice(choice, names);
  if (tools.length === 0) return { names, fields: {} };
  return {
    names,
    fields: {
      tools,
      ...(toolChoice !== undefined && { tool_choice: toolChoice }),
      ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    },
  };
}

/** A call that is forced in every turn would never let the model answer. */
function afterFirst<Name extends string>(choice: ToolChoice<Name> | undefined): ToolChoice<Name> | undefined {
  return choice === "none" ? choice : undefined;
}

function toToolChoice(choice: ToolChoice, names: readonly string[]): unknown {
  if (typeof choice === "string") return choice;
  checkNames([choice.name], names);
  return { type: "function", function: { name: choice.name } };
}

/** Limits are whole numbers from 1. */
export function checkLimits(limits: { readonly [option: string]: number }): void {
  for (const [option, limit] of Object.entries(limits)) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new OptionsError(`${option}: got ${limit}; it must be a whole number of at least 1`);
    }
  }
}
