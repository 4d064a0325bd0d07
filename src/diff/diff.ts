import type { Effect } from "../runtime/types.ts";
import { compareSchemas, neverNull, nowNull, type SchemaChange } from "./compare-schemas.ts";
import { type Natural, naturalOf } from "./natural.ts";
import type { Surface, SurfaceTool } from "./surface.ts";

/**
 * Who feels a change. `code`: it stops compiling. `model`: what it is used to fails. `risk`: calls can do more harm than
 * before. `nobody`: all goes on as it was.
 */
export type Felt = "code" | "model" | "risk" | "nobody";

/** One change between two versions of an API. */
export interface Change {
  readonly tool: string;
  readonly operation?: string | undefined;
  /** Those who feel it, the first the most. */
  readonly felt: readonly [Felt, ...Felt[]];
  readonly message: string;
}

/** What changed between two surfaces, in the order of their tools. */
export function diff(old: Surface, next: Surface): Change[] {
  const pairs = pairUp(old.tools, next.tools);
  return pairs.flatMap(([before, after]) => {
    if (before === undefined) return after === undefined ? [] : added(after);
    if (after === undefined) return [change(before, ["code", "model"], "is gone")];
    return compareTools(before, after);
  });
}

/** Whether code or a model must be changed. */
export function isBreaking({ felt }: Change): boolean {
  return felt.includes("code") || felt.includes("model");
}

type Pair = readonly [old: SurfaceTool | undefined, next: SurfaceTool | undefined];

/** The same operation is the same tool, whatever it is called; where operations are not known, the same name is. */
function pairUp(old: readonly SurfaceTool[], next: readonly SurfaceTool[]): Pair[] {
  const rest = new Set(next);
  const pairs = old.map((before): Pair => {
    const after =
      [...rest].find(({ operation }) => operation !== undefined && operation === before.operation) ??
      [...rest].find(
        ({ name, operation }) => name === before.name && (operation === undefined || before.operation === undefined),
      ) ??
      [...rest].find(({ name }) => name === before.name);
    if (after !== undefined) rest.delete(after);
    return [before, after];
  });
  return [...pairs, ...[...rest].map((after): Pair => [undefined, after])];
}

function change({ name, operation }: SurfaceTool, felt: Change["felt"], message: string): Change {
  return { tool: name, operation, felt, message };
}

function added(tool: SurfaceTool): Change[] {
  const danger = tool.effect === "destructive" ? [change(tool, ["risk"], "is new, and destructive")] : [];
  const news = danger.length > 0 ? danger : [change(tool, ["nobody"], "is new")];
  return [...news, ...instructions(tool, undefined)];
}

function compareTools(old: SurfaceTool, next: SurfaceTool): Change[] {
  const say = (felt: Change["felt"], message: string) => change(next, felt, message);
  const changes: Change[] = [];
  if (old.name !== next.name) changes.push(say(["code", "model"], `was called ${old.name}`));
  if (old.operation !== next.operation && old.operation !== undefined && next.operation !== undefined) {
    changes.push(say(["nobody"], `is now ${next.operation}, and was ${old.operation}`));
  }
  if (old.executor !== next.executor && old.name === next.name && old.executor && next.executor) {
    changes.push(say(["code"], `is called as ${next.executor}(), and was as ${old.executor}()`));
  }
  changes.push(...compareArgs(old, next), ...compareResults(old, next), ...compareRisks(old, next));
  if (changes.length === 0 && old.hash !== undefined && next.hash !== undefined && old.hash !== next.hash) {
    changes.push(say(["model"], "has changed in what the model sees; compare the documents for more"));
  }
  return [...changes, ...compareWords(old, next), ...instructions(next, old)];
}

// ------------------------------------------------------------ arguments and results

function compareArgs(old: SurfaceTool, next: SurfaceTool): Change[] {
  const isNatural = old.args !== undefined && next.args !== undefined;
  const schemaOf = ({ args, parameters }: SurfaceTool): Natural | undefined =>
    isNatural ? args : parameters && naturalOf(parameters);
  const [before, after] = [schemaOf(old), schemaOf(next)];
  if (before === undefined || after === undefined) return [];
  return compareSchemas(before, after).map((each) => {
    const { felt, message } = argumentChange(each);
    return change(next, felt, message);
  });
}

function argumentChange({ path, kind, isRequired, detail }: SchemaChange): Pick<Change, "felt" | "message"> {
  switch (kind) {
    case "added":
      return isRequired
        ? { felt: ["code", "model"], message: `needs a new argument ${path}` }
        : { felt: ["nobody"], message: `takes a new argument ${path}` };
    case "removed":
      return { felt: ["code", "model"], message: `takes no argument ${path} any more` };
    case "required":
      return { felt: ["code", "model"], message: `needs the argument ${path} now` };
    case "optional":
      return { felt: ["nobody"], message: `does not need the argument ${path} any more` };
    case "enum-removed":
      return { felt: ["code", "model"], message: `does not take ${detail} for ${path} any more` };
    case "enum-added":
      return { felt: ["nobody"], message: `takes ${detail} for ${path} too` };
    case "narrowed":
      return { felt: ["model"], message: `takes less for ${path}: ${detail}` };
    case "widened":
      return { felt: ["nobody"], message: `takes more for ${path}: ${detail}` };
    case "type":
      if (detail === nowNull) return { felt: ["nobody"], message: `takes null for ${path} too` };
      return { felt: ["code", "model"], message: `takes another type for ${path || "its arguments"}: ${detail}` };
  }
}

function compareResults(old: SurfaceTool, next: SurfaceTool): Change[] {
  if (old.result === undefined || next.result === undefined) return [];
  return compareSchemas(old.result, next.result).map((each) => {
    const { felt, message } = resultChange(each);
    return change(next, felt, message);
  });
}

function resultChange({ path, kind, detail }: SchemaChange): Pick<Change, "felt" | "message"> {
  const what = path === "" ? "its result" : `${path} in its result`;
  switch (kind) {
    case "added":
      return { felt: ["nobody"], message: `gives ${path} too` };
    case "removed":
      return { felt: ["code"], message: `does not give ${path} any more` };
    case "required":
      return { felt: ["nobody"], message: `always gives ${path} now` };
    case "optional":
      return { felt: ["code"], message: `may leave out ${path} now` };
    case "enum-added":
      return { felt: ["code"], message: `may give ${detail} as ${what} too` };
    case "enum-removed":
      return { felt: ["nobody"], message: `does not give ${detail} as ${what} any more` };
    case "narrowed":
    case "widened":
      return { felt: ["nobody"], message: `has another rule for ${what}: ${detail}` };
    case "type":
      if (detail === neverNull) return { felt: ["nobody"], message: `never gives null as ${what}` };
      if (detail === nowNull) return { felt: ["code"], message: `may give null as ${what}` };
      return { felt: ["code"], message: `gives another type as ${what}: ${detail}` };
  }
}

// ------------------------------------------------------------ risks and words

const harm: { readonly [effect in Effect]: number } = { read: 0, write: 1, destructive: 2 };

function compareRisks(old: SurfaceTool, next: SurfaceTool): Change[] {
  const changes: Change[] = [];
  if (old.effect !== undefined && next.effect !== undefined && old.effect !== next.effect) {
    const isWorse = harm[next.effect] > harm[old.effect];
    const message = `was ${article(old.effect)}, and is ${article(next.effect)} now`;
    changes.push(change(next, [isWorse ? "risk" : "nobody"], message));
  }
  if (old.security !== undefined && next.security !== undefined) {
    const come = next.security.filter((each) => each !== "" && !old.security?.includes(each));
    const isOpen = next.security.length === 0 && old.security.length > 0;
    if (come.length > 0) changes.push(change(next, ["risk"], `takes other credentials: ${come.join(", or ")}`));
    if (isOpen) changes.push(change(next, ["risk"], "needs no credentials any more"));
  }
  return changes;
}

function article(effect: Effect): string {
  return effect === "destructive" ? "destructive" : `a ${effect}`;
}

/** Below this share of common words, a description means something else. */
const LEAST_COMMON = 0.5;

function compareWords(old: SurfaceTool, next: SurfaceTool): Change[] {
  if (old.description === undefined || next.description === undefined || old.description === next.description)
    return [];
  const [before, after] = [words(old.description), words(next.description)];
  const common = [...before].filter((word) => after.has(word)).length;
  const share = common / Math.max(1, new Set([...before, ...after]).size);
  if (share >= LEAST_COMMON) return [change(next, ["nobody"], "is described in other words")];
  return [change(next, ["model"], `may mean something else: ${JSON.stringify(cut(next.description))}`)];
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Text that speaks to the model instead of about the tool. */
const instruction =
  /\b(ignore|disregard|forget) (all |any |the |your )*(previous|prior|above|other|earlier)\b|\b(system prompt|developer message)\b|\b(do not|don't|never) (tell|inform|mention|reveal|ask)\b.{0,40}\buser\b|<\/?(system|important|instructions?)>|\byou (must|should|have to) (always |first |also )*(call|use|send|include|read|pass)\b|\bbefore (using|calling) (this|any) (tool|function)\b/i;

function instructions(next: SurfaceTool, old: SurfaceTool | undefined): Change[] {
  const suspicious = (tool: SurfaceTool | undefined) => textsOf(tool).find((text) => instruction.test(text));
  const found = suspicious(next);
  if (found === undefined || suspicious(old) === found) return [];
  const [match = ""] = instruction.exec(found) ?? [];
  return [change(next, ["risk"], `has a text that reads like an instruction to the model: ${JSON.stringify(match)}`)];
}

function textsOf(tool: SurfaceTool | undefined): string[] {
  const texts: string[] = tool?.description === undefined ? [] : [tool.description];
  JSON.stringify(tool?.parameters ?? {}, (key, value) => {
    if (key === "description" && typeof value === "string") texts.push(value);
    return value;
  });
  return texts;
}
