import type { JsonSchema } from "../runtime/types.ts";
import type { Schema } from "./api.ts";
import { childrenOf } from "./definitions.ts";
import { originOf } from "./strict-schema.ts";

/** OpenAI's limits of strict schemas (Structured outputs, "Supported schemas"). */
const limits = {
  depth: 10,
  properties: 5000,
  characters: 120_000,
  enumValues: 1000,
  longEnum: { values: 250, characters: 15_000 },
} as const;

/** The schemas to write as JSON text next, for a tool to come within the limits; none: it is within them. */
export interface Excess {
  readonly reason: string;
  readonly cuts: readonly Schema[];
  /** Whether it is the less, the fewer times equal parts are written. */
  readonly isSize: boolean;
}

/**
 * What is beyond the limits in a strict schema, and how to mend it; `undefined` where nothing is.
 * With `breakCircles`, what is too deep is also mended where definitions lead back to each other.
 */
export function excessOf(parameters: JsonSchema, breakCircles = false): Excess | undefined {
  const definitions = (parameters.$defs ?? {}) as Record<string, JsonSchema>;
  const tooDeep = findTooDeep(parameters, definitions);
  if (tooDeep.length > 0) {
    const circles = breakCircles ? findCircles(parameters, definitions) : [];
    const reason = `it is nested deeper than ${limits.depth} levels`;
    return { reason, cuts: [...tooDeep, ...circles], isSize: false };
  }
  const parts = [parameters, ...Object.values(definitions)];
  return enumExcess(parts) ?? sizeExcess(parameters, definitions);
}

// ------------------------------------------------------------ depth

/** A root or a definition, reduced to what matters for depth. */
interface Part {
  /** The levels of containers in it, without what it refers to. */
  readonly height: number;
  readonly references: readonly Reference[];
  /** The schemas of its containers by level, from 1. */
  readonly containers: readonly Place[];
}

interface Place {
  readonly level: number;
  readonly origin: Schema | undefined;
}

interface Reference extends Place {
  readonly name: string;
}

/** More steps in circles than this are not taken: a dense net of definitions has more paths than anyone can walk. */
const MOST_STEPS = 2_000;

/** The places at which a path enters the first level too many. A definition that is open already ends a path. */
function findTooDeep(root: JsonSchema, definitions: Record<string, JsonSchema>): Schema[] {
  const parts = new Map(Object.entries(definitions).map(([name, schema]) => [name, partOf(schema)]));
  const reach = reachOf(parts);
  const found = new Set<Schema>();
  const seen = new Map<string, { readonly level: number; readonly open: ReadonlySet<string> }[]>();
  let steps = 0;
  walk(partOf(root), 0, new Set());
  return found.size === 0 && steps > MOST_STEPS ? findCircles(root, definitions) : [...found];

  function walk(part: Part, level: number, open: ReadonlySet<string>): void {
    const allowed = limits.depth - level;
    if (part.height > allowed) for (const place of part.containers) add(place, allowed + 1);
    for (const reference of part.references) {
      const { name } = reference;
      const target = parts.get(name) as Part;
      if (reference.level > allowed || open.has(name)) continue;
      if (reference.level === allowed && target.height > 0) add(reference, allowed);
      else enter(name, target, level + reference.level, open);
    }
  }

  /** Of what is open only that matters which the definition leads back to. */
  function enter(name: string, target: Part, level: number, open: ReadonlySet<string>): void {
    const back = reach(name);
    const circle = new Set([...open].filter((other) => back.has(other)));
    if (circle.size > 0 && ++steps > MOST_STEPS) return;
    if (!isKnown(name, level, circle)) walk(target, level, circle.add(name));
  }

  function add({ level, origin }: Place, crossing: number): void {
    if (level === crossing && origin !== undefined) found.add(origin);
  }

  /** Whether a definition was entered at this level or below, with no more of the others open than now. */
  function isKnown(name: string, level: number, open: ReadonlySet<string>): boolean {
    const visits = seen.get(name) ?? [];
    if (visits.some((visit) => visit.level >= level && [...visit.open].every((other) => open.has(other)))) return true;
    visits.push({ level, open: new Set(open) });
    seen.set(name, visits);
    return false;
  }
}

/** What each definition leads to. */
function reachOf(parts: ReadonlyMap<string, Part>): (name: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (name) => {
    const reached = known.get(name) ?? collect(name);
    known.set(name, reached);
    return reached;
  };

  function collect(start: string): ReadonlySet<string> {
    const reached = new Set<string>();
    const pending = [start];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      for (const { name: next } of parts.get(name)?.references ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        pending.push(next);
      }
    }
    return reached;
  }
}

/** The references that lead back to another definition on the way to them. */
function findCircles(root: JsonSchema, definitions: Record<string, JsonSchema>): Schema[] {
  const found: Schema[] = [];
  const done = new Set<string>();
  walk(partOf(root), []);
  return found;

  function walk(part: Part, open: readonly string[]): void {
    for (const { name, origin } of part.references) {
      const isCircle = open.includes(name) && open.at(-1) !== name;
      if (isCircle && origin !== undefined) found.push(origin);
      if (done.has(name)) continue;
      done.add(name);
      walk(partOf(definitions[name] as JsonSchema), [...open, name]);
    }
  }
}

const knownParts = new WeakMap<JsonSchema, Part>();

function partOf(root: JsonSchema): Part {
  const known = knownParts.get(root);
  if (known !== undefined) return known;
  const references: Reference[] = [];
  const containers: Place[] = [];
  collect(root, 0);
  const part = { height: containers.reduce((most, { level }) => Math.max(most, level), 0), references, containers };
  knownParts.set(root, part);
  return part;

  function collect(schema: JsonSchema, above: number): void {
    if (typeof schema.$ref === "string") {
      references.push({ name: schema.$ref.slice("#/$defs/".length), level: above, origin: originOf(schema) });
      return;
    }
    const isContainer = schema.type === "object" || schema.type === "array";
    const level = above + (isContainer ? 1 : 0);
    if (isContainer) containers.push({ level, origin: originOf(schema) });
    for (const child of childrenOf(schema)) collect(child, level);
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
  const cut = long.length > 0 ? long : largestEnums(enums);
  const cuts = cut.flatMap(({ origin }) => origin ?? []);
  return cut.length === 0 ? undefined : { reason: "its enums have too many values", cuts, isSize: true };
}

/** The largest enums, as many as are too many; one that is cut is cut wherever it stands. */
function largestEnums(enums: readonly EnumPlace[]): EnumPlace[] {
  let excess = sumOf(enums) - limits.enumValues;
  return [...Map.groupBy(enums, ({ origin }) => origin).values()].flatMap((places) => {
    if (excess <= 0) return [];
    excess -= sumOf(places);
    return places.slice(0, 1);
  });
}

function sumOf(enums: readonly EnumPlace[]): number {
  return enums.reduce((sum, { values }) => sum + values.length, 0);
}

interface EnumPlace {
  readonly values: readonly unknown[];
  readonly origin: Schema | undefined;
}

const knownEnums = new WeakMap<JsonSchema, readonly EnumPlace[]>();

function enumsIn(schema: JsonSchema): readonly EnumPlace[] {
  const known = knownEnums.get(schema);
  if (known !== undefined) return known;
  const inside = childrenOf(schema).flatMap(enumsIn);
  if (Array.isArray(schema.enum)) inside.push({ values: schema.enum, origin: originOf(schema) });
  knownEnums.set(schema, inside);
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
  return { reason, cuts: largest(parameters, definitions, over), isSize: true };
}

/** The largest parts that can be cut and leave the arguments themselves in place, as many as are needed. */
function largest(parameters: JsonSchema, definitions: Record<string, JsonSchema>, over: number): Schema[] {
  const candidates = [parameters, ...Object.values(definitions)].flatMap((part) =>
    containersIn(part, part === parameters ? 0 : 1),
  );
  const weighed = candidates
    .flatMap((schema) => {
      const origin = originOf(schema);
      return origin === undefined ? [] : [{ origin, weight: weightOf(sizeOf(schema)) }];
    })
    .sort((a, b) => b.weight - a.weight);
  // Parts larger than all that is too much would take more than they need to.
  const enough = weighed.filter(({ weight }) => weight <= over);
  let excess = over - 1;
  return (enough.length > 0 ? enough : weighed).flatMap(({ origin, weight }) => {
    if (excess <= 0) return [];
    excess -= weight;
    return origin;
  });
}

/** The share that a part has of what the limits allow. */
function weightOf({ properties, characters }: Size): number {
  return Math.max(properties / limits.properties, characters / limits.characters);
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
