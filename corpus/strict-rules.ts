import { patternProblem } from "./strict-pattern.ts";

/** A rule that a tool breaks. `level` tells what a provider refuses from what is merely unwise. */
export interface Finding {
  readonly rule: string;
  readonly level: "rule" | "aim";
  /** Where in `parameters`: `properties/pet/anyOf/0`. */
  readonly path: string;
  readonly message: string;
}

/** A tool as it stands in a request, whatever made it. */
export interface ToolLike {
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly strict?: unknown;
    readonly parameters: unknown;
  };
}

type Node = { readonly [keyword: string]: unknown };
type Report = (rule: string, path: string, message: string) => void;

const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const types = ["string", "number", "integer", "boolean", "object", "array", "null"];
const notAtTheRoot = ["oneOf", "anyOf", "allOf", "enum", "not"];
const legalKey = /^[a-zA-Z0-9_-]{1,64}$/;

/** Which types a keyword belongs to; a keyword that is not listed is not part of the subset. */
const keywords: { readonly [keyword: string]: readonly string[] } = {
  type: types,
  enum: ["string", "number", "integer", "boolean"],
  const: ["string", "number", "integer", "boolean", "null"],
  description: types,
  title: types,
  pattern: ["string"],
  format: ["string"],
  minimum: ["number", "integer"],
  maximum: ["number", "integer"],
  exclusiveMinimum: ["number", "integer"],
  exclusiveMaximum: ["number", "integer"],
  multipleOf: ["number", "integer"],
  items: ["array"],
  minItems: ["array"],
  maxItems: ["array"],
  properties: ["object"],
  required: ["object"],
  additionalProperties: ["object"],
};

/** Every rule of OpenAI's strict mode that the tool breaks. */
export function checkStrictTool(tool: ToolLike): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (rule, path, message) => findings.push({ rule, level: "rule", path, message });
  const { name, description, strict, parameters } = tool.function;

  if (!legalKey.test(name)) report("name", "", `a function cannot be called ${JSON.stringify(name)}`);
  if (typeof strict !== "boolean") report("strict-written", "", "`strict` is not written");
  if (description !== undefined && description.length > 1024) {
    const message = `the description has ${description.length} characters`;
    findings.push({ rule: "description-length", level: "aim", path: "", message });
  }
  if (!isNode(parameters)) {
    report("root", "", "the parameters are no schema");
    return findings;
  }
  if (parameters.type !== "object") report("root", "", `the root has type ${JSON.stringify(parameters.type)}`);
  for (const keyword of notAtTheRoot) if (keyword in parameters) report("root", "", `${keyword} at the root`);

  if (strict === true) checkSchema(parameters, report);
  else checkPatternsAlone(parameters, "", report);
  return findings;
}

/** All that a strict schema has to keep to. */
function checkSchema(root: Node, report: Report): void {
  const definitions = isNode(root.$defs) ? root.$defs : {};
  const totals = { properties: 0, characters: 0, enumValues: 0 };
  const visit = (node: unknown, path: string) => checkNode(node, path, { root, report, totals, visit });

  visit(root, "");
  for (const [name, definition] of Object.entries(definitions)) {
    totals.characters += name.length;
    if (!/^[a-zA-Z0-9_-]+$/.test(name))
      report("definition-name", "$defs", `${JSON.stringify(name)} is no name for a definition`);
    visit(definition, `$defs/${name}`);
  }
  if (totals.properties > 5000) report("limit-properties", "", `${totals.properties} properties`);
  if (totals.characters > 120_000)
    report("limit-characters", "", `${totals.characters} characters of names and values`);
  if (totals.enumValues > 1000) report("limit-enum-values", "", `${totals.enumValues} enum values in all`);

  const used = usedDefinitions(root, definitions);
  for (const name of Object.keys(definitions)) {
    if (!used.has(name)) report("definition-unused", "$defs", `${name} is not used`);
  }
  checkDepth(root, report);
}

interface Visit {
  readonly root: Node;
  readonly report: Report;
  readonly totals: { properties: number; characters: number; enumValues: number };
  readonly visit: (node: unknown, path: string) => void;
}

function checkNode(node: unknown, path: string, { root, report, totals, visit }: Visit): void {
  if (!isNode(node)) {
    report("schema", path, `${JSON.stringify(node)} is no schema`);
    return;
  }
  if ("$ref" in node) {
    if (Object.keys(node).length > 1) report("ref-siblings", path, `$ref beside ${siblings(node, "$ref")}`);
    if (resolve(node.$ref, root) === undefined) report("ref", path, `${JSON.stringify(node.$ref)} points to nothing`);
    return;
  }
  if (!("type" in node) && !("anyOf" in node)) report("typed", path, "neither type nor $ref nor anyOf");
  const own = typesOf(node);
  if ("type" in node) checkType(node.type, path, report);
  for (const keyword of Object.keys(node)) {
    if (keyword === "anyOf" || (keyword === "$defs" && node === root)) continue;
    const belongsTo = keywords[keyword];
    if (belongsTo === undefined) report("keyword", path, `${keyword} is not permitted`);
    else if ("type" in node && !own.some((type) => belongsTo.includes(type))) {
      report("keyword-type", path, `${keyword} beside type ${JSON.stringify(node.type)}`);
    }
  }
  if (own.includes("object")) checkObject(node, path, { report, totals, visit });
  if (own.includes("array")) {
    if (!isNode(node.items)) report("array-items", path, "an array without items");
    else visit(node.items, at(path, "items"));
  }
  if ("enum" in node) checkEnum(node, own, path, { report, totals });
  if ("const" in node) {
    totals.characters += String(node.const).length;
    if (!own.some((type) => hasType(node.const, type))) report("const", path, "const does not fit its type");
  }
  if ("format" in node && !formats.has(String(node.format)))
    report("format", path, `${node.format} is no valid format`);
  if ("pattern" in node) {
    const problem = patternProblem(node.pattern);
    if (problem !== undefined) report("pattern", path, `${JSON.stringify(node.pattern)}: ${problem}`);
  }
  if ("anyOf" in node) checkAnyOf(node.anyOf, path, { root, report, visit });
}

function checkType(type: unknown, path: string, report: Report): void {
  const list = Array.isArray(type) ? type : [type];
  if (list.length === 0) report("type", path, "an empty list of types");
  if (new Set(list).size < list.length) report("type", path, "a type twice");
  for (const one of list) if (!types.includes(one)) report("type", path, `${JSON.stringify(one)} is no type`);
}

function checkObject(node: Node, path: string, { report, totals, visit }: Omit<Visit, "root">): void {
  if (node.additionalProperties !== false) report("object-closed", path, "additionalProperties is not false");
  if (!isNode(node.properties)) {
    report("object-properties", path, "an object without properties");
    return;
  }
  const names = Object.keys(node.properties);
  const required = Array.isArray(node.required) ? node.required : [];
  for (const name of names) {
    totals.characters += name.length;
    if (!required.includes(name)) report("object-required", path, `${name} is not required`);
    if (!legalKey.test(name)) report("property-name", path, `a property called ${JSON.stringify(name)}`);
    visit(node.properties[name], at(path, `properties/${name}`));
  }
  for (const name of required) {
    if (!names.includes(name)) report("object-required", path, `${name} is required, but no property`);
  }
  if (new Set(required).size < required.length) report("object-required", path, "a name twice in required");
  totals.properties += names.length;
}

function checkEnum(
  node: Node,
  own: readonly string[],
  path: string,
  { report, totals }: Omit<Visit, "root" | "visit">,
): void {
  const values = node.enum;
  if (!Array.isArray(values) || values.length === 0) {
    report("enum", path, "an enum without values");
    return;
  }
  const characters = values.reduce((sum: number, value) => sum + String(value).length, 0);
  totals.enumValues += values.length;
  totals.characters += characters;
  if (!("type" in node)) report("enum", path, "an enum without type");
  if (new Set(values).size < values.length) report("enum", path, "a value twice");
  for (const value of values) {
    if (!own.some((type) => hasType(value, type))) {
      report("enum", path, `${JSON.stringify(value)} does not fit type ${JSON.stringify(node.type)}`);
    }
  }
  if (new Set(values.map((value) => typeof value)).size > 1) report("enum", path, "values of several types");
  if (own.includes("null")) report("enum", path, "an enum beside type null");
  if (own.includes("string") && values.length > 250 && characters > 15_000) {
    report("limit-enum-characters", path, `${values.length} values with ${characters} characters`);
  }
}

function checkAnyOf(branches: unknown, path: string, { root, report, visit }: Omit<Visit, "totals">): void {
  if (!Array.isArray(branches) || branches.length === 0) {
    report("any-of", path, "an empty anyOf");
    return;
  }
  for (const [index, branch] of branches.entries()) visit(branch, at(path, `anyOf/${index}`));

  const firsts = branches.flatMap((branch) => objectsIn(branch, root, [])).map((object) => firstKey(object, root));
  for (const [index, first] of firsts.entries()) {
    for (const other of firsts.slice(index + 1)) {
      if (first.key === other.key && !areDisjoint(first.values, other.values)) {
        report("any-of-first-key", path, `several branches begin with ${first.key ?? "no key"}`);
      }
    }
  }
}

/** The object schemas that a schema stands for, through references and unions. */
function objectsIn(node: unknown, root: Node, open: readonly unknown[]): Node[] {
  if (!isNode(node) || open.includes(node)) return [];
  if ("$ref" in node) return objectsIn(resolve(node.$ref, root), root, [...open, node]);
  if (Array.isArray(node.anyOf)) return node.anyOf.flatMap((branch) => objectsIn(branch, root, [...open, node]));
  return typesOf(node).includes("object") ? [node] : [];
}

/** The key that an object is written with first, and the values that it may have there, if they are few. */
function firstKey(object: Node, root: Node): { key: string | undefined; values: readonly unknown[] | undefined } {
  const [first] = Object.entries(isNode(object.properties) ? object.properties : {});
  if (first === undefined) return { key: undefined, values: undefined };
  const [key, schema] = first;
  const target = isNode(schema) && "$ref" in schema ? resolve(schema.$ref, root) : schema;
  if (!isNode(target)) return { key, values: undefined };
  if ("const" in target) return { key, values: [target.const] };
  return { key, values: Array.isArray(target.enum) ? target.enum : undefined };
}

function areDisjoint(some: readonly unknown[] | undefined, others: readonly unknown[] | undefined): boolean {
  return some !== undefined && others !== undefined && !some.some((value) => others.includes(value));
}

/** Containers on the longest path, references followed until one is open already. */
function checkDepth(root: Node, report: Report): void {
  const seen = new Map<unknown, { depth: number; open: ReadonlySet<unknown> }[]>();
  const reach = reachIn(root);

  const walk = (node: unknown, depth: number, open: ReadonlySet<unknown>, path: string): boolean => {
    if (!isNode(node)) return false;
    if ("$ref" in node) {
      const target = resolve(node.$ref, root);
      if (target === undefined || open.has(target)) return false;
      // Only what it leads back to can end a path from here.
      const circle = new Set([...open].filter((other) => reach(target).has(other)));
      const visits = seen.get(target) ?? [];
      if (visits.some((visit) => visit.depth >= depth && isSubset(visit.open, circle))) return false;
      seen.set(target, [...visits, { depth, open: circle }]);
      return walk(target, depth, new Set([...circle, target]), path);
    }
    const own = typesOf(node);
    const inside = own.includes("object") || own.includes("array") ? depth + 1 : depth;
    if (inside > 10) {
      report("limit-depth", path, "more than 10 levels of nesting");
      return true;
    }
    const children: [string, unknown][] = [
      ...Object.entries(isNode(node.properties) ? node.properties : {}).map(([name, value]): [string, unknown] => [
        `properties/${name}`,
        value,
      ]),
      ...(Array.isArray(node.anyOf)
        ? node.anyOf.map((value, index): [string, unknown] => [`anyOf/${index}`, value])
        : []),
      ...("items" in node ? [["items", node.items] as [string, unknown]] : []),
    ];
    return children.some(([step, child]) => walk(child, inside, open, at(path, step)));
  };
  walk(root, 0, new Set([root]), "");
}

/** What each schema leads to by references. */
function reachIn(root: Node): (schema: unknown) => ReadonlySet<unknown> {
  const known = new Map<unknown, ReadonlySet<unknown>>();
  return (schema) => {
    const reached = known.get(schema) ?? new Set(targetsFrom(schema, root));
    known.set(schema, reached);
    return reached;
  };
}

function* targetsFrom(start: unknown, root: Node): Generator<unknown> {
  const seen = new Set<unknown>();
  const pending = [start];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const target = isNode(value) && "$ref" in value ? resolve(value.$ref, root) : undefined;
    if (target !== undefined) yield target;
    pending.push(...Object.values(value), ...(target === undefined ? [] : [target]));
  }
}

function isSubset(some: ReadonlySet<unknown>, all: ReadonlySet<unknown>): boolean {
  return [...some].every((value) => all.has(value));
}

/** The names of the definitions that the root reaches. */
function usedDefinitions(root: Node, definitions: Node): Set<string> {
  const used = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const element of value) walk(element);
    if (!isNode(value)) return;
    const name = typeof value.$ref === "string" ? /^#\/\$defs\/(.+)$/.exec(value.$ref)?.[1] : undefined;
    if (name !== undefined && !used.has(name)) {
      used.add(name);
      walk(definitions[name]);
    }
    for (const child of Object.values(value)) walk(child);
  };
  walk({ ...root, $defs: undefined });
  return used;
}

/** A pattern that Python cannot read fails the request without strict mode too. */
function checkPatternsAlone(node: unknown, path: string, report: Report): void {
  if (typeof node !== "object" || node === null) return;
  if ("pattern" in node && typeof node.pattern === "string") {
    const problem = patternProblem(node.pattern, { anchored: false });
    if (problem !== undefined) report("pattern", path, `${JSON.stringify(node.pattern)}: ${problem}`);
  }
  for (const [key, value] of Object.entries(node)) checkPatternsAlone(value, at(path, key), report);
}

function resolve(reference: unknown, root: Node): Node | undefined {
  if (reference === "#") return root;
  const name = typeof reference === "string" ? /^#\/\$defs\/([^/]+)$/.exec(reference)?.[1] : undefined;
  const definitions = isNode(root.$defs) ? root.$defs : {};
  const target = name !== undefined && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  return isNode(target) ? target : undefined;
}

function typesOf(node: Node): string[] {
  return (Array.isArray(node.type) ? node.type : [node.type]).filter((type) => typeof type === "string");
}

function hasType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type && ["string", "number", "boolean"].includes(type);
}

function siblings(node: Node, keyword: string): string {
  return Object.keys(node)
    .filter((key) => key !== keyword)
    .join(", ");
}

function at(path: string, step: string): string {
  return path === "" ? step : `${path}/${step}`;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
