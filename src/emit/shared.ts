import type { Api } from "../compiler/api.ts";
import { operationKey } from "../compiler/names.ts";
import { baseOf, originOf } from "../compiler/strict-schema.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import type { Codec, Codecs, JsonSchema } from "../runtime/types.ts";
import { type Code, code, constant, identifier, literal, type NamedParts } from "./literal.ts";

/** A part of strict schemas, or of codecs, that several tools have in common: a constant of the module. */
export interface SharedPart {
  readonly name: Code;
  /** `JsonSchema` or `Codecs`. */
  readonly type: Code;
  readonly value: Code;
}

/** The large parts that stand in several places, in an order in which each uses only those before it. */
export function shareParts(
  api: Api,
  tools: readonly Tool[],
  names: Names,
): { readonly parts: readonly SharedPart[]; readonly named: NamedParts } {
  const types = new Map([...api.schemas].map(([pointer, { schema }]) => [schema, names.schemas.get(pointer)] as const));
  const taken = new Set([...names.operations.values()].flatMap(({ executor }) => [executor, `${executor}Tool`]));
  const named = new Map<object, Code>();
  const parts: SharedPart[] = [];
  const definitions = typesOfDefinitions(tools, names);
  const typeOf = (part: object) => {
    const origin = originOf(part);
    return origin === undefined ? definitions.get(part) : types.get(origin);
  };
  share(
    tools.map(({ parameters }) => parameters),
    { type: code`JsonSchema`, typeOf, suffix: "Schema", small: 1000 },
  );
  const codecTypes = typesOfCodecs(tools, typeOf);
  share(
    tools.map(({ codec }) => codec),
    { type: code`Codecs`, typeOf: (part) => codecTypes.get(part), suffix: "Codecs", small: 200 },
  );
  return { parts, named };

  function share(roots: readonly object[], { type, typeOf, suffix, small }: Kind): void {
    const uses = countUses(roots, typeOf);
    const texts = new Map<object, string>();
    for (const [part, count] of uses)
      if (count > 1 && typeOf(part) !== undefined) texts.set(part, JSON.stringify(part));
    const known = new Map<string, Code>();
    const done = new Set<object>();
    // By name, and not by where they are used first: a tool more leaves the others in their places.
    for (const part of sortedBy([...texts.keys()], (part) => `${typeOf(part)} ${texts.get(part)}`)) visit(part);

    function visit(part: object): void {
      if (done.has(part)) return;
      done.add(part);
      for (const child of Object.values(part))
        if (typeof child === "object" && child !== null) visit(baseOf(child) ?? child);
      const [typeName, text] = [typeOf(part), texts.get(part)];
      if (typeName === undefined || text === undefined || text.length < small) return;
      const same = `${typeName} ${text}`;
      const name = known.get(same) ?? declare(part, nameFor(typeName, suffix, taken));
      known.set(same, name);
      named.set(part, name);
    }

    function declare(part: object, name: Code): Code {
      parts.push({ name, type, value: constant(part, literal(part, 0, `const ${name}: ${type} = `.length, named)) });
      return name;
    }
  }
}

function sortedBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  const keyed = values.map((value) => ({ value, key: key(value) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ value }) => value);
}

/** What is shared: its type, and what its constants are called after. */
interface Kind {
  readonly type: Code;
  readonly typeOf: (part: object) => string | undefined;
  readonly suffix: string;
  /** Parts with fewer characters than this are written out wherever they are. */
  readonly small: number;
}

/** The definitions of tools are called after the type of a body that needs them, or after one of the tools. */
function typesOfDefinitions(tools: readonly Tool[], names: Names): ReadonlyMap<object, string> {
  const types = new Map<object, string>();
  for (const { operation, parameters, codec } of tools) {
    const { executor = "" } = names.operations.get(operationKey(operation)) ?? {};
    const type = names.schemas.get(operation.body?.target ?? "") ?? executor;
    for (const part of [parameters.$defs, codec.$defs])
      if (part !== undefined && !types.has(part as object)) types.set(part as object, `${type}Defs`);
  }
  return types;
}

/** How often each object stands in those of all tools; what is inside of one that can be a constant counts once. */
function countUses(
  roots: readonly object[],
  typeOf: (part: object) => string | undefined,
): ReadonlyMap<object, number> {
  const uses = new Map<object, number>();
  for (const root of roots) visit(root);
  return uses;

  function visit(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    const part = baseOf(value as JsonSchema) ?? value;
    const count = uses.get(part) ?? 0;
    uses.set(part, count + 1);
    if (count === 0 || typeOf(part) === undefined) for (const child of Object.values(part)) visit(child);
  }
}

/** The types of the objects whose properties have codecs, by these codecs: schemas know where they come from, codecs do not. */
function typesOfCodecs(
  tools: readonly Tool[],
  typeOf: (part: object) => string | undefined,
): ReadonlyMap<object, string> {
  const types = new Map<object, string>();
  const done = new Set<object>();
  for (const { parameters, codec } of tools) {
    const definitions = codec.$defs && typeOf(codec.$defs);
    if (definitions !== undefined) types.set(codec.$defs as object, definitions);
    visitAll(parameters.properties, codec as Codecs);
    visitAll(parameters.$defs, codec.$defs);
  }
  return types;

  function visitAll(schemas: unknown, codecs: Codecs = {}): void {
    if (done.has(codecs)) return;
    done.add(codecs);
    for (const [key, codec] of Object.entries(codecs)) {
      const schema = (schemas as { readonly [key: string]: JsonSchema } | undefined)?.[key];
      if (schema !== undefined) visit(schema, codec);
    }
  }

  function visit(schema: JsonSchema, codec: Codec): void {
    if (codec === "optional") return;
    const branches = ((schema.anyOf ?? []) as readonly JsonSchema[]).filter(({ type }) => type !== "null");
    if (codec.anyOf !== undefined) {
      for (const [index, branch] of codec.anyOf.entries()) visit(branches[index] as JsonSchema, branch);
      return;
    }
    const value = branches[0] ?? schema;
    if (codec.items !== undefined) visit(value.items as JsonSchema, codec.items);
    if (codec.properties === undefined) return;
    const type = typeOf(baseOf(value) ?? value);
    if (type !== undefined && !types.has(codec.properties)) types.set(codec.properties, type);
    visitAll(value.properties, codec.properties);
  }
}

function nameFor(type: string, suffix: string, taken: Set<string>): Code {
  const base = `${type.charAt(0).toLowerCase()}${type.slice(1)}${suffix}`;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
  taken.add(name);
  return identifier(name);
}
