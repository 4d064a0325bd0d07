import type { Features } from "./features.ts";

/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON Schema, in the subset that providers take. */
export type JsonSchema = { [keyword: string]: unknown };

/** A tool as the Chat Completions API takes it. */
export interface FunctionTool {
  type: "function";
  function: {
    name: string;
    description?: string;
    strict: boolean;
    parameters: { [key: string]: unknown };
  };
}

/** An element of `message.tool_calls`, of the kinds that models and gateways send. */
export interface ToolCall {
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly function?:
    | { readonly name: string; readonly arguments?: string | { readonly [key: string]: unknown } | null | undefined }
    | undefined;
}

/** What a call changes: nothing (`read`), something (`write`), or something that cannot be had back (`destructive`). */
export type Effect = "read" | "write" | "destructive";

// ------------------------------------------------------------ codec

/**
 * How one strict value becomes a natural one. It says only what the strict schema beside it cannot:
 * a value without a codec is taken as it is. `"optional"` is short for `{ optional: true }`.
 */
export type Codec = "optional" | CodecNode;

export interface CodecNode {
  /** Where the schema is a property: null means that the key is left out. */
  readonly optional?: true;
  /** The key's real name, where a provider cannot take it. */
  readonly name?: string;
  /** `{"<clear>": "null"}` stands for a null that is sent. */
  readonly clear?: string;
  /**
   * What the strict value is a spelling of: `json` is JSON text; `map` an array of `{key, value}`; `tuple` an
   * object of `item_0`, `item_1`, …; `wrapper` an object of one key, which only tells the branches of a union apart.
   * What is inside has codecs of its own, by the spelling: those of a map's values are at `items.properties.value`.
   */
  readonly as?: "json" | "map" | "tuple" | "wrapper";
  /** With `as: "json"`: the JSON type that the text must hold. */
  readonly type?: "object" | "array";
  /** The property that holds the entries beside the declared properties. */
  readonly rest?: string;
  /** By strict property name. */
  readonly properties?: Codecs;
  /** The elements of an array. */
  readonly items?: Codec;
  /** The branches of an `anyOf` that has several besides null, in its order without null. */
  readonly anyOf?: readonly Codec[];
  /** Checks that the strict schema cannot hold. */
  readonly rules?: Rules;
}

/** Checks on the natural value, named as in JSON Schema. */
export interface Rules {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly (string | number | boolean | null)[];
  /** Of fractions: strict schemas hold whole steps alone. */
  readonly multipleOf?: number;
  readonly uniqueItems?: true;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** At least one of these lists of properties must be there whole. */
  readonly anyRequired?: readonly (readonly string[])[];
  /** Exactly one of these lists of properties must be there whole. */
  readonly oneRequired?: readonly (readonly string[])[];
}

/** The codecs of a tool's arguments, by name. No argument begins with a dollar sign. */
export interface ArgsCodec {
  readonly [argument: string]: Codec | Codecs | Rules | undefined;
  /** Those of the schema's definitions. */
  readonly $defs?: Codecs | undefined;
  /** Checks on the arguments as a whole. */
  readonly $rules?: Rules | undefined;
}

/** Codecs by name. */
export type Codecs = { readonly [name: string]: Codec };

// ------------------------------------------------------------ route

/** Method, path and placement of the arguments, as data. */
export interface Route<AnyParameter = Parameter> {
  readonly method: string;
  /** As in the document, with its `{templates}`. */
  readonly path: string;
  /** By argument, in the order in which they are sent. */
  readonly parameters?: { readonly [argument: string]: AnyParameter };
  readonly body?: Body;
  /** Alternatives, each a list of schemes that go together. Absent: none. */
  readonly security?: readonly (readonly string[])[];
  /** Schemes whose credential goes where a parameter or a field of the body would be; sent wherever it is given. */
  readonly credentials?: { readonly [scheme: string]: CredentialPlace };
  /** Arguments that are taken from the `inject` option where nobody gives them: argument → key there. */
  readonly injected?: { readonly [argument: string]: string };
  /** Where the operation has servers of its own. */
  readonly servers?: readonly Server[];
  /** The media types of the declared answers, as the `Accept` header says them. Absent: JSON, then anything. */
  readonly accept?: string;
  /** The header by which the API knows a repeated request. It is no argument: the runtime fills it. */
  readonly idempotencyKey?: string;
}

/** Where a parameter goes. Absent fields have the defaults of the OpenAPI specification, "Parameter Object". */
export interface Parameter {
  readonly in: "path" | "query" | "header" | "cookie" | "querystring";
  /** Its name on the wire, where the argument is called otherwise. */
  readonly name?: string;
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
  /** Set where the document gives `content` instead of a schema. */
  readonly mediaType?: string;
}

export type ParameterStyle =
  | "simple"
  | "label"
  | "matrix"
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  /** Swagger 2.0's `collectionFormat: tsv`. */
  | "tabDelimited"
  | "deepObject";

export interface CredentialPlace {
  readonly in: "header" | "query" | "cookie" | "body";
  /** On the wire; in a body the argument that the credential fills. */
  readonly name: string;
}

/** How the body is made. It has either `args` or `arg`. */
export interface Body {
  readonly mediaType: string;
  /** The arguments that are its fields. */
  readonly args?: readonly string[];
  /** The one argument that is the whole body. */
  readonly arg?: string;
  /** Argument → field, where they differ. */
  readonly names?: { readonly [argument: string]: string };
  /** Sent as `{}` even when nothing was given. */
  readonly required?: true;
  /** The fields that hold files (`multipart/form-data`), or those that do not where all others do; an array's elements count. */
  readonly files?: readonly string[] | { readonly except: readonly string[] };
  /** By field: OpenAPI's Encoding Object. */
  readonly encoding?: { readonly [field: string]: Encoding };
  /** How XML is written, where the document gives hints. */
  readonly xml?: Xml;
}

export interface Encoding {
  readonly contentType?: string;
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
}

/** OpenAPI's XML Object, of a value and of all that is in it. */
export interface Xml {
  readonly name?: string;
  readonly namespace?: string;
  readonly prefix?: string;
  readonly attribute?: boolean;
  readonly wrapped?: boolean;
  readonly properties?: { readonly [property: string]: Xml };
  readonly items?: Xml;
}

export interface Server {
  readonly url: string;
  readonly variables?: { readonly [name: string]: ServerVariable };
}

export interface ServerVariable {
  readonly default: string;
  readonly enum?: readonly string[];
}

export type SecurityScheme =
  | { readonly type: "apiKey"; readonly in: "header" | "query" | "cookie"; readonly name: string }
  | { readonly type: "http"; readonly scheme: string }
  | { readonly type: "oauth2"; readonly tokenUrl?: string; readonly scopes?: readonly string[] }
  | { readonly type: "openIdConnect" }
  | { readonly type: "mutualTLS" };

/** What the operations of one document share. `Auth` has a key for each security scheme. */
export interface Api<Auth = unknown> {
  /** The one server, where it has no variables. */
  readonly server?: string;
  /** Otherwise all of them; the first is the default. */
  readonly servers?: readonly Server[];
  readonly securitySchemes?: { readonly [Scheme in keyof Auth]-?: SecurityScheme };
  /** What several operations need of the runtime, and other documents do not: `[clientCredentials]`. */
  readonly uses?: readonly Features[];
}

/** What an executor is made of: a route, the tool it belongs to, and the way back from strict arguments. */
export interface Operation<Auth = unknown> extends OperationParts {
  readonly api: Api<Auth>;
}

/** What of an operation is its own. Among its parameters, `"path"` is short for `{ in: "path" }`. */
export interface OperationParts extends Route<Parameter | Parameter["in"]> {
  readonly tool: FunctionTool;
  /** An `ArgsCodec`. It is written by fctool; TypeScript, which would take long for it, need not look into it. */
  readonly codec?: { readonly [argument: string]: unknown };
  /** What it needs of the runtime, and others do not: `[formBody]`. */
  readonly uses?: readonly Features[];
  /** Where it is not what the method says. */
  readonly effect?: Effect;
  /** Whether models may make the call only once somebody, or the kit's `approval`, approved of it. Default: as its effect has it. */
  readonly approval?: "always" | "never";
  /** What of a JSON answer models read. Code gets all of it. */
  readonly result?: { readonly pick: Fields };
}

/** Fields by name, whole or again by their fields; lists are walked through, and `*` is any name. */
export interface Fields {
  readonly [name: string]: true | Fields;
}
