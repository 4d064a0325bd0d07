import type { CodecNode, JsonSchema, Rules } from "../runtime/types.ts";
import type { ArraySchema, Needs, ObjectSchema, Schema, TupleSchema } from "./api.ts";
import { rangeOf, sayNeeds } from "./notes.ts";
import type { Lowering } from "./strict.ts";
import { jsonText } from "./strict-scalars.ts";
import {
  closedObject,
  described,
  isIdentity,
  type Lowered,
  propertyCodecs,
  shorten,
  withOrigin,
} from "./strict-schema.ts";

export function lowerArray(schema: ArraySchema, name: string, lowering: Lowering): Lowered {
  const items = lowering.lowerValue(schema.items, singular(name));
  const codec: CodecNode = {
    ...(!isIdentity(items.codec) && { items: shorten(items.codec) }),
    ...(schema.uniqueItems && { rules: { uniqueItems: true } }),
  };
  const array: JsonSchema = {
    type: "array",
    items: items.schema,
    ...(schema.minItems !== undefined && { minItems: schema.minItems }),
    ...(schema.maxItems !== undefined && { maxItems: schema.maxItems }),
  };
  return {
    schema: described(array, lowering.describe(schema, name, schema.uniqueItems ? ["no duplicates"] : [])),
    codec,
  };
}

/** Of equal items an array of that length; of others an object, since strict arrays know one kind of item. */
export function lowerTuple(schema: TupleSchema, name: string, lowering: Lowering): Lowered {
  const items = schema.items.map((item, index) => lowering.lowerValue(item, `${name} ${index}`));
  const kinds = new Set(items.map((item) => JSON.stringify(item)));
  const [first] = items;
  if (kinds.size === 1 && first !== undefined) {
    const length = items.length;
    const array = { type: "array", items: first.schema, minItems: length, maxItems: length };
    return {
      schema: described(array, lowering.describe(schema, name)),
      codec: isIdentity(first.codec) ? {} : { items: shorten(first.codec) },
    };
  }
  const entries = items.map((item, index) => [`item_${index}`, item] as const);
  const object = closedObject(entries.map(([key, item]) => [key, item.schema]));
  return {
    schema: described(object, lowering.describe(schema, name)),
    codec: { as: "tuple", ...propertyCodecs(entries.map(([key, item]) => [key, item.codec])) },
  };
}

/** Maps, as arrays of entries; of free-form ones the whole is JSON text. */
export function lowerMap(schema: ObjectSchema, additional: Schema, name: string, lowering: Lowering): Lowered {
  if (additional.kind === "any" && additional.dangling === undefined) {
    const { rules, notes } = objectRules(schema);
    const text = jsonText(lowering.describe(schema, name, ["JSON text of an object", ...notes]));
    return { schema: text.schema, codec: { ...text.codec, type: "object", ...(rules !== undefined && { rules }) } };
  }
  const { schema: array, codec } = lowerEntries(additional, name, schema, lowering);
  const { rules } = objectRules(schema);
  const bounded = {
    ...array,
    ...(schema.minProperties !== undefined && { minItems: schema.minProperties }),
    ...(schema.maxProperties !== undefined && { maxItems: schema.maxProperties }),
  };
  const { minProperties: _min, maxProperties: _max, ...others } = rules ?? {};
  return {
    schema: described(bounded, lowering.describe(schema, name)),
    codec: { ...codec, ...(Object.keys(others).length > 0 && { rules: others }) },
  };
}

export function lowerEntries(additional: Schema, name: string, origin: Schema, lowering: Lowering): Lowered {
  const value = lowering.lowerValue(additional, singular(name));
  const entry = closedObject([
    ["key", { type: "string" }],
    ["value", value.schema],
  ]);
  const codec: CodecNode = isIdentity(value.codec)
    ? { as: "map" }
    : { as: "map", items: { properties: { value: shorten(value.codec) } } };
  return { schema: withOrigin({ type: "array", items: withOrigin(entry, origin) }, origin), codec };
}

/** The check that the decoder makes of it. */
export function rulesOfNeeds({ lists, exactlyOne }: Needs): Rules {
  return exactlyOne ? { oneRequired: lists } : { anyRequired: lists };
}

export function objectRules({ minProperties, maxProperties, needs }: ObjectSchema): { rules?: Rules; notes: string[] } {
  const rules: Rules = {
    ...(minProperties !== undefined && { minProperties }),
    ...(maxProperties !== undefined && { maxProperties }),
    ...(needs !== undefined && rulesOfNeeds(needs)),
  };
  const range = rangeOf(minProperties, maxProperties, "key");
  const notes = [...(range === undefined ? [] : [range]), ...(needs === undefined ? [] : [sayNeeds(needs)])];
  return Object.keys(rules).length > 0 ? { rules, notes } : { notes };
}

/** What an element of something is called: only to notice descriptions that repeat it. */
function singular(name: string): string {
  return name.replace(/s$/, "");
}
