import type { JsonSchema, Rules } from "../runtime/types.ts";
import type { EnumSchema, NumberSchema, Schema, StringSchema } from "./api.ts";
import type { Describe } from "./describe.ts";
import { strictFormats, stringRules } from "./notes.ts";
import { isCheckable, strictPattern } from "./pattern.ts";
import { repeats } from "./repetition.ts";
import { described, type Lowered, withOrigin } from "./strict-schema.ts";

/** What is written where it is used, and never a definition. */
export function isPlainScalar(schema: Schema): boolean {
  return ["any", "null", "boolean", "string", "number", "file"].includes(schema.kind);
}

/** Anything that a strict schema cannot say. */
export function jsonText(description: string | undefined): Lowered {
  return { schema: described({ type: "string" }, description), codec: { as: "json" } };
}

export function lowerString(schema: StringSchema, name: string, describe: Describe): Lowered {
  const { format, minLength, maxLength } = schema;
  const pattern = schema.pattern === undefined ? "" : strictPattern(schema.pattern);
  const checked = pattern === undefined ? schema.pattern : undefined;
  const rules: Rules = {
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(checked !== undefined && isCheckable(checked) && { pattern: checked }),
  };
  const isKept = format !== undefined && strictFormats.has(format);
  const hasPattern = pattern !== undefined && pattern !== "";
  // A pattern without repetition at will says by itself how long a text is.
  const saysLength = hasPattern && !/[*+]|\{\d+,\}/.test(pattern);
  const notes = stringRules({
    format: isKept || hasPattern ? undefined : format,
    pattern: checked,
    ...(!saysLength && { minLength, maxLength }),
  });
  return {
    schema: described(
      { type: "string", ...(isKept && { format }), ...(hasPattern && { pattern }) },
      describe(schema, name, notes),
    ),
    codec: Object.keys(rules).length > 0 ? { rules } : {},
  };
}

export function lowerNumber(schema: NumberSchema, name: string, describe: Describe): Lowered {
  const { multipleOf } = schema;
  const bounds = (["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const).flatMap((keyword) => {
    const bound = schema[keyword];
    // The limits of an int64 say nothing that a double could hold.
    return bound !== undefined && Math.abs(bound) <= Number.MAX_SAFE_INTEGER ? [[keyword, bound] as const] : [];
  });
  const isWhole = multipleOf !== undefined && Number.isInteger(multipleOf);
  const isFraction = multipleOf !== undefined && !isWhole;
  return {
    schema: described(
      { type: schema.integer ? "integer" : "number", ...Object.fromEntries(bounds), ...(isWhole && { multipleOf }) },
      describe(schema, name, isFraction ? [`a multiple of ${multipleOf}`] : []),
    ),
    codec: isFraction ? { rules: { multipleOf } } : {},
  };
}

/** Values of one type are an `enum` of it; of several types, an `anyOf` of such. */
export function lowerEnum(schema: EnumSchema, name: string, describe: Describe): Lowered {
  const labels =
    schema.labels?.flatMap((label, index) => {
      const value = schema.values[index];
      return label === "" || repeats(label, `${value} ${name}`, schema) ? [] : `${value}: ${label}`;
    }) ?? [];
  const description = describe(schema, name, labels);
  const types = [...new Set(schema.values.map((value) => typeof value))];
  const branches = types.map((type) => {
    const values = schema.values.filter((value) => typeof value === type);
    return withOrigin(enumOf(values), schema);
  });
  const [only] = branches;
  return {
    schema: described(branches.length === 1 && only !== undefined ? only : { anyOf: branches }, description),
    codec: {},
  };
}

/** An enum of values of one type. */
export function enumOf(values: readonly (string | number | boolean)[]): JsonSchema {
  const isNumber = values.every((value) => typeof value === "number");
  const type = isNumber ? (values.every(Number.isInteger) ? "integer" : "number") : typeof values[0];
  return { type, enum: values };
}
