import type { Effect } from "../runtime/types.ts";
import type { Api, Arg, Operation } from "./api.ts";
import { type BodyAndArgs, readBody } from "./body.ts";
import { takeCredentials } from "./credentials.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { Document } from "./load.ts";
import { nameArgs, readParameters } from "./parameters.ts";
import { joinPointer } from "./pointer.ts";
import { OperationProblem, type Place, type Reading } from "./reading.ts";
import { isRawObject, type RawObject, References, UnresolvedReference } from "./references.ts";
import { readResult } from "./result.ts";
import { SchemaReader } from "./schema.ts";
import { readScopes, readSecurity, readSecuritySchemes } from "./security.ts";
import { readServers } from "./servers.ts";
import { compare } from "./text.ts";

/** Reads every operation of a document. One that cannot be read is left out, with a warning. */
export function buildApi(document: Document, diagnostics: Diagnostics): Api {
  const { root } = document;
  const references = new References(document);
  const schemas = new SchemaReader(references, diagnostics);
  const reading: Reading = { document, references, schemas, diagnostics };
  const info = isRawObject(root.info) ? root.info : {};
  const securitySchemes = readSecuritySchemes(reading);
  const operations = listOperations(reading)
    .flatMap((place) => readOperation(place, reading, securitySchemes) ?? [])
    .sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
  const api: Api = {
    title: text(info.title) ?? document.name,
    version: text(info.version) ?? "",
    ...description(info),
    servers: readServers(root.servers, "#/servers", reading) ?? [],
    securitySchemes,
    operations,
    schemas: schemas.schemas,
  };
  return takeCredentials(api, diagnostics);
}

const methods = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]);

function listOperations(reading: Reading): Place[] {
  const { paths } = reading.document.root;
  if (!isRawObject(paths)) return [];
  return Object.entries(paths).flatMap(([path, value]) => {
    if (path.startsWith("x-")) return [];
    const pointer = joinPointer("#/paths", path);
    return listPath(withSlash(path, pointer, reading), value, pointer, reading);
  });
}

/** Without a slash a path would become one word with the server's address. */
function withSlash(path: string, pointer: string, { diagnostics }: Reading): string {
  if (path.replaceAll(/\{[^{}]*\}/g, "").match(/[{}]/) !== null) {
    const what = `the path ${path} has a brace without its other one, and is taken as it stands`;
    diagnostics.warn("FC113", pointer, what, "Write parameters like /pets/{petId}.");
  }
  if (path === "" || path.startsWith("/")) return path;
  const what = `the path ${JSON.stringify(path)} does not begin with a slash; it is taken for /${path}`;
  diagnostics.warn("FC113", pointer, what, `Write /${path}.`);
  return `/${path}`;
}

const otherKeys = new Set(["$ref", "summary", "description", "servers", "parameters", "additionalOperations"]);

/** What stands where methods do, and is none, would be missed without a word. */
function warnOfKeys(path: string, pathItem: RawObject, pointer: string, { diagnostics }: Reading): void {
  for (const key of Object.keys(pathItem)) {
    if (methods.has(key) || otherKeys.has(key) || key.startsWith("x-")) continue;
    const method = key.toLowerCase();
    const fix = methods.has(method)
      ? `Write it in lower case: ${method}.`
      : `The methods are ${[...methods].join(", ")}.`;
    diagnostics.warn(
      "FC113",
      joinPointer(pointer, key),
      `${path}: ${JSON.stringify(key)} is no method, and is left out`,
      fix,
    );
  }
}

function listPath(path: string, value: unknown, pointer: string, reading: Reading): Place[] {
  const { references, diagnostics } = reading;
  try {
    const { value: pathItem, pointer: pathPointer } = references.follow(value, pointer);
    if (!isRawObject(pathItem))
      throw new OperationProblem(pointer, "this path is not an object", "Write a Path Item Object.");
    warnOfKeys(path, pathItem, pathPointer, reading);
    const others = isRawObject(pathItem.additionalOperations) ? Object.entries(pathItem.additionalOperations) : [];
    const places = [
      ...Object.entries(pathItem)
        .filter(([key]) => methods.has(key))
        .map(([key, raw]) => [key, raw, [key]] as const),
      // Those that have a field of their own may not stand here.
      ...others
        .filter(([key]) => !methods.has(key.toLowerCase()))
        .map(([key, raw]) => [key, raw, ["additionalOperations", key]] as const),
    ];
    return places.flatMap(([method, raw, segments]) => {
      const place = joinPointer(pathPointer, ...segments);
      if (isRawObject(raw)) return { path, method: method.toUpperCase(), raw, pointer: place, pathItem, pathPointer };
      if (raw !== null && raw !== undefined) {
        diagnostics.warn(
          "FC104",
          place,
          `${method.toUpperCase()} ${path} is left out: it is not an object`,
          "Write an Operation Object.",
        );
      }
      return [];
    });
  } catch (error) {
    const problem = problemOf(error, pointer);
    diagnostics.warn("FC104", problem.pointer, `${path} is left out: ${problem.message}`, problem.fix);
    return [];
  }
}

function readOperation(place: Place, reading: Reading, securitySchemes: Api["securitySchemes"]): Operation | undefined {
  const { path, method, raw, pointer } = place;
  try {
    if (method === "TRACE" || method === "CONNECT") {
      throw new OperationProblem(
        pointer,
        `fetch cannot send ${method}`,
        "Leave it out, or offer another method.",
        "FC105",
      );
    }
    if (!/^[A-Z][A-Z0-9_-]*$/.test(method)) {
      throw new OperationProblem(pointer, "this is no method of HTTP", "Write it in letters, like PURGE.", "FC105");
    }
    const parameters = readParameters(place, reading);
    const idempotencyKey = parameters.find(isIdempotencyKey);
    const given = readBody(raw.requestBody, joinPointer(pointer, "requestBody"), reading);
    const { body, args: bodyArgs } = method === "GET" || method === "HEAD" ? withoutBody(given, place, reading) : given;
    const result = readResult(raw.responses, joinPointer(pointer, "responses"), reading);
    const servers =
      readServers(raw.servers, joinPointer(pointer, "servers"), reading) ??
      readServers(place.pathItem.servers, joinPointer(place.pathPointer, "servers"), reading);
    const scopes = readScopes(raw.security, reading);
    const operationId = text(raw.operationId)?.trim();
    const summary = text(raw.summary) ?? text(place.pathItem.summary);
    return {
      pointer,
      method,
      path,
      ...(operationId !== undefined && operationId !== "" && { operationId }),
      ...(summary !== undefined && { summary }),
      ...description(raw, place.pathItem),
      tags: readTags(raw.tags, joinPointer(pointer, "tags"), reading),
      deprecated: raw.deprecated === true,
      effect: effectOf(method),
      args: nameArgs([...parameters.filter((arg) => arg !== idempotencyKey), ...bodyArgs]),
      ...(idempotencyKey !== undefined && { idempotencyKey: idempotencyKey.wireName }),
      ...(body !== undefined && { body }),
      security: readSecurity(raw.security, joinPointer(pointer, "security"), reading, securitySchemes),
      ...(scopes !== undefined && { scopes }),
      ...(servers !== undefined && servers.length > 0 && { servers }),
      ...(result !== undefined && { result }),
    };
  } catch (error) {
    const problem = problemOf(error, pointer);
    reading.diagnostics.warn(
      problem.code,
      problem.pointer,
      `${method} ${path} is left out: ${problem.message}`,
      problem.fix,
    );
    return undefined;
  }
}

/** The header of draft-ietf-httpapi-idempotency-key-header, under the names that it has in the wild. */
function isIdempotencyKey({ in: place, wireName }: Arg): boolean {
  return place === "header" && /^(x-)?(.*-)?idempotency-?(key|token)$/i.test(wireName);
}

/** `fetch` sends no body with GET and HEAD: one that may be left out is. */
function withoutBody({ body }: BodyAndArgs, { method, path, pointer }: Place, { diagnostics }: Reading): BodyAndArgs {
  if (body === undefined) return { args: [] };
  const fix = "Use POST, or parameters.";
  if (body.required) throw new OperationProblem(pointer, `fetch cannot send a body with ${method}`, fix, "FC105");
  diagnostics.warn("FC105", pointer, `${method} ${path} goes without its body, which fetch cannot send`, fix);
  return { args: [] };
}

function problemOf(error: unknown, pointer: string): OperationProblem {
  if (error instanceof OperationProblem) return error;
  if (error instanceof UnresolvedReference) {
    return new OperationProblem(error.pointer, error.message, "Correct the reference, or add what it names.");
  }
  if (error instanceof RangeError)
    return new OperationProblem(pointer, "it is nested without end", "Break the circle.");
  throw error;
}

/** RFC 9110, section 9.2.1: what a method is understood to change. */
export function effectOf(method: string): Effect {
  if (["GET", "HEAD", "OPTIONS", "QUERY"].includes(method)) return "read";
  return method === "DELETE" ? "destructive" : "write";
}

/** Servers whose URLs are absolute, after the document's own URL was taken into account. */
function readTags(raw: unknown, pointer: string, { diagnostics }: Reading): string[] {
  if (Array.isArray(raw)) return raw.filter((tag) => typeof tag === "string");
  if (raw !== undefined)
    diagnostics.warn("FC111", pointer, "tags are a list, and this is none", "Write it like tags: [pets]");
  return [];
}

function description(...sources: readonly RawObject[]): { readonly description?: string } {
  const found = sources
    .map((source) => text(source.description)?.trim())
    .find((each) => each !== undefined && each !== "");
  return found === undefined ? {} : { description: found };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}
