import type { ArgsCodec, Codec, CodecNode, JsonSchema } from "../runtime/types.ts";
import { described, isIdentity, type Lowered, propertyCodecs, shorten } from "./strict-schema.ts";

/** A definition of at most this many characters is written out wherever it is used. */
const SMALL = 100;

/** Writes out the definitions that are used once, or small; the others that are reached stand in `$defs`. */
export function assemble(
  root: Lowered,
  definitions: ReadonlyMap<string, Lowered>,
): { parameters: JsonSchema; codec: ArgsCodec } {
  const reached = reach(root, definitions);
  const inlined = new Set(
    [...reached].filter(([name, use]) => use.isInlinable(definitions.get(name) as Lowered)).map(([name]) => name),
  );
  const substitute = substitution(definitions, inlined);
  const { schema, codec } = substitute(root);
  const kept = [...reached.keys()].filter((name) => !inlined.has(name)).sort();
  const bodies = kept.map((name) => [name, substitute(definitions.get(name) as Lowered)] as const);
  const codecs = bodies
    .filter(([, body]) => !isIdentity(body.codec))
    .map(([name, body]) => [name, shorten(body.codec)] as const);
  return {
    parameters: {
      ...schema,
      ...(kept.length > 0 && { $defs: Object.fromEntries(bodies.map(([name, body]) => [name, body.schema])) }),
    },
    codec: { ...codec.properties, ...(codecs.length > 0 && { $defs: Object.fromEntries(codecs) }) } as ArgsCodec,
  };
}

/** How often a definition is used by a tool, and whether it leads back to itself. */
class Use {
  count = 0;
  isRecursive = false;

  isInlinable({ schema }: Lowered): boolean {
    return !this.isRecursive && (this.count === 1 || JSON.stringify(schema).length <= SMALL);
  }
}

function reach(root: Lowered, definitions: ReadonlyMap<string, Lowered>): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  const references = new Map<string, readonly string[]>();
  const pending = [root.schema];
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    for (const name of referencesIn(schema)) {
      const known = uses.get(name);
      if (known !== undefined) {
        known.count++;
        continue;
      }
      const use = new Use();
      use.count = 1;
      uses.set(name, use);
      const body = (definitions.get(name) as Lowered).schema;
      references.set(name, referencesIn(body));
      pending.push(body);
    }
  }
  for (const [name, use] of uses) use.isRecursive = leadsBack(name, references);
  return uses;
}

function leadsBack(name: string, references: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const pending = [...(references.get(name) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === name) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(references.get(next) ?? []));
  }
  return false;
}

const found = new WeakMap<JsonSchema, readonly string[]>();

/** The definitions that a schema names, once for each time. */
function referencesIn(schema: JsonSchema): readonly string[] {
  const known = found.get(schema);
  if (known !== undefined) return known;
  const names = [...childrenOf(schema)].flatMap(referencesIn);
  if (typeof schema.$ref === "string") names.push(schema.$ref.slice("#/$defs/".length));
  found.set(schema, names);
  return names;
}

/** The schemas directly inside a strict schema. */
export function childrenOf(schema: JsonSchema): readonly JsonSchema[] {
  return [
    ...Object.values((schema.properties ?? {}) as Record<string, JsonSchema>),
    ...(schema.items === undefined ? [] : [schema.items as JsonSchema]),
    ...((schema.anyOf ?? []) as readonly JsonSchema[]),
  ];
}

function substitution(
  definitions: ReadonlyMap<string, Lowered>,
  inlined: ReadonlySet<string>,
): (lowered: Lowered) => Lowered {
  return substitute;

  function substitute({ schema, codec }: Lowered): Lowered {
    if (referencesIn(schema).length === 0) return { schema, codec };
    if (typeof schema.$ref === "string") {
      const name = schema.$ref.slice("#/$defs/".length);
      if (!inlined.has(name)) return { schema, codec };
      const body = substitute(definitions.get(name) as Lowered);
      return { schema: body.schema, codec: { ...codec, ...body.codec } };
    }
    if (Array.isArray(schema.anyOf)) return substituteUnion(schema, codec);
    if (schema.properties !== undefined) return substituteObject(schema, codec);
    const items = substitute({ schema: schema.items as JsonSchema, codec: nodeOf(codec.items) });
    const { items: _items, ...rest } = codec;
    return {
      schema: { ...schema, items: items.schema },
      codec: isIdentity(items.codec) ? rest : { ...rest, items: shorten(items.codec) },
    };
  }

  function substituteObject(schema: JsonSchema, { properties: codecs = {}, ...rest }: CodecNode): Lowered {
    const properties = Object.entries(schema.properties as Record<string, JsonSchema>).map(([key, property]) => {
      const own = Object.hasOwn(codecs, key) ? codecs[key] : undefined;
      return [key, substitute({ schema: property, codec: nodeOf(own) })] as const;
    });
    const schemas = Object.fromEntries(properties.map(([key, lowered]) => [key, lowered.schema]));
    return {
      schema: { ...schema, properties: schemas },
      codec: { ...rest, ...propertyCodecs(properties.map(([key, { codec }]) => [key, codec])) },
    };
  }

  /** What is left of a union of one branch, and of null, is that branch, and its codec that of the place. */
  function substituteUnion(schema: JsonSchema, codec: CodecNode): Lowered {
    const branches = schema.anyOf as readonly JsonSchema[];
    const values = branches.filter((branch) => branch.type !== "null");
    const clearing = codec.clear === undefined ? undefined : values.at(-1);
    const proper = clearing === undefined ? values : values.slice(0, -1);
    const [only] = proper;
    if (proper.length === 1 && only !== undefined) {
      const lowered = substitute({ schema: only, codec });
      const { description, ...body } = lowered.schema;
      const outer = joinDescriptions(schema.description, description, body.type === "object");
      const others = branches.filter((branch) => branch !== only);
      if (others.length === 0) return { schema: described(body, outer), codec: lowered.codec };
      const inner = Array.isArray(body.anyOf)
        ? (body.anyOf as JsonSchema[]).filter((branch) => branch.type !== "null")
        : [body];
      return { schema: described({ ...schema, anyOf: [...inner, ...others] }, outer), codec: lowered.codec };
    }
    const lowered = proper.map((branch, index) => substitute({ schema: branch, codec: nodeOf(codec.anyOf?.[index]) }));
    const { anyOf: _anyOf, ...rest } = codec;
    const codecs = lowered.map((branch) => shorten(branch.codec));
    return {
      schema: { ...schema, anyOf: [...lowered.map((branch) => branch.schema), ...branches.slice(proper.length)] },
      codec: lowered.every((branch) => isIdentity(branch.codec)) ? rest : { ...rest, anyOf: codecs },
    };
  }
}

/** Words for the place and for what stands there: of an object the former say enough, of others the latter hold rules. */
function joinDescriptions(place: unknown, value: unknown, isObject: boolean): string | undefined {
  if (typeof place !== "string" || typeof value !== "string") return (place ?? value) as string | undefined;
  return isObject || place.includes(value) ? place : `${place} ${value}`;
}

function nodeOf(codec: Codec | undefined): CodecNode {
  return codec === undefined ? {} : codec === "optional" ? { optional: true } : codec;
}
