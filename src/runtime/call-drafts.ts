import { type FunctionCall, toFunctionCall } from "./chat.ts";
import { put } from "./own.ts";

/** Puts calls together from their pieces, whichever way a gateway cuts them. */
export interface CallDrafts {
  /** Takes a piece. Returns the call, if this completes it. */
  add(piece: unknown): FunctionCall | undefined;
  /** Those that are complete. At the end of a message all of them are. */
  calls(isEnd: boolean): FunctionCall[];
}

interface Piece {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly type?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

/** A call while its pieces come in. */
interface Draft {
  readonly index: unknown;
  id: unknown;
  name: unknown;
  text: string;
  /** All other fields, of the call and of its function. */
  readonly rest: Record<string, unknown>;
  readonly functionRest: Record<string, unknown>;
  readonly isWhole: (text: string) => boolean;
  call?: FunctionCall;
}

/** `place` makes ids for calls that have none. */
export function callDrafts(place: number): CallDrafts {
  const drafts: Draft[] = [];
  const ids = new Set<string>();

  function complete(draft: Draft): FunctionCall {
    const { id, name, text, rest, functionRest } = draft;
    // Some gateways begin with an empty object.
    const args = text.replace(/^\{\}(?=\s*\{)/, "");
    const called = name === undefined ? undefined : { ...functionRest, name, arguments: args };
    draft.call ??= toFunctionCall({ ...rest, id, function: called }, `call_${place}_${drafts.indexOf(draft)}`, ids);
    return draft.call;
  }

  return {
    add(given) {
      const { index, id, function: called, ...rest } = (given ?? {}) as Piece;
      const { name, arguments: args, ...functionRest } = called ?? {};
      const isNamed = typeof name === "string" && name !== "";
      let draft = findDraft(drafts, index, id, isNamed ? name : undefined);
      if (draft === undefined) {
        draft = { index, id: undefined, name: undefined, text: "", rest: {}, functionRest: {}, isWhole: objectEnd() };
        drafts.push(draft);
      }
      // What comes after the end is a repetition.
      if (draft.call !== undefined) return undefined;
      draft.id ||= id;
      if (isNamed) draft.name ??= name;
      for (const [field, value] of Object.entries(rest)) put(draft.rest, field, value);
      for (const [field, value] of Object.entries(functionRest)) put(draft.functionRest, field, value);
      const text = typeof args === "string" ? args : args ? JSON.stringify(args) : "";
      draft.text += text;
      const isWhole = draft.isWhole(text) && draft.name !== undefined && draft.text !== "{}";
      return isWhole ? complete(draft) : undefined;
    },
    calls: (isEnd) => drafts.flatMap((draft) => (isEnd ? complete(draft) : (draft.call ?? []))),
  };
}

/** The call that a piece belongs to. Indexes and ids may be missing, or the same for all. */
function findDraft(drafts: readonly Draft[], index: unknown, id: unknown, name: string | undefined): Draft | undefined {
  const last = drafts.at(-1);
  const hasIndex = typeof index === "number";
  const found = hasIndex
    ? drafts.findLast((draft) => draft.index === index)
    : (drafts.findLast((draft) => id && draft.id === id) ?? last);
  if (found === undefined || name === undefined) return found;
  // A name begins a call, unless it is only said again.
  const isOther = id && found.id ? id !== found.id : found.call !== undefined || (!hasIndex && found.name !== name);
  return isOther ? undefined : found;
}

/** Whether the text of a JSON object has come to its end, told piece by piece. */
function objectEnd(): (piece: string) => boolean {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  return (piece) => {
    for (const character of piece) {
      if (isEscaped) isEscaped = false;
      else if (isInString) {
        if (character === "\\") isEscaped = true;
        if (character === '"') isInString = false;
      } else if (character === '"') isInString = true;
      else if (character === "{" || character === "[") depth++;
      else if (character === "}" || character === "]") depth--;
    }
    return depth === 0 && /[}\]]\s*$/.test(piece);
  };
}
