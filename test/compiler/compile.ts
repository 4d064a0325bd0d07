import { checkStrictTool } from "../../corpus/strict-rules.ts";
import type { Api } from "../../src/compiler/api.ts";
import { buildApi } from "../../src/compiler/build-api.ts";
import { compileTools } from "../../src/compiler/compile-tools.ts";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";
import type { Document } from "../../src/compiler/load.ts";
import { assignNames } from "../../src/compiler/names.ts";
import type { Names, Tool } from "../../src/compiler/tool.ts";
import { decode } from "../../src/runtime/codec.ts";
import { InvalidArgumentsError } from "../../src/runtime/errors.ts";
import { featuresFor } from "./features-for.ts";

export type Raw = { readonly [key: string]: unknown };

export interface Compiled {
  readonly api: Api;
  readonly names: Names;
  readonly tools: readonly Tool[];
  readonly diagnostics: Diagnostics;
  /** `FC104 #/paths/~1pets/get`: what was warned of, and where. */
  readonly warnings: readonly string[];
}

/** A document around what a test is about. */
export function documentOf(root: Raw, { version = "3.1.0", url }: { version?: string; url?: string } = {}): Document {
  return {
    name: "test.yaml",
    version,
    root: { openapi: version, info: { title: "Test", version: "1" }, ...root },
    ...(url !== undefined && { url }),
    unresolved: new Map(),
    files: ["test.yaml"],
    addresses: [],
    locate: (pointer) => ({ file: "test.yaml", line: 1, column: 1, pointer }),
  };
}

/** The API of a document, its names, and its tools. Every strict tool keeps the rules. */
export function compile(root: Raw, options: { version?: string; url?: string } = {}): Compiled {
  const diagnostics = new Diagnostics();
  const api = buildApi(documentOf(root, options), diagnostics);
  const names = assignNames(api, diagnostics);
  const tools = compileTools(api, names, diagnostics).map(asWritten);
  for (const { name, strict, description, parameters } of tools) {
    const findings = checkStrictTool({ function: { name, strict, description, parameters } });
    if (findings.length > 0) throw new Error(`${name}: ${JSON.stringify(findings, undefined, 2)}`);
  }
  const warnings = diagnostics.list.map(({ code, pointer }) => `${code} ${pointer}`);
  return { api, names, tools, diagnostics, warnings };
}

/** The one tool of a document with one operation. */
export function compileOperation(
  operation: Raw,
  { components = {}, method = "post", path = "/", version = "3.1.0" } = {},
): Tool {
  const { tools, diagnostics } = compile({ paths: { [path]: { [method]: operation } }, components }, { version });
  const [tool] = tools;
  if (tool === undefined) throw new Error(JSON.stringify(diagnostics.list));
  return tool;
}

export interface BodyOptions {
  readonly schemas?: Raw;
  readonly method?: string;
  readonly version?: string;
  readonly required?: boolean;
  readonly mediaType?: string;
}

/** A tool as it is printed. */
function asWritten(tool: Tool): Tool {
  return { ...tool, parameters: JSON.parse(JSON.stringify(tool.parameters)) };
}

/** A tool whose JSON body has the one required field `value`, or the schema itself where it is the body. */
export function compileBody(schema: unknown, options: BodyOptions = {}): Tool {
  const { schemas = {}, method = "post", version = "3.1.0", required = true, mediaType = "application/json" } = options;
  const requestBody = { required, content: { [mediaType]: { schema } } };
  return compileOperation({ requestBody }, { components: { schemas }, method, version });
}

export function compileField(
  schema: unknown,
  { isRequired = true, ...options }: BodyOptions & { isRequired?: boolean } = {},
): Tool {
  const object = { type: "object", properties: { value: schema }, ...(isRequired && { required: ["value"] }) };
  return compileBody(object, options);
}

/** The strict schema of the field `value`. */
export function strictOf(tool: Tool): unknown {
  return (tool.parameters.properties as Raw).value;
}

/** What strict arguments become, or what the model is told. */
export function decodeArgs(tool: Tool, args: unknown): unknown {
  try {
    return decode(tool.parameters, tool.codec, args, featuresFor(tool));
  } catch (error) {
    if (error instanceof InvalidArgumentsError)
      return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    throw error;
  }
}
