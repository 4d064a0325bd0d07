import type { Api } from "./compiler/api.ts";
import { buildApi } from "./compiler/build-api.ts";
import { compileTools } from "./compiler/compile-tools.ts";
import type { DescriptionLevel } from "./compiler/describe.ts";
import { type Diagnostic, Diagnostics } from "./compiler/diagnostics.ts";
import { DocumentError, UsageError } from "./compiler/errors.ts";
import { type Document, type LoadOptions, load, type PointedLocation } from "./compiler/load.ts";
import { assignNames, keepNames, toolNames } from "./compiler/names.ts";
import { isRawObject } from "./compiler/references.ts";
import { type Selection, select } from "./compiler/select.ts";
import { applySettings, type SettingsByOperation, unmatchedSettings } from "./compiler/settings.ts";
import type { Names, Tool } from "./compiler/tool.ts";
import { whyNone } from "./compiler/why-none.ts";
import { emit } from "./emit/emit.ts";
import type { Templates } from "./emit/render.ts";

export interface CompileOptions extends Pick<LoadOptions, "text" | "root" | "allowExternalRefs" | "overlays"> {
  /** A path or an `http(s)` URL; with `text`, what messages call the document. */
  readonly input: string;
  readonly select?: Selection | undefined;
  /** How operations are offered, where that is not what the document says. */
  readonly operations?: SettingsByOperation | undefined;
  /** How much of the document's prose reaches the model. Default: `concise`. */
  readonly descriptions?: DescriptionLevel | undefined;
  /** The names that tools keep, by `METHOD /path`, whatever the document calls them now. */
  readonly lockedNames?: { readonly [operation: string]: string } | undefined;
  /** Called before each stage. */
  readonly onStage?: ((stage: Stage) => void | Promise<void>) | undefined;
}

export interface GenerateOptions extends CompileOptions {
  /** The texts of templates that replace ours. */
  readonly templates?: Templates | undefined;
}

export type Stage = "load" | "compile" | "emit";

/** A document as tools, and what there is to know about it. */
export interface Compiled {
  /** The base name of the document. */
  readonly source: string;
  readonly api: Api;
  readonly names: Names;
  readonly tools: readonly Tool[];
  /** The names of all tools of the document, selected or not. */
  readonly available: readonly string[];
  /** The patterns of `include`, `exclude` and `operations` that fit no operation. */
  readonly unmatched: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The addresses of every file that was read, and of those that were looked for in vain. */
  readonly addresses: readonly string[];
  /** Where in the document, or in a file that it refers to, a pointer's value stands. */
  locate(pointer: string): PointedLocation;
}

/** A kit, and what there is to know about it. */
export interface GenerateResult extends Compiled {
  /** The generated module. */
  readonly code: string;
}

/** The whole compiler. It reads the document and writes nothing. */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const compiled = await compile(options);
  const { api, tools, names, source } = compiled;
  await options.onStage?.("emit");
  const code = await emit(api, tools, names, { source, templates: options.templates });
  return { ...compiled, code };
}

/** All of the compiler but the text of the kit. */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const { input, select: selection = {}, operations: settings = {}, onStage = () => {} } = options;
  const diagnostics = new Diagnostics();
  await onStage("load");
  const document = await load(input, { ...options, diagnostics });
  await onStage("compile");
  const whole = buildApi(document, diagnostics);
  requireSome(whole.operations, document, diagnostics);
  const written = toolNames(whole);
  const offered = applySettings(whole, document, settings, written, diagnostics);
  const api = keepNames(offered, options.lockedNames ?? {}, diagnostics);
  const names = assignNames(api, diagnostics);
  const called = new Map([...names.operations].map(([pointer, { tool }]) => [pointer, tool]));
  const selected = select(api, names, selection);
  requireSelected(selected, api, names, selection);
  const tools = compileTools(selected, names, diagnostics, options);
  requireSome(tools, document, diagnostics);
  return {
    source: document.name,
    api: selected,
    names,
    tools,
    available: [...called.values()],
    unmatched: [...unmatchedPatterns(api, names, selection), ...unmatchedSettings(whole, settings, [written, called])],
    diagnostics: about(selected, whole, diagnostics),
    addresses: document.addresses,
    locate: document.locate,
  };
}

/** Of a document in which nothing compiles there is no kit. */
function requireSome(compiled: readonly unknown[], document: Document, diagnostics: Diagnostics): void {
  if (compiled.length > 0) return;
  const reason = diagnostics.list.find(({ code }) => code === "FC104" || code === "FC105") ?? diagnostics.list[0];
  if (reason === undefined) {
    const [problem, fix] = whyEmpty(document.root);
    throw new DocumentError(problem, fix, document.locate("#/paths"));
  }
  throw new DocumentError(
    `nothing in the document compiles; ${reason.message}`,
    reason.fix,
    document.locate(reason.pointer),
  );
}

function whyEmpty({ paths, webhooks }: Document["root"]): [problem: string, fix: string] {
  if (paths !== undefined && !isRawObject(paths))
    return ["the document's `paths` are no object", "Write them as a map: paths: { /pets: { get: { … } } }"];
  const hasPaths = Object.keys(paths ?? {}).length > 0;
  if (hasPaths) return ["the document has no operations", "A path holds them by method: get, post, …"];
  if (isRawObject(webhooks) && Object.keys(webhooks).length > 0)
    return ["the document has webhooks alone, which others call", "Give the document of the API that is called."];
  const problem =
    paths === undefined ? "the document has no `paths`" : "the document's `paths` are empty: it has no operations";
  return [problem, "Check that it was written whole."];
}

function requireSelected(selected: Api, whole: Api, names: Names, selection: Selection): void {
  if (selected.operations.length > 0) return;
  const [problem, fix] = whyNone(whole, names, selection);
  throw new UsageError(`the selection leaves no operation: ${problem}`, fix);
}

function unmatchedPatterns(api: Api, names: Names, { include = [], exclude = [] }: Selection): string[] {
  const isUnmatched = (pattern: string) => select(api, names, { include: [pattern] }).operations.length === 0;
  return [...include, ...exclude].filter(isUnmatched);
}

/** What was said about operations that were not selected is of no interest. */
function about(selected: Api, api: Api, { list }: Diagnostics): readonly Diagnostic[] {
  const leftOut = new Set(list.filter(({ code }) => code === "FC104").map(({ pointer }) => pointer));
  // Why an operation is left out is told once.
  const told = list.filter(({ code, pointer }) => code !== "FC101" || !leftOut.has(pointer));
  const kept = new Set(selected.operations.map(({ pointer }) => pointer));
  const ignored = api.operations.map(({ pointer }) => pointer).filter((pointer) => !kept.has(pointer));
  if (ignored.length === 0) return told;
  const ignoredPointers = new Set(ignored);
  const operationOf = (pointer: string) => pointer.split("/").slice(0, 4).join("/");
  return told.filter(({ pointer }) => !ignoredPointers.has(operationOf(pointer)));
}
