import { createRequire } from "node:module";
import { isObject, type Json, objects, type SourceDocument, type SourceOperation } from "./document.ts";
import { withoutCircles } from "./references.ts";

// Through `require`, since the types of these packages bring TypeScript sources that our flags refuse.
const require = createRequire(import.meta.url);
const { OPERATION_CONFIG } = require("@stoplight/http-spec/oas") as { OPERATION_CONFIG: unknown };
const { transformOas2Operation } = require("@stoplight/http-spec/oas2/operation") as {
  transformOas2Operation: Transform;
};
const { transformOas3Operation } = require("@stoplight/http-spec/oas3/operation") as {
  transformOas3Operation: Transform;
};
const { bundleTarget } = require("@stoplight/json") as {
  bundleTarget(options: { document: Json; path: string; cloneDocument: boolean }): PrismOperation;
};
const { validateInput } = require("@stoplight/prism-http/dist/validator/index.js") as {
  validateInput(input: { resource: PrismOperation; element: PrismRequest }): Outcome;
};

type Transform = (options: { document: Json; name: string; method: string; config: unknown }) => Json;
type Outcome = { readonly _tag: "Right" } | { readonly _tag: "Left"; readonly left: readonly Diagnostic[] };

interface Diagnostic {
  readonly path?: readonly (string | number)[];
  readonly code?: string | number;
  readonly message: string;
  /** 0 is an error. */
  readonly severity: number;
}

/** An operation as Prism reads it. */
export interface PrismOperation {
  readonly request?: Json;
}

/** A request as Prism's HTTP server hands it to the validator. */
export interface PrismRequest {
  readonly method: string;
  readonly url: { readonly path: string; readonly query: { readonly [name: string]: string | string[] } };
  readonly headers: { readonly [name: string]: string };
  readonly body: unknown;
}

/** What Prism has to say against a request. */
export interface Violation {
  /** `path`, `query`, `header`, `body`; `prism` where it failed itself. */
  readonly place: string;
  readonly path: readonly string[];
  readonly code: string;
  readonly message: string;
}

/** Reads operations as `getHttpOperationsFromSpec` does, but one at a time, so that a bad one costs that one alone. */
export function createReader(document: SourceDocument): (operation: SourceOperation) => PrismOperation {
  const transform = document.version.startsWith("2") ? transformOas2Operation : transformOas3Operation;
  const known = new Map<SourceOperation, PrismOperation>();

  return (operation) => {
    const read = known.get(operation);
    if (read !== undefined) return read;
    const finite = withoutCircles(requestAlone(document.root, operation)) as Json;
    const name = pathAlone(operation);
    const method = operation.method.toLowerCase();
    const target = transform({ document: finite, name, method, config: OPERATION_CONFIG });
    const bundled = bundleTarget({
      document: { ...finite, __target__: target },
      path: "#/__target__",
      cloneDocument: false,
    });
    known.set(operation, bundled);
    return bundled;
  };
}

/** A document of one operation and its requests. Answers are large, lead back to each other, and are not looked at. */
function requestAlone(root: Json, source: SourceOperation): Json {
  const { method, operation, item } = source;
  const { components, definitions: _definitions, parameters: _parameters, responses: _responses, ...others } = root;
  const { responses: _answers, callbacks: _callbacks, ...request } = operation;
  const { securitySchemes } = Object(components);
  return {
    ...others,
    components: { securitySchemes },
    paths: {
      [pathAlone(source)]: {
        parameters: item.parameters,
        servers: item.servers,
        [method.toLowerCase()]: { ...request, responses: {} },
      },
    },
  };
}

/** Prism finds no values in the path where its template goes on with a query or a fragment. */
function pathAlone({ path }: SourceOperation): string {
  return path.replace(/[?#].*/s, "");
}

/** The operation with its parameters written so that Prism reads them as the specification does. */
export function mend(resource: PrismOperation): PrismOperation {
  const { request = {} } = resource;
  const { query, header, path } = request;
  const mended = {
    query: objects(query),
    headers: objects(request.headers),
    header: objects(header),
    path: objects(path),
  };
  return {
    ...resource,
    request: {
      ...request,
      ...Object.fromEntries(Object.entries(mended).map(([place, list]) => [place, list.map(mendParameter)])),
    },
  };
}

function mendParameter(parameter: Json): Json {
  const { style, explode, schema } = parameter;
  const types = isObject(schema) && Array.isArray(schema.type) ? schema.type.filter((type) => type !== "null") : [];
  return {
    ...parameter,
    // Else Prism takes false for `form` too.
    explode: explode ?? style === "form",
    // Else Prism does not see that it is an array.
    ...(types.length === 1 && { schema: { ...Object(schema), type: types[0] } }),
  };
}

/** All that Prism has against a request. */
export function validate(resource: PrismOperation, element: PrismRequest): Violation[] {
  try {
    const outcome = validateInput({ resource, element });
    if (outcome._tag === "Right") return [];
    return outcome.left
      .filter(({ severity }) => severity === 0)
      .map(({ path = [], code, message }) => ({
        place: String(path[0] ?? "body"),
        path: path.slice(1).map(String),
        code: String(code ?? ""),
        message,
      }));
  } catch (error) {
    return [
      { place: "prism", path: [], code: "threw", message: error instanceof Error ? error.message : String(error) },
    ];
  }
}
