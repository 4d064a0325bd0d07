import type { Api } from "../compiler/api.ts";
import { baseOf, originOf } from "../compiler/strict-schema.ts";
import { compare } from "../compiler/text.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import type { Codec, Codecs, JsonSchema } from "../runtime/types.ts";
import { type Code, code, constant, identifier, literal, type NamedParts } from "./literal.ts";

/** A large part of strict schemas, or of codecs, that a schema of the document stands for: a constant of the module. */
export interface SharedPart {
  readonly name: Code;
  /** `JsonSchema` or `Codecs`. */
  readonly type: Code;
  readonly value: Code;
}

/**
 * The large parts that have a name, in an order in which each uses only those before it. How many tools use one makes no
 * difference: otherwise a tool that comes or goes would change the blocks of others.
 */
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
  // A codec stands where the schema does that it belongs to.
  const codecTypes = typesOfCodecs(tools, (part) =>
    named.has(part) || definitions.has(part) ? typeOf(part) : undefined,
  );
  share(
    tools.map(({ codec }) => codec),
    { type: code`Codecs`, typeOf: (part) => codecTypes.get(part), suffix: "Codecs", small: 200 },
  );
  return { parts, named };

  function share(roots: readonly object[], { type, typeOf, suffix, small }: Kind): void {
    const large = sorted(largeParts(roots, typeOf, small));
    const known = new Map<string, Code>();
    /** Of equal parts the one that is printed: what only stands in others is not needed. */
    const printed = new Map<Code, object>();
    for (const { part, typeName, text } of large) {
      const same = `${typeName} ${text}`;
      const name = known.get(same) ?? nameFor(typeName, suffix, taken);
      known.set(same, name);
      named.set(part, name);
      if (!printed.has(name)) printed.set(name, part);
    }
    const needed = new Set<object>();
    const done = new Set<object>();
    for (const root of roots) need(root);
    for (const part of printed.values()) if (needed.has(part)) declare(part);

    function need(part: object): void {
      for (const child of childrenOf(part)) {
        const one = printed.get(named.get(child) as Code) ?? child;
        if (needed.has(one)) continue;
        needed.add(one);
        need(one);
      }
    }

    function declare(part: object): void {
      const name = named.get(part);
      const one = printed.get(name as Code) ?? part;
      if (done.has(one)) return;
      done.add(one);
      for (const child of childrenOf(one)) declare(child);
      if (name === undefined) return;
      const value = literal({ ...one }, 0, `const ${name}: ${type} = `.length, named);
      parts.push({ name, type, value: constant(one, value) });
    }
  }
}

/** What is shared: its type, and what its constants are called after. */
interface Kind {
  readonly type: Code;
  readonly typeOf: (part: object) => string | undefined;
  readonly suffix: string;
  /** Parts with fewer characters than this are written out wherever they are. */
  readonly small: number;
}

/** The definitions of a tool are called after the type of the body that needs them. */
function typesOfDefinitions(tools: readonly Tool[], names: Names): ReadonlyMap<object, string> {
  const types = new Map<object, string>();
  for (const { operation, parameters, codec } of tools) {
    const type = names.schemas.get(operation.body?.target ?? "");
    if (type === undefined) continue;
    for (const part of [parameters.$defs, codec.$defs])
      if (part !== undefined && !types.has(part as object)) types.set(part as object, `${type}Defs`);
  }
  return types;
}

interface LargePart {
  readonly part: object;
  readonly typeName: string;
  readonly text: string;
}

function largeParts(roots: readonly object[], typeOf: Kind["typeOf"], small: number): LargePart[] {
  const reached = new Set(roots.flatMap(childrenOf));
  for (const part of reached) for (const child of childrenOf(part)) reached.add(child);
  return [...reached].flatMap((part) => {
    const typeName = typeOf(part);
    if (typeName === undefined) return [];
    const text = JSON.stringify(part);
    return text.length < small ? [] : { part, typeName, text };
  });
}

/** By name and size, and not by where they are used first: a tool more leaves the others in their places. */
function sorted(parts: readonly LargePart[]): LargePart[] {
  return [...parts].sort(
    (a, b) => compare(a.typeName, b.typeName) || a.text.length - b.text.length || compare(a.text, b.text),
  );
}

/** The objects in one; what only has a description of its own is what it describes. */
function childrenOf(part: object): object[] {
  const isObject = (child: unknown): child is object => typeof child === "object" && child !== null;
  return Object.values(part)
    .filter(isObject)
    .map((child) => baseOf(child as JsonSchema) ?? child);
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
