import type { Api, Operation } from "./api.ts";
import { operationKey } from "./names.ts";
import { type Selection, select } from "./select.ts";
import type { Names } from "./tool.ts";

/** Why a selection leaves no operation: the first part of it that would leave none by itself. */
export function whyNone(api: Api, names: Names, selection: Selection): [problem: string, fix: string] {
  const { include, exclude = [], includeTags, deprecated } = selection;
  const leaves = (part: Selection) => select(api, names, part).operations.length > 0;
  const { operations } = api;
  if (operations.length === 0) {
    return ["settings exclude all of them", "Look at `exclude` in the configuration, overlays and x-fctool."];
  }
  const lost = include?.find((each) => !leaves({ include: [each] }));
  if (lost !== undefined && /[ /]/.test(lost) && !/^(\*|[a-z]+) +\//i.test(lost)) {
    const path = lost.replace(/^\S* +/, "").replace(/^\/*/, "/");
    const fix = `Write a method and a path that begins with a slash: "GET ${path}", or "* ${path}" for any method.`;
    return [`${JSON.stringify(lost)} is no pattern of a path`, fix];
  }
  const toolOf = (operation: Operation) => names.operations.get(operationKey(operation))?.tool ?? "";
  const has = `The document has ${listed(operations.map(toolOf))}.`;
  if (lost !== undefined) return [`${JSON.stringify(lost)} fits none`, has];
  if (include?.length === 0) return ["include is an empty list", "Leave it out, or name what to include."];
  if (includeTags !== undefined && !leaves({ includeTags })) {
    const tags = [...new Set(operations.flatMap((operation) => operation.tags))];
    const fix = tags.length === 0 ? "Its operations have no tags: use --include." : `The tags are ${listed(tags)}.`;
    return [`none has the tag ${includeTags.map((tag) => JSON.stringify(tag)).join(" or ")}`, fix];
  }
  const all = exclude.find((each) => !leaves({ exclude: [each] }));
  if (all !== undefined) return [`${JSON.stringify(all)} excludes all of them`, has];
  if (!leaves({ deprecated })) return ["all of them are deprecated", "Leave out --deprecated exclude."];
  return ["together, its parts exclude all of them", has];
}

function listed(names: readonly string[]): string {
  const rest = names.length > 8 ? `, and ${names.length - 8} more` : "";
  return names.slice(0, 8).join(", ") + rest;
}
