import { entries, isObject, type Json, type SourceOperation } from "./document.ts";
import { sampleNatural } from "./sample.ts";

/** What the API may answer: the first success that is declared, its body sampled from the document. */
export function answerOf({ operation }: SourceOperation, document: Json): Response {
  const [status, answer] = entries(operation.responses).find(([code]) => /^2/.test(code)) ?? ["200", undefined];
  const code = /^2\d\d$/.test(status) ? Number(status) : 200;
  const [mediaType, schema] = bodyOf(answer, operation, document);
  if (mediaType === undefined || [204, 205].includes(code)) return new Response(null, { status: code });
  const headers = { "content-type": mediaType.replaceAll("*", "x") };
  return new Response(textOf(mediaType, schema), { status: code, headers });
}

function bodyOf(answer: unknown, operation: Json, document: Json): [string | undefined, unknown] {
  if (!isObject(answer)) return [undefined, undefined];
  const [content] = entries(answer.content);
  if (content !== undefined) return [content[0], isObject(content[1]) ? content[1].schema : undefined];
  const produces = [operation.produces, document.produces].find(Array.isArray) ?? ["application/json"];
  return answer.schema === undefined ? [undefined, undefined] : [String(produces[0]), answer.schema];
}

function textOf(mediaType: string, schema: unknown): string {
  if (!/json/i.test(mediaType)) return "text";
  return JSON.stringify(isObject(schema) ? sampleNatural(schema, "everything", "answer") : {});
}
