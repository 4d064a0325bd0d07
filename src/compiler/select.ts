import type { Api, Operation } from "./api.ts";
import { operationKey } from "./names.ts";
import type { Names } from "./tool.ts";

/** Which operations become tools. Nothing given: all of them. */
export interface Selection {
  /** Operations to keep: an operationId, a tool name, or `METHOD /path/glob` (`*` for any method). */
  readonly include?: readonly string[] | undefined;
  /** Operations to leave out, in the same form; it overrules `include`. */
  readonly exclude?: readonly string[] | undefined;
  readonly includeTags?: readonly string[] | undefined;
  readonly excludeTags?: readonly string[] | undefined;
  /** Default: `include`. */
  readonly deprecated?: "include" | "exclude" | undefined;
}

/** Keeps the operations that were asked for. */
export function select(api: Api, names: Names, selection: Selection = {}): Api {
  const { include, exclude = [], includeTags, excludeTags = [], deprecated = "include" } = selection;
  const includes = include?.map(matcher);
  const excludes = exclude.map(matcher);
  const isWanted = (operation: Operation): boolean => {
    const tool = names.operations.get(operationKey(operation))?.tool ?? "";
    if (excludes.some((matches) => matches(operation, tool))) return false;
    if (operation.tags.some((tag) => excludeTags.includes(tag))) return false;
    if (operation.deprecated && deprecated === "exclude") return false;
    if (includes !== undefined && !includes.some((matches) => matches(operation, tool))) return false;
    return includeTags === undefined || operation.tags.some((tag) => includeTags.includes(tag));
  };
  return { ...api, operations: api.operations.filter(isWanted) };
}

/** Whether a pattern fits an operation, whose tool has this name. */
export type Matches = (operation: Operation, tool: string) => boolean;

export function matcher(pattern: string): Matches {
  const route = /^(\*|[A-Za-z]+)\s+(\/.*)$/.exec(pattern.trim());
  if (route === null) {
    const name = glob(pattern.trim());
    return (operation, tool) =>
      name.test(tool) || (operation.operationId !== undefined && name.test(operation.operationId));
  }
  const [, method = "*", path = "/"] = route;
  const pathGlob = glob(path);
  return (operation) => (method === "*" || method.toUpperCase() === operation.method) && pathGlob.test(operation.path);
}

/** `*` stands for anything within a segment, `**` for anything at all, and `/**` for nothing as well. */
function glob(pattern: string): RegExp {
  const source = pattern
    .split(/(\/\*\*(?=\/|$)|\*\*|\*)/)
    .map((part) => wildcards.get(part) ?? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("");
  return new RegExp(`^${source}$`);
}

const wildcards = new Map([
  ["/**", "(/.*)?"],
  ["**", ".*"],
  ["*", "[^/]*"],
]);
