import type { ArgsCodec, Body, CredentialPlace, JsonSchema, Parameter, Route } from "../runtime/types.ts";
import type { Api, Arg, Operation, Property, RequestBody, Schema } from "./api.ts";
import { assemble } from "./definitions.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { excessOf } from "./limits.ts";
import { mediaKind } from "./media-types.ts";
import { closedObject, DanglingReference, type Field, Lowering, type LoweringOptions, shorten } from "./strict.ts";
import { asSentence, cutText, plainText } from "./text.ts";
import type { Names, Tool } from "./tool.ts";

/** More attempts than this at coming within the limits are not made. */
const MOST_ATTEMPTS = 50;

/** After so many attempts, circles of definitions are cut too. */
const PATIENCE = 6;

/** Every operation as a tool. One that cannot be compiled is left out, with a warning. */
export function compileTools(api: Api, names: Names, diagnostics: Diagnostics): Tool[] {
  const shared = {
    plain: new Lowering(api, names, { patch: false, loose: false, cuts: new Set() }),
    patch: new Lowering(api, names, { patch: true, loose: false, cuts: new Set() }),
  };
  return api.operations.flatMap((operation) => {
    try {
      const patch = isJsonPatchBody(operation);
      const compiled = compileParameters(operation, patch, api, names, patch ? shared.patch : shared.plain);
      report(operation, compiled, diagnostics);
      const name = names.operations.get(operation.pointer)?.tool as string;
      return {
        operation,
        name,
        ...compiled,
        description: describeTool(operation, compiled),
        route: routeOf(operation),
      };
    } catch (error) {
      if (!(error instanceof DanglingReference)) throw error;
      const what = `${operation.method} ${operation.path} is left out: ${error.message}`;
      diagnostics.warn("FC104", operation.pointer, what, "Correct the reference, or add what it names.");
      return [];
    }
  });
}

/** Whether null means "clear this" in the body. */
function isJsonPatchBody({ method, body }: Operation): boolean {
  return method === "PATCH" && body !== undefined && mediaKind(body.mediaType) === "json";
}

interface Compiled {
  readonly parameters: JsonSchema;
  readonly codec: ArgsCodec;
  readonly strict: boolean;
  /** Why parts became JSON text. */
  readonly reasons: readonly string[];
}

/** Lowers the arguments; what is beyond the limits becomes JSON text, as little as will do. */
function compileParameters(operation: Operation, patch: boolean, api: Api, names: Names, shared: Lowering): Compiled {
  const properties = operation.args.map(asProperty);
  const cuts = new Set<Schema>();
  const reasons = new Set<string>();
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const options: LoweringOptions = { patch, loose: false, cuts };
    const lowering = cuts.size === 0 ? shared : new Lowering(api, names, options);
    const { parameters, codec } = lowerArgs(operation, properties, patch, lowering, api, names, options);
    const excess = excessOf(parameters, attempt >= PATIENCE);
    if (excess === undefined) return { parameters, codec, strict: true, reasons: [...reasons] };
    const more = excess.cuts.filter((cut) => !cuts.has(cut));
    reasons.add(excess.reason);
    if (more.length === 0) break;
    for (const cut of more) cuts.add(cut);
  }
  const options: LoweringOptions = { patch, loose: true, cuts: new Set() };
  const loose = lowerArgs(operation, properties, patch, new Lowering(api, names, options), api, names, options);
  return { ...loose, strict: false, reasons: [...reasons] };
}

/** Only in the body does null clear anything: parameters are lowered as everywhere else. */
function lowerArgs(
  operation: Operation,
  properties: readonly Property[],
  patch: boolean,
  lowering: Lowering,
  api: Api,
  names: Names,
  options: LoweringOptions,
): { parameters: JsonSchema; codec: ArgsCodec } {
  const { args } = operation;
  const plain = patch ? new Lowering(api, names, { ...options, patch: false }) : lowering;
  const inBody = new Set(args.filter((arg) => arg.in === "body").map((arg) => arg.name));
  const fields = fieldsOf(properties, inBody, lowering, plain);
  const root = closedObject(
    fields.map(({ key, lowered }) => [key, lowered.schema]),
    options.loose ? fields.filter(({ lowered }) => !lowered.codec.optional).map(({ key }) => key) : undefined,
  );
  const codecs = fields.filter(({ lowered }) => Object.keys(lowered.codec).length > 0);
  const propertyCodecs = Object.fromEntries(codecs.map(({ key, lowered }) => [key, shorten(lowered.codec)]));
  const definitions = patch ? new Map([...plain.definitions, ...lowering.definitions]) : lowering.definitions;
  const { parameters, codec } = assemble({ schema: root, codec: { properties: propertyCodecs } }, definitions);
  const anyRequired = anyRequiredOf(operation);
  return { parameters, codec: anyRequired === undefined ? codec : { ...codec, $rules: { anyRequired } } };
}

/** Which fields of a spread body must be there, by the names of their arguments. */
function anyRequiredOf({ args, body }: Operation): readonly (readonly string[])[] | undefined {
  const argOf = (field: string) => args.find((arg) => arg.in === "body" && arg.wireName === field)?.name ?? field;
  return body?.anyRequired?.map((fields) => fields.map(argOf));
}

function fieldsOf(
  properties: readonly Property[],
  inBody: ReadonlySet<string>,
  lowering: Lowering,
  plain: Lowering,
): readonly Field[] {
  if (lowering === plain) return lowering.lowerProperties(properties);
  const [body, others] = [lowering.lowerProperties(properties), plain.lowerProperties(properties)];
  return properties.map(({ name }, index) => (inBody.has(name) ? body : others)[index] as Field);
}

function asProperty({ name, required, schema, description, deprecated }: Arg): Property {
  const text = description ?? schema.description;
  return {
    name,
    required,
    schema: { ...schema, ...(text !== undefined && { description: text }), ...(deprecated && { deprecated: true }) },
  };
}

function report(operation: Operation, { strict, reasons }: Compiled, diagnostics: Diagnostics): void {
  const [reason] = reasons;
  if (reason === undefined) return;
  const what = `${operation.method} ${operation.path}: ${reasons.join(", and ")}`;
  if (strict) {
    diagnostics.warn(
      "FC301",
      operation.pointer,
      `${what}; parts of it are passed as JSON text`,
      "Make the schema flatter or smaller.",
    );
  } else {
    diagnostics.warn(
      "FC302",
      operation.pointer,
      `${what}; the tool is not strict`,
      "Make the schema flatter or smaller.",
    );
  }
}

// ------------------------------------------------------------ description

const MOST_CHARACTERS = 1024;

function describeTool(operation: Operation, { codec, strict }: Compiled): string {
  const summary = plainText(operation.summary ?? "");
  const description = plainText(operation.description ?? "");
  const words = description.toLowerCase().startsWith(summary.toLowerCase())
    ? asSentence(description)
    : [asSentence(summary), asSentence(description)].filter((text) => text !== "").join(" ");
  const anyRequired = anyRequiredOf(operation);
  const notes = [
    ...(operation.deprecated ? ["Deprecated."] : []),
    ...(anyRequired === undefined ? [] : [`Give ${anyRequired.map((fields) => fields.join(" and ")).join(", or ")}.`]),
    ...(operation.body?.notes ?? []).map((note) => `${cutText(note, 200)}.`),
    ...(strict && mentions(codec, "optional") ? ["null leaves a field out."] : []),
    ...(mentions(codec, "clear") ? ['{"set_to":"null"} clears a field.'] : []),
  ].join(" ");
  const text = words === "" ? `${operation.method} ${operation.path}.` : words;
  return [cutText(text, MOST_CHARACTERS - notes.length - 1), notes].filter((part) => part !== "").join(" ");
}

/** Whether a codec has a field anywhere. */
function mentions(codec: unknown, field: "optional" | "clear"): boolean {
  if (codec === field) return true;
  if (typeof codec !== "object" || codec === null) return false;
  return Object.entries(codec).some(
    ([key, value]) => (key === field && value !== false && typeof value !== "object") || mentions(value, field),
  );
}

// ------------------------------------------------------------ route

function routeOf({ method, path, args, body, credentials = [], security, servers, result }: Operation): Route {
  const parameters = args.filter((arg) => arg.in !== "body").map((arg) => [arg.name, parameterOf(arg)] as const);
  const bodyArgs = [...args, ...credentials.map(({ arg }) => arg)].filter((arg) => arg.in === "body");
  const [answer] = result?.mediaTypes ?? [];
  return {
    method,
    path,
    ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
    ...(body !== undefined && { body: bodyOf(body, bodyArgs) }),
    ...(credentials.length > 0 && { credentials: credentialsOf(credentials) }),
    ...(security.some((schemes) => schemes.length > 0) && { security }),
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
