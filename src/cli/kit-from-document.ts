import type { Api } from "../compiler/api.ts";
import { fieldsOf } from "../compiler/pick.ts";
import type { Tool } from "../compiler/tool.ts";
import type { Compiled } from "../generate.ts";
import { executor } from "../runtime/executor.ts";
import { kit } from "../runtime/kit.ts";
import type { Dispatcher, Kit, KitOptions } from "../runtime/kit-types.ts";
import type { Api as RuntimeApi } from "../runtime/types.ts";
import { everyFeature } from "./every-feature.ts";

/** The kit of a document, without a file between: the same data that a generated module holds. */
export function kitFromDocument({ api, tools }: Pick<Compiled, "api" | "tools">, options: KitOptions): Kit<Dispatcher> {
  const shared = toRuntimeApi(api);
  const executors = tools.map((tool) => [tool.name, toExecutor(tool, shared)] as const);
  return kit({ api: shared, dispatcher: Object.fromEntries(executors) as Dispatcher }, options);
}

function toExecutor({ operation, name, description, strict, parameters, codec, route }: Tool, api: RuntimeApi) {
  return executor({
    api,
    tool: { type: "function", function: { name, description, strict, parameters } },
    ...route,
    codec,
    effect: operation.effect,
    ...(operation.approval !== undefined && { approval: operation.approval }),
    ...(operation.pick !== undefined && { result: { pick: fieldsOf(operation.pick) } }),
  });
}

function toRuntimeApi({ servers, securitySchemes }: Api): RuntimeApi {
  const schemes = Object.fromEntries([...securitySchemes].map(([name, { scheme }]) => [name, scheme]));
  return { servers, securitySchemes: schemes as NonNullable<RuntimeApi["securitySchemes"]>, uses: everyFeature };
}
