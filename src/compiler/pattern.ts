/**
 * A pattern of JSON Schema in the form that strict mode takes: matched whole, `^(?:…)$`, and of constructs that ECMAScript
 * and Python's `re` read alike. `undefined` where there is no such form; "" where it says nothing.
 */
export function strictPattern(pattern: string): string | undefined {
  if (pattern.length > 500) return undefined;
  try {
    new RegExp(pattern, /\\[pPu]\{/.test(pattern) ? "u" : "");
    const alternatives = new Rewriter(pattern).alternatives();
    const body = alternatives.map(wholeOf).join("|");
    const strict = `^(?:${body})$`;
    new RegExp(strict, "u");
    return alternatives.some(saysNothing) ? "" : strict;
  } catch {
    return undefined;
  }
}

/** Whether a pattern is one that the runtime checks: none that refers to what was matched before. A test compares the two. */
export function isCheckable(pattern: string): boolean {
  return isReadable(pattern) && !/\(\?<[!=]|\\[1-9k]/.test(pattern.replaceAll(/\\\\/g, ""));
}

/** Whether a pattern is a regular expression and means what its author wrote. */
export function isReadable(pattern: string): boolean {
  if (/\\[AZzGQEhHRX]|\[\[:|\(\?[a-zA-Z^-]/.test(pattern)) return false;
  return ["u", ""].some((flags) => {
    try {
      return new RegExp(pattern, flags) !== undefined;
    } catch {
      return false;
    }
  });
}

/** One alternative at the top, without its anchors. */
interface Alternative {
  readonly body: string;
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

function wholeOf({ body, fromStart, toEnd }: Alternative, _: number, all: readonly Alternative[]): string {
  if (fromStart && toEnd && all.length === 1) return /^\((?:\?:)?([^()[\]\\]*)\)$/.exec(body)?.[1] ?? body;
  return `${fromStart ? "" : ".*"}${body}${toEnd ? "" : ".*"}`;
}

function saysNothing({ body, fromStart, toEnd }: Alternative): boolean {
  if (body === ".*") return true;
  return body === "" && !(fromStart && toEnd);
}

class Unsupported extends Error {}

/** What the classes stand for in ECMAScript, where they are ASCII; Python's are Unicode. */
const classes: Record<string, string> = { d: "0-9", w: "A-Za-z0-9_", s: " \\t\\r\\n\\f\\v" };
const controls = new Set(["t", "n", "r", "f", "v"]);

/** Reads a pattern from left to right and writes it again, in the common subset. */
class Rewriter {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): Alternative[] {
    const alternatives: Alternative[] = [];
    do alternatives.push(this.#alternative());
    while (this.#take("|"));
    if (this.#at < this.#source.length) throw new Unsupported();
    return alternatives;
  }

  #alternative(): Alternative {
    const fromStart = this.#take("^");
    let body = "";
    while (this.#at < this.#source.length && !this.#sees("|")) {
      if (this.#take("$")) {
        if (this.#at < this.#source.length && !this.#sees("|")) throw new Unsupported();
        return { body, fromStart, toEnd: true };
      }
      body += this.#term();
    }
    return { body, fromStart, toEnd: false };
  }

  #term(): string {
    const atom = this.#atom();
    return atom + this.#quantifier();
  }

  #atom(): string {
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case "\\":
        return this.#escape();
      case "^":
      case "$":
      case ")":
      case "*":
      case "+":
      case "?":
      case "{":
      case "}":
      case "]":
        throw new Unsupported();
      default:
        return character;
    }
  }

  #group(): string {
    let open = "(";
    if (this.#take("?")) {
      if (!this.#take(":") && !this.#takeName()) throw new Unsupported();
      open = "(?:";
    }
    let body = "";
    while (!this.#take(")")) {
      if (this.#at >= this.#source.length) throw new Unsupported();
      body += this.#take("|") ? "|" : this.#term();
    }
    return `${open}${body})`;
  }

  /** The name of a group; nothing can refer to it. */
  #takeName(): boolean {
    const name = /^<[A-Za-z_]\w*>/.exec(this.#source.slice(this.#at));
    this.#at += name?.[0].length ?? 0;
    return name !== null;
  }

  #set(): string {
    let body = this.#take("^") ? "^" : "";
    if (this.#sees("]")) throw new Unsupported();
    while (!this.#take("]")) {
      const character = this.#next();
      if (character === "\\") body += this.#escapeInSet();
      else body += character === "[" ? "\\[" : character;
    }
    return `[${body}]`;
  }

  #escapeInSet(): string {
    const character = this.#next();
    const set = classes[character];
    if (set !== undefined) return set;
    if (controls.has(character)) return `\\${character}`;
    return this.#literal(character, /[\\\]^[-]/);
  }

  #escape(): string {
    const character = this.#next();
    const set = classes[character];
    if (set !== undefined) return `[${set}]`;
    const complement = classes[character.toLowerCase()];
    if (complement !== undefined) return `[^${complement}]`;
    if (controls.has(character)) return `\\${character}`;
    return this.#literal(character, /[\\^$.*+?()[\]{}|]/);
  }

  /** An escaped character, escaped again only where it has to be. */
  #literal(character: string, special: RegExp): string {
    let literal = character;
    if (character === "x" || character === "u") {
      const code = (character === "x" ? /^[0-9a-fA-F]{2}/ : /^[0-9a-fA-F]{4}/).exec(this.#source.slice(this.#at));
      if (code === null) throw new Unsupported();
      this.#at += code[0].length;
      literal = String.fromCharCode(Number.parseInt(code[0], 16));
      if (literal < " " || !literal.isWellFormed()) throw new Unsupported();
    } else if (/[a-zA-Z0-9]/.test(character)) {
      throw new Unsupported();
    }
    return special.test(literal) ? `\\${literal}` : literal;
  }

  #quantifier(): string {
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(this.#source.slice(this.#at));
    if (quantifier === null) return "";
    if (Math.max(Number(quantifier[1] ?? 0), Number(quantifier[3] ?? 0)) > 1000) throw new Unsupported();
    this.#at += quantifier[0].length;
    // Lazy or greedy is all the same to a match of the whole.
    this.#take("?");
    return quantifier[0];
  }

  #next(): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw new Unsupported();
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #sees(character: string): boolean {
    return this.#source.startsWith(character, this.#at);
  }

  #take(character: string): boolean {
    const sees = this.#sees(character);
    if (sees) this.#at += character.length;
    return sees;
  }
}
