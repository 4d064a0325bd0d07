import type { Api, Arg, ObjectSchema, Operation, Property, Schema } from "../compiler/api.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import { type Code, identifier } from "./literal.ts";

/** Which way a value goes: requests have no `readOnly` properties, results no `writeOnly` ones. */
export type Direction = "request" | "result";

/** A named schema that a kit declares. */
export interface Declared {
  readonly name: Code;
  readonly target: string;
  readonly direction: Direction;
}

/** The named schemas that the tools reach, and what a type calls them. */
export interface References {
  /** Sorted by name. */
  readonly declared: readonly Declared[];
  name(target: string, direction: Direction): Code;
}

/** The properties that go in a direction. */
export function propertiesOf(schema: ObjectSchema, direction: Direction): readonly Property[] {
  const other = direction === "request" ? "readOnly" : "writeOnly";
  return schema.properties.filter((property) => !property[other]);
}

/** What code may give: the tool's arguments, and those that the kit fills in otherwise. */
export function argsOf({ args, injected = [] }: Operation): Arg[] {
  return [...args, ...injected.map(({ arg }) => ({ ...arg, required: false }))];
}

/** The named schema that arguments extend: all its properties are arguments, just as it declares them. */
export function baseOfArgs(api: Api, { args, body }: Operation): string | undefined {
  if (body?.target === undefined) return undefined;
  const schema = resolve(api, body.target);
  if (schema.kind !== "object" || schema.nullable) return undefined;
  const properties = propertiesOf(schema, "request");
  const isSame = properties.every(({ name, required, schema }) => {
    const arg = args.find((each) => each.in === "body" && each.name === name);
    return arg?.schema === schema && arg.required === required && arg.description === undefined && !arg.deprecated;
  });
  // Nothing can extend the type of an object without properties, which allows none.
  return isSame && properties.length > 0 ? body.target : undefined;
}

/** Finds what to declare. A schema that is not the same in both directions, and goes both, gets a twin: `PetInput`. */
export function collectReferences(api: Api, tools: readonly Tool[], names: Names): References {
  const requests = reach(
    api,
    "request",
    tools.flatMap(({ operation }) => {
      const base = baseOfArgs(api, operation);
      const schemas = argsOf(operation).map((arg) => arg.schema);
      return base === undefined ? schemas : [...schemas, { kind: "ref", target: base } as const];
    }),
  );
  const results = reach(
    api,
    "result",
    tools.flatMap(({ operation }) => operation.result?.schemas ?? []),
  );
  const changing = directed(api, new Set([...requests, ...results]));
  const taken = new Set(names.schemas.values());
  for (const { type } of names.operations.values()) taken.add(`${type}Args`).add(`${type}Result`);

  const twins = new Map<string, Code>();
  const declared: Declared[] = [];
  for (const target of [...new Set([...results, ...requests])]) {
    const name = identifier(names.schemas.get(target) ?? missing(target));
    declared.push({ name, target, direction: results.has(target) ? "result" : "request" });
    if (!results.has(target) || !requests.has(target) || !changing.has(target)) continue;
    let twin = `${name}Input`;
    while (taken.has(twin)) twin += "Schema";
    taken.add(twin);
    twins.set(target, identifier(twin));
    declared.push({ name: identifier(twin), target, direction: "request" });
  }
  return {
    declared: declared.sort((a, b) => (a.name < b.name ? -1 : 1)),
    name(target, direction) {
      const twin = direction === "request" ? twins.get(target) : undefined;
      return twin ?? identifier(names.schemas.get(target) ?? missing(target));
    },
  };
}

/** The schema that a reference means. */
export function resolve(api: Api, target: string): Schema {
  return api.schemas.get(target)?.schema ?? missing(target);
}

/** The references in a schema, as far as the next named schemas. */
function targetsOf(schema: Schema, direction?: Direction): string[] {
  switch (schema.kind) {
    case "ref":
      return [schema.target];
    case "array":
      return targetsOf(schema.items, direction);
    case "tuple":
      return schema.items.flatMap((item) => targetsOf(item, direction));
    case "union":
      return schema.branches.flatMap((branch) => targetsOf(branch, direction));
    case "object": {
      const properties = direction ? propertiesOf(schema, direction) : schema.properties;
      const inProperties = properties.flatMap((property) => targetsOf(property.schema, direction));
      return schema.additional ? [...inProperties, ...targetsOf(schema.additional, direction)] : inProperties;
    }
    case "any":
    case "null":
    case "boolean":
    case "string":
    case "number":
    case "enum":
    case "file":
      return [];
  }
}

function reach(api: Api, direction: Direction, roots: readonly Schema[]): Set<string> {
  const reached = new Set(roots.flatMap((schema) => targetsOf(schema, direction)));
  for (const target of reached) {
    for (const next of targetsOf(resolve(api, target), direction)) reached.add(next);
  }
  return reached;
}

/** Those that are not the same in both directions, or hold one that is not. */
function directed(api: Api, targets: ReadonlySet<string>): Set<string> {
  const users = new Map<string, string[]>();
  const found = new Set<string>();
  for (const target of targets) {
    const schema = resolve(api, target);
    if (isDirected(schema)) found.add(target);
    for (const used of targetsOf(schema)) {
      const list = users.get(used);
      if (list) list.push(target);
      else users.set(used, [target]);
    }
  }
  for (const target of found) {
    for (const user of users.get(target) ?? []) found.add(user);
  }
  return found;
}

function isDirected(schema: Schema): boolean {
  switch (schema.kind) {
    case "object":
      return (
        schema.properties.some((property) => property.readOnly || property.writeOnly || isDirected(property.schema)) ||
        (schema.additional !== undefined && isDirected(schema.additional))
      );
    case "array":
      return isDirected(schema.items);
    case "tuple":
      return schema.items.some(isDirected);
    case "union":
      return schema.branches.some(isDirected);
    case "any":
    case "null":
    case "boolean":
    case "string":
    case "number":
    case "enum":
    case "file":
    case "ref":
      return false;
  }
}

// ------------------------------------------------------------ circles

/**
 * Whether a type alias would stand for itself. TypeScript reads unions and the arguments of `Record` at once, all
 * else (members, elements) only when it is used.
 */
export function isCircular(api: Api, schema: Schema, alias: string, through: "union" | "map"): boolean {
  const reached = new Set(eager(schema, through));
  for (const target of reached) {
    if (target === alias) return true;
    for (const next of eager(resolve(api, target), through)) reached.add(next);
  }
  return false;
}

function eager(schema: Schema, through: "union" | "map"): string[] {
  if (schema.kind === "ref") return [schema.target];
  if (schema.kind === "union") return schema.branches.flatMap((branch) => eager(branch, through));
  if (schema.kind === "object" && schema.additional && schema.properties.length === 0 && through === "map") {
    return eager(schema.additional, through);
  }
  return [];
}

function missing(target: string): never {
  throw new Error(`a bug in fctool: nothing is known of the schema ${target}`);
}
