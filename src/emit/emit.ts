import type { Api } from "../compiler/api.ts";
import { UsageError } from "../compiler/errors.ts";
import { operationKey } from "../compiler/names.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import { check } from "./check.ts";
import { render, type Templates } from "./render.ts";
import { declareTypes } from "./types.ts";
import { type KitView, plannedNames, viewKit } from "./view.ts";

export interface EmitOptions {
  /** What the header calls the document: its base name. */
  readonly source: string;
  /** The texts of templates that replace ours. */
  readonly templates?: Templates | undefined;
}

/** The text of the generated module. Operations are sorted by name, whatever their order in the document. */
export async function emit(api: Api, tools: readonly Tool[], names: Names, options: EmitOptions): Promise<string> {
  const sorted = tools.toSorted((a, b) => (executorOf(a, names) < executorOf(b, names) ? -1 : 1));
  const types = declareTypes(api, sorted, names);
  const view = viewKit(api, sorted, names, types, options);
  if (options.templates !== undefined) return renderOwn(view, options.templates);
  const text = await render(view);
  check(text, plannedNames(view, types));
  return text;
}

/** By a user's own templates, whose mistakes are not ours. */
async function renderOwn(view: KitView, templates: Templates): Promise<string> {
  try {
    const text = await render(view, templates);
    check(text, new Set(), true);
    return text;
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause))
      .replace(/^"([^"]+)" not defined in .* - (\d+):(\d+)$/s, "$2:$3: there is nothing called $1")
      .replace(/^Parse error on line (\d+):\n.*\n-*\^\n.*got '([^']*)'$/s, "line $1: $2 is not expected there")
      .replace(" This is a bug in fctool, or in a template.", "");
    const fix = "Mend them under templates; ours, in the folder templates of fctool, show what they may use.";
    throw new UsageError(`the templates cannot be used: ${reason}`, fix, { cause });
  }
}

function executorOf(tool: Tool, names: Names): string {
  return names.operations.get(operationKey(tool.operation))?.executor ?? tool.name;
}
