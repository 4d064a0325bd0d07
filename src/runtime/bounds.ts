import { describeValue } from "./describe-value.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { textProblem } from "./text-problem.ts";
import type { JsonSchema } from "./types.ts";

/** Bounds and sizes that schemas hold. */
export const valueBounds: Features = { bounds: checkBounds };

const bounds = [
  ["minimum", "at least", (value: number, bound: number) => value >= bound],
  ["maximum", "at most", (value: number, bound: number) => value <= bound],
  ["exclusiveMinimum", "more than", (value: number, bound: number) => value > bound],
  ["exclusiveMaximum", "less than", (value: number, bound: number) => value < bound],
  ["multipleOf", "a multiple of", (value: number, bound: number) => Number.isInteger(value / bound)],
] as const;

/** Checks a value as the model wrote it by those of a schema's keywords that bound it. */
function checkBounds(value: unknown, schema: JsonSchema, path: string, features: Features): void {
  const problem = problemOf(value, schema, features);
  if (problem !== undefined) throw new InvalidArgumentsError(path, problem);
}

function problemOf(value: unknown, schema: JsonSchema, features: Features): string | undefined {
  if (typeof value === "number") return numberProblem(value, schema);
  if (Array.isArray(value)) return sizeProblem(value, schema);
  const problem = typeof value === "string" ? textProblem(value, schema, features) : undefined;
  return problem && `got ${describeValue(value)}; ${problem}`;
}

function numberProblem(value: number, schema: JsonSchema): string | undefined {
  for (const [keyword, words, holds] of bounds) {
    const bound = schema[keyword];
    if (typeof bound === "number" && !holds(value, bound)) return `got ${value}; it must be ${words} ${bound}`;
  }
  return undefined;
}

function sizeProblem({ length }: readonly unknown[], schema: JsonSchema): string | undefined {
  const { minItems = 0, maxItems = length } = schema as { minItems?: number; maxItems?: number };
  if (length < minItems) return `got ${length} items; at least ${minItems} are needed`;
  return length > maxItems ? `got ${length} items; at most ${maxItems} are allowed` : undefined;
}
