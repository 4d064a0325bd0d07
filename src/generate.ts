import type { Api } from "./compiler/api.ts";
import { buildApi } from "./compiler/build-api.ts";
import { compileTools } from "./compiler/compile-tools.ts";
import { type Diagnostic, Diagnostics } from "./compiler/diagnostics.ts";
import { DocumentError, UsageError } from "./compiler/errors.ts";
import { type Document, type LoadOptions, type Location, load } from "./compiler/load.ts";
import { assignNames } from "./compiler/names.ts";
import { type Selection, select } from "./compiler/select.ts";
import type { Names, Tool } from "./compiler/tool.ts";
import { emit } from "./emit/emit.ts";

export interface GenerateOptions extends Pick<LoadOptions, "text" | "root" | "allowExternalRefs"> {
  /** A path or an `http(s)` URL; with `text`, what messages call the document. */
  readonly input: string;
  readonly select?: Selection | undefined;
  /** Called before each stage. */
  readonly onStage?: ((stage: Stage) => void | Promise<void>) | undefined;
}

export type Stage = "load" | "compile" | "emit";

/** A kit, and what there is to know about it. */
export interface GenerateResult {
  /** The base name of the document. */
  readonly source: string;
  /** The generated module. */
  readonly code: string;
  readonly tools: readonly Tool[];
  /** The names of all tools of the document, selected or not. */
  readonly available: readonly string[];
  /** The patterns of `include` and `exclude` that fit no operation. */
  readonly unmatched: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where in the document, or in a file that it refers to, a pointer's value stands. */
  locate(pointer: string): Location;
}

/** The whole compiler. It reads the document and writes nothing. */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { input, select: selection = {}, onStage = () => {} } = options;
  const diagnostics = new Diagnostics();
  await onStage("load");
  const document = await load(input, { ...options, diagnostics });
  await onStage("compile");
  const api = buildApi(document, diagnostics);
  requireOperations(api, document, diagnostics);
  const names = assignNames(api, diagnostics);
  const selected = select(api, names, selection);
  requireSelected(selected, api, names);
  const tools = compileTools(selected, names, diagnostics);
  await onStage("emit");
  const code = await emit(selected, tools, names, { source: document.name });
  return {
    source: document.name,
    code,
    tools,
    available: [...names.operations.values()].map(({ tool }) => tool),
    unmatched: unmatchedPatterns(api, names, selection),
    diagnostics: about(selected, api, diagnostics),
    locate: document.locate,
  };
}

function requireOperations(api: Api, document: Document, diagnostics: Diagnostics): void {
  if (api.operations.length > 0) return;
  const reason = diagnostics.list.find(({ code }) => code === "FC104" || code === "FC105") ?? diagnostics.list[0];
  if (reason === undefined) {
    throw new DocumentError("the document has no operations", "Check that it has `paths`.", document.locate("#/paths"));
  }
  throw new DocumentError(
    `nothing in the document compiles; ${reason.message}`,
    reason.fix,
    document.locate(reason.pointer),
  );
}

function requireSelected(selected: Api, { operations }: Api, names: Names): void {
  if (selected.operations.length > 0) return;
  const some = operations.slice(0, 5).map(({ pointer }) => names.operations.get(pointer)?.tool);
  const rest = operations.length > some.length ? `, and ${operations.length - some.length} more` : "";
  throw new UsageError("the selection leaves no operation", `The document has ${some.join(", ")}${rest}.`);
}

function unmatchedPatterns(api: Api, names: Names, { include = [], exclude = [] }: Selection): string[] {
  const isUnmatched = (pattern: string) => select(api, names, { include: [pattern] }).operations.length === 0;
  return [...include, ...exclude].filter(isUnmatched);
}

/** What was said about operations that were not selected is of no interest. */
function about(selected: Api, api: Api, { list }: Diagnostics): readonly Diagnostic[] {
  const kept = new Set(selected.operations);
  const ignored = api.operations.filter((operation) => !kept.has(operation)).map(({ pointer }) => pointer);
  if (ignored.length === 0) return list;
  const ignoredPointers = new Set(ignored);
  const operationOf = (pointer: string) => pointer.split("/").slice(0, 4).join("/");
  return list.filter(({ pointer }) => !ignoredPointers.has(operationOf(pointer)));
}
