import { throwIfAborted } from "./abort.ts";
import { isObject } from "./branches.ts";
import { checkNames } from "./check-names.ts";
import { checkNumbers, longestTimer } from "./check-numbers.ts";
import { KitError, OptionsError } from "./errors.ts";
import type { CallOptions, Dispatcher, DispatchOptions, Kit, KitOptions, ToolOutput } from "./kit-types.ts";
import { makeCall, type SomeExecutor } from "./make-call.ts";
import { readToolCall, toToolOutput } from "./tool-call.ts";
import type { Api, ToolCall } from "./types.ts";

/** Binds executors to a server and credentials. Generated kits call it as `createKit`. */
export function kit<D extends Dispatcher, Auth = unknown, Context = unknown>(
  { api, dispatcher }: { readonly api: Api<Auth>; readonly dispatcher: D },
  options: KitOptions<Auth, Context> = {},
): Kit<D, Context> {
  checkNames(Object.keys(options), knownOptions, "there is no option");
  checkNumbers({ timeout: [options.timeout, 1, longestTimer] });
  checkPolicies(options.policies);
  const schemes = Object.keys(api.securitySchemes ?? {});
  const declared = `; the document declares ${schemes.join(", ") || "none"}`;
  checkNames(Object.keys(options.auth ?? {}), schemes, "auth: there is no security scheme", declared);

  return {
    dispatcher,
    tools: Object.values(dispatcher).map((executor) => executor.tool),
    history: options.history,

    async call(name: string, args?: unknown, callOptions: CallOptions<Context> = {}) {
      const wanted = { id: crypto.randomUUID(), name, args: () => args ?? {}, byModel: false };
      const { outcome } = await makeCall(dispatcher, wanted, options as KitOptions<unknown, never>, callOptions);
      if (outcome.ok) return outcome.result as never;
      throw outcome.cause ?? new KitError(outcome.error.kind, outcome.error.message);
    },

    async dispatch(toolCall: ToolCall, callOptions: DispatchOptions<Context> = {}): Promise<ToolOutput> {
      const read = readToolCall(toolCall);
      const decode = (executor: SomeExecutor) => callOptions.args ?? executor.decode(read.args());
      const wanted = { ...read, args: decode, byModel: true };
      const made = await makeCall(dispatcher, wanted, options as KitOptions<unknown, never>, callOptions);
      throwIfAborted(callOptions.signal);
      return toToolOutput(made);
    },

    pick(...names) {
      return kit({ api, dispatcher: pick(dispatcher, names) }, options);
    },
  };
}

/** The tools with these names, in the order of the dispatcher. */
function pick<D extends Dispatcher, Name extends keyof D & string>(
  dispatcher: D,
  names: readonly Name[],
): Pick<D, Name> {
  checkNames(names, Object.keys(dispatcher));
  const entries = Object.entries(dispatcher).filter(([name]) => (names as readonly string[]).includes(name));
  return Object.fromEntries(entries) as Pick<D, Name>;
}

// Without types nothing else tells of a `baseURL`, and the calls would go to the document's own server.
const knownOptions =
  "baseUrl server auth headers fetch timeout policies inject files authorize approval hooks history".split(" ");

/** A list in the list would be passed over. */
function checkPolicies(policies: unknown = []): void {
  if (Array.isArray(policies) && policies.every((policy) => typeof policy === "function" || isObject(policy))) return;
  throw new OptionsError("policies: expected a list of policies, such as [...production()]");
}
