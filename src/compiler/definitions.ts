import type { ArgsCodec, Codec, CodecNode, Codecs, JsonSchema } from "../runtime/types.ts";
import {
  described,
  isIdentity,
  isShorterDefined,
  type Lowered,
  originOf,
  propertyCodecs,
  shorten,
  undescribed,
  withOrigin,
} from "./strict-schema.ts";
import { asSentence } from "./text.ts";

/** What arguments with certain references need: which definitions are written out where they are used, and the others. */
interface Definitions {
  readonly inlined: ReadonlySet<string>;
  readonly schemas: { readonly $defs?: { readonly [name: string]: JsonSchema } };
  readonly codecs: { readonly $defs?: Codecs };
}

/** Puts the schemas of tools together; what several have in common is the same object in all of them. */
export class Assembler {
  readonly #definitions: ReadonlyMap<string, Lowered>;
  readonly #written = new Map<string, Lowered>();
  readonly #reachable = new Map<string, ReadonlySet<string>>();
  readonly #shared = new Map<string, Definitions>();
  readonly #lengths = new Map<string, number>();

  constructor(definitions: ReadonlyMap<string, Lowered>) {
    this.#definitions = definitions;
  }

  /** Writes out the definitions that are shorter so; the others that are reached stand in `$defs`. */
  assemble(root: Lowered): { parameters: JsonSchema; codec: ArgsCodec } {
    const { inlined, schemas, codecs } = this.#definitionsFor(root.schema);
    const { schema, codec } = this.#substitute(root, inlined);
    return { parameters: { ...schema, ...schemas }, codec: { ...codec.properties, ...codecs } as ArgsCodec };
  }

  /** Arguments with the same references share them. */
  #definitionsFor(root: JsonSchema): Definitions {
    const key = referencesIn(root).toSorted().join(" ");
    const known = this.#shared.get(key) ?? this.#define(root);
    this.#shared.set(key, known);
    return known;
  }

  #define(root: JsonSchema): Definitions {
    const uses = countUses(root, this.#definitions);
    const names = [...uses.keys()].sort();
    const inlined = new Set(names.filter((name) => this.#isInlined(name, uses.get(name) as number)));
    const kept = names.filter((name) => !inlined.has(name));
    const bodies = kept.map((name) => [name, this.#write(name, inlined)] as const);
    const telling = bodies.filter(([, body]) => !isIdentity(body.codec));
    const schemas = Object.fromEntries(bodies.map(([name, body]) => [name, body.schema]));
    const codecs = Object.fromEntries(telling.map(([name, body]) => [name, shorten(body.codec)]));
    return {
      inlined,
      schemas: kept.length > 0 ? { $defs: schemas } : {},
      codecs: telling.length > 0 ? { $defs: codecs } : {},
    };
  }

  #isInlined(name: string, uses: number): boolean {
    if (this.#reach(name).has(name)) return false;
    return !isShorterDefined(this.#lengthOf(name), uses, name);
  }

  #lengthOf(name: string): number {
    const length = this.#lengths.get(name) ?? JSON.stringify(this.#bodyOf(name).schema).length;
    this.#lengths.set(name, length);
    return length;
  }

  #bodyOf(name: string): Lowered {
    return this.#definitions.get(name) as Lowered;
  }

  /** The definitions that one leads to; itself, where it leads back. */
  #reach(name: string): ReadonlySet<string> {
    const known = this.#reachable.get(name);
    if (known !== undefined) return known;
    const reached = new Set<string>();
    const pending = [...referencesIn(this.#bodyOf(name).schema)];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      pending.push(...referencesIn(this.#bodyOf(next).schema));
    }
    this.#reachable.set(name, reached);
    return reached;
  }

  /** A definition with those in it written out: the same object for every tool that writes out the same ones. */
  #write(name: string, inlined: ReadonlySet<string>): Lowered {
    const inside = [...this.#reach(name)].filter((other) => inlined.has(other)).sort();
    const key = [name, ...inside].join(" ");
    const known = this.#written.get(key) ?? this.#substitute(this.#bodyOf(name), inlined);
    this.#written.set(key, known);
    return known;
  }

  #substitute({ schema, codec }: Lowered, inlined: ReadonlySet<string>): Lowered {
    if (!referencesIn(schema).some((name) => inlined.has(name))) return { schema, codec };
    if (typeof schema.$ref === "string") {
      const body = this.#write(schema.$ref.slice("#/$defs/".length), inlined);
      return { schema: body.schema, codec: { ...codec, ...body.codec } };
    }
    if (Array.isArray(schema.anyOf)) return this.#substituteUnion(schema, codec, inlined);
    if (schema.properties !== undefined) return this.#substituteObject(schema, codec, inlined);
    const items = this.#substitute({ schema: schema.items as JsonSchema, codec: nodeOf(codec.items) }, inlined);
    const { items: _items, ...rest } = codec;
    return {
      schema: { ...schema, items: items.schema },
      codec: isIdentity(items.codec) ? rest : { ...rest, items: shorten(items.codec) },
    };
  }

  #substituteObject(
    schema: JsonSchema,
    { properties: codecs = {}, ...rest }: CodecNode,
    inlined: ReadonlySet<string>,
  ): Lowered {
    const properties = Object.entries(schema.properties as Record<string, JsonSchema>).map(([key, property]) => {
      const own = Object.hasOwn(codecs, key) ? codecs[key] : undefined;
      return [key, this.#substitute({ schema: property, codec: nodeOf(own) }, inlined)] as const;
    });
    const schemas = Object.fromEntries(properties.map(([key, lowered]) => [key, lowered.schema]));
    return {
      schema: { ...schema, properties: schemas },
      codec: { ...rest, ...propertyCodecs(properties.map(([key, lowered]) => [key, lowered.codec])) },
    };
  }

  /** The object that clears a field, which is its own place in the document where it is written out. */
  #substituteClearing(branch: JsonSchema, inlined: ReadonlySet<string>): JsonSchema {
    const origin = originOf(branch);
    const { schema } = this.#substitute({ schema: branch, codec: {} }, inlined);
    return origin === undefined || schema === branch ? schema : withOrigin(schema, origin);
  }

  /** What is left of a union of one branch, and of null, is that branch, and its codec that of the place. */
  #substituteUnion(schema: JsonSchema, codec: CodecNode, inlined: ReadonlySet<string>): Lowered {
    const branches = schema.anyOf as readonly JsonSchema[];
    const values = branches.filter((branch) => branch.type !== "null");
    const proper = codec.clear === undefined ? values : values.slice(0, -1);
    const others = branches.slice(proper.length).map((branch) => this.#substituteClearing(branch, inlined));
    const [only] = proper;
    if (proper.length === 1 && only !== undefined) {
      const lowered = this.#substitute({ schema: only, codec }, inlined);
      const body = undescribed(lowered.schema);
      const words = joinDescriptions(schema.description, lowered.schema.description, body.type === "object");
      const inner = Array.isArray(body.anyOf) ? body.anyOf.filter((branch) => branch.type !== "null") : [body];
      const union = others.length === 0 ? body : { anyOf: [...inner, ...others] };
      return { schema: described(union, words), codec: lowered.codec };
    }
    const lowered = proper.map((branch, index) =>
      this.#substitute({ schema: branch, codec: nodeOf(codec.anyOf?.[index]) }, inlined),
    );
    const { anyOf: _anyOf, ...rest } = codec;
    const codecs = lowered.map((branch) => shorten(branch.codec));
    return {
      schema: { ...schema, anyOf: [...lowered.map((branch) => branch.schema), ...others] },
      codec: lowered.every((branch) => isIdentity(branch.codec)) ? rest : { ...rest, anyOf: codecs },
    };
  }
}

/** How often a tool uses each definition that it reaches. */
function countUses(root: JsonSchema, definitions: ReadonlyMap<string, Lowered>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const pending = [root];
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    for (const name of referencesIn(schema)) {
      if (!uses.has(name)) pending.push((definitions.get(name) as Lowered).schema);
      uses.set(name, (uses.get(name) ?? 0) + 1);
    }
  }
  return uses;
}

const found = new WeakMap<JsonSchema, readonly string[]>();

/** The definitions that a schema names, once for each time. */
export function referencesIn(schema: JsonSchema): readonly string[] {
  const known = found.get(schema);
  if (known !== undefined) return known;
  const names: string[] = [];
  for (const child of childrenOf(schema)) names.push(...referencesIn(child));
  if (typeof schema.$ref === "string") names.push(schema.$ref.slice("#/$defs/".length));
  found.set(schema, names);
  return names;
}

/** The schemas directly inside a strict schema. */
export function childrenOf(schema: JsonSchema): readonly JsonSchema[] {
  if (schema.properties !== undefined) return Object.values(schema.properties as Record<string, JsonSchema>);
  if (schema.anyOf !== undefined) return schema.anyOf as readonly JsonSchema[];
  return schema.items === undefined ? [] : [schema.items as JsonSchema];
}

/** Words for the place and for what stands there: of an object the former say enough, of others the latter hold rules. */
function joinDescriptions(place: unknown, value: unknown, isObject: boolean): string | undefined {
  if (typeof place !== "string" || typeof value !== "string") return (place ?? value) as string | undefined;
  return isObject || place.includes(value) ? place : `${asSentence(place)} ${value}`;
}

function nodeOf(codec: Codec | undefined): CodecNode {
  return codec === undefined ? {} : codec === "optional" ? { optional: true } : codec;
}
