import type { Api, Operation } from "./api.ts";
import { Diagnostics } from "./diagnostics.ts";
import { compare } from "./text.ts";
import type { Names, OperationNames } from "./tool.ts";

const MOST_CHARACTERS = 64;

/** What a kit's module declares or uses by itself, besides TypeScript's keywords. */
const reserved = new Set([
  ...["api", "createKit", "dispatcher", "executor", "kit", "options", "then", "tools"],
  ...["allExecutors", "allTools", "makeExecutor"],
  ..."attachments binaryBody clientCredentials eventStream filledArgs formBody idempotencyKeys keyPlaces multipartBody".split(
    " ",
  ),
  ..."parameterStyles pickedFields serverChoices spellings stringFormats textBody textPatterns unions valueBounds valueRules xmlBody".split(
    " ",
  ),
  ...[
    "AnyExecutor",
    "Api",
    "Auth",
    "ClientCredentials",
    "Codecs",
    "Context",
    "Dispatcher",
    "Executor",
    "FunctionTool",
    "JsonSchema",
    "Kit",
    "KitOptions",
    "OperationParts",
  ],
  ...["Array", "AsyncIterable", "Blob", "Object", "Record", "ServerSentEvent"],
  ..."arguments as any async await boolean break case catch class const continue debugger default delete do else enum".split(
    " ",
  ),
  ..."eval export extends false finally for from function get if implements import in infer instanceof interface is".split(
    " ",
  ),
  ..."keyof let namespace never new null number object of package private protected public readonly return set".split(
    " ",
  ),
  ..."static string super switch symbol this throw true try type typeof undefined unknown var void while with yield".split(
    " ",
  ),
  ..."abstract accessor asserts bigint constructor declare global module require satisfies unique using".split(" "),
  ..."Infinity NaN globalThis".split(" "),
]);

/** Names every tool, executor and type of a document, in one pass. Neither selection nor order has a say in it. */
export function assignNames(api: Api, diagnostics: Diagnostics): Names {
  const tools = nameTools(api.operations, diagnostics);
  const operations = nameOperations(tools);
  const taken = new Set([...operations.values()].flatMap(declaredBy));
  const schemas = nameSchemas(api, taken);
  return { operations, schemas, definitions: nameDefinitions(api, schemas) };
}

/** `GET /pets`: what tells operations apart. Their pointers do not, where several paths refer to one path item. */
export function operationKey({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}

/** What tools would be called, by the keys of their operations. */
export function toolNames(api: Api): ReadonlyMap<string, string> {
  return nameTools(api.operations, new Diagnostics());
}

/** Lets tools keep names that they had, by `METHOD /path`. What would have been renamed is reported. */
export function keepNames(api: Api, locked: { readonly [operation: string]: string }, diagnostics: Diagnostics): Api {
  if (Object.keys(locked).length === 0) return api;
  const now = toolNames(api);
  const operations = api.operations.map((operation): Operation => {
    const { pointer, toolName } = operation;
    const key = operationKey(operation);
    const name = Object.hasOwn(locked, key) ? locked[key] : undefined;
    const next = now.get(key);
    if (name === undefined || name === next || toolName !== undefined) return operation;
    diagnostics.warn(
      "FC203",
      pointer,
      `${key} would be renamed from "${name}" to "${next}"; the lock keeps "${name}"`,
      `To rename it, remove "${name}" from the lock, or give the operation a name in the configuration.`,
    );
    return { ...operation, toolName: name };
  });
  return { ...api, operations };
}

// ------------------------------------------------------------ tools

function nameTools(operations: readonly Operation[], diagnostics: Diagnostics): ReadonlyMap<string, string> {
  const byId = groupBy(operations, (operation) => camelCase(nameById(operation)).toLowerCase());
  const names = new Map<string, string>();
  for (const group of byId.values()) {
    const [first] = group;
    if (group.length === 1 && first !== undefined) {
      names.set(operationKey(first), nameById(first));
      continue;
    }
    for (const operation of group) {
      const name = nameByPath(operation);
      names.set(operationKey(operation), name);
      if (operation.operationId === undefined) continue;
      diagnostics.warn(
        "FC201",
        operation.pointer,
        `several operations want the tool name "${nameById(operation)}"; this one becomes "${name}"`,
        "Give each an operationId of its own, or a name in the configuration.",
      );
    }
  }
  return distinguish(operations, names);
}

/** What is still the same gets a hash of its method and path. */
function distinguish(operations: readonly Operation[], names: Map<string, string>): ReadonlyMap<string, string> {
  const keys = operations.map(operationKey);
  const groups = groupBy(keys, (key) => camelCase(names.get(key) as string).toLowerCase());
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    for (const key of group) names.set(key, shorten(names.get(key) as string, key));
  }
  return names;
}

function nameById(operation: Operation): string {
  const id = operation.toolName ?? operation.operationId;
  if (id === undefined) return nameByPath(operation);
  const name = id.replaceAll(/[^a-zA-Z0-9_-]+/g, "_").replaceAll(/^_+(?=[a-zA-Z0-9])|(?<=[a-zA-Z0-9])_+$/g, "");
  if (!/[a-zA-Z0-9]/.test(name)) return nameByPath(operation);
  return name.length <= MOST_CHARACTERS ? name : shorten(name, id);
}

function nameByPath({ method, path }: Operation): string {
  const words = path.replaceAll(/[^a-zA-Z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  const name = words === "" ? method.toLowerCase() : `${method.toLowerCase()}_${words}`;
  return name.length <= MOST_CHARACTERS ? name : shorten(name, `${method} ${path}`);
}

/** Cut at a word, and told apart by a hash of the whole. */
function shorten(name: string, whole: string): string {
  const suffix = `_${hash(whole)}`;
  const most = MOST_CHARACTERS - suffix.length;
  if (name.length <= most) return name + suffix;
  const cut = name.slice(0, most);
  const word = Math.max(cut.lastIndexOf("_"), cut.lastIndexOf("-"), cut.search(/[A-Z][a-z0-9]*$/));
  return (word > most / 2 ? cut.slice(0, word) : cut) + suffix;
}

/** FNV-1a, 32 bits: short, stable, and no secret to keep. */
export function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0).toString(36).padStart(7, "0");
}

// ------------------------------------------------------------ identifiers

function nameOperations(tools: ReadonlyMap<string, string>): ReadonlyMap<string, OperationNames> {
  const executors = new Map([...tools].map(([key, tool]) => [key, identifier(tool)]));
  const definitions = new Set([...executors.values()].map((executor) => `${executor}Tool`));
  const isLost = (name: string) => reserved.has(name) || definitions.has(name);
  const taken = new Set([...executors.values()].filter((executor) => !isLost(executor)));
  return new Map(
    [...tools].map(([key, tool]) => {
      const wanted = executors.get(key) as string;
      const other = `${wanted}Operation`;
      const executor = !isLost(wanted) ? wanted : isLost(other) || taken.has(other) ? other + hash(tool) : other;
      return [key, { tool, executor, type: capitalise(executor) }];
    }),
  );
}

function declaredBy({ executor, type }: OperationNames): string[] {
  return [executor, `${executor}Tool`, `${type}Args`, `${type}Result`];
}

function nameSchemas(api: Api, taken: Set<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  // Those that need no change have the first right to their name.
  const schemas = [...api.schemas]
    .map(([pointer, { name }]) => ({ pointer, name, wanted: typeName(name) }))
    .sort((a, b) => Number(a.wanted !== a.name) - Number(b.wanted !== b.name) || compare(a.pointer, b.pointer));
  for (const { pointer, wanted } of schemas) {
    const isFree = (candidate: string) => !reserved.has(candidate) && !taken.has(candidate);
    const candidates = [wanted, `${wanted}Schema`, `${wanted}${capitalise(hash(pointer))}`];
    const chosen = candidates.find(isFree) ?? `${wanted}${hash(pointer)}Schema`;
    taken.add(chosen);
    names.set(pointer, chosen);
  }
  return names;
}

/** `io.k8s.api.apps.v1.Scale` is `Scale`, or `V1Scale` where another one ends like it. */
function nameDefinitions(api: Api, types: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const endings = new Map(
    [...types].map(([pointer, type]) => {
      const words = (api.schemas.get(pointer)?.name ?? "").split(".").filter((word) => word !== "");
      const shorter = words.slice(1).map((_, index) => typeName(words.slice(index + 1).join(".")));
      return [pointer, [type, ...shorter]] as const;
    }),
  );
  const counts = new Map<string, number>();
  for (const name of [...endings.values()].flatMap((names) => [...new Set(names)]))
    counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  const isOwn = (name: string) => counts.get(name.toLowerCase()) === 1;
  return new Map([...endings].map(([pointer, names]) => [pointer, names.findLast(isOwn) ?? (names[0] as string)]));
}

function typeName(name: string): string {
  return capitalise(/^[a-z].*_/.test(name) ? camelCase(name.replaceAll("_", "-")) : identifier(name));
}

/** A name that is a legal identifier as it is, any other in camelCase. */
function identifier(name: string): string {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return name;
  const camel = camelCase(name);
  if (camel === "") return `x${hash(name)}`;
  return /^[\p{ID_Start}$_]/u.test(camel) ? camel : `_${camel}`;
}

/** `X-Api-key` → `XApiKey`. */
export function camelCase(name: string): string {
  if (/^[\w$]*$/.test(name)) return name;
  return name.replaceAll(/[^\p{ID_Continue}$]+([\p{ID_Continue}$]?)/gu, (_match, letter: string, offset: number) =>
    offset === 0 ? letter : letter.toUpperCase(),
  );
}

function capitalise(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
