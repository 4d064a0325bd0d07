import type { ObjectSchema, Property, Schema } from "./api.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { freeForm } from "./extremes.ts";
import { isCount, isPositive, isText, pick } from "./keywords.ts";
import { joinPointer } from "./pointer.ts";
import { isRawObject, isReference, type RawObject, type References } from "./references.ts";
import { asUnion } from "./union.ts";

/** Reads the schemas that objects are made of. */
interface Reader {
  readonly references: References;
  readonly diagnostics: Diagnostics;
  readOne(raw: unknown, pointer: string): Schema;
}

/** The properties of a schema, and what may stand beside them. */
export function readObject(raw: RawObject, pointer: string, reader: Reader): ObjectSchema {
  const required = new Set(Array.isArray(raw.required) ? raw.required.filter(isText) : []);
  if (typeof raw.required === "string") {
    const what = "required is a list of names, and this is none";
    reader.diagnostics.warn(
      "FC111",
      joinPointer(pointer, "required"),
      what,
      `Write it like required: [${raw.required}]`,
    );
  }
  const properties: Property[] = [];
  for (const [name, value] of Object.entries(propertiesOf(raw, pointer, reader))) {
    if (value === false) continue;
    const place = joinPointer(pointer, "properties", name);
    properties.push({
      name,
      // Draft 3, and many since, write `required: true` on the property itself.
      required: required.has(name) || (isRawObject(value) && value.required === true),
      schema: reader.readOne(value, place),
      ...(isMarked(value, "readOnly", reader.references) && { readOnly: true }),
      ...(isMarked(value, "writeOnly", reader.references) && { writeOnly: true }),
    });
    required.delete(name);
  }
  const additional = readAdditional(raw, pointer, reader);
  // Required, and not declared: it has to come all the same.
  for (const name of required) properties.push({ name, required: true, schema: additional ?? { kind: "any" } });
  return {
    kind: "object",
    properties,
    ...(additional !== undefined && { additional }),
    ...pick(raw, "minProperties", isPositive),
    ...pick(raw, "maxProperties", isCount),
  };
}

function propertiesOf(raw: RawObject, pointer: string, { references, diagnostics }: Reader): RawObject {
  if (raw.properties === undefined) return {};
  const properties = references.valueOf(raw.properties);
  if (isRawObject(properties)) return properties;
  diagnostics.warn("FC111", joinPointer(pointer, "properties"), "these are no properties", "Write an object.");
  return {};
}

/** The schema of undeclared keys. Silence beside declared properties counts as closed. */
function readAdditional(raw: RawObject, pointer: string, reader: Reader): Schema | undefined {
  const patterns = isRawObject(raw.patternProperties) ? Object.entries(raw.patternProperties) : [];
  const allowed = patterns.map(([pattern, value]) =>
    reader.readOne(value, joinPointer(pointer, "patternProperties", pattern)),
  );
  const keyword = raw.additionalProperties === undefined ? "unevaluatedProperties" : "additionalProperties";
  const others = raw[keyword];
  const isClosed = others === false || others === "false";
  if (others !== undefined && !isClosed) allowed.push(reader.readOne(others, joinPointer(pointer, keyword)));
  const [only, ...more] = allowed;
  if (only !== undefined) return more.length > 0 ? asUnion(allowed) : only;
  const isDeclared = isRawObject(raw.properties) && Object.keys(raw.properties).length > 0;
  return isClosed || isDeclared ? undefined : freeForm;
}

/** Follows references: in 3.0 the mark often stands on what is referred to. */
function isMarked(value: unknown, mark: "readOnly" | "writeOnly", references: References): boolean {
  if (!isRawObject(value)) return false;
  if (value[mark] === true) return true;
  if (isReference(value)) {
    const target = references.valueOf(value);
    return isRawObject(target) && target[mark] === true;
  }
  return Array.isArray(value.allOf) && value.allOf.length === 1 && isMarked(value.allOf[0], mark, references);
}
