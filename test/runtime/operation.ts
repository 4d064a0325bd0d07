import { clientCredentials } from "../../src/runtime/client-credentials.ts";
import { eventStream } from "../../src/runtime/events.ts";
import { executor } from "../../src/runtime/executor.ts";
import { binaryBody } from "../../src/runtime/files.ts";
import { formBody, multipartBody } from "../../src/runtime/form.ts";
import { pickedFields } from "../../src/runtime/pick-fields.ts";
import type { Executor, Operation } from "../../src/runtime/types.ts";
import { xmlBody } from "../../src/runtime/xml.ts";

type Values = { [name: string]: unknown };

/** An executor for as much of an operation as a test is about. */
export function operation(given: Partial<Operation>) {
  const made: Executor<Values, unknown, any> = executor({
    api: {},
    uses: [binaryBody, clientCredentials, eventStream, formBody, multipartBody, pickedFields, xmlBody],
    tool: { type: "function", function: { name: "test", strict: true, parameters: {} } },
    method: "GET",
    path: "/",
    ...given,
  });
  return made;
}
