import type { JsonSchema } from "../runtime/types.ts";
import { compareRules } from "./compare-rules.ts";
import { compareEnums, compareTypes, nullChange } from "./compare-types.ts";
import { fits } from "./fits.ts";
import {
  branchesOf,
  get,
  isValue,
  type Kind,
  kindsOf,
  labelled,
  nameOf,
  propertiesOf,
  requiredOf,
  restOf,
  schemaAt,
} from "./kinds.ts";
import type { Definitions, Natural } from "./natural.ts";

/** One difference between two schemas. */
export interface SchemaChange {
  /** Its place: `items[].sku`. In a schema that has a name it begins with that: `Item.sku`. */
  readonly path: string;
  readonly kind:
    | "added"
    | "removed"
    | "required"
    | "optional"
    /** Types, enum values or null that are possible now, or are not any more. */
    | "gained"
    | "lost"
    /** One type in the place of another, of which it is a part or which is a part of it, or neither. */
    | "widened"
    | "narrowed"
    | "replaced"
    /** Rules that TypeScript does not see: that allow more, less, or something else. */
    | "loosened"
    | "tightened"
    | "regulated"
    | "default"
    | "words"
    | "deprecated"
    | "restored"
    | "examples"
    /** The kit exports a type under another name, or no more. */
    | "renamed";
  /** Of something added: whether it must be there. */
  readonly isRequired?: boolean;
  /** Of what was removed or lost: whether code may write it as before. */
  readonly isWritable?: boolean;
  /** Of what was removed or gained: whether code may read it as before. */
  readonly isReadable?: boolean;
  /** What it was, and what it is; of what was gained and lost the one or the other, of rules all in one. */
  readonly was?: string;
  readonly is?: string;
}

/** What differs between two schemas, from the outside in. What both refer to is compared where it is met first. */
export type CompareSchemas = (old: Natural, next: Natural) => SchemaChange[];

/** Compares schemas of two surfaces; what references lead to once, however many tools share it. */
export function schemaComparison(): CompareSchemas {
  const known = new WeakMap<Definitions, WeakMap<Definitions, Comparison>>();
  return ({ schema, definitions }, next) => {
    const others = known.get(definitions) ?? new WeakMap<Definitions, Comparison>();
    known.set(definitions, others);
    const comparison = others.get(next.definitions) ?? new Comparison(definitions, next.definitions);
    others.set(next.definitions, comparison);
    return comparison.changes(schema, next.schema);
  };
}

/** Two references to the same thing, and what is found where they lead to. */
interface Pair {
  readonly old: string;
  readonly next: string;
  readonly parts: readonly Part[];
}

/** A change, or two references with more of them: those of their own are found once. */
type Part = SchemaChange | Pair;

class Comparison {
  readonly #old: Definitions;
  readonly #next: Definitions;
  readonly #pairs = new Map<string, Pair>();
  /** What fills the pairs that were met and not looked behind yet: one may lead to the next for longer than a call stack is. */
  readonly #unread: (() => void)[] = [];
  /** Whether there is any change behind a pair. */
  readonly #isChanged = new Map<Pair, boolean>();
  /** The schemas that are compared at this moment, and not at a place of their own. */
  #open: ReadonlySet<string> = new Set();

  constructor(old: Definitions, next: Definitions) {
    this.#old = old;
    this.#next = next;
  }

  changes(old: JsonSchema, next: JsonSchema): SchemaChange[] {
    const changes: SchemaChange[] = [];
    const met = new Set<Pair>();
    const open = this.#compare(old, next, "").reverse();
    for (let read = this.#unread.pop(); read !== undefined; read = this.#unread.pop()) read();
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if ("kind" in part) changes.push(part);
      else if (!met.has(part) && this.#leadsToChange(part)) {
        met.add(part);
        open.push(...part.parts.toReversed());
      }
    }
    return changes;
  }

  /** Pairs refer to one another, so all that can be reached are judged together. */
  #leadsToChange(pair: Pair): boolean {
    const known = this.#isChanged.get(pair);
    if (known !== undefined) return known;
    const reached = new Set([pair]);
    const users = new Map<Pair, Pair[]>();
    const changed = new Set<Pair>();
    for (const each of reached) {
      for (const part of each.parts) {
        if ("kind" in part || this.#isChanged.get(part) === true) changed.add(each);
        else if (!this.#isChanged.has(part)) {
          reached.add(part);
          users.set(part, [...(users.get(part) ?? []), each]);
        }
      }
    }
    for (const each of changed) for (const user of users.get(each) ?? []) changed.add(user);
    for (const each of reached) this.#isChanged.set(each, changed.has(each));
    return changed.has(pair);
  }

  #pair(old: string, next: string, compare: () => readonly Part[]): Pair {
    const key = JSON.stringify([old, next]);
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const parts: Part[] = [];
    const pair: Pair = { old, next, parts };
    this.#pairs.set(key, pair);
    this.#unread.push(() => parts.push(...compare()));
    return pair;
  }

  #within(open: ReadonlySet<string>, compare: () => readonly Part[]): readonly Part[] {
    const before = this.#open;
    this.#open = open;
    const parts = compare();
    this.#open = before;
    return parts;
  }

  #compare(a: JsonSchema, b: JsonSchema, path: string): Part[] {
    return [...compareNotes(a, b, path), ...this.#compareValues(a, b, path)];
  }

  #compareValues(a: JsonSchema, b: JsonSchema, path: string): Part[] {
    if (typeof a.$ref === "string" && typeof b.$ref === "string") return this.#compareReferences(a.$ref, b.$ref, path);
    const [plain, nextPlain] = [branchesOf(a).filter(isValue), branchesOf(b).filter(isValue)];
    const [only, nextOnly] = [plain[0] ?? {}, nextPlain[0] ?? {}];
    if (plain.length === 1 && nextPlain.length === 1 && only.$ref !== undefined && nextOnly.$ref !== undefined) {
      const wasNull = branchesOf(a).length > 1;
      return [...nullChange(wasNull, branchesOf(b).length > 1, path), ...this.#compare(only, nextOnly, path)];
    }
    const inlined = typeof a.$ref === "string" ? this.#compareTypeNames(a.$ref) : [];
    return [...inlined, ...this.#compareKinds(kindsOf(a, this.#old), kindsOf(b, this.#next), path)];
  }

  /** What has another name now, and is no object, is told where it stands: it is hardly the same thing. */
  #compareReferences(a: string, b: string, path: string): Part[] {
    const [from, to] = [this.#old.resolve(a), this.#next.resolve(b)];
    const names = this.#compareTypeNames(a, b);
    if (nameOf(a) === nameOf(b) || (from.type === "object" && to.type === "object"))
      return [...names, this.#pair(a, b, () => this.#compare(from, to, nameOf(b)))];
    const key = JSON.stringify([a, b]);
    if (this.#open.has(key)) return names;
    return [...names, ...this.#within(new Set([...this.#open, key]), () => this.#compare(from, to, path))];
  }

  #compareTypeNames(a: string, b?: string): SchemaChange[] {
    const was = this.#old.typeOf?.(a);
    if (was === undefined || this.#next.exports?.(was) !== false) return [];
    const is = b === undefined ? undefined : this.#next.typeOf?.(b);
    return [{ path: "", kind: "renamed", was, ...(is !== undefined && { is }) }];
  }

  /** Alternatives of one type are told apart by their names. */
  #compareKinds(before: readonly Kind[], after: readonly Kind[], path: string): Part[] {
    const [was, is] = [labelled(before, after), labelled(after, before)];
    const inner = [...was].flatMap(([label, kind]) => {
      const other = is.get(label);
      const names = kind.reference === undefined ? [] : this.#compareTypeNames(kind.reference, other?.reference);
      return other === undefined ? names : [...names, ...this.#compareKind(kind, other, path)];
    });
    // null is one of anything.
    const isAny = was.has("anything") || is.has("anything");
    return [
      ...(isAny ? [] : nullChange(was.has("null"), is.has("null"), path)),
      ...compareTypes(was, is, path, this.#old, this.#next),
      ...inner,
    ];
  }

  #compareKind(a: Kind, b: Kind, path: string): Part[] {
    const { name, reference } = b;
    if (a.reference === undefined || reference === undefined || name === undefined || a.name !== name || name === path)
      return this.#compareOne(a.schema, b.schema, path);
    return [this.#pair(a.reference, reference, () => this.#compareOne(a.schema, b.schema, name))];
  }

  #compareOne(a: JsonSchema, b: JsonSchema, path: string): Part[] {
    if (Array.isArray(a.enum) && Array.isArray(b.enum)) return compareEnums(a.enum, b.enum, path);
    if (a.type === "object" && b.type === "object") return [...compareRules(a, b, path), ...this.#objects(a, b, path)];
    const rules = compareRules(a, b, path);
    if (a.type !== "array" || b.type !== "array") return rules;
    const items = Array.isArray(a.prefixItems) ? a.prefixItems : [a.items];
    const others = Array.isArray(b.prefixItems) ? b.prefixItems : [b.items];
    const place = (index: number) => (items.length === 1 ? `${path}[]` : `${path}[${index}]`);
    return [
      ...rules,
      ...items.flatMap((item, index) => this.#compare(schemaAt(item), schemaAt(others[index]), place(index))),
    ];
  }

  #objects(a: JsonSchema, b: JsonSchema, path: string): Part[] {
    const [before, after] = [propertiesOf(a), propertiesOf(b)];
    const [needed, needs] = [requiredOf(a), requiredOf(b)];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const own = names.flatMap((name): Part[] => {
      const at = path === "" ? name : `${path}.${name}`;
      const [was, is] = [get(before, name), get(after, name)];
      if (was === undefined) return [{ path: at, kind: "added", isRequired: needs.has(name) }];
      if (is === undefined) return [this.#removed(was, needed.has(name), b, at)];
      const inner = this.#compare(was, is, at);
      if (needed.has(name) === needs.has(name)) return inner;
      return [{ path: at, kind: needs.has(name) ? "required" : "optional" }, ...inner];
    });
    const rest = path === "" ? "*" : `${path}.*`;
    const [was, is] = [a.additionalProperties, b.additionalProperties];
    if (was === undefined && is === undefined) return own;
    if (was === undefined) return [...own, { path: rest, kind: "added" }];
    if (is === undefined) return [...own, { path: rest, kind: "removed" }];
    return [...own, ...this.#compare(schemaAt(was), schemaAt(is), rest)];
  }

  /** What is declared no more may still be one of any others. */
  #removed(was: JsonSchema, wasNeeded: boolean, object: JsonSchema, path: string): SchemaChange {
    const rest = restOf(object);
    if (rest === undefined) return { path, kind: "removed" };
    const [kinds, others] = [kindsOf(was, this.#old), kindsOf(rest, this.#next)];
    return {
      path,
      kind: "removed",
      isWritable: kinds.every((kind) => fits(kind, this.#old, others, this.#next, "write")),
      isReadable: !wasNeeded && others.every((kind) => fits(kind, this.#next, kinds, this.#old, "read")),
    };
  }
}

// ------------------------------------------------------------ defaults, words

const LONGEST_DEFAULT = 80;

function compareNotes(a: JsonSchema, b: JsonSchema, path: string): SchemaChange[] {
  const changes: SchemaChange[] = [];
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value ?? "none"));
  const cut = (text: string) => (text.length > LONGEST_DEFAULT ? `${text.slice(0, LONGEST_DEFAULT)}…` : text);
  const [was, is] = [text(a.default), text(b.default)];
  if (was !== is) changes.push({ path, kind: "default", was: cut(was), is: cut(is) });
  if (path !== "" && a.description !== b.description) {
    changes.push({ path, kind: "words", was: String(a.description ?? ""), is: String(b.description ?? "") });
  }
  if (JSON.stringify(a.examples) !== JSON.stringify(b.examples)) changes.push({ path, kind: "examples" });
  if (a.deprecated !== b.deprecated) changes.push({ path, kind: b.deprecated === true ? "deprecated" : "restored" });
  return changes;
}
