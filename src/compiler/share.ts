import type { ArgsCodec, Codecs, JsonSchema } from "../runtime/types.ts";
import { childrenOf } from "./definitions.ts";
import { canBeDefined, type Inner, type Part, Parts, type Schemas, withInside } from "./parts.ts";
import { isShorterDefined, type Lowered, propertyCodecs, referenceLength } from "./strict-schema.ts";
import { compare } from "./text.ts";

/** The arguments of a tool: their strict schema, and the way back. */
interface Arguments {
  readonly parameters: JsonSchema;
  readonly codec: ArgsCodec;
}

/** What is shared in a tool: the names of the parts, and all its definitions. */
interface Shared {
  readonly names: ReadonlyMap<Part, string>;
  readonly schemas: Schemas;
  readonly codecs: Codecs | undefined;
}

/** Of a definition's name. */
const MOST_CHARACTERS = 64;

/** Writes what stands in a tool several times once, as a definition, where that is shorter. */
export class Sharing {
  readonly #parts = new Parts();
  readonly #shared = new Map<string, Shared>();
  readonly #written = new Map<string, Lowered>();
  /** Of what is written. */
  readonly #numbers = new Map<Lowered, number>();

  share<Tool extends Arguments>(tool: Tool): Tool {
    const { properties, $defs = {} } = tool.parameters as { properties: Schemas; $defs?: Schemas };
    const schemas = [...Object.values(properties), ...Object.values($defs)];
    if (schemas.reduce((sum, schema) => sum + countStructures(schema), 0) < 2) return tool;
    const args = this.#parts.read(properties, tool.codec as Codecs);
    const shared = this.#sharedBy(args, this.#parts.read($defs, tool.codec.$defs));
    return shared.names.size === 0 ? tool : { ...tool, ...this.#write(tool, args, shared) };
  }

  /** Tools with the same structures share the same: only their other arguments differ. */
  #sharedBy(args: readonly Inner[], definitions: readonly Inner[]): Shared {
    const rich = args.filter(({ part }) => part.isRich);
    const key = JSON.stringify(
      [rich, definitions].map((inners) => inners.map(({ part, key }) => [key, this.#parts.numberOf(part)])),
    );
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const names = chooseNames(rich, definitions);
    const shared = { names, ...this.#define(definitions, names) };
    this.#shared.set(key, shared);
    return shared;
  }

  #define(definitions: readonly Inner[], names: ReadonlyMap<Part, string>): Omit<Shared, "names"> {
    const known = new Map(definitions.map(({ key = "", part }) => [key, part]));
    const added = [...names].flatMap(([part, name]) => (known.has(name) ? [] : [[name, part] as const]));
    const bodies = [...known, ...added]
      .sort(([a], [b]) => compare(a, b))
      .map(([name, part]) => [name, this.#body(part, names)] as const);
    return {
      schemas: Object.fromEntries(bodies.map(([name, body]) => [name, body.schema])),
      codecs: propertyCodecs(bodies.map(([name, body]) => [name, body.codec])).properties,
    };
  }

  #write({ parameters, codec }: Arguments, args: readonly Inner[], { names, schemas, codecs }: Shared): Arguments {
    const properties = args.map((arg) => [arg.key as string, this.#place(arg, names)] as const);
    const { $rules } = codec;
    return {
      parameters: {
        ...parameters,
        properties: Object.fromEntries(properties.map(([key, lowered]) => [key, lowered.schema])),
        $defs: schemas,
      },
      codec: {
        ...($rules !== undefined && { $rules }),
        ...propertyCodecs(properties.map(([key, lowered]) => [key, lowered.codec])).properties,
        ...(codecs !== undefined && { $defs: codecs }),
      } as ArgsCodec,
    };
  }

  /** A part where it stands: a reference, if it is defined elsewhere. */
  #place({ part, place, isEntry }: Inner, names: ReadonlyMap<Part, string>): Lowered {
    const name = isEntry ? undefined : names.get(part);
    if (name !== undefined) return { schema: { $ref: `#/$defs/${name}` }, codec: place };
    const { schema, codec } = this.#body(part, names);
    return { schema, codec: { ...place, ...codec } };
  }

  /** A part with references in it: the same object for the same references. */
  #body(part: Part, names: ReadonlyMap<Part, string>): Lowered {
    if (!part.isRich) return part;
    const bodies = part.inside.map(
      (inner) => (inner.isEntry ? undefined : names.get(inner.part)) ?? this.#body(inner.part, names),
    );
    if (bodies.every((body, index) => body === part.inside[index]?.part)) return part;
    const numbers = bodies.map((body) => (typeof body === "string" ? body : this.#numbers.get(body)));
    const key = JSON.stringify([this.#parts.numberOf(part), ...numbers]);
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const written = withInside(
      part,
      part.inside.map((inner) => this.#place(inner, names)),
    );
    this.#written.set(key, written);
    this.#numbers.set(written, this.#numbers.size);
    return written;
  }
}

/** The parts that become definitions, or are ones already and stand elsewhere, too; with their names. */
function chooseNames(args: readonly Inner[], definitions: readonly Inner[]): ReadonlyMap<Part, string> {
  const uses = new Map<Part, { count: number; readonly name: string }>();
  // What is inside comes before what it is in.
  const parts: Part[] = [];
  for (const { part, key = "" } of args) count(part, key);
  for (const { part, key = "" } of definitions) countInside(part, key);
  const defined = new Map(definitions.map(({ part, key = "" }) => [part, key]));
  // "null" is the definition that stands for a null.
  const taken = new Set([...defined.values(), "null"]);
  const lengths = new Map<Part, number>();
  const names = new Map<Part, string>();
  for (const part of parts) {
    const { count, name: wanted } = uses.get(part) as { count: number; name: string };
    const length = part.inside.reduce((sum, inner) => sum + (lengths.get(inner.part) ?? inner.part.length), part.own);
    const known = defined.get(part);
    const name = known ?? freeName(wanted, taken);
    // What is a definition anyway has one place more, where it stands now.
    const places = known === undefined ? count : count + 1;
    const isWorthwhile = canBeDefined(part.schema) && isShorterDefined(length, places, name);
    lengths.set(part, isWorthwhile ? referenceLength(name) : length);
    if (!isWorthwhile) continue;
    taken.add(name);
    names.set(part, name);
  }
  return names;

  /** What is inside of a part counts once, however often that stands there, if it can stand there as a reference. */
  function count(part: Part, name: string): void {
    if (!part.isRich) return;
    const known = uses.get(part);
    if (known !== undefined) known.count++;
    else uses.set(part, { count: 1, name });
    if (known === undefined || !canBeDefined(part.schema)) countInside(part, name);
    if (known === undefined) parts.push(part);
  }

  function countInside({ schema, inside }: Part, name: string): void {
    const ofItems = schema.items === undefined ? name : `${name}_item`;
    for (const inner of inside) (inner.isEntry ? countInside : count)(inner.part, inner.key ?? ofItems);
  }
}

/** Begins with a small letter, and what the document has a name for with a capital. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.replace(/^[^a-zA-Z]+/, "").slice(0, MOST_CHARACTERS - 4) || "part";
  const small = base.charAt(0).toLowerCase() + base.slice(1);
  let name = small;
  for (let count = 2; taken.has(name) || name in Object.prototype; count++) name = `${small}_${count}`;
  return name;
}

const structures = new WeakMap<JsonSchema, number>();

/** Objects and lists of values in a schema: what has fewer than two has nothing to share. */
function countStructures(schema: JsonSchema): number {
  const known = structures.get(schema);
  if (known !== undefined) return known;
  const own = schema.properties === undefined && schema.enum === undefined ? 0 : 1;
  const count = childrenOf(schema).reduce((sum, child) => sum + countStructures(child), own);
  structures.set(schema, count);
  return count;
}
