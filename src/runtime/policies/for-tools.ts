import type { AnyPolicy, CallInfo } from "../kit-types.ts";

/** A policy for these tools alone. */
export function forTools(tools: readonly string[], policy: AnyPolicy): AnyPolicy {
  const { run, send } = typeof policy === "function" ? { run: undefined, send: policy } : policy;
  return {
    ...(run && { run: (next) => choose(tools, run(next), next) }),
    ...(send && { send: (next) => choose(tools, send(next), next) }),
  };
}

type Step<Subject, Result> = (subject: Subject, call: CallInfo) => Promise<Result>;

function choose<S, R>(tools: readonly string[], policy: Step<S, R>, next: Step<S, R>): Step<S, R> {
  return (subject, call) => (tools.includes(call.tool) ? policy : next)(subject, call);
}
