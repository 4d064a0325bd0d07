import type { JsonSchema } from "../runtime/types.ts";
import { get, type Kind, kindsOf, propertiesOf, requiredOf, restOf, schemaAt, typeOf } from "./kinds.ts";
import type { Definitions } from "./natural.ts";

/** What code does with values: it writes what an API takes, and reads what it gives. */
export type Use = "write" | "read";

/**
 * Whether code can go on as TypeScript sees it where values of `from` come to where `to` was expected. Who writes an object
 * names properties that the other must have, who reads one those that are expected.
 */
export function fits(kind: Kind, from: Definitions, targets: readonly Kind[], to: Definitions, use: Use): boolean {
  const known = new Map<JsonSchema, Map<JsonSchema, boolean>>();
  return fitsSome(kind, targets);

  function fitsSome(value: Kind, others: readonly Kind[]): boolean {
    return others.some((other) => fitsOne(value, other));
  }

  function fitsAll(value: JsonSchema, target: JsonSchema): boolean {
    const others = kindsOf(target, to);
    return kindsOf(value, from).every((each) => fitsSome(each, others));
  }

  /** What leads back to where it began fits as far as the rest of it does. */
  function fitsOne({ schema }: Kind, { schema: target }: Kind): boolean {
    const ofSchema = known.get(schema) ?? new Map<JsonSchema, boolean>();
    known.set(schema, ofSchema);
    const before = ofSchema.get(target);
    if (before !== undefined) return before;
    ofSchema.set(target, true);
    const isFitting = fitsSchema(schema, target);
    ofSchema.set(target, isFitting);
    return isFitting;
  }

  function fitsSchema(value: JsonSchema, target: JsonSchema): boolean {
    const [type, expected] = [typeOf(value), typeOf(target)];
    if (expected === "anything") return true;
    if (Array.isArray(value.enum)) return value.enum.every((each) => isOf(each, target));
    if (isNumber(type) && isNumber(expected)) return true;
    if (type !== expected) return false;
    if (Array.isArray(value.prefixItems) && Array.isArray(target.prefixItems))
      return value.prefixItems.every((item, index) =>
        fitsAll(item, schemaAt((target.prefixItems as unknown[])[index])),
      );
    if (type === "array") return fitsAll(schemaAt(value.items), schemaAt(target.items));
    return type !== "object" || fitsObject(value, target);
  }

  function fitsObject(value: JsonSchema, target: JsonSchema): boolean {
    const [own, expected] = [propertiesOf(value), propertiesOf(target)];
    const [given, needed] = [requiredOf(value), requiredOf(target)];
    const [rest, otherRest] = [restOf(value), restOf(target)];
    const isThere = Object.entries(expected).every(([name, schema]) => {
      const property = get(own, name);
      if (needed.has(name) && !given.has(name)) return false;
      if (property !== undefined) return fitsAll(property, schema);
      return use === "write" || (rest !== undefined && fitsAll(rest, schema));
    });
    const isKnown = Object.entries(own).every(([name, schema]) => {
      if (get(expected, name) !== undefined) return true;
      return otherRest === undefined ? use === "read" : fitsAll(schema, otherRest);
    });
    if (!isThere || !isKnown) return false;
    if (otherRest === undefined) return use === "read" || rest === undefined;
    return rest !== undefined && fitsAll(rest, otherRest);
  }
}

function isNumber(type: string): boolean {
  return type === "number" || type === "integer";
}

/** Whether TypeScript has a literal for a value of a type. */
function isOf(value: unknown, target: JsonSchema): boolean {
  if (Array.isArray(target.enum)) return target.enum.includes(value);
  return isNumber(typeOf(target)) ? typeof value === "number" : typeof value === typeOf(target);
}
