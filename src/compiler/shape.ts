import type { Schema } from "./api.ts";

/** A schema in the short notation of TypeScript, for values that a model has to write as JSON text. */
export function shapeOf(schema: Schema, resolve: (schema: Schema) => Schema, most = 400): string {
  let steps = 0;
  for (const depth of [3, 2, 1]) {
    steps = 0;
    const shape = write(schema, depth);
    if (shape.length <= most && steps <= most) return shape;
  }
  return schema.kind === "array" ? "array" : "object";

  function write(value: Schema, depth: number): string {
    // Every step writes a character at least.
    if (++steps > most) return "";
    const text = writeValue(resolve(value), depth);
    return value.nullable ? `${text} | null` : text;
  }

  function writeValue(value: Schema, depth: number): string {
    switch (value.kind) {
      case "any":
      case "ref":
        return "any";
      case "null":
      case "boolean":
      case "string":
        return value.kind;
      case "file":
        return "string";
      case "number":
        return value.integer ? "integer" : "number";
      case "enum":
        return value.values.map((each) => JSON.stringify(each)).join(" | ");
      case "array":
        return depth === 0 ? "array" : `${parenthesised(write(value.items, depth - 1))}[]`;
      case "tuple":
        return depth === 0 ? "array" : `[${value.items.map((item) => write(item, depth - 1)).join(", ")}]`;
      case "union":
        return depth === 0 ? "any" : value.branches.map((branch) => write(branch, depth - 1)).join(" | ");
      case "object":
        return depth === 0 ? "object" : writeObject(value, depth - 1);
    }
  }

  function writeObject({ properties, additional }: Schema & { kind: "object" }, depth: number): string {
    const entries = properties
      .filter((property) => !property.readOnly)
      .map(({ name, required, schema: property }) => `${name}${required ? "" : "?"}: ${write(property, depth)}`);
    if (additional !== undefined) entries.push(`[key]: ${write(additional, depth)}`);
    return `{${entries.join(", ")}}`;
  }
}

function parenthesised(text: string): string {
  return text.includes(" | ") ? `(${text})` : text;
}
