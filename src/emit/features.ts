import type { Api, Operation, Schema } from "../compiler/api.ts";
import { mediaKind } from "../compiler/media-types.ts";
import type { Tool } from "../compiler/tool.ts";
import type { ArgsCodec, Codec, Codecs, Route, Rules, Server } from "../runtime/types.ts";
import { type Code, code } from "./literal.ts";
import { argsOf } from "./reach.ts";

type Schemas = Api["schemas"];

const bodies: { readonly [kind: string]: Code } = {
  binary: code`binaryBody`,
  events: code`textBody`,
  form: code`formBody`,
  multipart: code`multipartBody`,
  text: code`textBody`,
  xml: code`xmlBody`,
};

/** What an operation needs of the runtime, and others do not. */
export function featuresOf({ operation, parameters: schema, codec, route }: Tool, schemas: Schemas): Code[] {
  const { body, parameters = {}, credentials, injected, idempotencyKey, servers } = route;
  const queries = Object.values(parameters).filter((parameter) => parameter.in === "querystring");
  const written = [...queries.map(({ mediaType = "" }) => mediaType), ...(body === undefined ? [] : [body.mediaType])];
  const keys = Object.values(credentials ?? {}).map((place) => place.in);
  const answers = new Set(operation.result?.mediaTypes.map(mediaKind));
  return sorted([
    ...written.flatMap((mediaType) => bodies[mediaKind(mediaType)] ?? []),
    ...(operation.pick === undefined ? [] : [code`pickedFields`]),
    ...(isStyled(route, operation, schemas) ? [code`parameterStyles`] : []),
    ...inSchema(schema),
    ...inCodec(codec),
    ...((credentials ?? injected) === undefined ? [] : [code`filledArgs`]),
    ...(keys.includes("query") || keys.includes("cookie") ? [code`keyPlaces`] : []),
    ...(idempotencyKey === undefined ? [] : [code`idempotencyKeys`]),
    ...(servers === undefined ? [] : [code`serverChoices`]),
    ...(answers.has("events") ? [code`eventStream`] : []),
    ...(answers.has("binary") ? [code`attachments`] : []),
  ]);
}

/** What acts by being there would act on operations that did not ask for it. */
const notShared: readonly Code[] = [code`attachments`, code`eventStream`];

/** The same of all operations together, and what more than half of these need. */
export function sharedFeaturesOf(
  { servers, securitySchemes }: Api,
  auth: Code,
  operations: readonly (readonly Code[])[] = [],
): Code[] {
  const schemes = [...securitySchemes.values()].map(({ scheme }) => scheme);
  const often = [...Map.groupBy(operations.flat(), (feature) => feature)].filter(
    ([feature, each]) => each.length > operations.length / 2 && !notShared.includes(feature),
  );
  return sorted([
    ...often.map(([feature]) => feature),
    ...(auth.includes("ClientCredentials") ? [code`clientCredentials`] : []),
    ...(schemes.some((scheme) => scheme.type === "apiKey" && scheme.in !== "header") ? [code`keyPlaces`] : []),
    ...(isChoice(servers) ? [code`serverChoices`] : []),
  ]);
}

function isChoice([first, ...more]: readonly Server[]): boolean {
  return more.length > 0 || first?.variables !== undefined || first?.url.includes("{") === true;
}

/** What a module imports from the runtime, types aside, for these features. */
export function importsOf(features: readonly Code[]): Code[] {
  return sorted([code`executor`, code`kit`, ...features]);
}

/** Whether some parameter is spelled in another way than the usual one of its place, or may be an object. */
function isStyled({ parameters = {} }: Route, operation: Operation, schemas: Schemas): boolean {
  const args = new Map(argsOf(operation).map((arg) => [arg.name, arg.schema]));
  return Object.entries(parameters).some(([name, { in: place, style, mediaType, allowReserved }]) => {
    const isElsewhere = place === "cookie" || place === "querystring";
    const schema = args.get(name);
    const isObject = schema !== undefined && mayBeObject(schema, schemas);
    return isElsewhere || (style ?? mediaType ?? allowReserved) !== undefined || isObject;
  });
}

function mayBeObject(schema: Schema, schemas: Schemas, seen: ReadonlySet<string> = new Set()): boolean {
  switch (schema.kind) {
    case "any":
    case "object":
      return true;
    case "union":
      return schema.branches.some((branch) => mayBeObject(branch, schemas, seen));
    case "ref": {
      const target = schemas.get(schema.target)?.schema;
      if (target === undefined || seen.has(schema.target)) return target === undefined;
      return mayBeObject(target, schemas, new Set([...seen, schema.target]));
    }
    default:
      return false;
  }
}

const known = new WeakMap<object, ReadonlySet<Code>>();

/** What a schema asks for. Tools share their schemas, so each is looked at once. */
function inSchema(schema: object): ReadonlySet<Code> {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const { anyOf, format, pattern } = schema as { readonly [keyword: string]: unknown };
  const all = new Set<Code>();
  if (Array.isArray(anyOf) && anyOf.filter((branch) => !isNull(branch)).length > 1) all.add(code`unions`);
  if (typeof format === "string") all.add(code`stringFormats`);
  if (Object.entries(schema).some(isBound)) all.add(code`valueBounds`);
  if (typeof pattern === "string") all.add(code`textPatterns`);
  for (const value of Object.values(schema))
    if (isObject(value)) for (const feature of inSchema(value)) all.add(feature);
  known.set(schema, all);
  return all;
}

const bounds = /^(?:pattern|multipleOf|(?:min|max)Items|(?:exclusiveM|m)(?:in|ax)imum)$/;

/** Properties may be called so, too; their schemas are objects. */
function isBound([keyword, value]: readonly [string, unknown]): boolean {
  return bounds.test(keyword) && !isObject(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What the codec of a tool's arguments asks for. */
function inCodec({ $defs = {}, $rules, ...args }: ArgsCodec): Code[] {
  return [...inRules($rules), ...inCodecs($defs), ...inCodecs(args as Codecs)];
}

function inCodecs(codecs: Codecs): Code[] {
  return Object.values(codecs).flatMap(inNode);
}

function inNode(codec: Codec): Code[] {
  if (codec === "optional") return [];
  const { as, rest, rules, properties = {}, items = "optional", anyOf = [] } = codec;
  return [
    ...((as ?? rest) === undefined ? [] : [code`spellings`]),
    ...inRules(rules),
    ...inCodecs(properties),
    ...[items, ...anyOf].flatMap(inNode),
  ];
}

function inRules(rules: Rules | undefined): Code[] {
  if (rules === undefined) return [];
  return [code`valueRules`, ...(rules.pattern === undefined ? [] : [code`textPatterns`])];
}

interface Branch {
  readonly $ref?: unknown;
  readonly type?: unknown;
  readonly properties?: { readonly [key: string]: { readonly enum?: readonly unknown[] } };
}

/** `null`, or the spelling of one that is sent, `{"set_to": "null"}`, here or by its definition. */
function isNull({ $ref = "", type, properties = {} }: Branch): boolean {
  const [[key, only] = ["", {}], ...others] = Object.entries(properties);
  const isClearing = others.length === 0 && /^set_to_*$/.test(key) && only.enum?.join() === "null";
  return type === "null" || isClearing || /^#\/\$defs\/null(-set_to_+)?$/.test(String($ref));
}

function sorted(names: readonly Code[]): Code[] {
  return [...new Set(names)].sort();
}
