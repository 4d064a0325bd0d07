import { checkNumbers } from "../check-numbers.ts";
import { isJson } from "../json-parts.ts";
import type { AnyPolicy } from "../kit-types.ts";
import type { FunctionTool } from "../types.ts";
import { type Cut, shorten } from "./shorten.ts";

export interface ResultBudgetOptions {
  /** Characters that the model reads of one result; four are about a token. Errors have a limit of their own. Default: 20 000. */
  readonly limit?: number | undefined;
}

/**
 * Cuts what the model reads of a long result: whole items of lists go first, and what is left is valid JSON that says how
 * many are missing and how to get them. Code gets the whole result.
 */
export function resultBudget({ limit = 20_000 }: ResultBudgetOptions = {}): AnyPolicy {
  checkNumbers({ "resultBudget: limit": [limit, 1] });
  return {
    run: (next) => async (args, call) => {
      const answer = await next(args, call);
      return answer.content.length <= limit
        ? answer
        : { ...answer, content: cut(answer.content, limit, hintOf(call.definition)) };
    },
  };
}

function cut(content: string, limit: number, hint: string): string {
  const isContainer = /^\s*[[{]/.test(content) && isJson(content);
  if (!isContainer) return cutText(content, limit, hint);
  let room = limit;
  for (;;) {
    const text = cutJson(content.trim(), Math.max(room, 0), hint);
    if (text.length <= limit || room <= 0) return text;
    room -= text.length - limit;
  }
}

const shownCuts = 5;

function cutJson(content: string, room: number, hint: string): string {
  const isList = content.startsWith("[");
  const cuts: Cut[] = [];
  const text = shorten(content, room, isList ? "items" : "", cuts);
  // White space was all that was too much.
  if (cuts.length === 0) return text;
  const more = cuts.length > shownCuts ? { more: cuts.length - shownCuts } : {};
  const note = JSON.stringify({ cut: cuts.slice(0, shownCuts), ...more, hint });
  if (isList) return `{"truncated":${note},"items":${text}}`;
  const key = /"truncated"\s*:/.test(text) ? "_truncated" : "truncated";
  return `{"${key}":${note}${text === "{}" ? "" : ","}${text.slice(1)}`;
}

function cutText(content: string, limit: number, hint: string): string {
  const room = Math.max(0, limit - hint.length - 80);
  const end = Math.max(content.lastIndexOf("\n", room), Math.floor(room * 0.9));
  const shown = content.slice(0, end).toWellFormed();
  return `${shown}\n[truncated: ${end} of ${content.length} characters; ${hint}]`;
}

const pages =
  /^(?:page|page(?:number|no|index|token)|cursor|offset|skip|start(?:at|after|index|ing(?:after|at))?|endingbefore|after|before|marker|since|continuation(?:token)?|next(?:token|page|cursor)?)$/;
const sizes = /^(?:limit|top|first|take|size|count|pagesize|perpage|maxresults?|maxitems|numresults)$/;

/** What a tool takes that would give less, or the rest. */
function hintOf(definition: FunctionTool | undefined): string {
  const properties = (definition?.function.parameters.properties ?? {}) as { readonly [name: string]: unknown };
  const names = Object.keys(properties);
  const find = (pattern: RegExp) => names.find((name) => pattern.test(name.replace(/[^a-z]/gi, "").toLowerCase()));
  const page = find(pages);
  const size = find(sizes);
  if (page !== undefined && size !== undefined) return `call again with a smaller ${size}, and ${page} for the rest`;
  if (page !== undefined) return `call again with ${page} for more`;
  if (size !== undefined) return `call again with a smaller ${size}`;
  if (names.length > 0) return `narrow it down: ${names.slice(0, 5).join(", ")}`;
  return "the tool cannot give less; do with what is here";
}
