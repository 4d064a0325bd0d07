import type { Schema } from "./api.ts";
import { shapeOf } from "./shape.ts";
import type { Lowering } from "./strict.ts";
import { enumOf, jsonText } from "./strict-scalars.ts";
import { described, type Lowered } from "./strict-schema.ts";

/** What does not fit into the limits: containers as JSON text, enums as strings that are checked afterwards. */
export function lowerCut(schema: Schema, name: string, lowering: Lowering, description = schema.description): Lowered {
  const annotated = description === undefined ? schema : { ...schema, description };
  if (schema.kind === "enum") {
    const { values } = schema;
    const types = [...new Set(values.map((value) => typeof value))];
    const [type, ...others] = types.map((each) => enumOf(values.filter((value) => typeof value === each)).type);
    return {
      schema: described(
        { type: others.length === 0 ? type : [type, ...others] },
        lowering.describe(annotated, name, [`one of ${values.join(", ")}`]),
      ),
      codec: { rules: { enum: values } },
    };
  }
  const shape = shapeOf(schema, (each) => lowering.resolve(each));
  const text = jsonText(lowering.describe(annotated, name, [`JSON text: ${shape}`]));
  if (schema.kind === "object") return { ...text, codec: { ...text.codec, type: "object" } };
  if (schema.kind === "array" || schema.kind === "tuple") return { ...text, codec: { ...text.codec, type: "array" } };
  return text;
}
