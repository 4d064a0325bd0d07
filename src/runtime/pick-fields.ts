import type { Features } from "./features.ts";
import { isJson, joinParts, type Part, partsOf } from "./json-parts.ts";
import { own } from "./own.ts";
import type { Fields } from "./types.ts";

/** Answers of which a model reads some fields. */
export const pickedFields: Features = {
  pick: (answer, fields) => ({ ...answer, content: pickFields(answer.content, fields) }),
};

/** These fields of JSON text, of each item where it is a list. A text that has none of them stays as it is. */
export function pickFields(content: string, fields: Fields): string {
  const text = content.trim();
  if (!/^[[{]/.test(text) || !isJson(text)) return content;
  return pick(text, fields) ?? content;
}

// Each list in a list is read once more.
const deepest = 30;

/** `undefined` where there is none of the fields. */
function pick(text: string, fields: Fields, depth = 0): string | undefined {
  if (text === "null") return text;
  if (text.startsWith("[") && depth < deepest) return pickOfItems(partsOf(text), fields, depth + 1);
  if (!text.startsWith("{")) return undefined;
  const parts = partsOf(text).flatMap((part) => pickOfField(part, fields));
  return parts.length === 0 ? undefined : joinParts("{", parts);
}

/** An item that has none keeps its place. */
function pickOfItems(items: readonly Part[], fields: Fields, depth: number): string | undefined {
  const picked = items.map(({ text }) => pick(text, fields, depth));
  if (items.length > 0 && picked.every((text) => text === undefined)) return undefined;
  return joinParts(
    "[",
    picked.map((text = "{}") => ({ key: undefined, text })),
  );
}

function pickOfField(part: Part, fields: Fields): Part[] {
  const wanted = own(fields, JSON.parse(part.key ?? '""')) ?? own(fields, "*");
  const text = wanted === undefined || wanted === true ? wanted && part.text : pick(part.text, wanted);
  return text === undefined ? [] : [{ ...part, text }];
}
