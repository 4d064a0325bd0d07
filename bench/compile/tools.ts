import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What a generator offers to a model. */
export interface ToolList {
  readonly count: number;
  readonly strict: number;
  /** Of the whole list, as Chat Completions takes it, in minified JSON. */
  readonly tokens: number;
}

interface Tool {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description?: string; readonly strict?: boolean };
}

/** Reads the tools in a generated file and counts their tokens (o200k_base). */
export async function readToolList(file: string): Promise<ToolList> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  const tools = await readTools(file);
  return {
    count: tools.length,
    strict: tools.filter((tool) => tool.function.strict).length,
    tokens: countTokens(JSON.stringify(tools), { disallowedSpecial: new Set() }),
  };
}

async function readTools(file: string): Promise<readonly Tool[]> {
  if (file.endsWith(".gen.ts")) return (await import(pathToFileURL(file).href)).tools;
  const text = readFileSync(file, "utf8");
  return file.endsWith(".json") ? JSON.parse(text) : readMcpTools(text);
}

/** The tools in the source of a server by openapi-mcp-generator. */
export function readMcpTools(source: string): readonly Tool[] {
  const entries = source.matchAll(
    /^ {2}\["[^"\n]*", \{\n {4}name: "([^"\n]*)",\n {4}description: `((?:\\.|[^`\\])*)`,\n {4}inputSchema: (.*),\n {4}method:/gm,
  );
  const tools = Array.from(entries, ([, name = "", description = "", parameters = ""]) => ({
    type: "function" as const,
    function: { name, description: description.replace(/\\(.)/gs, "$1"), parameters: JSON.parse(parameters) },
  }));
  const count = source.match(/^ {2}\["[^"\n]*", \{$/gm)?.length ?? 0;
  if (tools.length !== count) throw new Error(`read ${tools.length} of ${count} tools`);
  return tools;
}
