import type { Content } from "./body.ts";
import { InvalidArgumentsError } from "./errors.ts";
import type { Features } from "./features.ts";
import { toText } from "./serialize.ts";
import type { Body } from "./types.ts";

/** Bodies of text. */
export const textBody: Features = { text: writeText, events: writeText };

function writeText(value: unknown, { mediaType, arg = "" }: Body): Content {
  if (value === undefined) throw new InvalidArgumentsError(arg, "it is needed");
  return { content: toText(value) ?? "", type: mediaType.replace(/\*/, "plain") };
}
