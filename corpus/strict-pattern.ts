interface PatternOptions {
  /** Whether it must have the form `^(?:…)$`. */
  readonly anchored?: boolean;
}

/** What a grammar engine, Python or ECMAScript would refuse in a pattern, or read differently. */
export function patternProblem(pattern: unknown, { anchored = true }: PatternOptions = {}): string | undefined {
  if (typeof pattern !== "string") return "a pattern is a string";
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    return `ECMAScript refuses it (${error instanceof Error ? error.message : error})`;
  }
  const whole = /^\^\(\?:(.*)\)\$$/su.exec(pattern)?.[1];
  if (anchored && whole === undefined) return "it has not the form ^(?:…)$";
  return tokenProblem(whole ?? pattern, anchored);
}

/** Reads token by token, since a bracket or a caret means something else when escaped or in a class. */
function tokenProblem(pattern: string, anchored: boolean): string | undefined {
  const token = /\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\k<[^>]*>|\\.|\(\?<?[=!]|\(\?<|\[\^?\]|\[|\]|./gsu;
  let isClass = false;
  let depth = 0;
  for (const [text] of pattern.matchAll(token)) {
    if (text.startsWith("\\")) {
      if (/^\\[pP]\{/.test(text)) return `Python does not know ${text}`;
      if (/^\\(?:u\{|c)/.test(text)) return `Python does not know ${text}`;
      if (!isClass && /^\\(?:[1-9]|k)/.test(text)) return `${text} is a backreference`;
      if (anchored && !isClass && /^\\[bB]$/.test(text)) return `${text} is an anchor inside`;
    } else if (isClass) {
      if (text === "]") isClass = false;
    } else if (text === "[]" || text === "[^]") return `Python does not know ${text}`;
    else if (text === "[") isClass = true;
    else if (/^\(\?<?[=!]$/.test(text)) return `${text} looks around`;
    else if (text === "(?<") return "Python does not know (?<name>";
    else if (anchored && (text === "^" || text === "$")) return `${text} is an anchor inside`;
    else if (text === "(") depth += 1;
    else if (text === ")" && --depth < 0) return "it has not the form ^(?:…)$";
  }
  return undefined;
}
