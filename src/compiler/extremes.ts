import type { AnySchema, Schema } from "./api.ts";

/** What undeclared keys may hold where nothing at all is said of an object. By identity: `allOf` may say more. */
export const freeForm: AnySchema = { kind: "any" };

/** Whether a schema allows everything, so that merging it changes nothing but annotations. */
export function isAny(schema: Schema): schema is AnySchema {
  return schema.kind === "any" && schema.reason === undefined && schema.dangling === undefined;
}

/** Stands for a schema that no value fulfils. */
export function contradiction(reason: string): AnySchema {
  return { kind: "any", reason };
}

/** Stands for a schema that is made of itself. */
export const circle: AnySchema = { kind: "any", reason: "it is made of itself" };

/** Whether a schema stands for one that no value fulfils, or that cannot be read yet. */
export function isContradiction(schema: Schema): schema is AnySchema & { readonly reason: string } {
  return schema.kind === "any" && schema.reason !== undefined;
}

/** Whether a schema stands for one that is made of itself. */
export function isCircle(schema: Schema): boolean {
  return schema.kind === "any" && schema.reason === circle.reason;
}

/** Whether a schema says no more than a type: nothing of the values, items or properties. */
export function isTypeAlone(schema: Schema): boolean {
  switch (schema.kind) {
    case "null":
      return true;
    case "object":
      return schema.properties.length === 0 && (schema.additional === undefined || schema.additional === freeForm);
    case "array":
      return isAny(schema.items);
    case "any":
    case "boolean":
    case "string":
    case "number":
    case "enum":
    case "file":
    case "tuple":
    case "union":
    case "ref":
      return false;
  }
}
