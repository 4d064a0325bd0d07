import { UnknownToolError } from "./errors.ts";
import { shownTools } from "./limits.ts";
import { nearest } from "./nearest.ts";

/** The error for a name that is not among the tools, with the names to try instead. */
export function unknownTool(name: string, names: readonly string[]): UnknownToolError {
  const match = nearest(name, names);
  if (match !== undefined) return new UnknownToolError(name, `did you mean ${match}?`);
  const rest = names.length > shownTools ? `, and ${names.length - shownTools} more` : "";
  return new UnknownToolError(
    name,
    names.length === 0 ? undefined : `tools: ${names.slice(0, shownTools).join(", ")}${rest}`,
  );
}
