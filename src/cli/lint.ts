import type { Api, Schema } from "../compiler/api.ts";
import { effectOf } from "../compiler/build-api.ts";
import type { Tool } from "../compiler/tool.ts";

/** Something about a tool that makes models fail. */
export interface Finding {
  readonly tool: string;
  readonly message: string;
  readonly fix: string;
}

const FEW_WORDS = 12;
const HUGE_ENUM = 50;
const MANY_ARGS = 25;
const MANY_FIELDS = 100;
const DEEPEST = 100;

/** What makes models fail: words that are missing or say the same, and answers and choices that are too large. */
export function lint(tools: readonly Tool[], api: Api): Finding[] {
  const byText = Map.groupBy(tools, ({ operation: { summary = "", description = "" } }) =>
    letters(`${summary} ${description}`),
  );
  const counts: Counts = new Map();
  return tools.flatMap((tool) => [
    ...lintRisk(tool),
    ...lintWords(tool, byText),
    ...lintArgs(tool, api),
    ...(isUnlimited(tool, api) ? [unlimited(tool)] : []),
    ...lintAnswer(tool, api, counts),
  ]);
}

/** A document may say of itself that it does no harm, so that nobody is asked. */
function lintRisk({ name, operation: { method, effect, approval } }: Tool): Finding[] {
  // Many searches are a POST.
  const isHidden =
    effectOf(method) === "destructive" ? effect !== "destructive" : /^P(?:UT|ATCH)$/.test(method) && effect === "read";
  const fix = "Look whether that is true, and say otherwise in the configuration if it is not.";
  if (isHidden) return [{ tool: name, message: `is ${method}, and taken for a ${effect}`, fix }];
  const isSilent = effect === "destructive" && approval === "never";
  return isSilent ? [{ tool: name, message: "is destructive, and nobody is asked before it", fix }] : [];
}

function lintWords({ name, operation, description }: Tool, byText: ReadonlyMap<string, readonly Tool[]>): Finding[] {
  const text = letters(`${operation.summary ?? ""} ${operation.description ?? ""}`);
  if (text === "") {
    return [
      { tool: name, message: "has no description: the model has to guess from its name", fix: "Say what it does." },
    ];
  }
  const twins = (byText.get(text) ?? []).filter((tool) => tool.name !== name).map((tool) => tool.name);
  if (twins.length > 0) {
    const message = `is described like ${twins.slice(0, 3).join(", ")}: nothing tells them apart but their names`;
    return [{ tool: name, message, fix: "Say when to use which." }];
  }
  const isShort = description.length < FEW_WORDS;
  return isShort ? [{ tool: name, message: "has hardly a description", fix: "Say what it does, and when." }] : [];
}

/** Names that say nothing without a description. */
const vague =
  /^(id|ids|key|keys|value|values|data|info|item|items|input|param|params|options|type|kind|mode|flag|code|ref|x|y|q)$/i;

function lintArgs({ name, operation: { args } }: Tool, api: Api): Finding[] {
  const findings: Finding[] = [];
  const bySpelling = Map.groupBy(args, (arg) => letters(arg.name));
  for (const [, [first, second]] of bySpelling) {
    if (first === undefined || second === undefined) continue;
    const message = `has the arguments ${first.name} and ${second.name}, which are easily confused`;
    findings.push({ tool: name, message, fix: "Rename one, or inject it." });
  }
  for (const arg of args) {
    const schema = follow(arg.schema, api);
    const each = schema.kind === "array" ? follow(schema.items, api) : schema;
    const text = arg.description ?? arg.schema.description ?? schema.description ?? "";
    if (text === "" && vague.test(arg.name) && each.kind !== "enum" && arg.in !== "path") {
      findings.push({ tool: name, message: `does not say what the argument ${arg.name} is`, fix: "Describe it." });
    }
    if (each.kind === "enum" && each.values.length > HUGE_ENUM) {
      const message = `lists ${each.values.length} values for ${arg.name}`;
      findings.push({ tool: name, message, fix: "Offer a search instead, or take a plain string." });
    }
  }
  if (args.length > MANY_ARGS) {
    findings.push({
      tool: name,
      message: `has ${args.length} arguments`,
      fix: "Inject or leave out what models never need.",
    });
  }
  return findings;
}

const limiting = /limit|page|size|count|top|first|last|max|take|offset|cursor|per|since|from|filter|query|^q$/i;

/** Whether a call may give a list of any length, with no argument to shorten it. */
function isUnlimited({ operation: { method, args, result } }: Tool, api: Api): boolean {
  if (method !== "GET" || args.some((arg) => limiting.test(arg.name))) return false;
  return (result?.schemas ?? []).some((schema) => {
    const target = follow(schema, api);
    return target.kind === "array" && target.maxItems === undefined && follow(target.items, api).kind !== "string";
  });
}

function unlimited({ name }: Tool): Finding {
  return {
    tool: name,
    message: "gives a list of any length, and nothing limits it",
    fix: "Add a limit to the API, or bound the result in the kit: resultBudget.",
  };
}

/** Whether the model reads far more than it can need. */
function lintAnswer({ name, operation: { result, pick } }: Tool, api: Api, counts: Counts): Finding[] {
  if (pick !== undefined) return [];
  const fields = (result?.schemas ?? []).reduce((sum, schema) => sum + countFields(schema, api, counts), 0);
  if (fields <= MANY_FIELDS) return [];
  const message = `gives ${fields < 10_000 ? fields.toLocaleString("en") : "thousands of"} fields, far more than a model needs`;
  return [{ tool: name, message, fix: 'Say which it reads: result: { pick: ["id", "name"] }' }];
}

type Counts = Map<Schema, number>;

/** Those of a schema within itself do not count. */
function countFields(schema: Schema, api: Api, counts: Counts, depth = 0): number {
  const target = follow(schema, api);
  const known = counts.get(target);
  if (known !== undefined) return known;
  counts.set(target, 0);
  if (depth > DEEPEST) return 0;
  const inner = (each: Schema) => countFields(each, api, counts, depth + 1);
  const count = (): number => {
    if (target.kind === "array") return inner(target.items);
    if (target.kind === "union") return Math.max(...target.branches.map(inner));
    if (target.kind !== "object") return 0;
    return target.properties.reduce((sum, property) => sum + Math.max(1, inner(property.schema)), 0);
  };
  const fields = count();
  counts.set(target, fields);
  return fields;
}

function follow(schema: Schema, api: Api, steps = 0): Schema {
  const target = schema.kind === "ref" && steps < 20 ? api.schemas.get(schema.target)?.schema : undefined;
  return target === undefined ? schema : follow(target, api, steps + 1);
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
