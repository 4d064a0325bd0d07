import { DocumentError } from "./errors.ts";
import type { Source } from "./read-source.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** The OpenAPI version of a document, as written. Throws `DocumentError` for anything that fctool does not read. */
export function versionOf(value: RawObject, { label, text }: Pick<Source, "label" | "text">): string {
  const location = { file: label, line: 1, column: 1 };
  const written = value.swagger ?? value.openapi;
  if (written === undefined || written === null) {
    const kind = textKinds.find(([pattern]) => pattern.test(text))?.[1];
    const [description, fix] = kind === undefined ? describe(value) : [`it ${kind}`, fixOf(kind)];
    throw new DocumentError(`not an OpenAPI document: ${description}`, fix, location);
  }
  const version = /^\d+$/.test(String(written)) ? `${written}.0` : String(written);
  if (/^(2\.0|3\.[012])(\.|-|$)/.test(version)) return version;
  const problem = `OpenAPI version ${JSON.stringify(written)} is not supported`;
  throw new DocumentError(problem, "fctool reads Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2.", location);
}

const fixUnknown = 'An OpenAPI document has a key `openapi: "3.…"` or `swagger: "2.0"` at its top.';

function fixOf(kind = ""): string {
  if (kind.includes("HTML")) return fixHtml;
  return kind.includes("GraphQL") ? fixGraphql : fixUnknown;
}

/** Throws what is wrong with a text that is not even an object. */
export function refuseText(text: string, label: string, cause?: unknown): never {
  const kind = textKinds.find(([pattern]) => pattern.test(text))?.[1];
  if (kind === undefined && cause instanceof Error) throw cause;
  const location = { file: label, line: 1, column: 1 };
  if (text.trim() === "")
    throw new DocumentError("the document is empty", "Check that it was written whole.", location);
  const problem = `not an OpenAPI document: it ${kind ?? "holds no object"}`;
  throw new DocumentError(problem, fixOf(kind), location, { cause });
}

const fixGraphql = "GraphQL has one operation for all; there is nothing to compile without a REST API before it.";
const fixHtml =
  "It is a page about the document, or one to sign in at; give the address of the JSON or YAML itself, or download it.";

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

function describe(value: RawObject): [problem: string, fix: string] {
  const misspelt = Object.keys(value).find((key) => /^(o[a-z]*ap[a-z]*i|swag[a-z]*)$/i.test(key) && key.length < 10);
  if (misspelt !== undefined) {
    const right = /^s/i.test(misspelt) ? "swagger" : "openapi";
    return [
      `its key ${JSON.stringify(misspelt)} is not spelt ${right}`,
      `Write: ${right}: ${JSON.stringify(value[misspelt])}`,
    ];
  }
  const kind = kinds.find(([matches]) => matches(value));
  if (kind !== undefined) return [`it looks like ${kind[1]}`, kind[2] ?? fixUnknown];
  const keys = Object.keys(value).slice(0, 6);
  const problem =
    keys.length === 0 ? "it is an empty object" : `it has no such version key; its keys are ${keys.join(", ")}`;
  return [problem, fixUnknown];
}

const fixConvert = "Convert it to OpenAPI first.";
const fixExport = "Export it as OpenAPI.";

const kinds: readonly (readonly [matches: (value: RawObject) => boolean, name: string, fix?: string])[] = [
  [
    ({ asyncapi }) => asyncapi !== undefined,
    "an AsyncAPI document",
    "fctool calls APIs over HTTP: give the OpenAPI document of the same service.",
  ],
  [
    ({ arazzo }) => arazzo !== undefined,
    "an Arazzo document",
    "It describes workflows; give the documents that its sourceDescriptions name.",
  ],
  [
    ({ overlay }) => overlay !== undefined,
    "an OpenAPI Overlay",
    "Give the document that it changes, and this with --overlay.",
  ],
  [({ swaggerVersion }) => swaggerVersion !== undefined, "a Swagger 1 document", fixConvert],
  [
    ({ info, item }) => isRawObject(info) && ("_postman_id" in info || Array.isArray(item)),
    "a Postman collection",
    fixExport,
  ],
  [({ type, _type }) => /insomnia/.test(String(type)) || _type === "export", "an Insomnia export", fixExport],
  [({ kind }) => kind === "discovery#restDescription", "a Google API discovery document", fixConvert],
  [
    ({ data, __schema }) => __schema !== undefined || (isRawObject(data) && "__schema" in data),
    "a GraphQL introspection result",
    fixGraphql,
  ],
  [({ log }) => isRawObject(log) && "entries" in log, "a HAR recording"],
  [
    ({ kits, version, about }) => isRawObject(kits) && (version !== undefined || about !== undefined),
    "a lock of fctool",
  ],
  [
    ({ kits }) => isRawObject(kits),
    "a configuration of fctool",
    "Leave it out: fctool generate finds it, or --config names it.",
  ],
  [({ apiVersion, kind }) => apiVersion !== undefined && kind !== undefined, "a Kubernetes manifest"],
  [({ $schema, $defs, type }) => ($schema ?? $defs) !== undefined || type === "object", "a JSON Schema"],
  [
    ({ paths, components }) => isRawObject(paths) || isRawObject(components),
    "a part of an OpenAPI document, without the key that says its version",
  ],
  [({ name, version }) => typeof name === "string" && typeof version === "string", "a package description"],
];
