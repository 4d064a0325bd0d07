import { everyFeature } from "../../src/cli/every-feature.ts";
import { executor } from "../../src/runtime/executor.ts";
import type { Executor } from "../../src/runtime/kit-types.ts";
import type { Operation } from "../../src/runtime/types.ts";

type Values = { [name: string]: unknown };

/** An executor for as much of an operation as a test is about. */
export function operation(given: Partial<Operation>) {
  // biome-ignore lint/suspicious/noExplicitAny: its credentials are those of any API.
  const made: Executor<Values, unknown, any> = executor({
    api: {},
    uses: everyFeature,
    tool: { type: "function", function: { name: "test", strict: true, parameters: {} } },
    method: "GET",
    path: "/",
    ...given,
  });
  return made;
}
