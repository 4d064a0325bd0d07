import { HttpError, OptionsError } from "../errors.ts";
import { isJson, joinParts, partsOf } from "../json-parts.ts";
import { isTooDeep } from "../json-text.ts";
import type { Answer, AnyPolicy, CallOutcome, ToolError } from "../kit-types.ts";
import { deepest } from "../limits.ts";

/** The steps of a path: a key or an index, any one (`*`), or as many as there are (`**`). */
type Path = readonly string[];

const hidden = "[redacted]";

/**
 * Hides what stands at these paths from code and model, in errors too: `customer.email`, `items[].iban`, `[].iban` of a
 * list, `*.token`, `**.password` at any depth.
 */
export function redact(paths: readonly string[]): AnyPolicy {
  const all = paths.map(checkPath);
  return {
    run: (next) => async (args, call) => {
      try {
        return hideInAnswer(await next(args, call), all, call.progress.degraded !== undefined);
      } catch (error) {
        throw error instanceof HttpError ? hideInError(error, all) : error;
      }
    },
  };
}

/** Makes a function that hides what stands at these paths of a value, for logs and histories. */
export function redactor(paths: readonly string[]): (value: unknown) => unknown {
  const all = paths.map(checkPath);
  return (value) => hideInValue(value, all);
}

/** Makes functions that hide what stands at these paths of a whole call, for those who write calls down. */
export function callRedactor(paths: readonly string[]) {
  const all = paths.map(checkPath);
  return {
    /** Natural arguments, or what a model wrote that were none. */
    args: (args: unknown): unknown => (typeof args === "string" ? hideInRawArgs(args, all) : hideInValue(args, all)),
    outcome(outcome: CallOutcome, isDegraded: boolean): CallOutcome {
      if (all.length === 0) return outcome;
      if (outcome.ok) return { ok: true, ...hideInAnswer(outcome, all, isDegraded) };
      return { ...outcome, error: hideInToolError(outcome.error, all) };
    },
  };
}

/** Text that cannot be read may hold anything, anywhere. */
function hideInRawArgs(text: string, paths: readonly Path[]): string {
  if (paths.length === 0) return text;
  return isJson(text) ? hideInJson(text, paths) : hidden;
}

/** Messages about an argument quote it. */
function hideInToolError(error: ToolError, paths: readonly Path[]): ToolError {
  const { path = "", body, hint, ...rest } = error;
  let left = paths;
  const isAbout = readPath(path).some((step) => {
    left = below(left, step);
    return left.some((path) => path.length === 0);
  });
  if (isAbout) return { ...rest, path, message: hidden };
  if (body === undefined) return error;
  const isCutJson = typeof body === "string" && /^\s*[[{]/.test(body);
  return { ...error, body: isCutJson ? hidden : hideInValue(body, paths) };
}

/** Throws for what is no path of ours: it would hide nothing, and nobody would know. */
function checkPath(path: string): Path {
  const isPath = /^(?:\[[^\]'"]*\]|[^.[\]]+)(?:\.[^.[\]]+|\.?\[[^\]'"]*\])*$/.test(path);
  if (isPath && path === path.trim() && !/^\$(?:[.[]|$)|(?:^|\.)\*\*$/.test(path)) return readPath(path);
  throw new OptionsError(
    `redact: ${JSON.stringify(path)} is no path; write it like customer.email, items[].iban, [].name or **.password`,
  );
}

function readPath(path: string): Path {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([step, index]) =>
    index === undefined ? step : index || "*",
  );
}

function hideInAnswer(answer: Answer, paths: readonly Path[], isDegraded: boolean): Answer {
  const { result, content } = answer;
  // There the result stands beside the reason.
  const inContent = isDegraded ? paths.map((path) => ["result", ...path]) : paths;
  const isText = typeof result === "string" && result === content;
  return {
    ...answer,
    result: hideInValue(result, paths),
    content: isText || !mayHold(content, inContent) ? content : hideInJson(content, inContent),
  };
}

// Each level of a text is read once more; the numbers in it matter less then.
const deepText = 30;

function hideInJson(text: string, paths: readonly Path[]): string {
  const value = parse(text);
  if (value === undefined) return text;
  return isTooDeep(value, deepText) ? JSON.stringify(hideInValue(value, paths)) : hideInText(text, paths);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether all keys of a path are in a text, which is quicker to say than where. Escapes may stand for any. */
function mayHold(text: string, paths: readonly Path[]): boolean {
  const isThere = (step: string) => /^(?:\*|\*\*|\d+)$/.test(step) || /["\\/\p{Cc}]/u.test(step) || text.includes(step);
  return text.includes("\\u") || paths.some((path) => path.every(isThere));
}

/** Without the error it was, which tells everything. */
function hideInError({ status, body }: HttpError, paths: readonly Path[]): HttpError {
  const shown = hideInValue(body, paths);
  return new HttpError(status, shown, typeof shown === "string" ? shown : (JSON.stringify(shown) ?? ""));
}

/** What is nested too deeply to be looked at is hidden. */
function hideInValue(value: unknown, paths: readonly Path[], depth = 0): unknown {
  if (paths.some((path) => path.length === 0)) return hidden;
  if (paths.length === 0 || typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  const isList = Array.isArray(value);
  if (!isList && prototype !== Object.prototype && prototype !== null) return value;
  if (depth === deepest) return hidden;
  const inner = (key: string, item: unknown) => hideInValue(item, below(paths, key), depth + 1);
  if (isList) return value.map((item, index) => inner(String(index), item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(key, item)]));
}

function hideInText(text: string, paths: readonly Path[]): string {
  if (paths.some((path) => path.length === 0)) return JSON.stringify(hidden);
  const open = text.trimStart()[0];
  if (paths.length === 0 || (open !== "{" && open !== "[")) return text;
  const parts = partsOf(text).map((part, index) => {
    const step = part.key === undefined ? String(index) : JSON.parse(part.key);
    return { ...part, text: hideInText(part.text, below(paths, step)) };
  });
  return joinParts(open, parts);
}

/** What of the paths is left one step further down. */
function below(paths: readonly Path[], step: string): Path[] {
  return paths.flatMap((path) => {
    const [first, ...rest] = path;
    if (first === "**") return [path, ...below([rest], step)];
    return first === "*" || first === step ? [rest] : [];
  });
}
