import type { Api, Credential } from "../compiler/api.ts";
import { UsageError } from "../compiler/errors.ts";
import type { Tool } from "../compiler/tool.ts";

/** The server to call, where it is not the document's. */
export function baseUrlFrom(flag: string, given: string | undefined, environment: Environment): string | undefined {
  const url = given ?? environment.FCTOOL_BASE_URL;
  if (url === undefined || (/^https?:\/\//i.test(url) && URL.canParse(url))) return url;
  const what = given === undefined ? "FCTOOL_BASE_URL" : `--${flag}`;
  throw new UsageError(`${what} ${JSON.stringify(url)} is no http(s) URL`, "Write it like https://api.example/v1");
}

type Environment = { readonly [name: string]: string | undefined };
type Values = { readonly [name: string]: unknown };

/** The variable of a credential or an injected value: `bearerAuth` → `FCTOOL_BEARER_AUTH`. */
export function variableOf(name: string, prefix = "FCTOOL"): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[^a-zA-Z0-9]+/g, "_");
  return `${prefix}_${words.replaceAll(/^_+|_+$/g, "").toUpperCase()}`;
}

/** Every variable that a document's credentials are read from, by scheme. */
export function variablesOf({ securitySchemes }: Api): ReadonlyMap<string, readonly string[]> {
  return new Map([...securitySchemes].map(([name, credential]) => [name, parts(name, credential.kind)]));
}

function parts(name: string, kind: Credential["kind"]): string[] {
  const variable = variableOf(name);
  if (kind === "basic") return [`${variable}_USERNAME`, `${variable}_PASSWORD`];
  return kind === "client" ? [variable, `${variable}_CLIENT_ID`, `${variable}_CLIENT_SECRET`] : [variable];
}

/** The credentials that the environment holds, as a kit takes them. */
export function authFrom({ securitySchemes }: Api, environment: Environment): Values {
  const found = [...securitySchemes].map(
    ([name, { kind }]) => [name, credentialFrom(name, kind, environment)] as const,
  );
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function credentialFrom(name: string, kind: Credential["kind"], environment: Environment): unknown {
  const read = (suffix = "") => environment[variableOf(name) + suffix] || undefined;
  if (kind === "token") return read();
  if (kind === "basic") {
    const username = read("_USERNAME");
    return username === undefined ? undefined : { username, password: read("_PASSWORD") ?? "" };
  }
  const [clientId, clientSecret] = [read("_CLIENT_ID"), read("_CLIENT_SECRET")];
  return read() ?? (clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined);
}

/** The same credentials as variables instead of values, each behind a mark, for those who only look at a request. */
export function placeholdersFor(api: Api, auth: Values, mark: string): Values {
  const wanted = [...api.securitySchemes].filter(([name]) => Object.keys(auth).length === 0 || name in auth);
  return Object.fromEntries(
    wanted.map(([name, { kind }]) => {
      const variable = mark + variableOf(name);
      const basic = { username: `${variable}_USERNAME`, password: `${variable}_PASSWORD` };
      return [name, kind === "basic" ? basic : variable];
    }),
  );
}

/** Injected values that the environment holds: `tenant` → `FCTOOL_INJECT_TENANT`. */
export function injectFrom(tools: readonly Tool[], environment: Environment): Values {
  const keys = new Set(tools.flatMap(({ operation }) => (operation.injected ?? []).map(({ key }) => key)));
  const values = [...keys].map((key) => [key, environment[variableOf(key, "FCTOOL_INJECT")]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
