import { expect, test } from "vitest";
import { mediaKind as compilerKind } from "../../src/compiler/media-types.ts";
import { type MediaKind, mediaKind } from "../../src/runtime/media-type.ts";

test.each<[mediaType: string, kind: MediaKind]>([
  ["application/json", "json"],
  ["Application/JSON; charset=utf-8", "json"],
  ["application/problem+json", "json"],
  ["text/json", "json"],
  ["application/json-patch+json", "json"],
  ["*/*", "json"],
  ["application/*", "json"],
  ["json", "json"],
  ["", "json"],
  ["application/x-www-form-urlencoded; charset=utf-8", "form"],
  ["multipart/form-data", "multipart"],
  ["multipart/mixed", "multipart"],
  ["application/xml", "xml"],
  ["image/svg+xml", "xml"],
  ["text/xml", "xml"],
  ["text/event-stream", "events"],
  ["text/plain", "text"],
  ["text/*", "text"],
  ["text/csv", "text"],
  ["application/yaml", "text"],
  ["application/vnd.oai.openapi+yaml", "text"],
  ["application/x-ndjson", "text"],
  ["application/x-javascript", "text"],
  ["application/octet-stream", "binary"],
  ["image/*", "binary"],
  ["image/png", "binary"],
  ["application/pdf", "binary"],
  ["application/vnd.acme", "binary"],
  ["application/jwt", "binary"],
])("%s is %s, in the compiler too", (mediaType, kind) => {
  expect([mediaKind(mediaType), compilerKind(mediaType)]).toEqual([kind, kind]);
});
