import { joinParts, type Part, partsOf } from "../json-parts.ts";

/** What was left out somewhere. */
export interface Cut {
  readonly path: string;
  readonly unit: "items" | "fields" | "characters";
  readonly shown: number;
  readonly left: number;
}

// Less than that of a value tells nothing.
const leastRoom = 40;
// What is nested deeper tells nothing either, and each level is read once more.
const deepest = 30;

/** JSON text of at most `room` characters, or of the least that is JSON. Says in `cuts` what it leaves out. */
export function shorten(text: string, room: number, path: string, cuts: Cut[], depth = 0): string {
  if (text.length <= room) return text;
  switch (depth < deepest ? text[0] : undefined) {
    case "[":
      return shortenList(partsOf(text), "[", room, path, cuts, depth);
    case "{":
      return shortenObject(partsOf(text), room, path, cuts, depth);
    case '"':
      return shortenString(JSON.parse(text), room, path, cuts);
    default:
      cuts.push({ path, unit: "characters", shown: 0, left: text.length });
      return "null";
  }
}

/** Keeps the first that fit, and of the very first at least a part. */
function shortenList(
  parts: readonly Part[],
  open: "[" | "{",
  room: number,
  path: string,
  cuts: Cut[],
  depth: number,
): string {
  let left = room - 2;
  const kept: Part[] = [];
  for (const part of parts) {
    left -= sizeOf(part);
    if (left < 0) break;
    kept.push(part);
  }
  const [first] = parts;
  const inner: Cut[] = [];
  if (kept.length === 0 && first !== undefined && room - 2 - (first.key?.length ?? 0) > leastRoom) {
    kept.push(shortenPart(first, room - 2 - sizeOf({ ...first, text: "" }), path, 0, inner, depth));
  }
  const missing = parts.length - kept.length;
  if (missing > 0) cuts.push({ path, unit: open === "[" ? "items" : "fields", shown: kept.length, left: missing });
  cuts.push(...inner);
  return joinParts(open, kept);
}

/** Gives each field the same room, and what small ones do not need to the others. */
function shortenObject(parts: readonly Part[], room: number, path: string, cuts: Cut[], depth: number): string {
  const frame = 2 + parts.reduce((sum, part) => sum + sizeOf({ ...part, text: "" }), 0);
  const least = parts.reduce((sum, { text }) => sum + Math.min(text.length, leastRoom), frame);
  if (least > room) return shortenList(parts, "{", room, path, cuts, depth);
  let left = room - frame;
  let count = parts.length;
  let share = 0;
  for (const { text } of [...parts].sort((a, b) => a.text.length - b.text.length)) {
    share = Math.floor(left / count--);
    left -= Math.min(text.length, share);
    if (text.length > share) break;
  }
  return joinParts(
    "{",
    parts.map((part, index) => shortenPart(part, share, path, index, cuts, depth)),
  );
}

function shortenPart(part: Part, room: number, path: string, index: number, cuts: Cut[], depth: number): Part {
  const step = part.key === undefined ? `[${index}]` : `${path === "" ? "" : "."}${JSON.parse(part.key)}`;
  return { ...part, text: shorten(part.text, room, `${path}${step}`.slice(0, 100), cuts, depth + 1) };
}

function shortenString(value: string, room: number, path: string, cuts: Cut[]): string {
  let shown = Math.min(value.length, Math.max(0, room - 3));
  const text = () => JSON.stringify(`${value.slice(0, shown).toWellFormed()}…`);
  while (shown > 0 && text().length > room) shown = Math.floor(shown * 0.9);
  cuts.push({ path, unit: "characters", shown, left: value.length - shown });
  return text();
}

/** With its comma and colon. */
function sizeOf({ key, text }: Part): number {
  return text.length + 1 + (key === undefined ? 0 : key.length + 1);
}
