import type { Api, Arg, Credential, Operation } from "./api.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { camelCase } from "./names.ts";

/** Names that hardly ever mean anything but a credential, in letters and digits alone. */
const telling =
  /^(x?(access|api|auth|authentication|bearer)(key|token)|x?authorization|.*subscriptionkey|x?rapidapikey)$/;

/** Names that mean one where nearly every operation has them. */
const likely = /^(x?(app|auth|client|session|user)?(key|token|secret)|auth|appid)$/;

/** A likely name in fewer operations than this would be a guess. */
const FEWEST_OPERATIONS = 3;

/**
 * Takes parameters that carry credentials out of the arguments: they become schemes of `auth`, whose value the kit sends
 * where each operation wants it.
 */
export function takeCredentials(api: Api, diagnostics: Diagnostics): Api {
  const schemes = new Map(api.securitySchemes);
  const keys = new Map<string, string>();
  for (const [name, args] of namesOfCredentials(api)) {
    const key = keyFor(name, schemes);
    keys.set(name, key);
    if (!schemes.has(key)) schemes.set(key, credentialOf(args));
    if (args.every((arg) => declaredFor(arg, api.securitySchemes) !== undefined)) continue;
    diagnostics.warn(
      "FC112",
      "#/components/securitySchemes",
      `the parameter "${name}" carries a credential: it is no argument of ${args.length} tools, but auth.${key}`,
      "Declare it as a security scheme of type apiKey.",
    );
  }
  const schemeOf = (arg: Arg, mediaType = "") =>
    declaredFor(arg, api.securitySchemes) ?? (canCarry(arg, mediaType) ? keys.get(arg.wireName) : undefined);
  return { ...api, securitySchemes: schemes, operations: api.operations.map((operation) => take(operation, schemeOf)) };
}

/** The scheme that puts its credential where the parameter is. */
function declaredFor(arg: Arg, schemes: Api["securitySchemes"]): string | undefined {
  for (const [key, { scheme }] of schemes) {
    if (scheme.type !== "apiKey" || scheme.in !== arg.in) continue;
    const [declared, name] =
      scheme.in === "header" ? [scheme.name.toLowerCase(), arg.wireName.toLowerCase()] : [scheme.name, arg.wireName];
    if (declared === name) return key;
  }
  return undefined;
}

/** The names under which most operations take a credential, with the parameters that have them. */
function namesOfCredentials({ operations }: Api): ReadonlyMap<string, readonly Arg[]> {
  const found = new Map<string, Arg[]>();
  for (const { args, body } of operations) {
    for (const arg of args) {
      if (!canCarry(arg, body?.mediaType)) continue;
      const args = found.get(arg.wireName) ?? [];
      found.set(arg.wireName, [...args, arg]);
    }
  }
  const least = (name: string) =>
    telling.test(letters(name)) ? operations.length * 0.3 : Math.max(operations.length * 0.8, FEWEST_OPERATIONS);
  return new Map([...found].filter(([name, args]) => args.length >= least(name)));
}

function canCarry({ in: place, wireName, schema }: Arg, mediaType = ""): boolean {
  const name = letters(wireName);
  if (!telling.test(name) && !likely.test(name)) return false;
  if (schema.kind !== "string" && schema.kind !== "any") return false;
  return ["header", "query", "cookie"].includes(place) || (place === "body" && mediaType.includes("form"));
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The scheme that has the name already, or the name as a key. */
function keyFor(name: string, schemes: ReadonlyMap<string, Credential>): string {
  for (const [key, { scheme }] of schemes)
    if (scheme.type === "apiKey" && scheme.name.toLowerCase() === name.toLowerCase()) return key;
  const camel = camelCase(name);
  const key = camel.charAt(0).toLowerCase() + camel.slice(1);
  return schemes.has(key) ? `${key}Parameter` : key;
}

function credentialOf(args: readonly Arg[]): Credential {
  const description = args.find((arg) => arg.description !== undefined)?.description;
  const name = args[0]?.wireName ?? "";
  const place = args.map((arg) => arg.in).find((each) => each === "header" || each === "query" || each === "cookie");
  return {
    kind: "token",
    scheme: { type: "apiKey", in: place ?? "header", name },
    ...(description !== undefined && { description }),
  };
}

function take(operation: Operation, schemeOf: (arg: Arg, mediaType?: string) => string | undefined): Operation {
  const found = operation.args.map((arg) => ({ arg, scheme: schemeOf(arg, operation.body?.mediaType) }));
  const args = found.filter(({ scheme }) => scheme === undefined).map(({ arg }) => arg);
  if (args.length === operation.args.length) return operation;
  const credentials = found.flatMap(({ arg, scheme }) => {
    if (scheme === undefined || (arg.in !== "body" && isSent(scheme, arg, operation))) return [];
    return [{ scheme, arg }];
  });
  return { ...operation, args, ...(credentials.length > 0 && { credentials }) };
}

/** Whether the operation's own security sends a credential; what is required with every alternative, where it names some. */
function isSent(scheme: string, { required }: Arg, { security }: Operation): boolean {
  const names = (schemes: readonly string[]) => schemes.includes(scheme);
  return required ? security.length > 0 && security.every(names) : security.some(names);
}
