import { mediaKind } from "../compiler/media-types.ts";
import type { Tool } from "../compiler/tool.ts";
import { type Code, code } from "./literal.ts";
import type { Declarations } from "./types.ts";

const bodies: { readonly [kind: string]: Code } = {
  binary: code`binaryBody`,
  form: code`formBody`,
  multipart: code`multipartBody`,
  xml: code`xmlBody`,
};

/** What an operation needs of the runtime, and others do not. */
export function featuresOf({ operation, route: { body, parameters = {} } }: Tool): Code[] {
  const queries = Object.values(parameters).filter((parameter) => parameter.in === "querystring");
  const written = [...queries.map(({ mediaType = "" }) => mediaType), ...(body === undefined ? [] : [body.mediaType])];
  const hasEvents = operation.result?.mediaTypes.some((mediaType) => mediaKind(mediaType) === "events");
  return sorted([
    ...written.flatMap((mediaType) => bodies[mediaKind(mediaType)] ?? []),
    ...(operation.pick === undefined ? [] : [code`pickedFields`]),
    ...(hasEvents ? [code`eventStream`] : []),
  ]);
}

/** The same of all operations together. */
export function sharedFeaturesOf({ auth }: Declarations): Code[] {
  return auth.includes("ClientCredentials") ? [code`clientCredentials`] : [];
}

/** What a module imports from the runtime, types aside. */
export function importsOf(tools: readonly Tool[], types: Declarations): Code[] {
  return sorted([code`executor`, code`kit`, ...sharedFeaturesOf(types), ...tools.flatMap(featuresOf)]);
}

function sorted(names: readonly Code[]): Code[] {
  return [...new Set(names)].sort();
}
