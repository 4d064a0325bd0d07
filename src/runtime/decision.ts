import type { ApprovalDecision } from "./kit-types.ts";

/** Whether it is a yes, a no, or `undefined` for neither. JSON that nobody checked says `"false"` too, which is none of them. */
export function isDecision(value: unknown): value is ApprovalDecision | undefined {
  return value === undefined || typeof value === "boolean" || typeof Object(value).approve === "boolean";
}
