import type { ArgsCodec, JsonSchema, Route } from "../runtime/types.ts";
import type { Operation } from "./api.ts";

/** An operation, compiled: all that its block in the kit says. */
export interface Tool {
  readonly operation: Operation;
  /** What the model calls it. */
  readonly name: string;
  readonly description: string;
  readonly strict: boolean;
  readonly parameters: JsonSchema;
  readonly codec: ArgsCodec;
  readonly route: Route;
}

/** Every identifier of a kit, assigned in one pass over the whole document. */
export interface Names {
  /** By the key of the operation, `METHOD /path`. */
  readonly operations: ReadonlyMap<string, OperationNames>;
  /** TypeScript names of schemas, by their key in `Api.schemas`. */
  readonly schemas: ReadonlyMap<string, string>;
  /** What models read in their place: without a namespace, as far as that leaves them distinct. */
  readonly definitions: ReadonlyMap<string, string>;
}

export interface OperationNames {
  /** What the model calls it: `get-pet`. */
  readonly tool: string;
  /** The executor: `getPet`. The tool definition is `getPetTool`. */
  readonly executor: string;
  /** The types: `GetPet` of `GetPetArgs` and `GetPetResult`. */
  readonly type: string;
}
