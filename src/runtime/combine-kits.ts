import { checkNames } from "./check-names.ts";
import { OptionsError } from "./errors.ts";
import type { AnyKit, Dispatcher, Kit } from "./kit-types.ts";
import { failure, readToolCall } from "./tool-call.ts";
import { unknownTool } from "./unknown-tool.ts";

/** A `Kit` of whatever tools and context. */
export interface SomeKit extends AnyKit<never> {
  call(name: never, ...input: never): Promise<unknown>;
  pick(...names: never[]): SomeKit;
}

type Intersection<Union> = (Union extends unknown ? (value: Union) => void : never) extends (value: infer All) => void
  ? All
  : never;

/** The tools of several kits, by name. */
export type MergedDispatcher<Kits extends readonly SomeKit[]> =
  Intersection<Kits[number]["dispatcher"]> extends infer All
    ? { readonly [Name in keyof All]: All[Name] } extends infer Merged extends Dispatcher
      ? Merged
      : never
    : never;

type TakesContext<K> = K extends AnyKit<infer Context> ? (context: Context) => void : never;

/** A context that serves several kits. */
export type MergedContext<Kits extends readonly SomeKit[]> =
  TakesContext<Kits[number]> extends (context: infer Context) => void ? Context : never;

/** One kit of the tools of several, each bound as it was. Throws where two have the same name. */
export function combineKits<const Kits extends readonly SomeKit[]>(
  ...kits: Kits
): Kit<MergedDispatcher<Kits>, MergedContext<Kits>> {
  return combine(kits as readonly SomeKit[] as unknown as readonly Kit<Dispatcher>[]) as unknown as Kit<
    MergedDispatcher<Kits>,
    MergedContext<Kits>
  >;
}

function combine(kits: readonly Kit<Dispatcher>[]): Kit<Dispatcher> {
  const owners = ownersOf(kits);
  const names = [...owners.keys()];
  const keeper = kits.find(({ history }) => history !== undefined);
  return {
    dispatcher: Object.fromEntries(kits.flatMap((kit) => Object.entries(kit.dispatcher))),
    tools: kits.flatMap((kit) => kit.tools),
    history: keeper?.history,

    async call(name, ...input) {
      const owner = owners.get(name);
      if (owner === undefined) throw unknownTool(name, names);
      return owner.call(name, ...input);
    },

    async dispatch(toolCall, options) {
      const { id, name } = readToolCall(toolCall);
      // Names that the model made up are written down, too.
      const kit = owners.get(name) ?? keeper ?? kits[0];
      const offered = options?.offered ?? names;
      return (
        kit?.dispatch(toolCall, { ...options, offered }) ?? failure(id, name, unknownTool(name, names).toToolError())
      );
    },

    pick(...picked) {
      checkNames(picked, names);
      const parts = kits.map((kit) => kit.pick(...picked.filter((name) => owners.get(name) === kit)));
      return combine(parts) as never;
    },
  };
}

function ownersOf(kits: readonly Kit<Dispatcher>[]): ReadonlyMap<string, Kit<Dispatcher>> {
  const owners = new Map<string, Kit<Dispatcher>>();
  const twice = new Set<string>();
  for (const kit of kits) {
    for (const name of Object.keys(kit.dispatcher)) {
      if (owners.has(name)) twice.add(name);
      owners.set(name, kit);
    }
  }
  if (twice.size > 0) throw new OptionsError(`several kits have a tool of the same name: ${[...twice].join(", ")}`);
  return owners;
}
