import type { JsonSchema } from "../runtime/types.ts";
import type { Schema } from "./api.ts";
import { childrenOf } from "./definitions.ts";
import { originOf } from "./strict.ts";

/** OpenAI's limits of strict schemas (Structured outputs, "Supported schemas"). */
const limits = {
  depth: 10,
  properties: 5000,
  characters: 120_000,
  enumValues: 1000,
  longEnum: { values: 250, characters: 15_000 },
} as const;

/** More steps than this are not walked: the graph of definitions is dense, and the way in which it is too deep is known. */
const MOST_STEPS = 100_000;

/** The schemas to write as JSON text next, for a tool to come within the limits; none: it is within them. */
export interface Excess {
  readonly reason: string;
  readonly cuts: readonly Schema[];
}

/** What is beyond the limits in a strict schema, and how to mend it; `undefined` where nothing is. */
export function excessOf(parameters: JsonSchema): Excess | undefined {
  const definitions = (parameters.$defs ?? {}) as Record<string, JsonSchema>;
  const tooDeep = findTooDeep(parameters, definitions);
  if (tooDeep.length > 0) return { reason: `it is nested deeper than ${limits.depth} levels`, cuts: tooDeep };
  const parts = [parameters, ...Object.values(definitions)];
  return enumExcess(parts) ?? sizeExcess(parameters, definitions);
}

// ------------------------------------------------------------ depth

/** The schemas of containers that stand below the last level. */
function findTooDeep(root: JsonSchema, definitions: Record<string, JsonSchema>): Schema[] {
  const heights = heightsOf(root, definitions);
  if (heights !== undefined && heights <= limits.depth) return [];
  const found = new Set<Schema>();
  const seen = new Set<string>();
  let steps = 0;
  walk(root, 0, new Set());
  return [...found];

  function walk(schema: JsonSchema, depth: number, open: ReadonlySet<string>): void {
    if (typeof schema.$ref === "string") {
      const name = schema.$ref.slice("#/$defs/".length);
      if (open.has(name) || ++steps > MOST_STEPS) return;
      const key = `${name} ${depth} ${[...open].sort().join()}`;
      if (seen.has(key)) return;
      seen.add(key);
      walk(definitions[name] as JsonSchema, depth, new Set([...open, name]));
      return;
    }
    const isContainer = schema.type === "object" || schema.type === "array";
    const level = depth + (isContainer ? 1 : 0);
    if (level > limits.depth) {
      const origin = originOf(schema);
      if (origin !== undefined) found.add(origin);
      return;
    }
    for (const child of childrenOf(schema)) walk(child, level, open);
  }
}

/** The height of a schema whose definitions do not refer to themselves; `undefined` where they do. */
function heightsOf(root: JsonSchema, definitions: Record<string, JsonSchema>): number | undefined {
  const heights = new Map<string, number>();
  const open = new Set<string>();
  let isRecursive = false;
  const height = measure(root);
  return isRecursive ? undefined : height;

  function measure(schema: JsonSchema): number {
    if (typeof schema.$ref === "string") {
      const name = schema.$ref.slice("#/$defs/".length);
      if (open.has(name)) {
        isRecursive = true;
        return 0;
      }
      const known = heights.get(name);
      if (known !== undefined) return known;
      open.add(name);
      const result = measure(definitions[name] as JsonSchema);
      open.delete(name);
      heights.set(name, result);
      return result;
    }
    const isContainer = schema.type === "object" || schema.type === "array";
    return childrenOf(schema).reduce((highest, child) => Math.max(highest, measure(child)), 0) + (isContainer ? 1 : 0);
  }
}

// ------------------------------------------------------------ enums

function enumExcess(parts: readonly JsonSchema[]): Excess | undefined {
  const enums = parts.flatMap(enumsIn).sort((a, b) => b.values.length - a.values.length);
  const long = enums.filter(
    ({ values }) =>
      values.length > limits.longEnum.values &&
      typeof values[0] === "string" &&
      values.join("").length > limits.longEnum.characters,
  );
  const total = enums.reduce((sum, { values }) => sum + values.length, 0);
  const cut = long.length > 0 ? long : total > limits.enumValues ? enums.slice(0, 1) : [];
  const cuts = cut.flatMap(({ origin }) => origin ?? []);
  return cut.length === 0 ? undefined : { reason: "its enums have too many values", cuts };
}

interface EnumPlace {
  readonly values: readonly unknown[];
  readonly origin: Schema | undefined;
}

function enumsIn(schema: JsonSchema): EnumPlace[] {
  const inside = childrenOf(schema).flatMap(enumsIn);
  if (Array.isArray(schema.enum)) inside.push({ values: schema.enum, origin: originOf(schema) });
  return inside;
}

// ------------------------------------------------------------ size

interface Size {
  readonly properties: number;
  readonly characters: number;
}

function sizeExcess(parameters: JsonSchema, definitions: Record<string, JsonSchema>): Excess | undefined {
  const parts = [parameters, ...Object.values(definitions)];
  const names = Object.keys(definitions).join("").length;
  const total = parts.map(sizeOf).reduce(add, { properties: 0, characters: names });
  if (total.properties <= limits.properties && total.characters <= limits.characters) return undefined;
  const over = Math.max(total.properties / limits.properties, total.characters / limits.characters);
  const reason = "it has too many properties, or their names and values too many characters";
  return { reason, cuts: largest(parameters, definitions, over) };
}

/** The largest part that can be cut and leaves the arguments themselves in place. */
function largest(parameters: JsonSchema, definitions: Record<string, JsonSchema>, over: number): Schema[] {
  const candidates = [parameters, ...Object.values(definitions)].flatMap((part) => containersIn(part, part === parameters ? 0 : 1));
  const weighed = candidates
    .flatMap((schema) => {
      const origin = originOf(schema);
      const { properties, characters } = sizeOf(schema);
      return origin === undefined ? [] : [{ origin, weight: properties / limits.properties + characters / limits.characters }];
    })
    .sort((a, b) => b.weight - a.weight);
  // Parts larger than all that is too much would take more than they need to.
  const enough = weighed.filter(({ weight }) => weight <= over);
  return (enough.length > 0 ? enough : weighed).slice(0, 1).map(({ origin }) => origin);
}

/** Containers below the arguments. */
function containersIn(schema: JsonSchema, depth: number): JsonSchema[] {
  const isContainer = schema.type === "object" || schema.type === "array";
  const inside = childrenOf(schema).flatMap((child) => containersIn(child, isContainer ? depth + 1 : depth));
  return isContainer && depth > 0 ? [schema, ...inside] : inside;
}

const sizes = new WeakMap<JsonSchema, Size>();

/** Of a schema without what it refers to: property names, enum values and how many characters they have. */
function sizeOf(schema: JsonSchema): Size {
  const known = sizes.get(schema);
  if (known !== undefined) return known;
  const keys = Object.keys((schema.properties ?? {}) as object);
  const values = Array.isArray(schema.enum) ? schema.enum.map(String) : [];
  const own = { properties: keys.length, characters: keys.join("").length + values.join("").length };
  const size = childrenOf(schema).map(sizeOf).reduce(add, own);
  sizes.set(schema, size);
  return size;
}

function add(a: Size, b: Size): Size {
  return { properties: a.properties + b.properties, characters: a.characters + b.characters };
}
