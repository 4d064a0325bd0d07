import type { SecurityScheme } from "../runtime/types.ts";
import type { Api, Credential } from "./api.ts";
import { joinPointer } from "./pointer.ts";
import type { Reading } from "./reading.ts";
import { isRawObject, type RawObject } from "./references.ts";

/** The document's security schemes, by its names for them. */
export function readSecuritySchemes({ document, references, diagnostics }: Reading): ReadonlyMap<string, Credential> {
  const { components } = document.root;
  const schemes = isRawObject(components) && isRawObject(components.securitySchemes) ? components.securitySchemes : {};
  const credentials = new Map<string, Credential>();
  for (const [name, raw] of Object.entries(schemes)) {
    const pointer = joinPointer("#/components/securitySchemes", name);
    try {
      const { value } = references.follow(raw, pointer);
      const credential = isRawObject(value) ? readScheme(value) : undefined;
      if (credential === undefined)
        throw new Error("it is not one of apiKey, http, oauth2, openIdConnect and mutualTLS");
      credentials.set(name, credential);
    } catch (error) {
      const message = `the security scheme "${name}" is left out: ${(error as Error).message}`;
      diagnostics.warn("FC109", pointer, message, "Write a Security Scheme Object.");
    }
  }
  return credentials;
}

function readScheme(raw: RawObject): Credential | undefined {
  const { description } = raw;
  const base = typeof description === "string" && description.trim() !== "" ? { description: description.trim() } : {};
  switch (String(raw.type).toLowerCase()) {
    case "apikey": {
      const { name } = raw;
      const where = String(raw.in).toLowerCase();
      if (typeof name !== "string" || (where !== "header" && where !== "query" && where !== "cookie")) return undefined;
      return { ...base, kind: "token", scheme: { type: "apiKey", in: where, name } };
    }
    case "http": {
      const scheme = String(raw.scheme ?? "bearer").toLowerCase();
      return { ...base, kind: scheme === "basic" ? "basic" : "token", scheme: { type: "http", scheme } };
    }
    case "basic":
      return { ...base, kind: "basic", scheme: { type: "http", scheme: "basic" } };
    case "oauth2":
      return { ...base, ...readOAuth2(raw) };
    case "openidconnect":
      return { ...base, kind: "token", scheme: { type: "openIdConnect" } };
    case "mutualtls":
      return { ...base, kind: "token", scheme: { type: "mutualTLS" } };
    default:
      return undefined;
  }
}

/** With the client credentials flow the kit can fetch tokens by itself. */
function readOAuth2(raw: RawObject): { readonly kind: Credential["kind"]; readonly scheme: SecurityScheme } {
  const flows = isRawObject(raw.flows) ? raw.flows : {};
  const flow = flows.clientCredentials;
  if (!isRawObject(flow) || typeof flow.tokenUrl !== "string" || !/^https?:\/\//i.test(flow.tokenUrl)) {
    return { kind: "token", scheme: { type: "oauth2" } };
  }
  const scopes = isRawObject(flow.scopes) ? Object.keys(flow.scopes) : [];
  return {
    kind: "client",
    scheme: { type: "oauth2", tokenUrl: flow.tokenUrl, ...(scopes.length > 0 && { scopes }) },
  };
}

/** The alternatives of an operation, or of the document where it says nothing. */
export function readSecurity(
  raw: unknown,
  pointer: string,
  { document, diagnostics }: Reading,
  schemes: Api["securitySchemes"],
): readonly (readonly string[])[] {
  const own = Array.isArray(raw);
  const requirements = own ? raw : document.root.security;
  if (!Array.isArray(requirements)) return [];
  const place = own ? pointer : "#/security";
  return requirements.filter(isRawObject).flatMap((requirement, index) => {
    const names = Object.keys(requirement);
    const unknown = names.filter((name) => !schemes.has(name));
    for (const name of unknown) {
      diagnostics.warn(
        "FC109",
        joinPointer(place, index),
        `there is no security scheme "${name}"`,
        "Add it to components.securitySchemes.",
      );
    }
    const known = names.filter((name) => schemes.has(name));
    return known.length > 0 || names.length === 0 ? [known] : [];
  });
}

/** The scopes that an operation asks for, by scheme. */
export function readScopes(
  raw: unknown,
  { document }: Reading,
): { readonly [scheme: string]: readonly string[] } | undefined {
  const requirements = Array.isArray(raw) ? raw : document.root.security;
  const entries = (Array.isArray(requirements) ? requirements.filter(isRawObject) : []).flatMap(Object.entries);
  const scopes = new Map<string, Set<string>>();
  for (const [scheme, names] of entries) {
    if (!Array.isArray(names) || names.length === 0) continue;
    const known = scopes.get(scheme) ?? new Set();
    for (const name of names) known.add(String(name));
    scopes.set(scheme, known);
  }
  return scopes.size === 0
    ? undefined
    : Object.fromEntries([...scopes].map(([scheme, names]) => [scheme, [...names].sort()]));
}
