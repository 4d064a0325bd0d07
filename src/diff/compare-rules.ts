import type { JsonSchema } from "../runtime/types.ts";
import type { SchemaChange } from "./compare-schemas.ts";

const least = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const most = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/** Keywords that say which values of its type a schema takes. */
const ruleKeywords = [...least, ...most, "multipleOf", "pattern", "format", "uniqueItems", "needs"] as const;

/** Nobody writes a longer text by mistake. */
const LONG_TEXT = 5000;

/** The rules among the keywords of a schema. */
export function rulesOf(schema: { readonly [keyword: string]: unknown }): JsonSchema {
  const given = ruleKeywords.filter((keyword) => isRule(keyword, schema[keyword]));
  return Object.fromEntries(given.map((keyword) => [keyword, schema[keyword]]));
}

function isRule(keyword: string, value: unknown): boolean {
  if (keyword === "format") return value !== undefined && !isStorage(value);
  return value !== undefined && !(keyword === "maxLength" && Number(value) > LONG_TEXT);
}

/** Formats that tell how a value is kept or shown, which nobody who writes one feels. */
function isStorage(format: unknown): boolean {
  return typeof format === "string" && /^(u?int(8|16|32|64)|float|double|decimal|password)$/.test(format);
}

type RuleKind = "loosened" | "tightened" | "regulated";

/** The rules that allow more, those that allow less, and those that allow something else. */
export function compareRules(old: JsonSchema, next: JsonSchema, path: string): SchemaChange[] {
  const changes = ruleKeywords
    .filter((keyword) => old[keyword] !== next[keyword])
    .map((keyword) => ({ keyword, was: old[keyword], is: next[keyword] }));
  return (["loosened", "tightened", "regulated"] as const).flatMap((kind): SchemaChange[] => {
    const texts = changes
      .filter(({ keyword, was, is }) => kindOf(keyword, was, is) === kind)
      .map(({ keyword, was, is }) => `${keyword} ${text(was)} → ${text(is)}`);
    return texts.length === 0 ? [] : [{ path, kind, is: texts.join(", ") }];
  });
}

function kindOf(keyword: string, was: unknown, is: unknown): RuleKind {
  if (is === undefined) return "loosened";
  if (was === undefined) return "tightened";
  if (least.includes(keyword)) return Number(is) <= Number(was) ? "loosened" : "tightened";
  if (most.includes(keyword)) return Number(is) >= Number(was) ? "loosened" : "tightened";
  return "regulated";
}

const LONGEST_RULE = 80;

function text(value: unknown): string {
  if (value === undefined) return "none";
  const whole = String(value);
  return whole.length > LONGEST_RULE ? `${whole.slice(0, LONGEST_RULE)}…` : whole;
}
