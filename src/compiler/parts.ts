import type { Codec, CodecNode, Codecs, JsonSchema } from "../runtime/types.ts";
import { described, isIdentity, type Lowered, propertyCodecs, shorten, undescribed } from "./strict-schema.ts";

export type Schemas = { readonly [name: string]: JsonSchema };

/** A part of strict schemas with its codec. Equal parts, of whatever tools, are the same object. */
export interface Part extends Lowered {
  readonly inside: readonly Inner[];
  /** The characters of its own, without those of what is inside. */
  readonly own: number;
  /** All characters. */
  readonly length: number;
  /** Whether it can be a definition, or something in it. */
  readonly isRich: boolean;
}

/** A part where it stands in another one. */
export interface Inner {
  readonly part: Part;
  /** The name of a property. */
  readonly key?: string;
  /** What the codec says of this place alone. */
  readonly place: CodecNode;
  /** Whether it is `{key, value}` of a map, which stays in its list: whoever reads a map looks for it there. */
  readonly isEntry?: boolean;
}

/** Reads strict schemas and their codecs side by side, those that tools have in common once. */
export class Parts {
  readonly #parts = new Map<string, Part>();
  readonly #numbers = new Map<Part, number>();
  readonly #known = new WeakMap<JsonSchema, { readonly codec: Codec | undefined; readonly inner: Inner }>();

  /** The parts that stand at these names. */
  read(schemas: Schemas, codecs: Codecs = {}): Inner[] {
    return Object.entries(schemas).map(([key, schema]) => {
      const inner = this.#innerOf(schema, Object.hasOwn(codecs, key) ? codecs[key] : undefined);
      return { ...inner, key };
    });
  }

  #innerOf(schema: JsonSchema, codec: Codec | undefined): Inner {
    const before = this.#known.get(schema);
    if (before !== undefined && before.codec === codec) return before.inner;
    const { optional, name, ...value } = codec === "optional" ? { optional: true as const } : (codec ?? {});
    const place = { ...(optional && { optional }), ...(name !== undefined && { name }) };
    const inner = { part: this.#partOf(schema, value), place };
    this.#known.set(schema, { codec, inner });
    return inner;
  }

  #partOf(schema: JsonSchema, codec: CodecNode): Part {
    const inside = isScalar(schema) ? [] : this.#insideOf(schema, codec);
    const own = JSON.stringify(ownOf(schema, inside));
    const { properties: _, items: _items, anyOf: _branches, ...rest } = codec;
    const numbers = inside.map(({ part, key, place }) => [this.#numbers.get(part), key, place]);
    const key = inside.length === 0 ? own + JSON.stringify(codec) : JSON.stringify([own, rest, numbers]);
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const ownLength = inside.reduce((sum, { key = "" }) => sum + key.length + 4, own.length);
    const part = {
      schema,
      codec,
      inside,
      own: ownLength,
      length: inside.reduce((sum, inner) => sum + inner.part.length, ownLength),
      isRich: canBeDefined(schema) || inside.some((inner) => inner.part.isRich),
    };
    this.#parts.set(key, part);
    this.#numbers.set(part, this.#numbers.size);
    return part;
  }

  #insideOf(schema: JsonSchema, codec: CodecNode): Inner[] {
    if (schema.description !== undefined) return [this.#innerOf(undescribed(schema), codec)];
    if (schema.properties !== undefined) return this.read(schema.properties as Schemas, codec.properties);
    if (schema.items !== undefined)
      return [{ ...this.#innerOf(schema.items as JsonSchema, codec.items), isEntry: codec.as === "map" }];
    const { clear: _clear, ...value } = codec;
    const [only, ...others] = properBranches(schema, codec);
    if (only === undefined) return [];
    if (others.length === 0) return [this.#innerOf(only, value)];
    return [only, ...others].map((branch, index) => this.#innerOf(branch, codec.anyOf?.[index]));
  }

  /** What tells a part from others. */
  numberOf(part: Part): number {
    return this.#numbers.get(part) as number;
  }
}

/** What a schema says besides what is inside of it. */
function ownOf(schema: JsonSchema, inside: readonly Inner[]): JsonSchema {
  const { description, properties: _, items: _items, anyOf, ...own } = schema;
  if (inside.length === 0) return schema;
  if (description !== undefined) return { description };
  return anyOf === undefined ? own : { anyOf: (anyOf as readonly unknown[]).slice(inside.length) };
}

/** A part with other things inside. */
export function withInside({ schema, codec, inside }: Part, lowered: readonly Lowered[]): Lowered {
  const [first] = lowered;
  if (first === undefined) return { schema, codec };
  if (schema.description !== undefined)
    return { schema: described(first.schema, schema.description as string), codec: first.codec };
  if (schema.properties !== undefined) {
    const named = lowered.map((each, index) => [inside[index]?.key as string, each] as const);
    const { properties: _, ...rest } = codec;
    return {
      schema: { ...schema, properties: Object.fromEntries(named.map(([key, each]) => [key, each.schema])) },
      codec: { ...rest, ...propertyCodecs(named.map(([key, each]) => [key, each.codec])) },
    };
  }
  if (schema.items !== undefined) {
    const { items: _, ...rest } = codec;
    return {
      schema: { ...schema, items: first.schema },
      codec: isIdentity(first.codec) ? rest : { ...rest, items: shorten(first.codec) },
    };
  }
  const proper = properBranches(schema, codec);
  const others = (schema.anyOf as readonly JsonSchema[]).filter((branch) => !proper.includes(branch));
  const union = { ...schema, anyOf: [...lowered.map((each) => each.schema), ...others] };
  if (proper.length === 1)
    return { schema: union, codec: { ...(codec.clear !== undefined && { clear: codec.clear }), ...first.codec } };
  const { anyOf: _, ...rest } = codec;
  const isTelling = lowered.some((each) => !isIdentity(each.codec));
  return { schema: union, codec: isTelling ? { ...rest, anyOf: lowered.map((each) => shorten(each.codec)) } : rest };
}

/** The branches of a union that have codecs: neither null nor the one that stands for it. */
function properBranches({ anyOf }: JsonSchema, { clear }: CodecNode): readonly JsonSchema[] {
  const branches = ((anyOf ?? []) as readonly JsonSchema[]).filter(({ type }) => type !== "null");
  return clear === undefined ? branches : branches.slice(0, -1);
}

/** What has a structure of its own, or values. Null stays at the place where it is allowed: it says what may be left out. */
export function canBeDefined({ properties, items, enum: values, anyOf }: JsonSchema): boolean {
  if (Array.isArray(anyOf)) return !anyOf.some((branch: JsonSchema) => branch.type === "null");
  return (properties ?? items ?? values) !== undefined;
}

/** What has nothing inside, and cannot be a definition. */
function isScalar({ properties, items, enum: values, anyOf }: JsonSchema): boolean {
  return (properties ?? items ?? values ?? anyOf) === undefined;
}
