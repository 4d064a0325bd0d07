import { UsageError } from "../compiler/errors.ts";
import type { Tool } from "../compiler/tool.ts";
import { nearest } from "../runtime/nearest.ts";

/** The tool with a name, or with an operationId. Throws `UsageError`, which tells likely ones. */
export function findTool(tools: readonly Tool[], name: string): Tool {
  const tool =
    tools.find((each) => each.name === name) ?? tools.find(({ operation }) => operation.operationId === name);
  if (tool !== undefined) return tool;
  const names = tools.map((each) => each.name);
  const likely = nearest(name, names);
  const some = names.slice(0, 8).join(", ") + (names.length > 8 ? `, and ${names.length - 8} more` : "");
  throw new UsageError(
    `there is no tool ${JSON.stringify(name)}`,
    likely === undefined ? `The tools are ${some}.` : `Did you mean ${likely}?`,
  );
}
