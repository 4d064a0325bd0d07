import { OptionsError } from "./errors.ts";
import type { Answer, AnyPolicy, CallInfo, Run } from "./kit-types.ts";

// Policies are bound once, since some keep a state there; so each call brings what it runs at last.
const lastKey = Symbol("last");
const chains = new WeakMap<readonly AnyPolicy[], Run>();

type Running = CallInfo & { readonly [lastKey]?: Run };

/** Makes a call through the policies that act on whole calls, the first of which is the outermost. */
export function runThrough(policies: readonly AnyPolicy[] | undefined, last: Run, call: CallInfo): Promise<Answer> {
  if (!policies?.some((policy) => "run" in policy)) return last(call.args, call);
  const chain =
    chains.get(policies) ??
    policies.reduceRight<Run>((next, policy) => ("run" in policy && policy.run?.(next)) || next, runLast);
  chains.set(policies, chain);
  return chain(call.args, { ...call, [lastKey]: last } as Running);
}

async function runLast(args: unknown, call: Running): Promise<Answer> {
  const last = call[lastKey];
  if (last === undefined) throw new OptionsError("policies: each must pass on the call that it was given");
  return last(args, call);
}
