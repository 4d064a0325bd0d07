import { InvalidArgumentsError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import type { Rules } from "./types.ts";

/** Checks a natural value by the rules that a strict schema cannot hold, and gives it back. */
export function checkRules(value: unknown, rules: Rules | undefined, path: string): unknown {
  if (rules === undefined || value === null) return value;
  const problem = problemOf(value, rules);
  if (problem !== undefined)
    throw new InvalidArgumentsError(path, `got ${describeValue(value)}; ${problem.message}`, problem.hint);
  return value;
}

interface Problem {
  readonly message: string;
  readonly hint?: string | undefined;
}

function problemOf(value: unknown, rules: Rules): Problem | undefined {
  if (rules.enum !== undefined && !rules.enum.includes(value as string)) return notAllowed(value, rules.enum);
  if (typeof value === "string") return stringProblem(value, rules);
  if (typeof value === "number") return numberProblem(value, rules);
  if (Array.isArray(value)) return arrayProblem(value, rules);
  if (typeof value === "object") return objectProblem(value as object, rules);
  return undefined;
}

function notAllowed(value: unknown, allowed: readonly unknown[]): Problem {
  const shown = allowed.length > 20 ? [...allowed.slice(0, 20), "…"] : allowed;
  const match = typeof value === "string" ? nearest(value, allowed.map(String)) : undefined;
  return { message: `allowed: ${shown.join(", ")}`, hint: match && `did you mean ${match}?` };
}

function stringProblem(value: string, { minLength, maxLength, pattern }: Rules): Problem | undefined {
  // JSON Schema counts characters (code points), not UTF-16 units.
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (minLength !== undefined && length < minLength) return { message: `at least ${minLength} characters are needed` };
  if (maxLength !== undefined && length > maxLength) return { message: `at most ${maxLength} characters are allowed` };
  if (pattern !== undefined && !matches(value, pattern)) return { message: `it must match ${pattern}` };
  return undefined;
}

function numberProblem(value: number, { multipleOf }: Rules): Problem | undefined {
  if (multipleOf === undefined) return undefined;
  const quotient = value / multipleOf;
  // 19.99 is a multiple of 0.01, whatever binary fractions make of it.
  const isMultiple = Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 1e-12;
  return isMultiple ? undefined : { message: `it must be a multiple of ${multipleOf}` };
}

function arrayProblem(value: readonly unknown[], { uniqueItems }: Rules): Problem | undefined {
  if (!uniqueItems) return undefined;
  const distinct = new Set(value.map((item) => JSON.stringify(item)));
  return distinct.size < value.length ? { message: "no item may come twice" } : undefined;
}

function objectProblem(
  value: object,
  { minProperties, maxProperties, anyRequired, oneRequired }: Rules,
): Problem | undefined {
  const count = Object.keys(value).length;
  if (minProperties !== undefined && count < minProperties)
    return { message: `at least ${minProperties} keys are needed` };
  if (maxProperties !== undefined && count > maxProperties)
    return { message: `at most ${maxProperties} keys are allowed` };
  const isThere = (keys: readonly string[]) => keys.every((key) => Object.hasOwn(value, key));
  const list = (lists: readonly (readonly string[])[]) => lists.map((keys) => keys.join(" and ")).join(", or ");
  if (anyRequired !== undefined && !anyRequired.some(isThere)) return { message: `it needs ${list(anyRequired)}` };
  if (oneRequired !== undefined && oneRequired.filter(isThere).length !== 1) {
    return { message: `it needs exactly one of ${list(oneRequired)}` };
  }
  return undefined;
}

const patterns = new Map<string, RegExp | undefined>();

const longestChecked = 10_000;

/**
 * Whether a pattern of JSON Schema matches somewhere in a text. One that is no regular expression matches all, and a long
 * text matches any: some patterns take forever for those, and the API checks them anyway.
 */
export function matches(text: string, pattern: string): boolean {
  if (text.length > longestChecked) return true;
  if (!patterns.has(pattern)) patterns.set(pattern, compile(pattern));
  return patterns.get(pattern)?.test(text) ?? true;
}

function compile(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Many documents escape characters that `u` does not allow to be escaped.
    }
  }
  return undefined;
}

/** A value as a message shows it: short. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null)
    return `an object with ${Object.keys(value).join(", ").slice(0, 60) || "no keys"}`;
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
