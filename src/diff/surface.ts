import type { Api, Arg, ObjectSchema, Property, Schema } from "../compiler/api.ts";
import { mediaKind } from "../compiler/media-types.ts";
import { operationKey } from "../compiler/names.ts";
import { sayNeeds } from "../compiler/notes.ts";
import type { Names, Tool } from "../compiler/tool.ts";
import { collectReferences } from "../emit/reach.ts";
import type { Compiled } from "../generate.ts";
import type { LockedKit } from "../lock.ts";
import type {
  ArgsCodec,
  Effect,
  Fields,
  JsonSchema,
  Parameter,
  Route,
  Api as RuntimeApi,
  SecurityScheme,
} from "../runtime/types.ts";
import { rulesOf } from "./compare-rules.ts";
import type { Definitions, Natural } from "./natural.ts";

/** What a model and calling code can know of an API, wherever that was read from. */
export interface Surface {
  readonly tools: readonly SurfaceTool[];
}

/** A tool; what a source does not tell is missing. */
export interface SurfaceTool {
  readonly name: string;
  /** `GET /pets`. */
  readonly operation?: string | undefined;
  /** What code calls. */
  readonly executor?: string | undefined;
  readonly description?: string | undefined;
  /** What the document says of it, of which the description is what models read. */
  readonly words?: string | undefined;
  readonly effect?: Effect | undefined;
  readonly approval?: "always" | "never" | "by effect" | undefined;
  readonly isDeprecated?: boolean | undefined;
  /** Where its requests go, the default first. */
  readonly servers?: readonly string[] | undefined;
  /** Alternatives of credentials, each a list of schemes. */
  readonly security?: readonly (readonly string[])[] | undefined;
  /** How the credential of each scheme is sent. */
  readonly schemes?: { readonly [scheme: string]: string } | undefined;
  /** What code gives for each scheme of its kit. */
  readonly auth?: { readonly [scheme: string]: CredentialType } | undefined;
  /** Permissions that its credentials need: `oauth: write:pets`. */
  readonly scopes?: readonly string[] | undefined;
  /** Arguments that the kit fills in, and from which key. */
  readonly injected?: { readonly [argument: string]: string } | undefined;
  /** The fields of its answer that the model reads, where that is not all. */
  readonly pick?: readonly string[] | undefined;
  /** Where each argument goes: `query`, `body (application/json)`. */
  readonly places?: { readonly [argument: string]: string } | undefined;
  /** What the model is offered. */
  readonly parameters?: JsonSchema | undefined;
  /** Whether providers hold the model to them. */
  readonly isStrict?: boolean | undefined;
  /** How what a model writes becomes what code would. */
  readonly codec?: ArgsCodec | undefined;
  /** The arguments as code writes them. */
  readonly args?: Natural | undefined;
  /** What a call gives. */
  readonly result?: Natural | undefined;
  /** Of all that the model sees, where nothing else tells of it. */
  readonly hash?: string | undefined;
}

export type CredentialType = "a token" | "a user name and a password" | "a token or the credentials of a client";

/** The surface of a compiled document. */
export function surfaceOf({ api, tools, names }: Compiled): Surface {
  const definitions = definitionsOf(api, tools, names);
  const shared = { servers: api.servers, securitySchemes: schemesOf(api) };
  return {
    tools: tools.map((tool): SurfaceTool => {
      const { operation, name, description, parameters, strict, codec, route } = tool;
      return {
        name,
        operation: `${operation.method} ${operation.path}`,
        executor: names.operations.get(operationKey(operation))?.executor,
        description,
        words: `${operation.summary}\n${operation.description}`,
        effect: operation.effect,
        approval: operation.approval ?? "by effect",
        isDeprecated: operation.deprecated,
        pick: operation.pick ?? [],
        ...routeSurface(route, shared),
        scopes: Object.entries(operation.scopes ?? {}).flatMap(([scheme, scopes]) =>
          scopes.map((scope) => `${scheme}: ${scope}`),
        ),
        parameters,
        isStrict: strict,
        codec,
        args: { schema: argsSchema(tool), definitions },
        result: { schema: resultSchema(tool), definitions },
      };
    }),
  };
}

/** The surface of a lock. */
export function surfaceOfLock(kit: LockedKit): Surface {
  return { tools: Object.entries(kit).map(([operation, { name, hash }]) => ({ name, operation, hash })) };
}

/** The paths of fields: `["id", "owner.login"]`. */
export function pathsOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, inner]) => {
    const own = name.replaceAll(/[.\\]/g, "\\$&");
    return inner === true ? own : pathsOf(inner).map((path) => `${own}.${path}`);
  });
}

/** What a route says, which kits hold too. */
export function routeSurface(
  { parameters = {}, body, security = [], injected = {}, servers: own }: Route,
  { server, servers, securitySchemes = {} }: RuntimeApi<{ readonly [scheme: string]: unknown }>,
): Pick<SurfaceTool, "servers" | "security" | "schemes" | "auth" | "injected" | "places"> {
  const all = own ?? servers ?? (server === undefined ? [] : [{ url: server }]);
  const used = new Set(security.flat());
  const schemes = Object.entries(securitySchemes).filter(([name]) => used.has(name));
  const placeOfBody = `the body (${body?.mediaType})`;
  return {
    servers: all.map(({ url, variables = {} }) =>
      url.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => variables[name]?.default ?? whole),
    ),
    security,
    schemes: Object.fromEntries(schemes.map(([name, scheme]) => [name, schemeText(scheme)])),
    auth: Object.fromEntries(
      Object.entries(securitySchemes).map(([name, scheme]) => [name, credentialType(scheme)] as const),
    ),
    injected,
    places: {
      ...Object.fromEntries(
        Object.entries(parameters).map(([argument, parameter]) => [argument, placeText(parameter)]),
      ),
      ...Object.fromEntries((body?.args ?? [body?.arg ?? []].flat()).map((argument) => [argument, placeOfBody])),
    },
  };
}

function schemesOf({ securitySchemes }: Api): { readonly [scheme: string]: SecurityScheme } {
  return Object.fromEntries([...securitySchemes].map(([name, { scheme }]) => [name, scheme]));
}

function placeText({ in: place, name, style, explode, allowReserved, mediaType }: Parameter): string {
  const form = [
    style ?? mediaType ?? [],
    explode === undefined ? [] : explode ? "exploded" : "not exploded",
    allowReserved ? "reserved characters as they are" : [],
  ].flat();
  return `the ${place}${name === undefined ? "" : ` as ${name}`}${form.length > 0 ? ` (${form.join(", ")})` : ""}`;
}

function credentialType(scheme: SecurityScheme): CredentialType {
  if (scheme.type === "http" && scheme.scheme === "basic") return "a user name and a password";
  const isClient = scheme.type === "oauth2" && scheme.tokenUrl !== undefined;
  return isClient ? "a token or the credentials of a client" : "a token";
}

function schemeText(scheme: SecurityScheme): string {
  switch (scheme.type) {
    case "apiKey":
      return `${scheme.name} in the ${scheme.in}`;
    case "http":
      return `HTTP ${scheme.scheme}`;
    case "oauth2":
      return scheme.tokenUrl === undefined ? "OAuth 2" : `OAuth 2 from ${scheme.tokenUrl}`;
    case "openIdConnect":
      return "OpenID Connect";
    case "mutualTLS":
      return "mutual TLS";
  }
}

// ------------------------------------------------------------ schemas as code sees them

type Direction = "request" | "result";

/** References of ours name a direction, and a key of `Api.schemas`. Each schema is read once. */
function definitionsOf(api: Api, tools: readonly Tool[], names: Names): Definitions {
  const { schemas } = api;
  const known = new Map<string, JsonSchema>();
  const references = collectReferences(api, tools, names);
  const exported = new Set<string>(references.declared.map(({ name }) => name));
  return {
    resolve(reference) {
      const [direction, target] = split(reference);
      const schema = known.get(reference) ?? naturalSchema(schemas.get(target)?.schema ?? { kind: "any" }, direction);
      known.set(reference, schema);
      return schema;
    },
    typeOf(reference) {
      const [direction, target] = split(reference);
      return references.name(target, direction);
    },
    exports: (type) => exported.has(type),
  };
}

function split(reference: string): [direction: Direction, target: string] {
  const colon = reference.indexOf(":");
  return [reference.slice(0, colon) as Direction, reference.slice(colon + 1)];
}

function argsSchema({ operation: { args, injected = [], body } }: Tool): JsonSchema {
  const toProperty = ({ name, required, schema, deprecated, description = schema.description }: Arg): Property => ({
    name,
    required,
    schema: { ...schema, ...(description !== undefined && { description }), ...(deprecated && { deprecated }) },
  });
  const filledIn = injected.map(({ arg }) => ({ ...toProperty(arg), required: false }));
  const properties = [...args.map(toProperty), ...filledIn];
  return objectSchema({ kind: "object", properties, ...(body?.needs && { needs: body.needs }) }, "request");
}

function resultSchema({ operation: { result } }: Tool): JsonSchema {
  if (result === undefined) return { type: "nothing" };
  const { mediaTypes } = result;
  if (mediaTypes.length > 0 && mediaTypes.every((mediaType) => mediaKind(mediaType) === "events"))
    return { type: "events" };
  const branches = result.schemas.map((schema) => naturalSchema(schema, "result"));
  const all = result.maybeEmpty ? [...branches, { type: "nothing" }] : branches;
  return all.length === 1 ? (all[0] as JsonSchema) : { anyOf: all };
}

function naturalSchema(schema: Schema, direction: Direction): JsonSchema {
  const written = plainSchema(schema, direction);
  const isNullable = schema.nullable === true && schema.kind !== "null";
  const deprecated = schema.deprecated && { deprecated: true };
  const whole = { ...(isNullable ? { anyOf: [written, { type: "null" }] } : written), ...deprecated };
  if (direction === "result") return whole;
  const { notes = [], examples, default: byDefault } = schema;
  const description = [schema.description ?? [], ...notes].flat().join("\n");
  return {
    ...whole,
    ...(description !== "" && { description }),
    ...(byDefault !== undefined && { default: byDefault }),
    ...(examples !== undefined && { examples }),
  };
}

function plainSchema(schema: Schema, direction: Direction): JsonSchema {
  const inner = (each: Schema) => naturalSchema(each, direction);
  switch (schema.kind) {
    case "ref":
      return { $ref: `${direction}:${schema.target}` };
    case "any":
      return {};
    case "null":
    case "boolean":
    case "file":
      return { type: schema.kind };
    case "string":
      return { type: "string", ...rulesOf({ ...schema }) };
    case "number":
      return { type: schema.integer ? "integer" : "number", ...rulesOf({ ...schema }) };
    case "enum":
      return { enum: schema.values };
    case "array":
      return { type: "array", items: inner(schema.items), ...rulesOf({ ...schema }) };
    case "tuple":
      return { type: "array", prefixItems: schema.items.map(inner) };
    case "union":
      return { anyOf: schema.branches.map(inner) };
    case "object":
      return objectSchema(schema, direction);
  }
}

function objectSchema(schema: ObjectSchema, direction: Direction): JsonSchema {
  const hidden = direction === "request" ? "readOnly" : "writeOnly";
  const properties = schema.properties.filter((property) => !property[hidden]);
  return {
    type: "object",
    properties: Object.fromEntries(properties.map(({ name, schema }) => [name, naturalSchema(schema, direction)])),
    required: properties.filter(({ required }) => required).map(({ name }) => name),
    ...(schema.additional && { additionalProperties: naturalSchema(schema.additional, direction) }),
    ...rulesOf({ ...schema, needs: schema.needs && sayNeeds(schema.needs) }),
  };
}
