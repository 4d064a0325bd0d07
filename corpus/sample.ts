import { entries, isObject, type Json, objects } from "./document.ts";
import { entryHints, type Hint, itemHints, propertyHints, valuesOf } from "./hints.ts";
import { createRandom, type Random } from "./random.ts";
import { sampleText } from "./sample-text.ts";

export const modes = ["nothing", "everything", "mix"] as const;

/** `nothing` optional, `everything`, or a `mix`. */
export type Mode = (typeof modes)[number];

/** What a model may write for a tool. */
export interface Sample {
  readonly args: Json;
  /** Texts in it that must be found in the request. */
  readonly marks: readonly string[];
}

interface State {
  readonly root: Json;
  readonly mode: Mode;
  readonly random: Random;
  readonly marks: string[];
  readonly in: string;
  readonly depth: number;
  /** Whether the schema is the document's own, and its values natural ones. */
  readonly isNatural: boolean;
  /** Nodes that may still be written, so that a wide recursion ends. */
  readonly budget: { left: number };
}

/** Arguments of a tool as a model would write them, the same for the same seed. */
export function sampleArguments(
  parameters: Json,
  hintOf: (argument: string) => Hint,
  mode: Mode,
  seed: string,
): Sample {
  const marks: string[] = [];
  const state = {
    root: parameters,
    mode,
    random: createRandom(`${mode} ${seed}`),
    marks,
    isNatural: false,
    depth: 0,
    budget: { left: 4000 },
  };
  const args: { [argument: string]: unknown } = {};
  for (const [name, schema] of entries(parameters.properties)) {
    const hint = hintOf(name);
    if (isLeftOut(parameters, name, { ...state, in: hint.in })) continue;
    args[name] = sample(schema, hint.schemas, "", { ...state, in: hint.in });
  }
  return { args, marks };
}

/** A value of one of the document's schemas. */
export function sampleNatural(schema: Json, mode: Mode, seed: string): unknown {
  const random = createRandom(`${mode} ${seed}`);
  const base = { root: schema, mode, random, marks: [], in: "body", depth: 0, budget: { left: 1000 } };
  return sample(schema, [schema], "", { ...base, isNatural: true });
}

/** Only without strict mode can a property be missing. */
function isLeftOut(node: Json, name: string, state: State): boolean {
  return !(Array.isArray(node.required) && node.required.includes(name)) && takesNull(state);
}

function takesNull({ mode, random, depth, budget }: State): boolean {
  if (mode === "nothing" || depth > 9 || budget.left < 0) return true;
  return mode === "mix" && random.integer(2) === 0;
}

function sample(given: unknown, hints: readonly Json[], above: string, before: State): unknown {
  if (!isObject(given) || before.depth > 60) return null;
  const schema = before.isNatural ? merge(given) : given;
  const state = { ...before, depth: before.depth + 1 };
  state.budget.left -= 1;
  const description = `${above} ${schema.description ?? ""}`.trim();

  if (typeof schema.$ref === "string") return sample(resolve(schema.$ref, state.root), hints, description, state);
  const branches = objects(schema.anyOf ?? schema.oneOf);
  if (branches.length > 0) {
    const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
    const whole = state.isNatural
      ? branches.map((branch) => ({ ...branch, allOf: [...objects(branch.allOf), rest] }))
      : branches;
    return sampleBranch(whole, hints, description, state);
  }
  if ("const" in schema) return schema.const;
  const types = typesOf(schema);
  const solid = types.filter((type) => type !== "null");
  if (types.includes("null") && (solid.length === 0 || takesNull(state))) return null;
  if (Array.isArray(schema.enum)) {
    const fitting = schema.enum.filter((value) => solid.some((type) => hasType(value, type)));
    return state.random.pick(fitting.length > 0 ? fitting : schema.enum);
  }
  switch (state.random.pick(solid)) {
    case "object":
      return sampleObject(schema, hints, state);
    case "array":
      return sampleArray(schema, hints, state);
    case "boolean":
      return state.random.integer(2) === 0;
    case "integer":
    case "number":
      return sampleNumber(schema, hints, state);
    default:
      if (/\bJSON text\b/i.test(description)) return sampleJsonText(hints, description, state);
      return sampleText(schema, hints, description, state);
  }
}

function sampleBranch(branches: readonly Json[], hints: readonly Json[], description: string, state: State): unknown {
  const solid = branches.filter(({ type }) => type !== "null");
  if (solid.length < branches.length && (solid.length === 0 || takesNull(state))) return null;
  const flat = solid.filter(({ type, $ref }) => $ref === undefined && type !== "object" && type !== "array");
  const choices = state.depth > 9 && flat.length > 0 ? flat : solid;
  return sample(state.random.pick(choices), hints, description, state);
}

/** What the document says of a value, as text: for places where the strict schema can say nothing. */
function sampleJsonText([hint]: readonly Json[], description: string, state: State): string {
  if (hint !== undefined) {
    const value = sample(hint, [hint], "", { ...state, isNatural: true, marks: [] });
    if (value !== null && (typeof value === "object" || !/JSON text of an (?:object|array)/i.test(description))) {
      return JSON.stringify(value);
    }
  }
  if (/\barray\b/i.test(description)) return "[]";
  return /\bobject\b|\{/i.test(description) ? "{}" : '"text"';
}

/** A schema and its `allOf` as one, without what is only in answers. */
function merge(schema: Json, open: readonly Json[] = []): Json {
  const others = objects(schema.allOf).filter((part) => part !== schema && !open.includes(part));
  const all = [schema, ...others.map((part) => merge(part, [...open, schema]))];
  const merged: { [keyword: string]: unknown } = Object.assign({}, ...all.toReversed());
  const properties = all.flatMap((part) => entries(part.properties));
  const inRequests = properties.filter(([, property]) => !(isObject(property) && property.readOnly === true));
  merged.properties = Object.fromEntries(inRequests);
  merged.required = all.flatMap(({ required }) => (Array.isArray(required) ? required : []));
  if (properties.length === 0) delete merged.properties;
  delete merged.allOf;
  return merged;
}

function sampleObject(node: Json, hints: readonly Json[], state: State): unknown {
  const result: { [key: string]: unknown } = {};
  for (const [name, schema] of entries(node.properties)) {
    if (isLeftOut(node, name, state)) continue;
    const item = /^item_(\d+)$/.exec(name)?.[1];
    const inner = item === undefined ? propertyHints(hints, name) : itemHints(hints, Number(item));
    result[name] = sample(schema, inner, "", state);
  }
  if (state.isNatural && node.properties === undefined && isObject(node.additionalProperties) && state.depth < 9) {
    result.alpha = sample(node.additionalProperties, [node.additionalProperties], "", state);
  }
  return result;
}

function sampleArray(node: Json, hints: readonly Json[], state: State): unknown {
  const smallest = Math.max(0, ...numbers(node, hints, "minItems"));
  const largest = Math.min(Number.MAX_SAFE_INTEGER, ...numbers(node, hints, "maxItems"));
  const wanted =
    state.depth > 9 || state.budget.left < 0 ? 0 : state.mode === "nothing" ? 1 : 1 + state.random.integer(2);
  const count = Math.max(smallest, Math.min(wanted, largest));
  const isMap = isObject(node.items) && Object.keys(Object(node.items.properties)).join() === "key,value";

  const elements = new Map<string, unknown>();
  for (let tries = 0; elements.size < count && tries < count * 5 + 10; tries++) {
    const marked = state.marks.length;
    const element = isMap
      ? sampleEntry(node.items as Json, hints, state)
      : sample(node.items, itemHints(hints), "", state);
    const key = JSON.stringify(isMap ? (element as Json).key : element);
    if (elements.has(key)) state.marks.length = marked;
    else elements.set(key, element);
  }
  const distinct = [...elements.values()];
  while (distinct.length < count) distinct.push(distinct[0]);
  return distinct;
}

function sampleEntry(node: Json, hints: readonly Json[], state: State): Json {
  const { key, value } = node.properties as Json;
  const patterns = hints.flatMap((hint) => Object.keys(Object(hint.patternProperties)).map((pattern) => ({ pattern })));
  const names = hints.map(({ propertyNames }) => propertyNames).filter(isObject);
  return { key: sample(key, [...names, ...patterns], "", state), value: sample(value, entryHints(hints), "", state) };
}

function sampleNumber(node: Json, hints: readonly Json[], { random, mode }: State): number {
  const isInteger = typesOf(node).includes("integer");
  const step =
    typeof node.multipleOf === "number" ? node.multipleOf : (valuesOf(hints, "multipleOf", "number")[0] ?? 1);
  const above = [
    ...numbers(node, hints, "minimum"),
    ...numbers(node, hints, "exclusiveMinimum").map((limit) => limit + step),
  ];
  const below = [
    ...numbers(node, hints, "maximum"),
    ...numbers(node, hints, "exclusiveMaximum").map((limit) => limit - step),
  ];
  const lowest = above.length > 0 ? Math.max(...above) : Math.min(1, ...below);
  const highest = below.length > 0 ? Math.min(...below) : Math.max(lowest + 100 * step, 1);
  const first = Math.ceil(lowest / step) * step;
  const count = Math.max(1, Math.min(50, Math.floor((highest - first) / step) + 1));
  if (first > highest) return isInteger ? Math.ceil(lowest) : (lowest + highest) / 2;
  const value = first + random.integer(count) * step;
  const half = value + 0.5;
  return !isInteger && mode === "mix" && step === 1 && half <= highest ? half : Number(value.toPrecision(12));
}

/** What the strict schema says, and what the document does. */
function numbers(node: Json, hints: readonly Json[], keyword: string): number[] {
  const own = node[keyword];
  return [...(typeof own === "number" ? [own] : []), ...valuesOf(hints, keyword, "number")];
}

function typesOf({ type, properties, additionalProperties, items }: Json): string[] {
  if (Array.isArray(type)) return type.filter((one) => typeof one === "string");
  if (typeof type === "string") return [type];
  return [isObject(properties) || isObject(additionalProperties) ? "object" : isObject(items) ? "array" : "string"];
}

function hasType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  return type === "array" ? Array.isArray(value) : typeof value === type;
}

function resolve(reference: string, root: Json): unknown {
  if (reference === "#") return root;
  return isObject(root.$defs) ? root.$defs[reference.slice("#/$defs/".length)] : undefined;
}
