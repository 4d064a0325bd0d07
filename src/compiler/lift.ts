import { visitSchemas } from "./grammar.ts";
import { joinPointer, parsePointer, valueAt } from "./pointer.ts";
import { isRawObject, isReference, type RawObject } from "./references.ts";

type Mutable = { [key: string]: unknown };

/**
 * Lifts a Swagger 2.0 document to OpenAPI 3. `definitions`, `parameters` and `responses` stay in their places, so that
 * references and pointers mean the same as before; `moved` says where a value stood that now stands elsewhere.
 */
export function lift(document: RawObject): { root: RawObject; moved: ReadonlyMap<string, string> } {
  const moved = new Map<string, string>();
  const { swagger: _swagger, host: _host, basePath: _basePath, schemes: _schemes, ...rest } = document;
  const root: Mutable = {
    ...rest,
    openapi: "3.0.4",
    servers: serversOf(document),
    components: { securitySchemes: mapObject(document.securityDefinitions, securityScheme) },
    parameters: mapObject(document.parameters, (parameter) =>
      isBodyPart(parameter) ? parameter : liftParameter(parameter),
    ),
    responses: mapObject(document.responses, (response) => liftResponse(response, mediaTypes(document.produces))),
    paths: mapObject(document.paths, (item, path) =>
      liftPathItem(item, joinPointer("#", "paths", path), document, moved),
    ),
  };
  moved.set("#/components/securitySchemes", "#/securityDefinitions");
  visitSchemas(root, "document", liftSchema);
  return { root, moved };
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch"];

function serversOf({ host, basePath, schemes }: RawObject): RawObject[] | undefined {
  const base = typeof basePath === "string" ? basePath.replace(/\/+$/, "") : "";
  if (typeof host !== "string" || host === "") return base === "" ? undefined : [{ url: base }];
  const known = ["https", "http"].filter((scheme) => Array.isArray(schemes) && schemes.includes(scheme));
  return (known.length > 0 ? known : ["https"]).map((scheme) => ({
    url: `${scheme}://${host.replace(/^https?:\/\//i, "")}${base}`,
  }));
}

const flows: { [flow: string]: string } = { application: "clientCredentials", accessCode: "authorizationCode" };

function securityScheme(scheme: unknown): unknown {
  if (!isRawObject(scheme)) return scheme;
  if (scheme.type === "basic") return { ...scheme, type: "http", scheme: "basic" };
  if (scheme.type !== "oauth2") return scheme;
  const { flow, authorizationUrl, tokenUrl, scopes = {}, ...rest } = scheme;
  const name = typeof flow === "string" ? (flows[flow] ?? flow) : "implicit";
  return { ...rest, flows: { [name]: { authorizationUrl, tokenUrl, scopes } } };
}

// ------------------------------------------------------------ operations

interface Placed {
  readonly parameter: RawObject;
  /** Where it stands in the document. */
  readonly pointer: string;
}

function liftPathItem(item: unknown, pointer: string, document: RawObject, moved: Map<string, string>): unknown {
  if (!isRawObject(item)) return item;
  const shared = parametersOf(item, pointer, document);
  const lifted: Mutable = { ...item };
  if (item.parameters !== undefined) lifted.parameters = wireParameters(shared, pointer, moved);
  for (const method of methods) {
    const operation = item[method];
    if (!isRawObject(operation)) continue;
    lifted[method] = liftOperation(operation, joinPointer(pointer, method), shared, document, moved);
  }
  return lifted;
}

function liftOperation(
  operation: RawObject,
  pointer: string,
  shared: readonly Placed[],
  document: RawObject,
  moved: Map<string, string>,
): RawObject {
  const { consumes, produces, parameters, ...rest } = operation;
  const lifted: Mutable = { ...rest };
  const own = parametersOf(operation, pointer, document);
  if (parameters !== undefined) lifted.parameters = wireParameters(own, pointer, moved);
  const parts = bodyParts(own, shared);
  const [first] = parts;
  if (first !== undefined) {
    lifted.requestBody = requestBody(
      parts.map(({ parameter }) => parameter),
      mediaTypes(consumes ?? document.consumes),
    );
    moved.set(joinPointer(pointer, "requestBody"), first.pointer);
  }
  const answers = mediaTypes(produces ?? document.produces);
  lifted.responses = mapObject(operation.responses, (response) => {
    const target = produces === undefined ? response : resolve(response, document);
    return liftResponse(target, answers);
  });
  return lifted;
}

/** The parameters of an operation or path. One that is part of the body stands for itself, also where it is a reference. */
function parametersOf(owner: RawObject, pointer: string, document: RawObject): Placed[] {
  if (!Array.isArray(owner.parameters)) return [];
  return owner.parameters.flatMap((written: unknown, index) => {
    const target = resolve(written, document);
    const parameter = isBodyPart(target) ? target : written;
    return isRawObject(parameter) ? [{ parameter, pointer: joinPointer(pointer, "parameters", index) }] : [];
  });
}

function wireParameters(all: readonly Placed[], owner: string, moved: Map<string, string>): unknown[] {
  const kept = all.filter(({ parameter }) => !isBodyPart(parameter));
  kept.forEach(({ pointer }, index) => {
    const place = joinPointer(owner, "parameters", index);
    if (place !== pointer) moved.set(place, pointer);
  });
  return kept.map(({ parameter }) => liftParameter(parameter));
}

/** Those of the operation, and those of its path that it does not replace. A body replaces form fields, and the other way. */
function bodyParts(own: readonly Placed[], shared: readonly Placed[]): Placed[] {
  const mine = own.filter(({ parameter }) => isBodyPart(parameter));
  const body = mine.find(({ parameter }) => parameter.in === "body");
  if (body !== undefined) return [body];
  const inherited = shared.filter(
    ({ parameter }) =>
      isBodyPart(parameter) &&
      (mine.length === 0 || parameter.in === "formData") &&
      !mine.some((other) => other.parameter.name === parameter.name),
  );
  const all = [...inherited, ...mine];
  const inheritedBody = all.find(({ parameter }) => parameter.in === "body");
  return inheritedBody === undefined ? all : [inheritedBody];
}

function isBodyPart(parameter: unknown): boolean {
  return isRawObject(parameter) && (parameter.in === "body" || parameter.in === "formData");
}

// ------------------------------------------------------------ parameters, bodies, answers

/** What a parameter says about itself; all else says what its value is. */
const parameterFields = new Set(["name", "in", "description", "required", "allowEmptyValue", "deprecated", "schema"]);

function liftParameter(parameter: unknown): unknown {
  if (!isRawObject(parameter) || isReference(parameter)) return parameter;
  const [own, schema] = splitParameter(parameter);
  return { ...own, ...styleOf(parameter), schema: parameter.schema ?? schema };
}

function splitParameter(parameter: RawObject): [own: RawObject, schema: RawObject] {
  const own: Mutable = {};
  const schema: Mutable = {};
  for (const [field, value] of Object.entries(parameter)) {
    if (field === "collectionFormat") continue;
    const isOwn = parameterFields.has(field) || (field.startsWith("x-") && field !== "x-nullable");
    define(isOwn ? own : schema, field, value);
  }
  return [own, schema];
}

const styles: { [collectionFormat: string]: RawObject } = {
  csv: { style: "form", explode: false },
  ssv: { style: "spaceDelimited", explode: false },
  tsv: { style: "tabDelimited", explode: false },
  pipes: { style: "pipeDelimited", explode: false },
  multi: { style: "form", explode: true },
};

/** How an array is written. Without a word about it, with commas. */
function styleOf(parameter: RawObject): RawObject {
  if (parameter.type !== "array") return {};
  const { collectionFormat } = parameter;
  const format =
    typeof collectionFormat === "string" && Object.hasOwn(styles, collectionFormat) ? collectionFormat : "csv";
  const isDelimited = parameter.in === "query" || parameter.in === "formData" || !["csv", "multi"].includes(format);
  return isDelimited ? (styles[format] ?? {}) : { style: "simple", explode: false };
}

function requestBody(parts: readonly RawObject[], consumes: readonly string[]): RawObject {
  const [body] = parts;
  if (body?.in === "body") {
    const { name: _name, in: _in, schema = {}, ...rest } = body;
    return { ...rest, content: contentOf(consumes, { schema }) };
  }
  const encoding = formEncoding(parts);
  const media = { schema: formSchema(parts), ...(Object.keys(encoding).length > 0 && { encoding }) };
  const isRequired = parts.some(({ required }) => required === true);
  return { required: isRequired, content: contentOf(formTypes(parts, consumes), media) };
}

const multipart = "multipart/form-data";
const urlencoded = "application/x-www-form-urlencoded";

function formTypes(parts: readonly RawObject[], consumes: readonly string[]): string[] {
  if (parts.some(({ type }) => type === "file")) return [multipart];
  const written = consumes.filter((type) => type.startsWith(multipart) || type.startsWith(urlencoded));
  return written.length > 0 ? written : [urlencoded];
}

function formSchema(parts: readonly RawObject[]): RawObject {
  const properties: Mutable = {};
  for (const part of parts) {
    const [{ description }, schema] = splitParameter(part);
    define(properties, String(part.name), description === undefined ? schema : { ...schema, description });
  }
  const required = parts.filter((part) => part.required === true).map(({ name }) => String(name));
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

function formEncoding(parts: readonly RawObject[]): RawObject {
  const encoding: Mutable = {};
  for (const part of parts) if (part.type === "array") define(encoding, String(part.name), styleOf(part));
  return encoding;
}

function liftResponse(response: unknown, produces: readonly string[]): unknown {
  if (!isRawObject(response) || isReference(response)) return response;
  const { schema, examples, ...rest } = response;
  const content: Mutable = schema === undefined ? {} : { ...contentOf(produces, { schema }) };
  if (isRawObject(examples)) {
    for (const [type, example] of Object.entries(examples)) {
      const media = content[type];
      if (isRawObject(media)) content[type] = { ...media, example };
    }
  }
  return { ...rest, ...(schema !== undefined && { content }) };
}

function liftSchema(schema: Mutable): void {
  if (schema.type === "file") Object.assign(schema, { type: "string", format: "binary" });
  if (schema["x-nullable"] === true) schema.nullable = true;
  if (typeof schema.discriminator === "string") schema.discriminator = { propertyName: schema.discriminator };
}

// ------------------------------------------------------------ objects

function mediaTypes(written: unknown): string[] {
  const types = Array.isArray(written) ? written.filter((type) => typeof type === "string" && type !== "") : [];
  return types.length > 0 ? types : ["application/json"];
}

function contentOf(types: readonly string[], media: RawObject): RawObject {
  return Object.fromEntries(types.map((type) => [type, { ...media }]));
}

function resolve(value: unknown, document: RawObject): unknown {
  let target = value;
  for (let steps = 0; isReference(target) && target.$ref.startsWith("#/") && steps < 20; steps++) {
    target = valueAt(document, parsePointer(target.$ref));
  }
  return target;
}

function mapObject(value: unknown, change: (child: unknown, key: string) => unknown): RawObject | undefined {
  if (!isRawObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child, key)]));
}

/** Sets an own property, whatever it is called: `__proto__` is a name like any other. */
function define(target: Mutable, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
