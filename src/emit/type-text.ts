import type {
  ArraySchema,
  ObjectSchema,
  Property,
  RefSchema,
  Schema,
  TupleSchema,
  UnionSchema,
} from "../compiler/api.ts";
import {
  beside,
  type Code,
  code,
  comment,
  docText,
  join,
  lineWidth,
  literal,
  propertyName,
  spaces,
} from "./literal.ts";
import { type Direction, propertiesOf } from "./reach.ts";

/** Where a type stands. */
export interface Scope {
  readonly direction: Direction;
  readonly name: (target: string, direction: Direction) => Code;
  /** The schema that a reference means. */
  readonly resolve: (target: string) => Schema;
  /** In the declaration of an alias: whether a schema at this place would make the alias stand for itself. */
  readonly isCircular?: ((schema: Schema, through: "union" | "map") => boolean) | undefined;
}

/** The TypeScript type of a schema. `indent` and `column` are those of the line and the place where it begins. */
export function typeText(schema: Schema, scope: Scope, indent: number, column = indent): Code {
  return unionText(partsOf(schema, scope), scope, indent, column);
}

/** The types of a union, each once. */
export function unionText(parts: readonly Part[], scope: Scope, indent: number, column = indent): Code {
  const line = inlineUnion(parts, scope, lineWidth - 1 - column);
  if (line !== undefined) return line;
  const [first, second] = parts;
  if (first !== undefined && parts.length === 1) return partText(first, scope, indent, column);
  if (second === nothing && parts.length === 2 && isObject(first))
    return code`${partText(first, scope, indent, column + 7)} | null`;
  const start = code`\n${spaces(indent + 2)}| `;
  return join(
    parts.map((part) => code`${start}${partText(part, scope, indent + 4)}`),
    "",
  );
}

/** A member of a union: finished text, or a schema that is no union and not nullable. */
export type Part = Code | ArraySchema | TupleSchema | ObjectSchema | RefSchema;

export const anything = code`unknown`;
const nothing = code`null`;

/** TypeScript reads members and elements only when it needs them, so nothing in them is circular. */
function inner(scope: Scope): Scope {
  return scope.isCircular ? { ...scope, isCircular: undefined } : scope;
}

function isObject(part: Part | undefined): part is ObjectSchema {
  return typeof part === "object" && part.kind === "object";
}

/** What a schema is a union of. */
export function partsOf(schema: Schema, scope: Scope): Part[] {
  const parts = branchesOf(schema, scope);
  if (parts.includes(anything)) return [anything];
  if (!schema.nullable && !parts.includes(nothing)) return unique(parts);
  return [...unique(parts.filter((part) => part !== nothing)), nothing];
}

function branchesOf(schema: Schema, scope: Scope): Part[] {
  switch (schema.kind) {
    case "any":
      return [anything];
    case "null":
      return [nothing];
    case "boolean":
      return [code`boolean`];
    case "string":
      return [code`string`];
    case "number":
      return [code`number`];
    case "file":
      return [code`Blob`];
    case "enum":
      return schema.values.map((value) => literal(value));
    case "union":
      return schema.branches.flatMap((branch, index) => taggedBranch(schema, index, scope) ?? partsOf(branch, scope));
    case "ref":
      return [scope.isCircular?.(schema, "union") ? anything : schema];
    case "array":
    case "tuple":
    case "object":
      return [schema];
  }
}

/** A branch whose tag is any string where it is declared, `Card & { type: "card" }`, so that code can tell it by the tag. */
function taggedBranch({ branches, discriminator }: UnionSchema, index: number, scope: Scope): Part[] | undefined {
  const branch = branches[index];
  const values = discriminator?.values[index] ?? [];
  if (discriminator === undefined || values.length === 0 || branch?.kind !== "ref" || branch.nullable) return undefined;
  const target = scope.resolve(branch.target);
  if (target.kind !== "object" || target.nullable) return undefined;
  const tag = target.properties.find(({ name }) => name === discriminator.property);
  if (tag !== undefined && tag.schema.kind !== "string") return undefined;
  const name = scope.name(branch.target, scope.direction);
  const type = join(
    values.map((value) => literal(value)),
    " | ",
  );
  return [code`(${name} & { ${propertyName(discriminator.property)}: ${type} })`];
}

/** A reference counts by its target, any other schema by what it is. */
function unique(parts: readonly Part[]): Part[] {
  return [
    ...new Map(
      parts.map((part) => [typeof part !== "string" && part.kind === "ref" ? part.target : part, part]),
    ).values(),
  ];
}

// ------------------------------------------------------------ on one line

function inlineUnion(parts: readonly Part[], scope: Scope, room: number): Code | undefined {
  const texts: Code[] = [];
  let left = room;
  for (const part of parts) {
    const text = inlinePart(part, scope, left);
    if (text === undefined || text.length > left) return undefined;
    left -= text.length + 3;
    texts.push(text);
  }
  return join([...new Set(texts)], " | ");
}

function inline(schema: Schema, scope: Scope, room: number): Code | undefined {
  return inlineUnion(partsOf(schema, scope), scope, room);
}

function inlinePart(part: Part, scope: Scope, room: number): Code | undefined {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "ref":
      return scope.name(part.target, scope.direction);
    case "array": {
      const parts = partsOf(part.items, inner(scope));
      const items = inlineUnion(parts, inner(scope), room - 2);
      return items && (parts.length > 1 ? code`(${items})[]` : code`${items}[]`);
    }
    case "tuple": {
      const items = part.items.map((item) => inline(item, inner(scope), room));
      return items.every((item) => item !== undefined) ? code`[${join(items, ", ")}]` : undefined;
    }
    case "object":
      return inlineObject(part, scope, room);
  }
}

function inlineObject(schema: ObjectSchema, scope: Scope, room: number): Code | undefined {
  const properties = propertiesOf(schema, scope.direction);
  if (properties.length === 0) {
    if (!schema.additional) return code`Record<string, never>`;
    const isCircular = scope.isCircular?.(schema, "map");
    const values = inline(schema.additional, isCircular ? inner(scope) : scope, room - 16);
    return values && mapOf(values, isCircular);
  }
  const members: Code[] = [];
  let left = room - 4;
  for (const property of properties) {
    if (left < 0 || docsOf(property.schema) !== "") return undefined;
    const type = inline(property.schema, inner(scope), left);
    if (type === undefined) return undefined;
    members.push(code`${memberName(property)}: ${type}`);
    left -= type.length + property.name.length + 4;
  }
  const rest = restOf(schema, scope);
  return code`{ ${join(rest ? [code`[key: string]: ${rest}`, ...members] : members, "; ")} }`;
}

// ------------------------------------------------------------ on several lines

function partText(part: Part, scope: Scope, indent: number, column = indent): Code {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "ref":
      return scope.name(part.target, scope.direction);
    case "array": {
      const parts = partsOf(part.items, inner(scope));
      const items = unionText(parts, inner(scope), indent, column + 4);
      if (items.startsWith("\n")) return code`(${items}\n${spaces(indent)})[]`;
      return parts.length > 1 ? code`(${items})[]` : code`${items}[]`;
    }
    case "tuple": {
      const pad = spaces(indent + 2);
      const items = part.items.map((item) => code`${pad}${typeText(item, inner(scope), indent + 2)},\n`);
      return code`[\n${join(items, "")}${spaces(indent)}]`;
    }
    case "object":
      return objectText(part, scope, indent, column);
  }
}

function objectText(schema: ObjectSchema, scope: Scope, indent: number, column: number): Code {
  const line = inlineObject(schema, scope, lineWidth - 1 - column);
  if (line !== undefined && column + line.length < lineWidth) return line;
  const properties = propertiesOf(schema, scope.direction);
  const pad = spaces(indent + 2);
  if (properties.length === 0 && schema.additional) {
    if (scope.isCircular?.(schema, "map")) {
      return code`{\n${pad}[key: string]: ${typeText(schema.additional, inner(scope), indent + 2)};\n${spaces(indent)}}`;
    }
    return code`Record<\n${pad}string,\n${pad}${typeText(schema.additional, scope, indent + 2)}\n${spaces(indent)}>`;
  }
  const members = properties.map((property) => {
    const docs = docsOf(property.schema, indent + 2);
    const name = memberName(property);
    const type = typeText(property.schema, inner(scope), indent + 2, indent + name.length + 4);
    const above = docs === "" ? docs : code`${pad}${comment(docs, indent + 2)}\n`;
    return code`${above}${pad}${beside(code`${name}:`, type)};\n`;
  });
  const rest = restOf(schema, scope);
  if (rest) members.unshift(code`${pad}[key: string]: ${rest};\n`);
  return code`{\n${join(members, "")}${spaces(indent)}}`;
}

/** `Record` names its values at once, an index signature only when they are needed. */
function mapOf(values: Code, isCircular: boolean | undefined): Code {
  return isCircular ? code`{ [key: string]: ${values} }` : code`Record<string, ${values}>`;
}

function memberName(property: Property): Code {
  return property.required ? propertyName(property.name) : code`${propertyName(property.name)}?`;
}

/**
 * The type of undeclared properties that stand beside declared ones. TypeScript wants the declared ones to be of it
 * too, so it is precise only where they are.
 */
export function restOf(schema: ObjectSchema, scope: Scope): Code | undefined {
  if (!schema.additional) return undefined;
  const properties = propertiesOf(schema, scope.direction);
  const text = (value: Schema) => inline(value, inner(scope), lineWidth);
  const type = text(schema.additional);
  if (type === undefined || properties.some((property) => text(property.schema) !== type)) return anything;
  return type !== anything && properties.some((property) => !property.required) ? code`${type} | undefined` : type;
}

// ------------------------------------------------------------ docs

/** What the comment of a declaration or a property says. Empty where there is nothing to say. */
export function docsOf(schema: Pick<Schema, "description" | "deprecated" | "default">, indent = 0): Code {
  const paragraphs: Code[] = [];
  if (schema.description !== undefined) paragraphs.push(docText(schema.description, indent));
  if (schema.deprecated) paragraphs.push(code`@deprecated`);
  if (schema.default !== undefined && schema.default !== null) {
    const text = docText(literal(schema.default), indent);
    if (text.length <= 60 && !text.includes("\n")) paragraphs.push(code`@default ${text}`);
  }
  return join(
    paragraphs.filter((paragraph) => paragraph !== ""),
    "\n",
  );
}
