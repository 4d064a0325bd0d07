import { fromBase64 } from "./base64.ts";
import { deepest } from "./limits.ts";

/** What stands where a secret stood. */
export const hidden = "[hidden]";
const shortest = 6;
// What an API answers with 200 may hold a short word for reasons of its own.
const shortestEcho = 8;

const harmless =
  /^(?:accept|cache-control$|content-|if-|prefer$|trace|user-agent$)|(?:^|-)(?:id|language|origin|region|source|tenant|version)$/i;

/**
 * What the host's own headers hold that must not be told: all but those that are known to hold none. Plain words, and what
 * names a tenant or a version, stand in answers for reasons of their own.
 */
export function secretsOf(headers: { readonly [name: string]: string } = {}): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (/^cookie$/i.test(name)) return value.split(";").map((pair) => pair.replace(/^[^=]*=/, "").trim());
    const text = value.trim();
    const isHarmless = harmless.test(name) || text.length < shortestEcho || /^\p{L}{1,15}$/u.test(text);
    return isHarmless && !/auth|key|token|secret|session|password/i.test(name) ? [] : secretsIn(text);
  });
}

/** What of a credential must not be told: all of it, what stands behind the name of its scheme, and a password in that. */
export function secretsIn(text: string): string[] {
  const [, scheme = "", bare = text] = /^([\w-]+) +(.*)$/s.exec(text) ?? [];
  return [...new Set([text, bare, ...(/^basic$/i.test(scheme) ? passwordIn(bare) : [])])];
}

function passwordIn(encoded: string): string[] {
  const user = new TextDecoder().decode(fromBase64(encoded));
  return /:(.*)/s.exec(user)?.slice(1) ?? [];
}

/**
 * Finds secrets in a text, as they are and as JSON, URLs and forms escape them. `undefined` where there is none. Short
 * texts are no secrets, and would be found anywhere.
 */
export function readSecrets(secrets: readonly string[]): RegExp | undefined {
  const long = secrets.filter((secret) => secret.length >= shortest).sort((a, b) => b.length - a.length);
  return long.length === 0
    ? undefined
    : new RegExp(long.map((secret) => [...secret].map(spellings).join("")).join("|"), "gi");
}

const plain = /^[\w.~%+/=-]+$/;
const marks = /[%+/=]/;

/** Whether a text repeats one. What little escapes is looked for as it is at first, which costs little. */
export function repeatsSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => {
    if (secret.length < shortestEcho) return false;
    if (text.includes(secret)) return true;
    if (plain.test(secret) && !(marks.test(secret) && /%[2-3]|\\[/u]/i.test(text))) return false;
    return text.search(readSecrets([secret]) as RegExp) >= 0;
  });
}

// JSON in JSON has several, and in a URL they are escaped themselves.
const slashes = "(?:\\\\|%5c)+";

/** A regular expression for the spellings of a character, escaped ones first. */
function spellings(character: string): string {
  const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
  const units = character.split("").map((unit) => `u${hex(unit.charCodeAt(0), 4)}`);
  const bytes = [...new TextEncoder().encode(character)].map((byte) => `%${hex(byte, 2)}`);
  const itself = units.map((unit) => `\\${unit}`).join("");
  const short = /^"\\([bfnrt])"$/.exec(JSON.stringify(character))?.[1];
  const all = [units.map((unit) => slashes + unit).join(""), bytes.join("")];
  if (short !== undefined) all.push(slashes + short);
  if (character === " ") all.push("\\+");
  if (/["\\/]/.test(character)) all.unshift(`${slashes}(?:${itself}|${bytes.join("")})`);
  return `(?:${all.join("|")}|${itself})`;
}

/** A value as JSON has it, without the secrets in its texts, keys and numbers. */
export function withoutSecrets(value: unknown, secrets: RegExp, depth = 0): unknown {
  if (typeof value === "string") return value.replace(secrets, hidden);
  if (typeof value === "number") return String(value).search(secrets) < 0 ? value : hidden;
  if (typeof value !== "object" || value === null) return value;
  if (depth === deepest) return hidden;
  const inner = (item: unknown) => withoutSecrets(item, secrets, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replace(secrets, hidden), inner(item)]));
}
