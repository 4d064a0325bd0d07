import type { Compiled } from "../generate.ts";
import { hashTool } from "../lock.ts";
import { compareArgs, compareResults } from "./compare-args.ts";
import { compareRisks, instructions } from "./compare-risks.ts";
import { type CompareSchemas, schemaComparison } from "./compare-schemas.ts";
import { isSameText, meansTheSame, wordsThatChanged } from "./compare-words.ts";
import { type Felt, type Finding, say, sayOnce } from "./finding.ts";
import { type Surface, type SurfaceTool, surfaceOf } from "./surface.ts";

/** One change between two versions of an API, and every tool that it shows in. */
export interface Change {
  /** Those who feel it, the first the most. */
  readonly felt: readonly [Felt, ...Felt[]];
  /** A sentence, of which the tools are the subject. */
  readonly message: string;
  /** Where it shows, all that the message may leave out: `limit`, `Pet.owner.name`. */
  readonly places: readonly string[];
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
  const compareSchemas = schemaComparison();
  const found = pairUp(old.tools, next.tools).flatMap(([before, after]) => {
    const { name, operation } = (after ?? before) as SurfaceTool;
    const tool = { name, operation };
    return compareTools(before, after, compareSchemas).map((finding): Found => ({ ...finding, tool }));
  });
  return joinAlike(joinPlaces(joinTools(found))).map(({ felt, before, places, after, tools }) => ({
    felt,
    message: places.length === 1 ? before + places[0] + after : plural(before) + placesText(places) + plural(after),
    places: places.filter((place) => place !== ""),
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

function compareTools(
  old: SurfaceTool | undefined,
  next: SurfaceTool | undefined,
  compareSchemas: CompareSchemas,
): Finding[] {
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
    ...compareArgs(old, next, compareSchemas),
    ...compareResults(old, next, compareSchemas),
    ...compareRisks(old, next),
  ];
  return [...findings, ...compareDescriptions(old, next), ...(findings.length === 0 ? compareHashes(old, next) : [])];
}

/** A lock tells no more of a tool than whether it is the same. */
function compareHashes(old: SurfaceTool, next: SurfaceTool): Finding[] {
  if (old.hash === undefined && next.hash === undefined) return [];
  const [was, is] = [hashOf(old), hashOf(next)];
  if (was === undefined || is === undefined || was === is) return [];
  return [say(["model"], "has changed in what the model sees; compare the documents for more")];
}

function hashOf({ hash, name, description, isStrict, parameters }: SurfaceTool): string | undefined {
  if (hash !== undefined || description === undefined || isStrict === undefined || parameters === undefined)
    return hash;
  return hashTool({ name, description, strict: isStrict, parameters });
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
  if (old.isDeprecated !== undefined && next.isDeprecated !== undefined && old.isDeprecated !== next.isDeprecated)
    findings.push(say(["nobody"], next.isDeprecated ? "is deprecated now" : "is not deprecated any more"));
  return findings;
}

/** What we add to a description, or write where there is none. */
const notes =
  /^[A-Z]+ \/\S*\.(?= |$)|\bDeprecated\.|\bnull leaves a field out\.|(\{"set_to_*":"null"\}( or )?)+ clears a field\./g;

function compareDescriptions(before: SurfaceTool, after: SurfaceTool): Finding[] {
  const [old, next] = [before, after].map(({ description }) => description?.replaceAll(notes, "").trim());
  if (old === undefined || next === undefined) return [];
  const [words, otherWords] = [before.words, after.words];
  if (isSameText(old, next)) {
    // Models read the beginning of a long text, and what matters of the rest.
    const isOtherwise = words !== undefined && otherWords !== undefined && !isSameText(words, otherWords);
    return isOtherwise ? [say(["nobody"], "is described in other words")] : [];
  }
  if (next === "") return [say(["model"], "has no description any more")];
  if (old === "") return [say(["nobody"], "has a description now")];
  // How much of a text models read depends on the whole document; what it says does not.
  const isSameInDocument = words !== undefined && words === otherWords;
  if (isSameInDocument || meansTheSame(old, next)) return [say(["nobody"], "is described in other words")];
  return [sayOnce(["model"], "may mean something else: ", "", wordsThatChanged(old, next))];
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
  for (const { felt, before, place, after, tool, isShared } of found) {
    const key = JSON.stringify([felt, before, isShared ? "" : place, after, isAlone(before) ? tool : ""]);
    const cause = causes.get(key) ?? { felt, before, places: [], after, tools: [] };
    if (cause.tools.at(-1) !== tool) cause.tools.push(tool);
    if (!cause.places.includes(place)) cause.places.push(place);
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

/** The same of what is called the same in other schemas and tools: one thing was done to all of them. */
function joinAlike(causes: readonly Cause[]): Cause[] {
  const joined = new Map<string, Cause>();
  for (const [index, cause] of causes.entries()) {
    const { felt, before, after, places, tools } = cause;
    const names = [...new Set(places.map(ownName))].sort();
    const key = names.join("") === "" ? String(index) : JSON.stringify([felt, before, after, names]);
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined ? cause : { ...known, places: union(known.places, places), tools: union(known.tools, tools) },
    );
  }
  return [...joined.values()];
}

/** `code` of `List.warnings[].code`. */
function ownName(place: string): string {
  return place.slice(place.lastIndexOf(".") + 1);
}

function union<T>(some: readonly T[], others: readonly T[]): T[] {
  return [...new Set([...some, ...others])];
}

const plurals: readonly (readonly [one: string, many: string])[] = [
  ["a new argument ", "new arguments "],
  ["the argument ", "the arguments "],
  ["no type ", "no types "],
  [" is left out", " are left out"],
];

function plural(text: string): string {
  return plurals.reduce((before, [one, many]) => before.replace(one, many), text);
}

const shownPlaces = 12;

/** In characters. Three places are shown, however long they are. */
const LONGEST_PLACES = 240;

/** `Pet.name, .age, owner`: what is in the same object as the place before is told by its own name. */
function placesText(places: readonly string[]): string {
  const shown: string[] = [];
  for (const [index, place] of places.entries()) {
    if (index >= shownPlaces || (index >= 3 && shown.join(", ").length > LONGEST_PLACES)) break;
    const [last, dot] = [places[index - 1] ?? "", place.lastIndexOf(".")];
    const isSibling = dot > 0 && last.lastIndexOf(".") === dot && last.startsWith(place.slice(0, dot + 1));
    shown.push(isSibling ? place.slice(dot) : place);
  }
  const rest = places.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}
