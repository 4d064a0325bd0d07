import { throwIfAborted, untilAborted } from "./abort.ts";
import { isKitError, NotAuthorizedError, OptionsError, UnknownToolError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { failure, readToolCall } from "./tool-call.ts";
import type {
  Api,
  CallOptions,
  Dispatcher,
  Executor,
  Kit,
  KitOptions,
  RunOptions,
  ToolCall,
  ToolOutput,
} from "./types.ts";

/** Binds executors to a server and credentials. Generated kits call it as `createKit`. */
export function kit<D extends Dispatcher, Auth = unknown, Context = unknown>(
  { api, dispatcher }: { readonly api: Api<Auth>; readonly dispatcher: D },
  options: KitOptions<Auth, Context> = {},
): Kit<D, Context> {
  checkSchemes(Object.keys(options.auth ?? {}), Object.keys(api.securitySchemes ?? {}));

  async function run(
    executor: SomeExecutor,
    args: unknown,
    id: string,
    { signal, context }: CallOptions<Context>,
    stream = false,
  ) {
    if (options.authorize !== undefined) {
      const { effect, tool } = executor;
      const call = { id, tool: tool.function.name, effect, args, context: context as Context };
      const decision = await options.authorize(call);
      if (decision !== true)
        throw new NotAuthorizedError(decision === false ? "this call is not allowed" : decision.reason);
    }
    return executor.run(args, { ...options, signal, stream, call: { id, context } } as RunOptions);
  }

  return {
    dispatcher,
    tools: Object.values(dispatcher).map((executor) => executor.tool),

    async call(name: string, args?: unknown, callOptions: CallOptions<Context> = {}) {
      const executor = find(dispatcher, name);
      const answer = await untilAborted(
        () => run(executor, args ?? {}, crypto.randomUUID(), callOptions, true),
        callOptions.signal,
      );
      return answer.result as never;
    },

    async dispatch(toolCall: ToolCall, callOptions: CallOptions<Context> = {}): Promise<ToolOutput> {
      const { id, name, args } = readToolCall(toolCall);
      try {
        const { content, result } = await untilAborted(async () => {
          const executor = find(dispatcher, name);
          return run(executor, executor.decode(args()), id, callOptions);
        }, callOptions.signal);
        return { ok: true, toolCallId: id, name, content, result };
      } catch (error) {
        throwIfAborted(callOptions.signal);
        if (isKitError(error) && error.name === "OptionsError") throw error;
        return failure(id, name, error);
      }
    },

    pick(...names) {
      return kit({ api, dispatcher: pick(dispatcher, names) }, options);
    },
  };
}

type SomeExecutor = Executor<unknown, unknown>;

/** Names come from the model, `__proto__` and the like included. */
function find(dispatcher: Dispatcher, name: string): SomeExecutor {
  if (!Object.hasOwn(dispatcher, name)) throw unknownTool(name, Object.keys(dispatcher));
  return dispatcher[name] as unknown as SomeExecutor;
}

const shownTools = 20;

/** The error for a name that is not among the tools, with the names to try instead. */
export function unknownTool(name: string, names: readonly string[]): UnknownToolError {
  const match = nearest(name, names);
  if (match !== undefined) return new UnknownToolError(name, `did you mean ${match}?`);
  const rest = names.length > shownTools ? `, and ${names.length - shownTools} more` : "";
  return new UnknownToolError(
    name,
    names.length === 0 ? undefined : `tools: ${names.slice(0, shownTools).join(", ")}${rest}`,
  );
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

/** Throws for the first name that no tool has. */
export function checkNames(names: readonly string[], known: readonly string[]): void {
  const all = new Set(known);
  const unknown = names.find((name) => !all.has(name));
  if (unknown !== undefined)
    throw new OptionsError(unknownTool(unknown, known).toToolError().message + didYouMean(unknown, known));
}

function checkSchemes(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const all = known.length === 0 ? "the document declares none" : `the document declares ${known.join(", ")}`;
  throw new OptionsError(
    `auth: there is no security scheme ${JSON.stringify(unknown)}; ${all}${didYouMean(unknown, known)}`,
  );
}

function didYouMean(name: string, known: readonly string[]): string {
  const match = nearest(name, known);
  return match === undefined ? "" : `; did you mean ${match}?`;
}
