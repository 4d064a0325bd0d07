import { entries, isObject, type Json, objects, type SourceOperation } from "./document.ts";
import { parts } from "./hints.ts";
import type { PrismRequest, Violation } from "./prism.ts";

/**
 * A request that Prism refuses though the specification allows it, or that no request could please, because the
 * document contradicts itself there.
 */
export interface Erratum {
  readonly name: string;
  readonly fault: "Prism" | "document";
  /** What the specification says. */
  readonly evidence: string;
  readonly applies: (judged: Judged) => boolean;
}

/** A violation and all that it is about. */
export interface Judged {
  readonly violation: Violation;
  readonly operation: SourceOperation;
  readonly element: PrismRequest;
}

/** The mistake that a violation comes from, if it is known. */
export function erratumOf(judged: Judged): Erratum | undefined {
  return errata.find(({ applies }) => applies(judged));
}

/** What Prism no longer says once its reading of the parameters is put right (`mend`). */
export const mending: Erratum = {
  name: "form explodes by default; nullable arrays and objects",
  fault: "Prism",
  evidence:
    "OAS 3.x, Parameter Object: “When style is form, the default value [of explode] is true.” Prism takes false. OAS 3.0 `nullable` and JSON Schema `type` lists: Prism sees an array or object only where `type` is that one word.",
  applies: () => false,
};

/** Every other mistake that is known. */
export const errata: readonly Erratum[] = [
  {
    name: "arrays and objects in the parameters of an allOf or a union",
    fault: "Prism",
    evidence: "OAS 3.x, Parameter Object: style applies to the value. Prism looks at the outermost `type` alone.",
    applies: ({ violation, operation }) => {
      const schema = schemaOf(parameterOf(violation, operation));
      return schema !== undefined && schema.type === undefined && parts(schema).some(isComposite);
    },
  },
  {
    name: "values within values",
    fault: "document",
    evidence:
      "OAS 3.1.1, 4.8.12.3 and RFC 6570, 2.3: a list of strings or pairs of strings; how anything deeper is written is undefined.",
    applies: ({ violation, operation }) => {
      const schema = schemaOf(parameterOf(violation, operation));
      return violation.path.length > 1 && schema !== undefined && parts(schema).some(holdsComposites);
    },
  },
  {
    name: "an exploded object beside a parameter of the same name",
    fault: "document",
    evidence:
      "OAS 3.x, Style Examples: the properties of an exploded object are query names of their own, so they clash.",
    applies: ({ violation, operation }) => {
      const name = violation.path.at(-1)?.toLowerCase() ?? "";
      const claims = parametersOf(operation).filter((parameter) => {
        const isExploded = parameter.explode !== false && isComposite(parameter.schema);
        const properties = parts(schemaOf(parameter) ?? {}).flatMap((part) => keysOf(part.properties));
        return String(parameter.name).toLowerCase() === name || (isExploded && properties.includes(name));
      });
      return violation.place === "query" && claims.length > 1;
    },
  },
  {
    name: "several values in a path",
    fault: "Prism",
    evidence:
      "OAS 3.x, Style Values: `simple` arrays are comma-separated. Prism's template has split them already, and fails on the list.",
    applies: ({ violation, operation }) =>
      violation.code === "threw" &&
      violation.message === "value.split is not a function" &&
      parametersOf(operation).some(
        (parameter) => parameter.in === "path" && isComposite(schemaOf(parameter) ?? parameter),
      ),
  },
  {
    name: "expressions side by side in a path",
    fault: "Prism",
    evidence: "OAS 3.x, Path Templating allows `{id}{extension}`; Prism cannot tell where the first value ends.",
    applies: ({ violation, operation }) => violation.place === "path" && /\}[^/{]?\{/.test(operation.path),
  },
  {
    name: "a path parameter that is not in the path",
    fault: "document",
    evidence: 'OAS 3.x, Parameter Object: “If in is "path", the name field MUST correspond to a template expression.”',
    applies: ({ violation, operation }) => {
      const name = /required property '([^']*)'/.exec(violation.message)?.[1];
      const inPath = operation.path.toLowerCase().includes(`{${name}}`);
      return violation.place === "path" && violation.code === "required" && name !== undefined && !inPath;
    },
  },
  {
    name: "headers that are no parameters",
    fault: "Prism",
    evidence: "OAS 3.x, Parameter Object: Accept, Content-Type and Authorization “SHALL be ignored”.",
    applies: ({ violation }) =>
      ["accept", "content-type", "authorization"].includes(missingHeader(violation) ?? "") ||
      (violation.place === "header" && ["accept", "content-type", "authorization"].includes(nameOf(violation))),
  },
  {
    name: "headers that are added on the way",
    fault: "Prism",
    evidence: "Fetch, forbidden request-headers: these are set when the request leaves, after we have seen it.",
    applies: ({ violation }) =>
      ["content-length", "host", "connection", "accept-encoding", "origin"].includes(missingHeader(violation) ?? ""),
  },
  {
    name: "null and empty forms as bodies",
    fault: "Prism",
    evidence:
      "RFC 8259, 3: null is a JSON text; a form without fields is the empty text. Prism takes both for no body.",
    applies: ({ violation, element }) =>
      violation.message === "Body parameter is required" &&
      (element.body === null || element.body === "" || /urlencoded|multipart/.test(mediaTypeOf(element))),
  },
  {
    name: "text held against an object",
    fault: "document",
    evidence:
      "OAS 3.x, Media Type Object: a body that is neither JSON nor a form nor XML is text or bytes, and never an object.",
    applies: ({ violation, element }) =>
      violation.place === "body" &&
      violation.path.length === 0 &&
      violation.code === "type" &&
      !/[/+]json|urlencoded|multipart/.test(mediaTypeOf(element)),
  },
  {
    name: "a form that is no object",
    fault: "document",
    evidence: "OAS 3.x, “Support for x-www-form-urlencoded Request Bodies”: the schema's properties are the fields.",
    applies: ({ violation, element }) =>
      violation.place === "body" &&
      violation.path.length === 0 &&
      /must be (?:string|array|number|integer|boolean)/.test(violation.message) &&
      /urlencoded|multipart/.test(mediaTypeOf(element)),
  },
  {
    name: "fields that come several times, or as JSON",
    fault: "Prism",
    evidence:
      "OAS 3.x, Encoding Object: arrays are repeated fields, objects are application/json. Prism keeps the last field, as text.",
    applies: ({ violation, element }) => {
      const [field = "", ...deeper] = violation.path;
      if (violation.place !== "body" || deeper.length > 0 || violation.code !== "type") return false;
      const values = fieldsOf(element, field);
      if (/must be array/.test(violation.message)) return values.length > 0;
      return /must be object/.test(violation.message) && values.length > 0 && values.every(isJsonObject);
    },
  },
  {
    name: "lists of objects in a form of brackets",
    fault: "Prism",
    evidence: "OAS 3.x, Encoding Object: `style` replaces JSON. Prism wants JSON in the fields that it put together.",
    applies: ({ violation }) => /^Cannot deserialize JSON object array in form data/.test(violation.message),
  },
  {
    name: "objects in brackets that are left out",
    fault: "Prism",
    evidence: "JSON Schema, required: of an object that is there. Prism makes one of every object that might be.",
    applies: ({ violation, element }) => {
      const [field, ...deeper] = violation.path;
      if (violation.code !== "required" || field === undefined) return false;
      const isForm = violation.place === "body" && mediaTypeOf(element).includes("urlencoded");
      if (!isForm && violation.place !== "query") return false;
      const names = isForm ? new URLSearchParams(String(element.body)).keys() : Object.keys(element.url.query);
      const prefix = `${field}${deeper.map((key) => `[${key}]`).join("")}[`;
      return ![...names].some((name) => name.startsWith(prefix));
    },
  },
  {
    name: "steps that binary fractions miss",
    fault: "Prism",
    evidence:
      "JSON Schema, multipleOf: “if division by this keyword's value results in an integer”, which 19.99 / 0.01 does.",
    applies: ({ violation, element }) => {
      const step = Number(/multiple of ([\d.e-]+)/.exec(violation.message)?.[1]);
      const value = violation.path.reduce<unknown>((at, key) => Object(at)[key], element.body);
      const quotient = Number(value) / step;
      return violation.code === "multipleOf" && Math.abs(quotient - Math.round(quotient)) < 1e-6;
    },
  },
  {
    name: "an enum of another type",
    fault: "document",
    evidence: "JSON Schema: `type` and `enum` have both to hold, and no value listed is of the type.",
    applies: ({ violation, operation, element }) =>
      ["type", "enum"].includes(violation.code) &&
      schemasAt(violation, operation, element).some(
        ({ type, enum: values }) =>
          Array.isArray(values) && typeof type === "string" && !values.some((value) => hasType(value, type)),
      ),
  },
  {
    name: "oneOf of texts",
    fault: "Prism",
    evidence:
      "In a path or query all is text: 43 is the integer and the string, once Prism has coerced it to each in turn.",
    applies: ({ violation, operation }) => {
      const branches = objects(schemaOf(parameterOf(violation, operation))?.oneOf);
      return branches.some(({ type }) => type === "string");
    },
  },
];

// ------------------------------------------------------------ the document

function nameOf({ path }: Violation): string {
  return path[0]?.toLowerCase() ?? "";
}

function parametersOf({ operation, item }: SourceOperation): Json[] {
  return [...objects(operation.parameters), ...objects(item.parameters)];
}

/** The parameter that a violation is about. */
function parameterOf(violation: Violation, operation: SourceOperation): Json | undefined {
  const missing = /must have required property '([^']*)'/.exec(violation.message)?.[1];
  const name = violation.path.length > 0 ? nameOf(violation) : missing?.toLowerCase();
  return parametersOf(operation).find(
    (parameter) => parameter.in === violation.place && String(parameter.name).toLowerCase() === name,
  );
}

function schemaOf(parameter: Json | undefined): Json | undefined {
  return isObject(parameter?.schema) ? parameter.schema : undefined;
}

/** The schemas that the value at fault has to fit. */
function schemasAt(violation: Violation, operation: SourceOperation, element: PrismRequest): Json[] {
  if (violation.place !== "body") {
    const parameter = parameterOf(violation, operation);
    return parameter === undefined ? [] : parts(schemaOf(parameter) ?? parameter);
  }
  const content = isObject(operation.operation.requestBody) ? operation.operation.requestBody.content : undefined;
  const media = entries(content).find(([type]) => mediaTypeOf(element).startsWith(type.split(";")[0] as string))?.[1];
  const whole = isObject(media) && isObject(media.schema) ? parts(media.schema) : [];
  return violation.path.reduce(
    (schemas, key) =>
      schemas
        .flatMap(({ properties, items, additionalProperties }) => [
          Object(properties)[key] ?? (/^\d+$/.test(key) ? items : additionalProperties),
        ])
        .filter(isObject)
        .flatMap(parts),
    whole,
  );
}

function isComposite(schema: unknown): boolean {
  return isObject(schema) && [schema.type].flat().some((type) => type === "array" || type === "object");
}

function holdsComposites({ items, properties, additionalProperties }: Json): boolean {
  return [items, additionalProperties, ...entries(properties).map(([, property]) => property)].some(
    (inner) => isObject(inner) && parts(inner).some((part) => isComposite(part) || isObject(part.properties)),
  );
}

function keysOf(value: unknown): string[] {
  return entries(value).map(([key]) => key.toLowerCase());
}

function hasType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  return type === "null" ? value === null : typeof value === type;
}

function missingHeader({ place, message }: Violation): string | undefined {
  return place === "header" ? /required property '([^']*)'/.exec(message)?.[1] : undefined;
}

// ------------------------------------------------------------ the request

function mediaTypeOf({ headers }: PrismRequest): string {
  return (headers["content-type"] ?? "").toLowerCase();
}

/** The values of a field of a form. */
function fieldsOf(element: PrismRequest, field: string): string[] {
  const text = String(element.body);
  if (mediaTypeOf(element).includes("urlencoded")) return new URLSearchParams(text).getAll(field);
  if (!mediaTypeOf(element).includes("multipart")) return [];
  return [...text.matchAll(/name="([^"]*)"[^\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*?)\r\n--/g)]
    .filter(([, name]) => name === field)
    .map(([, , value]) => value ?? "");
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
