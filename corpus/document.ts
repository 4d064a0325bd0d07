import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { dereference } from "./references.ts";

/** Any JSON object. */
export type Json = { readonly [key: string]: unknown };

/** A document as the checkers read it, by code of their own. */
export interface SourceDocument {
  /** "2.0", "3.0.3", … */
  readonly version: string;
  /** Every reference is replaced by what it refers to, so this has cycles. */
  readonly root: Json;
  readonly operations: readonly SourceOperation[];
}

/** An operation and the path item it stands in. */
export interface SourceOperation {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
  readonly item: Json;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Whether a text is meant as an OpenAPI document at all. */
export function isDocument(text: string): boolean {
  return /^[\s{,]*["']?(?:openapi|swagger)["']?\s*:/m.test(text);
}

/** Reads a document, or throws where that cannot be done. */
export function readDocument(path: string): SourceDocument {
  const parsed = readTree(path);
  if (!isObject(parsed)) throw new Error("not an object");
  const version = String(parsed.openapi ?? parsed.swagger ?? "");
  if (version === "") throw new Error("neither openapi nor swagger");
  const root = dereference(parsed, path, readTree) as Json;
  return { version, root, operations: operationsOf(root) };
}

function readTree(path: string): unknown {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // JSON with a comment or a trailing comma is YAML all the same.
    }
  }
  return parseYaml(text, { merge: true, uniqueKeys: false, maxAliasCount: -1, logLevel: "silent" });
}

function operationsOf(root: Json): SourceOperation[] {
  return entries(root.paths).flatMap(([path, item]) =>
    path.startsWith("/") ? methods.flatMap((method) => operationAt(path, item, method)) : [],
  );
}

function operationAt(path: string, item: unknown, method: string): SourceOperation[] {
  const operation = isObject(item) ? item[method] : undefined;
  return isObject(item) && isObject(operation) ? [{ method: method.toUpperCase(), path, operation, item }] : [];
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of an object, none for anything else. */
export function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The objects in a list, none for anything else. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
