import type { Tool } from "../../src/compiler/tool.ts";
import { featuresOf } from "../../src/emit/features.ts";
import type { Features } from "../../src/runtime/features.ts";
import * as runtime from "../../src/runtime/index.ts";

/** What the kit of a tool imports for it, and no more. */
export function featuresFor(tool: Tool): Features {
  const exported = runtime as { readonly [name: string]: unknown };
  return Object.assign({}, ...featuresOf(tool, new Map()).map((name) => exported[name]));
}
