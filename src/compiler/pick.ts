import type { Fields } from "../runtime/types.ts";
import type { Api, Operation, Schema } from "./api.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { joinPointer } from "./pointer.ts";

/** The names on a path: `owner.login`; a backslash stands before a dot that belongs to a name. */
function namesOn(path: string): string[] {
  return [...path.matchAll(/(?:\\.|[^.\\])+/g)].map(([name]) => name.replaceAll(/\\(.)/g, "$1"));
}

/** Whether a text is a path to a field of an answer. */
export function isFieldPath(path: unknown): boolean {
  return typeof path === "string" && /^(?:\\.|[^.\\])+(?:\.(?:\\.|[^.\\])+)*$/.test(path);
}

/** Paths as a tree. Where one leads into what another takes whole, it is taken whole. */
export function fieldsOf(paths: readonly string[]): Fields {
  type Tree = { [name: string]: true | Tree };
  const root: Tree = Object.create(null);
  for (const path of paths) {
    const names = namesOn(path);
    const last = names.pop() ?? "";
    let fields: Tree | true = root;
    for (const name of names) {
      if (fields === true) break;
      fields[name] ??= Object.create(null) as Tree;
      fields = fields[name];
    }
    if (fields !== true) fields[last] = true;
  }
  return root;
}

/** Operations with those of their picked fields that their answers can have. A field that none of them can have is warned of. */
export function checkPicks(api: Api, diagnostics: Diagnostics): Api {
  const picking = api.operations.filter(({ pick }) => pick !== undefined);
  const groups = Map.groupBy(picking, ({ pick }) => JSON.stringify(pick));
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    for (const path of first.pick ?? []) {
      if ([first, ...others].some((operation) => has(operation, path, api))) continue;
      const message = `result: the answer of ${first.method} ${first.path} has no field ${JSON.stringify(path)}`;
      diagnostics.warn("FC404", joinPointer(first.pointer, "responses"), message, fix(first, api));
    }
  }
  const operations = api.operations.map((operation) => {
    const { pick, ...rest } = operation;
    const known = pick?.filter((path) => has(operation, path, api)) ?? [];
    return known.length === 0 ? rest : { ...rest, pick: known };
  });
  return { ...api, operations };
}

function has({ result }: Operation, path: string, api: Api): boolean {
  return (result?.schemas ?? []).some((schema) => leads(schema, namesOn(path), api));
}

/** Whether a path may lead somewhere: of what is not described anything may be there. */
function leads(schema: Schema, names: readonly string[], api: Api, steps = 0): boolean {
  const [name, ...rest] = names;
  if (name === undefined || schema.kind === "any") return true;
  if (steps > 50) return false;
  switch (schema.kind) {
    case "ref":
      return leads(api.schemas.get(schema.target)?.schema ?? { kind: "any" }, names, api, steps + 1);
    case "array":
      return leads(schema.items, names, api, steps + 1);
    case "tuple":
      return schema.items.some((item) => leads(item, names, api, steps + 1));
    case "union":
      return schema.branches.some((branch) => leads(branch, names, api, steps + 1));
    case "object": {
      const isMeant = (property: string) => name === "*" || property === name;
      const found = schema.properties.filter(({ name, writeOnly }) => isMeant(name) && !writeOnly);
      const inner = [...found.map(({ schema }) => schema), ...(schema.additional ? [schema.additional] : [])];
      return inner.some((each) => leads(each, rest, api, steps + 1));
    }
    case "null":
    case "boolean":
    case "string":
    case "number":
    case "enum":
    case "file":
      return false;
  }
}

const shown = 8;

function fix({ result }: Operation, api: Api): string {
  const names = [...new Set((result?.schemas ?? []).flatMap((schema) => fieldNames(schema, api)))];
  if (names.length === 0) return "Its answer has no fields: leave `result` out.";
  const some = names.slice(0, shown).join(", ");
  return `It has ${some}${names.length > shown ? ` and ${names.length - shown} more` : ""}.`;
}

function fieldNames(schema: Schema, api: Api, steps = 0): string[] {
  if (steps > 20) return [];
  const inner = (each: Schema) => fieldNames(each, api, steps + 1);
  switch (schema.kind) {
    case "ref":
      return inner(api.schemas.get(schema.target)?.schema ?? { kind: "any" });
    case "array":
      return inner(schema.items);
    case "tuple":
      return schema.items.flatMap(inner);
    case "union":
      return schema.branches.flatMap(inner);
    case "object":
      return schema.properties.filter(({ writeOnly }) => !writeOnly).map(({ name }) => name);
    default:
      return [];
  }
}
