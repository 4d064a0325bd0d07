import { sayNeeds } from "../compiler/notes.ts";
import type { ArgsCodec, Codec, CodecNode, Codecs, JsonSchema, Rules } from "../runtime/types.ts";
import { rulesOf } from "./compare-rules.ts";
import { get, propertiesOf, schemaAt } from "./kinds.ts";

/** A schema as code sees it: what may be left out is not required, and nothing of the strict encoding shows. */
export interface Natural {
  readonly schema: JsonSchema;
  readonly definitions: Definitions;
}

/** What references lead to. Tools that share their schemas share this too. */
export interface Definitions {
  resolve(reference: string): JsonSchema;
  /** The type that the kit exports for a reference, where that is known. */
  typeOf?(reference: string): string;
  /** Whether the kit exports a type of this name. */
  exports?(type: string): boolean;
}

/** The definitions of a tool. */
interface Written {
  readonly schemas: { readonly [name: string]: JsonSchema };
  readonly codecs: Codecs;
}

/** What code writes for what a model is offered: the codec leads from the one to the other. */
export function naturalOf(parameters: JsonSchema, { $defs = {}, $rules, ...args }: ArgsCodec = {}): Natural {
  const written: Written = { schemas: propertiesOf({ properties: parameters.$defs }), codecs: $defs };
  const known = new Map<string, JsonSchema>();
  const root: CodecNode = { properties: args as Codecs, ...($rules && { rules: $rules }) };
  return {
    schema: read(parameters, root, written),
    definitions: {
      resolve(reference) {
        const schema = known.get(reference) ?? readDefinition(reference, written);
        known.set(reference, schema);
        return schema;
      },
    },
  };
}

function readDefinition(reference: string, written: Written): JsonSchema {
  const name = reference.replace("#/$defs/", "");
  return read(get(written.schemas, name) ?? {}, nodeOf(get(written.codecs, name)), written);
}

function read(schema: JsonSchema, codec: CodecNode, written: Written): JsonSchema {
  const description = wordsOf(schema, codec);
  return {
    ...readValues(schema, codec, written),
    ...readRules(codec.rules),
    ...(description !== "" && { description }),
  };
}

/** What a model reads of a value, but not how it writes it. */
function wordsOf({ description = "" }: JsonSchema, { as }: CodecNode): string {
  const text = String(description);
  return as === "json" ? text.replace(/(^|; )JSON text( of an object)?(; |$)/, "") : text;
}

function readValues(schema: JsonSchema, codec: CodecNode, written: Written): JsonSchema {
  const { $ref } = schema;
  // What has no name in the document is compared where it stands, though the tool writes it once.
  if (typeof $ref === "string") return /^#\/\$defs\/[a-z]/.test($ref) ? readDefinition($ref, written) : { $ref };
  if (Array.isArray(schema.anyOf)) return readUnion(schema.anyOf, codec, written);
  if (codec.as !== undefined && Array.isArray(schema.type) && schema.type.includes("null"))
    return { anyOf: [readValues({ ...schema, type: "string" }, codec, written), { type: "null" }] };
  const items = nodeOf(codec.items);
  switch (codec.as) {
    case "json":
      return codec.type === undefined ? {} : codec.type === "array" ? { type: "array", items: {} } : anyObject;
    case "map":
      return { ...emptyObject, additionalProperties: readEntry(schema, items, written) };
    case "tuple":
      return { type: "array", prefixItems: Object.values(readObject(schema, codec, written).properties as object) };
    case "wrapper":
      return schemaAt(Object.values(propertiesOf(readObject(schema, codec, written)))[0]);
  }
  if (Array.isArray(schema.enum)) return { enum: schema.enum };
  if (schema.type === "array")
    return { type: "array", items: read(schemaAt(schema.items), items, written), ...rulesOf(schema) };
  return schema.type === "object" ? readObject(schema, codec, written) : { type: schema.type, ...rulesOf(schema) };
}

const emptyObject = { type: "object", properties: {}, required: [] };
const anyObject = { ...emptyObject, additionalProperties: {} };

/** Where null only says that something is left out, code leaves it out. */
function readUnion(
  branches: readonly JsonSchema[],
  { optional, clear, anyOf, ...codec }: CodecNode,
  written: Written,
): JsonSchema {
  const values = branches.filter(({ type }) => type !== "null");
  const isNullable = clear !== undefined || (values.length < branches.length && optional !== true);
  if (clear !== undefined) values.pop();
  const kinds = values.map((branch, index) =>
    read(branch, anyOf === undefined ? codec : nodeOf(anyOf[index]), written),
  );
  const [only] = kinds;
  if (!isNullable && kinds.length === 1 && only !== undefined) return only;
  return { anyOf: isNullable ? [...kinds, { type: "null" }] : kinds };
}

function readObject(schema: JsonSchema, { properties: codecs = {}, rest }: CodecNode, written: Written): JsonSchema {
  const entries = Object.entries(propertiesOf(schema)).map(([key, property]) => {
    const node = nodeOf(get(codecs, key));
    return { key, name: node.name ?? key, node, property: read(withoutNull(property, node), node, written) };
  });
  const declared = entries.filter(({ key }) => key !== rest);
  const others = entries.find(({ key }) => key === rest)?.property.additionalProperties;
  return {
    type: "object",
    properties: Object.fromEntries(declared.map(({ name, property }) => [name, property])),
    required: declared.filter(({ node }) => !node.optional).map(({ name }) => name),
    ...(others !== undefined && { additionalProperties: others }),
  };
}

/** `["string", "null"]` of something that null leaves out. */
function withoutNull(schema: JsonSchema, { optional }: CodecNode): JsonSchema {
  if (!Array.isArray(schema.type) || optional !== true) return schema;
  const types = schema.type.filter((type) => type !== "null");
  return { ...schema, type: types.length === 1 ? types[0] : types };
}

/** The value of `{key, value}`. */
function readEntry({ items }: JsonSchema, codec: CodecNode, written: Written): JsonSchema {
  return schemaAt(propertiesOf(readObject(schemaAt(items), codec, written)).value);
}

function readRules({ anyRequired, oneRequired, ...rules }: Rules = {}): JsonSchema {
  const lists = anyRequired ?? oneRequired;
  const needs = lists && sayNeeds({ lists, exactlyOne: oneRequired !== undefined });
  return { ...rulesOf({ ...rules, needs }), ...(rules.enum && { enum: rules.enum }) };
}

function nodeOf(codec: Codec | undefined): CodecNode {
  return codec === undefined ? {} : codec === "optional" ? { optional: true } : codec;
}
