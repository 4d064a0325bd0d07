import type { Compiled } from "../generate.ts";
import { compareArgs, compareResults, cut } from "./compare-args.ts";
import { compareRisks, instructions } from "./compare-risks.ts";
import { isSameText, meansTheSame, newSentences } from "./compare-words.ts";
import { type Felt, type Finding, say } from "./finding.ts";
import { type Surface, type SurfaceTool, surfaceOf } from "./surface.ts";

/** One change between two versions of an API, and every tool that it shows in. */
export interface Change {
  /** Those who feel it, the first the most. */
  readonly felt: readonly [Felt, ...Felt[]];
  /** A sentence, of which the tools are the subject. */
  readonly message: string;
  readonly tools: readonly [ChangedTool, ...ChangedTool[]];
  /** Whether these are all tools that there are. */
  readonly isEverywhere: boolean;
}

export interface ChangedTool {
  readonly name: string;
  /** `GET /pets`. */
  readonly operation?: string | undefined;
}

/** What changed between two versions of a kit, and who feels it. */
export function diffKits(old: Compiled, next: Compiled): Change[] {
  return diff(surfaceOf(old), surfaceOf(next));
}

/** What changed between two surfaces. What has one cause, a schema or a server that tools share, is one change. */
export function diff(old: Surface, next: Surface): Change[] {
  const found = pairUp(old.tools, next.tools).flatMap(([before, after]) => {
    const { name, operation } = (after ?? before) as SurfaceTool;
    const tool = { name, operation };
    return compareTools(before, after).map((finding): Found => ({ ...finding, tool }));
  });
  return joinPlaces(joinTools(found)).map(({ felt, before, places, after, tools }) => ({
    felt,
    message: (places.length === 1 ? before : plural(before)) + placesText(places) + after,
    tools: tools as [ChangedTool, ...ChangedTool[]],
    isEverywhere: tools.length > 1 && tools.length === next.tools.length,
  }));
}

/** Whether code or a model must be changed. */
export function isBreaking({ felt }: Change): boolean {
  return felt.includes("code") || felt.includes("model");
}

// ------------------------------------------------------------ tools

type Pair = readonly [old: SurfaceTool | undefined, next: SurfaceTool | undefined];

/** The same operation is the same tool, whatever it is called; of the others the same name is. */
function pairUp(old: readonly SurfaceTool[], next: readonly SurfaceTool[]): Pair[] {
  const partners = new Map<SurfaceTool, SurfaceTool>();
  const keys = [
    ({ operation }: SurfaceTool) => operation,
    ({ name }: SurfaceTool) => name,
    ({ operation }: SurfaceTool) => operation?.replaceAll(/\{[^}]*\}/g, "{}"),
  ];
  for (const key of keys) {
    const taken = new Set(partners.values());
    const free = new Map(next.filter((tool) => !taken.has(tool)).map((tool) => [key(tool), tool]));
    for (const tool of old) {
      const found = partners.has(tool) || key(tool) === undefined ? undefined : free.get(key(tool));
      if (found === undefined) continue;
      partners.set(tool, found);
      free.delete(key(tool));
    }
  }
  const taken = new Set(partners.values());
  const rest = next.filter((tool) => !taken.has(tool));
  return [...old.map((tool): Pair => [tool, partners.get(tool)]), ...rest.map((tool): Pair => [undefined, tool])];
}

function compareTools(old: SurfaceTool | undefined, next: SurfaceTool | undefined): Finding[] {
  if (next === undefined) return [say(["code", "model"], "is gone")];
  if (old === undefined) {
    const isDangerous = next.effect === "destructive";
    return [
      isDangerous ? say(["risk"], "is new, and destructive") : say(["nobody"], "is new"),
      ...instructions(next, undefined),
    ];
  }
  const findings = [
    ...compareNames(old, next),
    ...compareArgs(old, next),
    ...compareResults(old, next),
    ...compareRisks(old, next),
  ];
  const isOtherwise = old.hash !== undefined && next.hash !== undefined && old.hash !== next.hash;
  if (findings.length === 0 && isOtherwise) {
    return [say(["model"], "has changed in what the model sees; compare the documents for more")];
  }
  return [...findings, ...compareDescriptions(old, next)];
}

function compareNames(old: SurfaceTool, next: SurfaceTool): Finding[] {
  const findings: Finding[] = [];
  if (old.name !== next.name) findings.push(say(["code", "model"], `was called ${old.name}`));
  if (old.operation !== next.operation && old.operation !== undefined && next.operation !== undefined) {
    findings.push(say(["nobody"], `is now ${next.operation}, and was ${old.operation}`));
  }
  if (old.executor !== next.executor && old.name === next.name && old.executor && next.executor) {
    findings.push(say(["code"], `is called as ${next.executor}(), and was as ${old.executor}()`));
  }
  if (old.isDeprecated === false && next.isDeprecated === true) findings.push(say(["nobody"], "is deprecated now"));
  return findings;
}

/** What we add to a description, or write where there is none. */
const notes =
  /^[A-Z]+ \/\S*\.(?= |$)|\bDeprecated\.|\bnull leaves a field out\.|(\{"set_to_*":"null"\}( or )?)+ clears a field\./g;

function compareDescriptions(before: SurfaceTool, after: SurfaceTool): Finding[] {
  const [old, next] = [before, after].map(({ description }) => description?.replaceAll(notes, "").trim());
  if (old === undefined || next === undefined || isSameText(old, next)) return [];
  if (meansTheSame(old, next)) return [say(["nobody"], "is described in other words")];
  const text = newSentences(old, next).join(" ") || next;
  return [say(["model"], `may mean something else: ${JSON.stringify(cut(text))}`)];
}

// ------------------------------------------------------------ causes

type Found = Finding & { readonly tool: ChangedTool };

interface Cause extends Omit<Finding, "place"> {
  readonly places: string[];
  readonly tools: ChangedTool[];
}

/** That a tool comes or goes is a cause of its own. */
const isAlone = (sentence: string) => /^is (gone|new)/.test(sentence);

/** The same of several tools: a schema that they share has changed. */
function joinTools(found: readonly Found[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const { felt, before, place, after, tool } of found) {
    const key = JSON.stringify([felt, before, place, after, isAlone(before) ? tool : ""]);
    const cause = causes.get(key) ?? { felt, before, places: [place], after, tools: [] };
    if (cause.tools.at(-1) !== tool) cause.tools.push(tool);
    causes.set(key, cause);
  }
  return [...causes.values()];
}

/** The same of several places in the same tools. */
function joinPlaces(causes: readonly Cause[]): Cause[] {
  const joined = new Map<string, Cause>();
  for (const cause of causes) {
    const names = cause.tools.map(({ name, operation }) => `${name} ${operation}`);
    const key = JSON.stringify([cause.felt, cause.before, cause.after, names]);
    const known = joined.get(key);
    if (known === undefined) joined.set(key, cause);
    else known.places.push(...cause.places);
  }
  return [...joined.values()];
}

function plural(before: string): string {
  return before.replace("a new argument ", "new arguments ").replace("the argument ", "the arguments ");
}

const shownPlaces = 12;

/** `Pet.name, .age, owner`: what is in the same object as the place before is told by its own name. */
function placesText(places: readonly string[]): string {
  const texts = places.slice(0, shownPlaces).map((place, index) => {
    const [last, dot] = [places[index - 1] ?? "", place.lastIndexOf(".")];
    const isSibling = dot > 0 && last.lastIndexOf(".") === dot && last.startsWith(place.slice(0, dot + 1));
    return isSibling ? place.slice(dot) : place;
  });
  const rest = places.length - texts.length;
  return rest > 0 ? `${texts.join(", ")} and ${rest} more` : texts.join(", ");
}
