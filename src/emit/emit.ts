import type { Api } from "../compiler/api.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import { check } from "./check.ts";
import { render, type Templates } from "./render.ts";
import { declareTypes } from "./types.ts";
import { plannedNames, viewKit } from "./view.ts";

export interface EmitOptions {
  /** What the header calls the document: its base name. */
  readonly source: string;
  /** The texts of templates that replace ours. */
  readonly templates?: Templates | undefined;
}

/** The text of the generated module. Operations are sorted by name, whatever their order in the document. */
export async function emit(api: Api, tools: readonly Tool[], names: Names, options: EmitOptions): Promise<string> {
  const sorted = tools.toSorted((a, b) => (executorOf(a, names) < executorOf(b, names) ? -1 : 1));
  const types = await declareTypes(api, sorted, names);
  const view = viewKit(api, sorted, names, types, options.source);
  const text = await render(view, options.templates);
  await check(text, plannedNames(view, types), options.templates !== undefined);
  return text;
}

function executorOf(tool: Tool, names: Names): string {
  return names.operations.get(tool.operation.pointer)?.executor ?? tool.name;
}
