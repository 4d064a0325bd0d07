import type { Effect } from "../runtime/types.ts";
import { newInstructions, quote } from "./compare-words.ts";
import { type Finding, say } from "./finding.ts";
import type { SurfaceTool } from "./surface.ts";

const harm: { readonly [effect in Effect]: number } = { read: 0, write: 1, destructive: 2 };

/** What a tool may do now that it could not do, whom it asks, and where its requests and credentials go. */
export function compareRisks(old: SurfaceTool, next: SurfaceTool): Finding[] {
  return [
    ...compareEffects(old, next),
    ...compareApproval(old, next),
    ...compareStrictness(old.isStrict, next.isStrict),
    ...compareServers(old.servers, next.servers),
    ...compareSecurity(old, next),
    ...compareAuth(old.auth, next.auth),
    ...instructions(next, old),
  ];
}

/** Texts that speak to the model. */
export function instructions(next: SurfaceTool, old: SurfaceTool | undefined): Finding[] {
  return newInstructions(next, old).map((text) =>
    say(["risk"], `has a text that reads like an instruction to the model: ${quote([text])}`),
  );
}

function compareEffects(old: SurfaceTool, next: SurfaceTool): Finding[] {
  if (old.effect === undefined || next.effect === undefined || old.effect === next.effect) return [];
  const isWorse = harm[next.effect] > harm[old.effect];
  return [say([isWorse ? "risk" : "nobody"], `was ${article(old.effect)}, and is ${article(next.effect)} now`)];
}

function article(effect: Effect): string {
  return effect === "destructive" ? "destructive" : `a ${effect}`;
}

function compareApproval(old: SurfaceTool, next: SurfaceTool): Finding[] {
  if (old.approval === undefined || next.approval === undefined || old.approval === next.approval) return [];
  if (next.approval === "always") return [say(["nobody"], "asks a person before each call now")];
  const isAsked = next.approval === "by effect" && (old.approval === "never" || next.effect === "destructive");
  return isAsked ? [] : [say(["risk"], "asks nobody before a call any more")];
}

function compareStrictness(old: boolean | undefined, next: boolean | undefined): Finding[] {
  if (old === undefined || next === undefined || old === next) return [];
  return [
    next
      ? say(["nobody"], "is strict now")
      : say(["risk"], "is not strict any more: providers let models write what it does not take"),
  ];
}

function compareServers(old: readonly string[] | undefined, next: readonly string[] | undefined): Finding[] {
  if (old === undefined || next === undefined || old.join() === next.join()) return [];
  const [was, is] = [old[0], next[0]];
  if (was === is) return [say(["nobody"], `may be sent to other servers: ${next.join(", ")}`)];
  if (is === undefined) return [say(["code"], `has no server any more, and needs a baseUrl; it was ${was}`)];
  return [say(["risk"], `sends its requests to ${is}, and did to ${was ?? "the baseUrl that code gave"}`)];
}

function compareSecurity(old: SurfaceTool, next: SurfaceTool): Finding[] {
  if (old.security === undefined || next.security === undefined) return [];
  const [before, after] = [old.security.map(alternative), next.security.map(alternative)];
  const come = after.filter((each) => each !== "" && !before.includes(each));
  const gone = before.filter((each) => each !== "" && !after.includes(each));
  const isOpen = (all: readonly string[]) => all.length === 0 || all.includes("");
  const either = (all: readonly string[]) => all.join(", or ");
  const findings: Finding[] = [];
  if (come.length > 0 && gone.length > 0)
    findings.push(say(["risk"], `takes the credentials ${either(come)}, and took ${either(gone)}`));
  else if (isOpen(before) && !isOpen(after)) findings.push(say(["risk"], `needs credentials now: ${either(after)}`));
  else if (come.length > 0) findings.push(say(["risk"], `takes other credentials too: ${either(come)}`));
  else if (isOpen(after) && !isOpen(before)) findings.push(say(["risk"], "needs no credentials any more"));
  else if (gone.length > 0) findings.push(say(["risk"], `does not take these credentials any more: ${either(gone)}`));
  return [...findings, ...compareSchemes(old.schemes, next.schemes), ...compareScopes(old.scopes, next.scopes)];
}

function alternative(schemes: readonly string[]): string {
  return [...schemes].sort().join(" and ");
}

function compareSchemes(old: SurfaceTool["schemes"] = {}, next: SurfaceTool["schemes"] = {}): Finding[] {
  return Object.entries(next).flatMap(([name, is]) => {
    const was = old[name];
    return was === undefined || was === is
      ? []
      : say(["risk"], `sends the credential ${name} as ${is}, and did as ${was}`);
  });
}

/** What code gives to the kit. */
function compareAuth(old: SurfaceTool["auth"], next: SurfaceTool["auth"]): Finding[] {
  if (old === undefined || next === undefined) return [];
  return Object.entries(old).flatMap(([name, was]) => {
    const is = next[name];
    if (is === undefined) return say(["code"], "takes no credential ", name, " any more");
    const isStillTaken = is === was || (was === "a token" && is === "a token or the credentials of a client");
    return isStillTaken ? [] : say(["code"], `takes ${is} as the credential `, name, `, and took ${was}`);
  });
}

function compareScopes(old: SurfaceTool["scopes"], next: SurfaceTool["scopes"]): Finding[] {
  if (old === undefined || next === undefined) return [];
  return [
    ...next.filter((scope) => !old.includes(scope)).map((scope) => say(["risk"], `needs a new permission: ${scope}`)),
    ...old
      .filter((scope) => !next.includes(scope))
      .map((scope) => say(["nobody"], `does not need this permission any more: ${scope}`)),
  ];
}
