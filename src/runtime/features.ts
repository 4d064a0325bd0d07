import type { Attached } from "./attachments.ts";
import type { Content } from "./body.ts";
import type { FindToken } from "./client-credentials.ts";
import { OptionsError } from "./errors.ts";
import type { ReadEvents } from "./events.ts";
import type { FileContext } from "./files.ts";
import type { AddKeys, FillArgs } from "./fill-args.ts";
import type { AddIdempotencyKey } from "./idempotency-key.ts";
import type { PlaceKey } from "./key-places.ts";
import type { Answer, RequestOptions, ToolOutput } from "./kit-types.ts";
import type { ReadStyles, StyleInPath } from "./parameter-styles.ts";
import type { Served } from "./server.ts";
import type { Respell } from "./spellings.ts";
import type { Body, Fields, JsonSchema, Operation, Rules } from "./types.ts";
import type { DecodeUnion } from "./unions.ts";

/** What only some operations need. Kits import it, so that bundlers leave the rest out. */
export interface Features {
  /** Bodies other than JSON, by the kind of their media type. */
  readonly text?: WriteBody;
  readonly events?: WriteBody;
  readonly form?: WriteBody;
  readonly multipart?: WriteBody;
  readonly xml?: WriteBody;
  readonly binary?: WriteBody;
  /** The address of one of several servers, or of one with variables. */
  readonly server?: (route: Served, options: RequestOptions) => string;
  /** Parameters of another style than that of their place. */
  readonly styles?: ReadStyles;
  readonly styleInPath?: StyleInPath;
  /** Arguments that may have one of several shapes. */
  readonly union?: DecodeUnion;
  /** Arguments that strict mode spells in another way, and entries beside declared properties. */
  readonly respell?: Respell;
  readonly spread?: (target: Map<string, unknown>, entries: Record<string, unknown>, path: string) => void;
  /** Checks that strict schemas cannot hold. */
  readonly rules?: (value: unknown, rules: Rules, path: string, features: Features) => void;
  /** Checks by what bounds a value in its schema. */
  readonly bounds?: (value: unknown, schema: JsonSchema, path: string, features: Features) => void;
  /** Whether a text matches a pattern. */
  readonly pattern?: (text: string, pattern: string) => boolean;
  /** Whether a text has a format. */
  readonly format?: (text: string, format: string) => boolean;
  /** Arguments that the kit fills in. */
  readonly fill?: FillArgs;
  /** Credentials that are parameters. */
  readonly addKeys?: AddKeys;
  /** Keys by which an API knows a repeated request. */
  readonly addIdempotencyKey?: AddIdempotencyKey;
  /** Answers that come in pieces. */
  readonly readEvents?: ReadEvents;
  /** What a model can be shown of an answer that is no text. */
  readonly attach?: (output: ToolOutput, limit: number | undefined) => Promise<Attached | undefined>;
  /** The fields of an answer that a model reads. */
  readonly pick?: (answer: Answer, fields: Fields) => Answer;
  /** API keys that are no headers. */
  readonly placeKey?: PlaceKey;
  /** Tokens for clients that have credentials of their own. */
  readonly token?: FindToken;
}

/** Writes a body; of one that is required and was not given, the value is `undefined`. */
export type WriteBody = (value: unknown, body: Body, files: FileContext) => Content | Promise<Content>;

/** All that an operation may use. */
export function featuresOf<Auth>({ uses = [], api }: Pick<Operation<Auth>, "uses" | "api">): Features {
  return Object.assign({}, ...(api.uses ?? []), ...uses);
}

/** A feature that cannot be done without. */
export function needed<Name extends keyof Features>(features: Features, name: Name): NonNullable<Features[Name]> {
  const feature = features[name];
  if (feature === undefined) throw new OptionsError(`the kit lacks ${name}: generate it again with fctool`);
  return feature;
}
