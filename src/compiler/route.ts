import type { Body, CredentialPlace, Parameter, Route } from "../runtime/types.ts";
import type { Arg, Operation, RequestBody } from "./api.ts";
import { mediaKind } from "./media-types.ts";

/** Method, path and placement of an operation's arguments. */
export function routeOf(operation: Operation): Route {
  const { method, path, body, credentials = [], injected = [], idempotencyKey, security, servers, result } = operation;
  const args = [...operation.args, ...injected.map(({ arg }) => arg)];
  const parameters = args.filter((arg) => arg.in !== "body").map((arg) => [arg.name, parameterOf(arg)] as const);
  const bodyArgs = [...args, ...credentials.map(({ arg }) => arg)].filter((arg) => arg.in === "body");
  const [answer] = result?.mediaTypes ?? [];
  return {
    method,
    path,
    ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
    ...(body !== undefined && { body: bodyOf(body, bodyArgs) }),
    ...(credentials.length > 0 && { credentials: credentialsOf(credentials) }),
    ...(injected.length > 0 && { injected: Object.fromEntries(injected.map(({ key, arg }) => [arg.name, key])) }),
    ...(security.some((schemes) => schemes.length > 0) && { security }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(servers !== undefined && { servers }),
    ...(answer !== undefined && mediaKind(answer) !== "json" && { accept: result?.mediaTypes.join(", ") as string }),
  };
}

function credentialsOf(credentials: NonNullable<Operation["credentials"]>): NonNullable<Route["credentials"]> {
  return Object.fromEntries(
    credentials.map(({ scheme, arg }) => [
      scheme,
      { in: arg.in as CredentialPlace["in"], name: arg.in === "body" ? arg.name : arg.wireName },
    ]),
  );
}

/** Only what differs from the defaults of the specification. */
function parameterOf(arg: Arg): Parameter {
  const place = arg.in as Parameter["in"];
  const form = place === "query" || place === "cookie";
  const style = arg.style ?? (form ? "form" : "simple");
  const isDefault = style === (form ? "form" : "simple");
  return {
    in: place,
    ...(arg.wireName !== arg.name && { name: arg.wireName }),
    ...(!isDefault && { style }),
    ...(arg.explode !== undefined && arg.explode !== (style === "form") && { explode: arg.explode }),
    ...(arg.allowReserved && { allowReserved: true }),
    ...(arg.mediaType !== undefined && { mediaType: arg.mediaType }),
  };
}

function bodyOf({ mediaType, required, spread, files, encoding, xml }: RequestBody, args: readonly Arg[]): Body {
  const renamed = args.filter((arg) => arg.name !== arg.wireName).map((arg) => [arg.name, arg.wireName] as const);
  const [whole] = args;
  return {
    mediaType,
    ...(spread ? { args: args.map((arg) => arg.name) } : { arg: whole?.name ?? "body" }),
    ...(spread && renamed.length > 0 && { names: Object.fromEntries(renamed) }),
    // A body of which a field is required is always given.
    ...(required && !(spread && args.some((arg) => arg.required)) && { required: true }),
    ...(files !== undefined && { files }),
    ...(encoding !== undefined && { encoding }),
    ...(xml !== undefined && { xml }),
  };
}
