import type { Api } from "../compiler/api.ts";
import { baseOf, originOf } from "../compiler/strict-schema.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import type { JsonSchema } from "../runtime/types.ts";
import { type Code, identifier, literal, type NamedParts } from "./literal.ts";

/** A part of strict schemas that several tools have in common: a constant of the module. */
export interface SharedPart {
  readonly name: Code;
  readonly value: Code;
}

/** Parts with fewer characters than this are written out wherever they are. */
const SMALL = 1000;

/** The large schemas that stand in several places, in an order in which each uses only those before it. */
export function shareParts(
  api: Api,
  tools: readonly Tool[],
  names: Names,
): { readonly parts: readonly SharedPart[]; readonly named: NamedParts } {
  const uses = countUses(tools.map((tool) => tool.parameters));
  const types = new Map([...api.schemas].map(([pointer, { schema }]) => [schema, names.schemas.get(pointer)] as const));
  const taken = new Set([...names.operations.values()].flatMap(({ executor }) => [executor, `${executor}Tool`]));
  const named = new Map<object, Code>();
  const parts: SharedPart[] = [];
  const done = new Set<object>();
  for (const part of uses.keys()) share(part);
  return { parts, named };

  function share(part: object): void {
    if (done.has(part)) return;
    done.add(part);
    for (const child of Object.values(part))
      if (typeof child === "object" && child !== null) share(baseOf(child) ?? child);
    const origin = originOf(part);
    const type = origin === undefined ? undefined : types.get(origin);
    if (type === undefined || (uses.get(part) ?? 0) < 2 || JSON.stringify(part).length < SMALL) return;
    const name = nameFor(type, taken);
    parts.push({ name, value: literal(part, 0, `const ${name}: JsonSchema = `.length, named) });
    named.set(part, name);
  }
}

/** How often each object stands in the schemas of all tools; what is inside of one counts once. */
function countUses(roots: readonly JsonSchema[]): ReadonlyMap<object, number> {
  const uses = new Map<object, number>();
  for (const root of roots) visit(root);
  return uses;

  function visit(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    const part = baseOf(value as JsonSchema) ?? value;
    const count = uses.get(part) ?? 0;
    uses.set(part, count + 1);
    if (count === 0) for (const child of Object.values(part)) visit(child);
  }
}

function nameFor(type: string, taken: Set<string>): Code {
  const base = `${type.charAt(0).toLowerCase()}${type.slice(1)}Schema`;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
  taken.add(name);
  return identifier(name);
}
