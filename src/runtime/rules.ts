import { describeValue } from "./describe-value.ts";
import { checkEnum } from "./enum.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { compilePattern, type Matches } from "./pattern.ts";
import type { JsonSchema, Rules } from "./types.ts";

/** Bounds, sizes and patterns, and what strict schemas cannot hold. */
export const valueRules: Features = { rules: checkRules, bounds: checkBounds };

const bounds = [
  ["minimum", "at least", (value: number, bound: number) => value >= bound],
  ["maximum", "at most", (value: number, bound: number) => value <= bound],
  ["exclusiveMinimum", "more than", (value: number, bound: number) => value > bound],
  ["exclusiveMaximum", "less than", (value: number, bound: number) => value < bound],
  ["multipleOf", "a multiple of", (value: number, bound: number) => Number.isInteger(value / bound)],
] as const;

/** Checks a value as the model wrote it by those of a schema's keywords that bound it. */
function checkBounds(value: unknown, schema: JsonSchema, path: string): void {
  if (typeof value === "string") checkText(value, schema, path);
  if (typeof value === "number") checkNumber(value, schema, path);
  if (Array.isArray(value)) checkSize(value, schema, path);
}

function checkText(value: string, schema: Rules, path: string): void {
  const problem = stringProblem(value, schema);
  if (problem !== undefined) throw new InvalidArgumentsError(path, `got ${describeValue(value)}; ${problem}`);
}

function checkNumber(value: number, schema: JsonSchema, path: string): void {
  for (const [keyword, words, holds] of bounds) {
    const bound = schema[keyword];
    if (typeof bound === "number" && !holds(value, bound)) {
      throw new InvalidArgumentsError(path, `got ${value}; it must be ${words} ${bound}`);
    }
  }
}

function checkSize({ length }: readonly unknown[], schema: JsonSchema, path: string): void {
  const { minItems = 0, maxItems = length } = schema as { minItems?: number; maxItems?: number };
  if (length < minItems) throw new InvalidArgumentsError(path, `got ${length} items; at least ${minItems} are needed`);
  if (length > maxItems) throw new InvalidArgumentsError(path, `got ${length} items; at most ${maxItems} are allowed`);
}

/** Checks a natural value by the rules that a strict schema cannot hold. */
function checkRules(value: unknown, rules: Rules, path: string): void {
  if (value === null) return;
  if (rules.enum !== undefined) checkEnum(value, rules.enum, path);
  const problem = problemOf(value, rules);
  if (problem !== undefined) throw new InvalidArgumentsError(path, `got ${describeValue(value)}; ${problem}`);
}

function problemOf(value: unknown, rules: Rules): string | undefined {
  if (typeof value === "string") return stringProblem(value, rules);
  if (typeof value === "number") return numberProblem(value, rules);
  if (Array.isArray(value)) return arrayProblem(value, rules);
  if (typeof value === "object") return objectProblem(value as object, rules);
  return undefined;
}

function stringProblem(value: string, { minLength, maxLength, pattern }: Rules): string | undefined {
  // JSON Schema counts characters (code points), not UTF-16 units.
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (minLength !== undefined && length < minLength) return `at least ${minLength} characters are needed`;
  if (maxLength !== undefined && length > maxLength) return `at most ${maxLength} characters are allowed`;
  if (pattern !== undefined && !matches(value, pattern)) return `it must match ${pattern}`;
  return undefined;
}

function numberProblem(value: number, { multipleOf }: Rules): string | undefined {
  if (multipleOf === undefined) return undefined;
  const quotient = value / multipleOf;
  // 19.99 is a multiple of 0.01, whatever binary fractions make of it.
  const isMultiple = Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 1e-12;
  return isMultiple ? undefined : `it must be a multiple of ${multipleOf}`;
}

function arrayProblem(value: readonly unknown[], { uniqueItems }: Rules): string | undefined {
  if (!uniqueItems) return undefined;
  const distinct = new Set(value.map((item) => JSON.stringify(item)));
  return distinct.size < value.length ? "no item may come twice" : undefined;
}

function objectProblem(
  value: object,
  { minProperties, maxProperties, anyRequired, oneRequired }: Rules,
): string | undefined {
  const count = Object.keys(value).length;
  if (minProperties !== undefined && count < minProperties) return `at least ${minProperties} keys are needed`;
  if (maxProperties !== undefined && count > maxProperties) return `at most ${maxProperties} keys are allowed`;
  const isThere = (keys: readonly string[]) => keys.every((key) => Object.hasOwn(value, key));
  const list = (lists: readonly (readonly string[])[]) => lists.map((keys) => keys.join(" and ")).join(", or ");
  if (anyRequired !== undefined && !anyRequired.some(isThere)) return `it needs ${list(anyRequired)}`;
  if (oneRequired !== undefined && oneRequired.filter(isThere).length !== 1) {
    return `it needs exactly one of ${list(oneRequired)}`;
  }
  return undefined;
}

const patterns = new Map<string, Matches | undefined>();

const longestChecked = 10_000;

/** Whether a pattern matches somewhere in a text. What cannot be told in good time does: the API checks it anyway. */
export function matches(text: string, pattern: string): boolean {
  if (text.length > longestChecked) return true;
  if (!patterns.has(pattern)) patterns.set(pattern, compilePattern(pattern));
  return patterns.get(pattern)?.(text) ?? true;
}
