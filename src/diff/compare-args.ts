import type { CompareSchemas, SchemaChange } from "./compare-schemas.ts";
import { isSameText, meansTheSame, wordsThatChanged } from "./compare-words.ts";
import { type Finding, say, sayOnce } from "./finding.ts";
import { type Natural, naturalOf } from "./natural.ts";
import type { SurfaceTool } from "./surface.ts";

/** What code and the model must write otherwise, or may. */
export function compareArgs(old: SurfaceTool, next: SurfaceTool, compare: CompareSchemas): Finding[] {
  return [...compareShapes(old, next, compare), ...compareInjected(old, next), ...comparePlaces(old, next)];
}

function compareShapes(old: SurfaceTool, next: SurfaceTool, compare: CompareSchemas): Finding[] {
  const isNatural = old.args !== undefined && next.args !== undefined;
  const schemaOf = ({ args, parameters, codec }: SurfaceTool): Natural | undefined =>
    isNatural ? args : parameters && naturalOf(parameters, codec);
  const [before, after] = [schemaOf(old), schemaOf(next)];
  return before === undefined || after === undefined ? [] : compare(before, after).flatMap(argumentFinding);
}

function argumentFinding(change: SchemaChange): Finding | Finding[] {
  const { path, isRequired, isWritable, was = "", is = "" } = change;
  const place = path || "its arguments";
  switch (change.kind) {
    case "added":
      return isRequired
        ? say(["code", "model"], "needs a new argument ", place)
        : say(["nobody"], "takes a new argument ", place);
    case "removed":
      return isWritable
        ? say(["model"], "does not name the argument ", place, " any more, and takes it as one of any others")
        : say(["code", "model"], "takes no argument ", place, " any more");
    case "required":
      return say(["code", "model"], "needs the argument ", place, " now");
    case "optional":
      return say(["nobody"], "does not need the argument ", place, " any more");
    case "gained":
      return say(["nobody"], `takes ${is} for `, place, " too");
    case "lost":
      return say(isWritable ? ["model"] : ["code", "model"], `does not take ${was} for `, place, " any more");
    case "widened":
      return say(["nobody"], "takes more for ", place, `: ${was} → ${is}`);
    case "narrowed":
    case "replaced":
      return say(["code", "model"], "takes another type for ", place, `: ${was} → ${is}`);
    case "loosened":
      return say(["nobody"], "takes more for ", place, `: ${is}`);
    case "tightened":
      return say(["model"], "takes less for ", place, `: ${is}`);
    case "regulated":
      return say(["model"], "has another rule for ", place, `: ${is}`);
    case "default":
      return say(["model"], "takes another value where ", place, ` is left out: ${was} → ${is}`);
    case "words":
      return wordsFinding(was, is, place);
    case "deprecated":
      return say(["nobody"], "deprecates the argument ", place);
    case "restored":
      return say(["nobody"], "does not deprecate the argument ", place, " any more");
    case "examples":
      return sayOnce(["nobody"], "has other examples of ", place);
    case "renamed":
      return typeNameFinding(change);
  }
}

/** The same words are one change, wherever they are added. */
function wordsFinding(was: string, is: string, place: string): Finding | Finding[] {
  if (isSameText(was, is)) return [];
  if (was === "") return sayOnce(["nobody"], "describes ", place, ", and did not");
  if (is === "") return sayOnce(["nobody"], "does not describe ", place, " any more");
  return meansTheSame(was, is)
    ? sayOnce(["nobody"], "describes ", place, " in other words")
    : sayOnce(["model"], "may mean something else by ", place, `: ${wordsThatChanged(was, is)}`);
}

/** A type that code imports. */
function typeNameFinding({ was = "", is }: SchemaChange): Finding {
  return is === undefined
    ? sayOnce(["code"], "exports no type ", was, " any more")
    : sayOnce(["code"], "exports its types by other names: ", `${was} → ${is}`);
}

/** What the kit fills in, the model does not see. */
function compareInjected({ injected: old }: SurfaceTool, { injected: next }: SurfaceTool): Finding[] {
  if (old === undefined || next === undefined) return [];
  return [
    ...Object.entries(next)
      .filter(([name]) => old[name] === undefined)
      .map(([name, key]) => say(["model"], "does not ask the model for ", name, ` any more; inject.${key} gives it`)),
    ...Object.entries(old)
      .filter(([name]) => next[name] === undefined)
      .map(([name, key]) => say(["model"], `is not filled in from inject.${key} any more: `, name)),
    ...Object.entries(next)
      .filter(([name, key]) => old[name] !== undefined && old[name] !== key)
      .map(([name, key]) => say(["code"], "fills ", name, ` in from inject.${key}, and did from inject.${old[name]}`)),
  ];
}

function comparePlaces({ places: old }: SurfaceTool, { places: next }: SurfaceTool): Finding[] {
  if (old === undefined || next === undefined) return [];
  return Object.entries(next).flatMap(([name, is]) => {
    const was = old[name];
    return was === undefined || was === is ? [] : say(["nobody"], "sends ", name, ` in ${is}, and did in ${was}`);
  });
}

/** What code gets otherwise. What a model reads has no shape that it relies on. */
export function compareResults(old: SurfaceTool, next: SurfaceTool, compare: CompareSchemas): Finding[] {
  if (old.result === undefined || next.result === undefined) return comparePicks(old, next);
  return [...compare(old.result, next.result).flatMap(resultFinding), ...comparePicks(old, next)];
}

/** What the model reads of an answer. Nothing picked: all. */
function comparePicks({ pick: old }: SurfaceTool, { pick: next }: SurfaceTool): Finding[] {
  if (old === undefined || next === undefined || [...old].sort().join() === [...next].sort().join()) return [];
  if (next.length === 0) return [say(["nobody"], "shows the model its whole answer now")];
  if (old.length === 0) return [say(["model"], `shows the model nothing of its answer but ${next.join(", ")}`)];
  return [
    ...old
      .filter((path) => !next.includes(path))
      .map((path) => say(["model"], "does not show the model ", path, " any more")),
    ...next.filter((path) => !old.includes(path)).map((path) => say(["nobody"], "shows the model ", path, " too")),
  ];
}

function resultFinding(change: SchemaChange): Finding | Finding[] {
  const { path, isReadable, was = "", is = "" } = change;
  const place = path === "" ? "its result" : path;
  switch (change.kind) {
    case "added":
      return say(["nobody"], "gives ", place, " too");
    case "removed":
      return isReadable
        ? say(["nobody"], "does not name ", place, " any more, and may give it as one of any others")
        : say(["code"], "does not give ", place, " any more");
    case "required":
      return say(["nobody"], "always gives ", place, " now");
    case "optional":
      return say(["code"], "may leave out ", place, " now");
    case "gained":
      return say(
        isReadable ? ["nobody"] : ["code"],
        `may give ${is === "nothing" ? "nothing at all" : is} as `,
        place,
        " too",
      );
    case "lost":
      return say(["nobody"], `does not give ${was} as `, place, " any more");
    case "widened":
    case "replaced":
      if (was === "nothing") return say(["nobody"], `gives something now: ${is}`);
      return is === "nothing"
        ? say(["code"], "gives nothing any more")
        : say(["code"], "gives another type as ", place, `: ${was} → ${is}`);
    case "narrowed":
      return say(["nobody"], "gives a narrower type as ", place, `: ${was} → ${is}`);
    case "loosened":
    case "tightened":
    case "regulated":
      return say(["nobody"], "has another rule for ", place, `: ${is}`);
    case "deprecated":
      return say(["nobody"], "deprecates ", place, " of what it gives");
    case "restored":
      return say(["nobody"], "does not deprecate ", place, " of what it gives any more");
    case "renamed":
      return typeNameFinding(change);
    case "default":
    case "words":
    case "examples":
      return [];
  }
}
