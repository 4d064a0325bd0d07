import { describeValue } from "./describe-value.ts";
import { checkEnum } from "./enum.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { textProblem } from "./text-problem.ts";
import type { Rules } from "./types.ts";

/** What strict schemas cannot hold. */
export const valueRules: Features = { rules: checkRules };

/** Checks a natural value by the rules that a strict schema cannot hold. */
function checkRules(value: unknown, rules: Rules, path: string, features: Features): void {
  if (value === null) return;
  if (rules.enum !== undefined) checkEnum(value, rules.enum, path);
  const problem = problemOf(value, rules, features);
  if (problem !== undefined) throw new InvalidArgumentsError(path, `got ${describeValue(value)}; ${problem}`);
}

function problemOf(value: unknown, rules: Rules, features: Features): string | undefined {
  if (typeof value === "string") return textProblem(value, rules, features);
  if (typeof value === "number") return numberProblem(value, rules);
  if (Array.isArray(value)) return arrayProblem(value, rules);
  if (typeof value === "object") return objectProblem(value as object, rules);
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
