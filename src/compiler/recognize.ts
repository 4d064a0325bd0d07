import { DocumentError } from "./errors.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** The OpenAPI version of a document, as written. Throws `DocumentError` for anything that fctool does not read. */
export function versionOf(value: RawObject, label: string): string {
  const location = { file: label, line: 1, column: 1 };
  const written = value.swagger ?? value.openapi;
  if (written === undefined || written === null) {
    throw new DocumentError(`not an OpenAPI document: ${describe(value)}`, fixUnknown, location);
  }
  const version = /^\d+$/.test(String(written)) ? `${written}.0` : String(written);
  if (/^(2\.0|3\.[012])(\.|-|$)/.test(version)) return version;
  const problem = `OpenAPI version ${JSON.stringify(written)} is not supported`;
  throw new DocumentError(problem, "fctool reads Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2.", location);
}

const fixUnknown = 'An OpenAPI document has a key `openapi: "3.…"` or `swagger: "2.0"` at its top.';

/** Throws what is wrong with a text that is not even an object. */
export function refuseText(text: string, label: string, cause?: unknown): never {
  const kind = textKinds.find(([pattern]) => pattern.test(text))?.[1];
  if (kind === undefined && cause instanceof Error) throw cause;
  const location = { file: label, line: 1, column: 1 };
  if (text.trim() === "")
    throw new DocumentError("the document is empty", "Check that it was written whole.", location);
  const problem = `not an OpenAPI document: it ${kind ?? "holds no object"}`;
  throw new DocumentError(problem, kind?.includes("HTML") ? fixHtml : fixUnknown, location, { cause });
}

const fixHtml = "This is a page about the document; give the address of the JSON or YAML itself.";

const textKinds: readonly [RegExp, string][] = [
  [/^\s*<(!doctype html|html|head|body)/i, "is an HTML page"],
  [/^\s*<\?xml[\s\S]{0,2000}wsdl/i, "is a WSDL file"],
  [/^\s*</, "is XML"],
  [/^#%RAML/, "is RAML"],
  [/^\s*FORMAT:\s*1A/, "is API Blueprint"],
  [/^\s*syntax\s*=\s*["']proto/m, "is a Protocol Buffers file"],
  [
    /^\s*("""|(extend\s+)?(type|input|interface|enum|union|scalar|schema|directive)\s+[@\w{])/m,
    "looks like a GraphQL schema",
  ],
];

function describe(value: RawObject): string {
  const kind = kinds.find(([matches]) => matches(value))?.[1];
  if (kind !== undefined) return `it looks like ${kind}`;
  const keys = Object.keys(value).slice(0, 6);
  return keys.length === 0 ? "it is an empty object" : `it has no such version key; its keys are ${keys.join(", ")}`;
}

const kinds: readonly [(value: RawObject) => boolean, string][] = [
  [({ asyncapi }) => asyncapi !== undefined, "an AsyncAPI document"],
  [({ arazzo }) => arazzo !== undefined, "an Arazzo document"],
  [({ overlay }) => overlay !== undefined, "an OpenAPI Overlay"],
  [({ swaggerVersion }) => swaggerVersion !== undefined, "a Swagger 1 document; convert it to OpenAPI first"],
  [
    ({ info, item }) => isRawObject(info) && ("_postman_id" in info || Array.isArray(item)),
    "a Postman collection; export it as OpenAPI",
  ],
  [
    ({ type, _type }) => /insomnia/.test(String(type)) || _type === "export",
    "an Insomnia export; export it as OpenAPI",
  ],
  [({ kind }) => kind === "discovery#restDescription", "a Google API discovery document; convert it to OpenAPI first"],
  [
    ({ data, __schema }) => __schema !== undefined || (isRawObject(data) && "__schema" in data),
    "a GraphQL introspection result",
  ],
  [({ log }) => isRawObject(log) && "entries" in log, "a HAR recording"],
  [({ apiVersion, kind }) => apiVersion !== undefined && kind !== undefined, "a Kubernetes manifest"],
  [({ $schema, $defs, type }) => ($schema ?? $defs) !== undefined || type === "object", "a JSON Schema"],
  [
    ({ paths, components }) => isRawObject(paths) || isRawObject(components),
    "a part of an OpenAPI document, without the key that says its version",
  ],
  [({ name, version }) => typeof name === "string" && typeof version === "string", "a package description"],
];
