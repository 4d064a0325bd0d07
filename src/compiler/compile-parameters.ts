import type { ArgsCodec, JsonSchema } from "../runtime/types.ts";
import type { Api, Arg, Needs, Operation, Property, Schema } from "./api.ts";
import { Assembler, referencesIn } from "./definitions.ts";
import type { Descriptions } from "./describe.ts";
import { excessOf } from "./limits.ts";
import { mediaKind } from "./media-types.ts";
import { operationKey } from "./names.ts";
import { Sharing } from "./share.ts";
import { type Field, Lowering } from "./strict.ts";
import { rulesOfNeeds } from "./strict-containers.ts";
import { closedObject, propertyCodecs, strictKeys } from "./strict-schema.ts";
import type { Names } from "./tool.ts";

/** The arguments of a tool: their strict schema, and the way back. */
export interface Compiled {
  readonly parameters: JsonSchema;
  readonly codec: ArgsCodec;
  readonly strict: boolean;
  /** Why parts became JSON text, or the tool is not strict. */
  readonly reasons: readonly string[];
}

/** More attempts than this at coming within the limits are not made. */
const MOST_ATTEMPTS = 50;

/** After so many attempts, circles of definitions are cut too. */
const PATIENCE = 6;

/** Compiles the arguments of a document's operations; what several have in common is lowered once. */
export class ParametersCompiler {
  readonly #api: Api;
  readonly #names: Names;
  readonly #descriptions: Descriptions;
  readonly #lowerings = new Map<string, Lowering>();
  readonly #assemblers = new Map<Lowering, Assembler>();
  readonly #ids = new Map<Schema, number>();
  readonly #annotated = new Map<Schema, Map<string, Schema>>();
  readonly #sharing = new Sharing();

  constructor(api: Api, names: Names, descriptions: Descriptions) {
    this.#api = api;
    this.#names = names;
    this.#descriptions = descriptions;
  }

  /** What is beyond the limits of strict mode becomes JSON text, as little as will do. */
  compile(operation: Operation): Compiled {
    const tool = this.#names.operations.get(operationKey(operation))?.tool ?? "";
    const silent = this.#descriptions.silentArgs(operation.args, tool);
    const properties = operation.args.map((arg) =>
      this.#asProperty(silent.includes(arg) ? { ...arg, description: "" } : arg),
    );
    const cuts = new Set<Schema>();
    const reasons = new Set<string>();
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const lowered = this.#lower(operation, properties, cuts, false);
      const excess = excessOf(lowered.parameters, attempt >= PATIENCE);
      if (excess === undefined || excess.isSize) {
        const shared = this.#sharing.share(lowered);
        if (excess === undefined || excessOf(shared.parameters) === undefined)
          return { ...shared, strict: true, reasons: [...reasons] };
      }
      reasons.add(excess.reason);
      const before = cuts.size;
      for (const cut of excess.cuts) cuts.add(cut);
      if (cuts.size === before) break;
    }
    const loose = this.#lower(operation, properties, new Set(), true);
    return { ...this.#sharing.share(loose), strict: false, reasons: [...reasons] };
  }

  #lower(
    operation: Operation,
    properties: readonly Property[],
    cuts: ReadonlySet<Schema>,
    loose: boolean,
  ): { parameters: JsonSchema; codec: ArgsCodec } {
    const plain = this.#lowering({ patch: false, loose, cuts });
    // Only in the body does null clear anything; parameters are lowered as everywhere else.
    const body = isJsonPatch(operation) ? this.#lowering({ patch: true, loose, cuts }) : plain;
    const fields = fieldsOf(operation.args, properties, plain, body);
    const root = closedObject(
      fields.map(({ key, lowered }) => [key, lowered.schema]),
      loose ? fields.filter(({ lowered }) => !lowered.codec.optional).map(({ key }) => key) : undefined,
    );
    const codecs = propertyCodecs(fields.map(({ key, lowered }) => [key, lowered.codec]));
    const isApart = body !== plain && operation.args.some((arg, index) => arg.in !== "body" && refers(fields[index]));
    const assembler = isApart ? assemblerOfBoth(plain, body) : this.#assembler(body);
    const { parameters, codec } = assembler.assemble({ schema: root, codec: codecs });
    const needs = needsOf(operation);
    return { parameters, codec: needs === undefined ? codec : { ...codec, $rules: rulesOfNeeds(needs) } };
  }

  /** Operations that need the same cuts share what was lowered with them. */
  #lowering(options: { patch: boolean; loose: boolean; cuts: ReadonlySet<Schema> }): Lowering {
    const ids = [...options.cuts].map((schema) => this.#idOf(schema)).sort((a, b) => a - b);
    const key = `${options.patch} ${options.loose} ${ids.join()}`;
    const known = this.#lowerings.get(key);
    if (known !== undefined) return known;
    const cuts = new Set(options.cuts);
    const lowering = new Lowering(this.#api, this.#names, { ...options, cuts, describe: this.#descriptions.ofValue });
    this.#lowerings.set(key, lowering);
    return lowering;
  }

  #assembler(lowering: Lowering): Assembler {
    const known = this.#assemblers.get(lowering) ?? new Assembler(lowering.definitions);
    this.#assemblers.set(lowering, known);
    return known;
  }

  /** An argument of the document's. What is said alike of one schema makes one schema. */
  #asProperty({ name, required, schema, description, deprecated }: Arg): Property {
    const text = description ?? schema.description;
    if (text === schema.description && !deprecated) return { name, required, schema };
    const known = this.#annotated.get(schema) ?? new Map<string, Schema>();
    this.#annotated.set(schema, known);
    const key = JSON.stringify([deprecated === true, text]);
    const annotated = known.get(key) ?? {
      ...schema,
      ...(text !== undefined && { description: text }),
      ...(deprecated && { deprecated }),
    };
    known.set(key, annotated);
    return { name, required, schema: annotated };
  }

  #idOf(schema: Schema): number {
    const id = this.#ids.get(schema) ?? this.#ids.size;
    this.#ids.set(schema, id);
    return id;
  }
}

/** Whether null means "clear this" in the body. */
function isJsonPatch({ method, body }: Operation): boolean {
  return method === "PATCH" && body !== undefined && mediaKind(body.mediaType) === "json";
}

function fieldsOf(
  args: readonly Arg[],
  properties: readonly Property[],
  plain: Lowering,
  body: Lowering,
): readonly Field[] {
  const keys = strictKeys(properties.map(({ name }) => name));
  return args.map((arg, index) => {
    const lowering = arg.in === "body" ? body : plain;
    return lowering.lowerArg(properties[index] as Property, keys[index] as string);
  });
}

/** Whether an argument has definitions of its lowering. */
function refers(field: Field | undefined): boolean {
  return field !== undefined && referencesIn(field.lowered.schema).length > 0;
}

/** For parameters with definitions beside a body in which null clears. */
function assemblerOfBoth(plain: Lowering, body: Lowering): Assembler {
  return new Assembler(new Map([...plain.definitions, ...body.definitions]));
}

/** Which fields of a spread body must be there, by the names of their arguments. */
export function needsOf({ args, body }: Operation): Needs | undefined {
  const argOf = (field: string) => args.find((arg) => arg.in === "body" && arg.wireName === field)?.name ?? field;
  return body?.needs && { ...body.needs, lists: body.needs.lists.map((fields) => fields.map(argOf)) };
}
