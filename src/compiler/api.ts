import type { Effect, Encoding, ParameterStyle, SecurityScheme, Server, Xml } from "../runtime/types.ts";

/** Our reading of a document: what its operations take, give and need. All references in it are resolved or named. */
export interface Api {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  readonly servers: readonly Server[];
  /** By the document's name for it, credentials as the kit's `Auth` types them. */
  readonly securitySchemes: ReadonlyMap<string, Credential>;
  /** Sorted by path and method. */
  readonly operations: readonly Operation[];
  /** Everything that a `$ref` points to, by the JSON pointer of its place. */
  readonly schemas: ReadonlyMap<string, NamedSchema>;
}

/** A security scheme, and what a caller has to give for it. */
export interface Credential {
  readonly scheme: SecurityScheme;
  readonly description?: string;
  /** `token`: a string. `basic`: user name and password. `client`: a token, or a client's id and secret to fetch one with. */
  readonly kind: "token" | "basic" | "client";
}

export interface NamedSchema {
  /** The document's name for it: `Pet` of `#/components/schemas/Pet`. Not unique, and not always an identifier. */
  readonly name: string;
  readonly schema: Schema;
}

export interface Operation {
  /** JSON pointer in the original document: `#/paths/~1pets/get`. */
  readonly pointer: string;
  /** Upper case. */
  readonly method: string;
  /** As in the document. */
  readonly path: string;
  readonly operationId?: string;
  /** The tool's name, where somebody chose one. */
  readonly toolName?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly effect: Effect;
  /** Whether a person is asked before each call, where that does not follow from the effect. */
  readonly approval?: "always" | "never";
  /** In the order of the tool's arguments. */
  readonly args: readonly Arg[];
  readonly body?: RequestBody;
  /** The header by which the API knows a repeated request; the kit fills it, and it is no argument. */
  readonly idempotencyKey?: string;
  /** Parameters that the kit fills with a credential; they are no arguments. */
  readonly credentials?: readonly { readonly scheme: string; readonly arg: Arg }[];
  /** Parameters that the kit fills in from its `inject` option, by the key there. Code may give them, models do not. */
  readonly injected?: readonly { readonly key: string; readonly arg: Arg }[];
  /** The fields of its answer that models read, as paths: `owner.login`. Absent: all. */
  readonly pick?: readonly string[];
  /** Alternatives, each a list of schemes that go together. */
  readonly security: readonly (readonly string[])[];
  /** What the credentials must permit, by scheme, where the document says it. */
  readonly scopes?: { readonly [scheme: string]: readonly string[] };
  /** Where the operation or its path has servers of its own. */
  readonly servers?: readonly Server[];
  /** What a successful call gives. Absent: nothing. */
  readonly result?: Result;
}

/** An argument of a tool: a parameter, a field of the body, or the whole body. */
export interface Arg {
  /** Its name in `Args`, unique in the operation. */
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie" | "querystring" | "body";
  /** Its name on the wire. */
  readonly wireName: string;
  readonly required: boolean;
  readonly schema: Schema;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
  /** Of a parameter with `content`. */
  readonly mediaType?: string;
  /** Where in the document it stands, as far as a pointer tells it. */
  readonly pointer?: string;
}

export interface RequestBody {
  readonly mediaType: string;
  readonly required: boolean;
  /** Whether its fields are arguments of their own; otherwise it is one argument. */
  readonly spread: boolean;
  readonly encoding?: { readonly [field: string]: Encoding };
  /** The fields that hold files, or those that do not where all others do. */
  readonly files?: readonly string[] | { readonly except: readonly string[] };
  readonly xml?: Xml;
  /** Of a body that is spread: the named schema that holds its fields, where it is one as it stands. */
  readonly target?: string;
  /** Of a body that is spread: which of its fields must be there. */
  readonly needs?: Needs;
  /** Other rules on the whole of it, as the document writes them. */
  readonly notes?: readonly string[];
}

/** The successful answers of an operation. */
export interface Result {
  /** Media types, best first. */
  readonly mediaTypes: readonly string[];
  /** One for each distinct body. */
  readonly schemas: readonly Schema[];
  /** Whether a success may also come without a body. */
  readonly maybeEmpty: boolean;
}

// ------------------------------------------------------------ schemas

/** A JSON Schema after `allOf` was merged, null split off and every dialect normalised. */
export type Schema =
  | AnySchema
  | NullSchema
  | BooleanSchema
  | StringSchema
  | NumberSchema
  | EnumSchema
  | FileSchema
  | ArraySchema
  | TupleSchema
  | ObjectSchema
  | UnionSchema
  | RefSchema;

interface SchemaBase {
  readonly description?: string;
  /** null is a value of it too. */
  readonly nullable?: true;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly deprecated?: true;
  /** Rules for which no other field stands (`not`, `if`, …), as sentences for the model. */
  readonly notes?: readonly string[];
}

/** Anything at all. With a `reason`, because what the document says cannot be expressed. */
export interface AnySchema extends SchemaBase {
  readonly kind: "any";
  readonly reason?: string;
  /** What is wrong with the reference for which this stands. */
  readonly dangling?: string;
}

/** Only null; always nullable. */
export interface NullSchema extends SchemaBase {
  readonly kind: "null";
}

export interface BooleanSchema extends SchemaBase {
  readonly kind: "boolean";
}

export interface StringSchema extends SchemaBase {
  readonly kind: "string";
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface NumberSchema extends SchemaBase {
  readonly kind: "number";
  readonly integer: boolean;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** One of some scalar values, `const` included; without null and without duplicates. */
export interface EnumSchema extends SchemaBase {
  readonly kind: "enum";
  readonly values: readonly (string | number | boolean)[];
  /** What each value means, in their order, where the document says it. */
  readonly labels?: readonly string[];
}

/** Bytes, where a body holds them as such; base64 in JSON is a string. */
export interface FileSchema extends SchemaBase {
  readonly kind: "file";
}

export interface ArraySchema extends SchemaBase {
  readonly kind: "array";
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
}

export interface TupleSchema extends SchemaBase {
  readonly kind: "tuple";
  readonly items: readonly Schema[];
}

export interface ObjectSchema extends SchemaBase {
  readonly kind: "object";
  readonly properties: readonly Property[];
  /** Of keys that are not declared. Absent: there are none. */
  readonly additional?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** Which of its properties must be there, besides the required ones. */
  readonly needs?: Needs;
}

/** Lists of properties, of which one must be there whole: at least one, or exactly one. */
export interface Needs {
  readonly lists: readonly (readonly string[])[];
  readonly exactlyOne: boolean;
}

export interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
  /** Only in answers. */
  readonly readOnly?: true;
  /** Only in requests. */
  readonly writeOnly?: true;
}

/** One of several schemas, none of them null. */
export interface UnionSchema extends SchemaBase {
  readonly kind: "union";
  readonly branches: readonly Schema[];
  /** The property that tells object branches apart, and its values by branch. */
  readonly discriminator?: { readonly property: string; readonly values: readonly (readonly string[])[] };
}

/** A named schema: a key of `Api.schemas`. */
export interface RefSchema extends SchemaBase {
  readonly kind: "ref";
  readonly target: string;
}
