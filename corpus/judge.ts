import { objects, type SourceDocument, type SourceOperation } from "./document.ts";
import { createReader, mend, type PrismRequest, type Violation, validate } from "./prism.ts";
import { type Erratum, erratumOf, mending } from "./prism-errata.ts";

/** Prism's judgement of one request. */
export interface Judgement {
  readonly violations: readonly Violation[];
  /** Violations that are mistakes of Prism's. */
  readonly excused: readonly { readonly violation: Violation; readonly erratum: Erratum }[];
}

export type Judge = (request: Request, operation: SourceOperation, servers: readonly string[]) => Promise<Judgement>;

/** Judges requests to the operations of a document. */
export function createJudge(document: SourceDocument): Judge {
  const read = createReader(document);
  return async (request, operation, servers) => {
    const path = pathBelow(servers, request.url);
    if (path === undefined) {
      const message = `${request.url} is at none of ${servers.join(", ")}`;
      return { violations: [{ place: "server", path: [], code: "server", message }], excused: [] };
    }
    const element = await elementOf(request, path);
    const resource = read(operation);
    const raw = validate(resource, element);
    if (raw.length === 0) return { violations: [], excused: [] };
    const judged = validate(mend(resource), element).map((violation) => ({
      violation,
      erratum: erratumOf({ violation, operation, element }),
    }));
    const mended = raw
      .filter((violation) => !judged.some((one) => sameViolation(one.violation, violation)))
      .map((violation) => ({ violation, erratum: mending }));
    const excused = judged.flatMap(({ violation, erratum }) => (erratum === undefined ? [] : [{ violation, erratum }]));
    return {
      violations: judged.flatMap(({ violation, erratum }) => (erratum === undefined ? [violation] : [])),
      excused: [...mended, ...excused],
    };
  };
}

function sameViolation(one: Violation, other: Violation): boolean {
  return one.message === other.message && one.path.join() === other.path.join();
}

async function elementOf(request: Request, path: string): Promise<PrismRequest> {
  const text = await request.clone().text();
  const headers: { [name: string]: string } = Object.fromEntries(request.headers);
  const isJson = /^[^;]*[/+]json\b/i.test(headers["content-type"] ?? "");
  if (text !== "") headers["content-length"] = String(Buffer.byteLength(text));
  const parameters = new URL(request.url).searchParams;
  const query: { [name: string]: string | string[] } = {};
  for (const name of parameters.keys()) {
    const values = parameters.getAll(name);
    query[name] = values.length > 1 ? values : (values[0] as string);
  }
  const body = text === "" ? undefined : isJson ? parseJson(text) : text;
  return { method: request.method.toLowerCase(), url: { path, query }, headers, body };
}

function pathBelow(servers: readonly string[], url: string): string | undefined {
  const { origin, pathname } = new URL(url);
  const place = `${origin}${pathname}`;
  const server = servers
    .map((text) => text.replace(/\/+$/, ""))
    .sort((one, other) => other.length - one.length)
    .find((text) => place.startsWith(`${text}/`) || place === text);
  return server === undefined ? undefined : place.slice(server.length);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The servers of an operation, with the defaults of their variables; those that are not absolute are left out. */
export function serversOf({ version, root }: SourceDocument, { operation, item }: SourceOperation): string[] {
  const urls = version.startsWith("2")
    ? [operation.schemes, root.schemes, ["https"]]
        .find(Array.isArray)
        ?.map((scheme) => `${scheme}://${root.host}${root.basePath ?? ""}`)
    : [operation.servers, item.servers, root.servers]
        .map(objects)
        .find((servers) => servers.length > 0)
        ?.map(({ url, variables }) =>
          String(url).replaceAll(/\{([^}]+)\}/g, (_, name) => String(Object(Object(variables)[name]).default ?? "")),
        );
  return (urls ?? []).filter((url) => URL.canParse(url) && !url.includes("undefined")).map((url) => new URL(url).href);
}
