import { type Content, writeBody } from "./body.ts";
import { type Features, needed } from "./features.ts";
import type { FileContext } from "./files.ts";
import { checkHeader } from "./headers.ts";
import { own } from "./own.ts";
import type { PlaceStyled } from "./parameter-styles.ts";
import { readPath } from "./path.ts";
import { type Args, asIs, isUsual, type Pair, parametersOf, spellQuery, spellUsual } from "./serialize.ts";
import type { Operation } from "./types.ts";

/** What the arguments make of a request, before server and credentials are known. */
export interface Draft extends Placed {
  readonly path: string;
  readonly body: Content | undefined;
}

/** Parameters, but for those of the path. */
export interface Placed {
  /** Encoded. One parameter may be all of it. */
  readonly query: (Pair | readonly [whole: string])[];
  /** Names in lower case. */
  readonly headers: { [name: string]: string };
  readonly cookies: string[];
}

export type WriteDraft = (args: Args, files: FileContext) => Promise<Draft>;

/** Reads a route once. What comes back throws `InvalidArgumentsError`. */
export function readRoute(operation: Operation, features: Features): WriteDraft {
  const { path, body } = operation;
  const all = parametersOf(operation);
  const fillPath = readPath(path, all, features);
  const others = all.filter(([, parameter]) => parameter.in !== "path");
  let placeStyled: PlaceStyled | undefined;

  return async (args, files) => {
    const placed: Placed = { query: [], headers: Object.create(null), cookies: [] };
    for (const [argument, parameter] of others) {
      const value = own(args, argument);
      if (value === undefined) continue;
      const { in: place, name = argument, explode } = parameter;
      if (!isUsual(parameter, value)) {
        placeStyled ??= needed(features, "styles")(operation, features);
        await placeStyled(placed, argument, parameter, value, files);
      } else if (place === "query") {
        placed.query.push(...spellQuery(name, value, explode));
      } else {
        const text = spellUsual(value, asIs);
        if (text !== undefined) placed.headers[name.toLowerCase()] = checkHeader(text, argument);
      }
    }
    return { ...placed, path: fillPath(args), body: body && (await writeBody(body, args, files, features)) };
  };
}
