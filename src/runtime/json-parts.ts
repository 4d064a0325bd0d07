/** An element of an array or a member of an object, as text. */
export interface Part {
  /** With its quotes. `undefined` in an array. */
  readonly key: string | undefined;
  readonly text: string;
}

/** Takes a JSON array or object apart, whose text keeps what parsing would lose: long numbers. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  let key: string | undefined;

  function endPart(end: number): void {
    const value = text.slice(start, end).trim();
    if (value !== "") parts.push({ key, text: value });
    start = end + 1;
    key = undefined;
  }

  for (let index = 0; index < text.length; index++) {
    switch (text[index]) {
      case '"':
        index = endOfString(text, index);
        break;
      case "{":
      case "[":
        if (++depth === 1) start = index + 1;
        break;
      case ":":
        if (depth > 1) break;
        key = text.slice(start, index).trim();
        start = index + 1;
        break;
      case ",":
        if (depth === 1) endPart(index);
        break;
      case "}":
      case "]":
        if (--depth === 0) endPart(index);
    }
  }
  return parts;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; ; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === '"') return index;
  }
}

/** The text of an array or object of these parts. */
export function joinParts(open: string, parts: readonly Part[]): string {
  const inner = parts.map(({ key, text }) => (key === undefined ? text : `${key}:${text}`)).join(",");
  return `${open}${inner}${open === "{" ? "}" : "]"}`;
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
