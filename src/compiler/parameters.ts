import type { ParameterStyle } from "../runtime/types.ts";
import type { Arg, Schema } from "./api.ts";
import { isForbiddenHeader } from "./headers.ts";
import { joinPointer } from "./pointer.ts";
import { OperationProblem, type Place, type Reading } from "./reading.ts";
import { isRawObject, type Located, type RawObject } from "./references.ts";

const places = ["path", "query", "querystring", "header", "cookie"] as const;
type ParameterPlace = (typeof places)[number];

/** The parameters of an operation and of its path, as arguments in the order path, query, header, cookie. */
export function readParameters(place: Place, reading: Reading): Arg[] {
  const templates = templatesOf(place.path);
  const parameters = new Map<string, Arg>();
  for (const list of listParameters(place, reading)) {
    const own = new Map<string, Arg>();
    for (const { value, pointer } of list) {
      const arg = inOwnQuery(readParameter(value, pointer, reading), place.path, templates);
      if (arg === undefined || !hasTemplate(arg, place.path, templates, pointer, reading)) continue;
      const key = `${arg.in} ${arg.in === "header" ? arg.wireName.toLowerCase() : arg.wireName}`;
      if (!own.has(key)) own.set(key, arg);
    }
    for (const [key, arg] of own) parameters.set(key, arg);
  }
  for (const name of templates) {
    if (parameters.has(`path ${name}`)) continue;
    reading.diagnostics.warn(
      "FC108",
      place.pointer,
      `the path parameter {${name}} is not declared; it is taken for a string`,
      `Add a parameter "${name}" with in: path.`,
    );
    parameters.set(`path ${name}`, { name, in: "path", wireName: name, required: true, schema: { kind: "string" } });
  }
  return places.flatMap((each) => [...parameters.values()].filter((arg) => arg.in === each));
}

/** A path parameter without a place in the path is of no use. */
function hasTemplate(
  arg: Arg,
  path: string,
  templates: readonly string[],
  pointer: string,
  { diagnostics }: Reading,
): boolean {
  if (arg.in !== "path" || templates.includes(arg.wireName)) return true;
  const fix = "Add the template to the path, or remove the parameter.";
  diagnostics.warn("FC108", pointer, `the path ${path} has no {${arg.wireName}}`, fix);
  return false;
}

/** A query that the path itself writes, `/search?view=all&text={text}`, has its values there. */
function inOwnQuery(arg: Arg | undefined, path: string, templates: readonly string[]): Arg | undefined {
  const [, query = ""] = path.split("?");
  if (arg?.in !== "query" || !new URLSearchParams(query).has(arg.wireName)) return arg;
  return templates.includes(arg.wireName) ? { ...arg, in: "path", required: true } : undefined;
}

/** The names in a path's `{templates}`. */
function templatesOf(path: string): string[] {
  return [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name as string))];
}

/** The parameters of the path, and those of the operation, which replace them. Of one name in a list the first counts. */
function listParameters({ raw, pointer, pathItem, pathPointer }: Place, reading: Reading): readonly Located[][] {
  const { references, diagnostics } = reading;
  const lists = [
    { list: pathItem.parameters, at: joinPointer(pathPointer, "parameters") },
    { list: raw.parameters, at: joinPointer(pointer, "parameters") },
  ];
  return lists.map(({ list, at }) => {
    if (list !== undefined && list !== null && !Array.isArray(list)) {
      const fix = "Write it like parameters: [{ name: …, in: query, schema: … }]";
      diagnostics.warn("FC111", at, "parameters are a list, and this is none", fix);
    }
    if (!Array.isArray(list)) return [];
    return list.map((parameter, index) => references.follow(parameter, joinPointer(at, index)));
  });
}

function readParameter(value: unknown, pointer: string, reading: Reading): Arg | undefined {
  const { diagnostics } = reading;
  if (!isRawObject(value)) {
    diagnostics.warn(
      "FC106",
      pointer,
      "this is no parameter; it is left out",
      "Write an object: { name: …, in: query }",
    );
    return undefined;
  }
  if (typeof value.name !== "string" || value.name === "") {
    diagnostics.warn("FC106", pointer, "this parameter has no name; it is left out", "Give it a name.");
    return undefined;
  }
  const { name } = value;
  const where = typeof value.in === "string" ? value.in.toLowerCase() : undefined;
  if (!isPlace(where)) {
    const given = where === undefined ? 'has no "in"' : `is in ${JSON.stringify(value.in)}, which is no place`;
    const isOld = where === "body" || where === "formdata";
    const fix = isOld ? "That is Swagger 2.0: write a requestBody." : `Set "in" to one of ${places.join(", ")}.`;
    if (value.required === true) throw new OperationProblem(pointer, `the parameter "${name}" ${given}`, fix);
    diagnostics.warn("FC106", pointer, `the parameter "${name}" ${given}; it is left out`, fix);
    return undefined;
  }
  if (where === "header" && isForbiddenHeader(name)) {
    diagnostics.warn(
      "FC107",
      pointer,
      `the header ${name} is not an argument: it is set elsewhere`,
      "Remove the parameter.",
    );
    return undefined;
  }
  const { schema, mediaType } = readContent(value, pointer, reading);
  const description = typeof value.description === "string" ? value.description.trim() : "";
  return {
    name,
    in: where,
    wireName: name,
    required: where === "path" || value.required === true,
    schema: withExamples(neverNull(schema, reading.schemas), value),
    ...(description !== "" && { description }),
    ...(value.deprecated === true && { deprecated: true }),
    ...(isStyle(value.style) && { style: value.style }),
    ...(typeof value.explode === "boolean" && { explode: value.explode }),
    ...(where === "query" && value.allowReserved === true && { allowReserved: true }),
    ...(mediaType !== undefined && { mediaType }),
    pointer,
  };
}

function isPlace(value: string | undefined): value is ParameterPlace {
  return places.some((place) => place === value);
}

const styles = [
  "simple",
  "label",
  "matrix",
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "tabDelimited",
  "deepObject",
] as const;

export function isStyle(value: unknown): value is ParameterStyle {
  return styles.some((style) => style === value);
}

/** A parameter's schema, or the one of its one media type. Without either it is a string. */
function readContent(raw: RawObject, pointer: string, { schemas }: Reading): { schema: Schema; mediaType?: string } {
  if (isRawObject(raw.content)) {
    const [entry] = Object.entries(raw.content);
    if (entry !== undefined) {
      const [mediaType, content] = entry;
      const place = joinPointer(pointer, "content", mediaType, "schema");
      return { schema: schemas.read(isRawObject(content) ? content.schema : undefined, place), mediaType };
    }
  }
  if (raw.schema !== undefined) return { schema: schemas.readAlike(raw.schema, joinPointer(pointer, "schema")) };
  // As Swagger 2.0 has it, in a document that says it is newer.
  if (raw.type !== undefined || raw.enum !== undefined)
    return { schema: schemas.read({ ...raw, required: undefined }, pointer) };
  return { schema: { kind: "string" } };
}

/** Outside JSON nothing spells null: a value is given, or it is not. */
export function neverNull(schema: Schema, schemas: Reading["schemas"]): Schema {
  const resolved = schemas.resolve(schema);
  if (resolved.kind === "array") {
    const items = neverNull(resolved.items, schemas);
    if (items === resolved.items && !resolved.nullable) return schema;
    return withoutFlag({ ...resolved, items });
  }
  return resolved.nullable ? withoutFlag(resolved) : schema;
}

function withoutFlag({ nullable: _nullable, ...schema }: Schema): Schema {
  return schema as Schema;
}

function withExamples(schema: Schema, raw: RawObject): Schema {
  if (schema.examples !== undefined) return schema;
  const named = isRawObject(raw.examples) ? Object.values(raw.examples) : [];
  const examples = [raw.example, ...named.map((example) => (isRawObject(example) ? example.value : undefined))];
  const given = examples.filter((example) => example !== undefined);
  return given.length === 0 ? schema : { ...schema, examples: given };
}

/** The first place keeps a name that several use; later ones become `<place>_<name>`. */
export function nameArgs(args: readonly Arg[]): Arg[] {
  const taken = new Set<string>();
  return args.map((arg) => {
    let { name } = arg;
    while (taken.has(name)) name = `${arg.in}_${name}`;
    taken.add(name);
    return name === arg.name ? arg : { ...arg, name };
  });
}
