import type { Server, ServerVariable } from "../runtime/types.ts";
import type { Document } from "./load.ts";
import { joinPointer } from "./pointer.ts";
import type { Reading } from "./reading.ts";
import { isRawObject } from "./references.ts";

/** Servers with absolute addresses; undefined where there is no list of them. */
export function readServers(raw: unknown, pointer: string, reading: Reading): Server[] | undefined {
  const { document, diagnostics } = reading;
  if (raw !== undefined && !Array.isArray(raw)) {
    diagnostics.warn("FC114", pointer, "servers are a list, and this is none", "Write it like servers: [{ url: … }]");
  }
  if (!Array.isArray(raw)) return undefined;
  return raw.flatMap((server, index) => {
    const url = isRawObject(server) && typeof server.url === "string" ? server.url.trim() : undefined;
    if (url === undefined) return [];
    const at = joinPointer(pointer, index);
    const absolute = absoluteUrl(url, document);
    if (absolute === undefined) {
      warnOfWord(url, at, reading);
      return [];
    }
    const variables = readVariables(server.variables, absolute, at, reading);
    return { url: absolute, ...(Object.keys(variables).length > 0 && { variables }) };
  });
}

/** What begins with a slash or a dot is relative to an address that is not known; a word is a slip. */
function warnOfWord(url: string, pointer: string, { diagnostics }: Reading): void {
  if (/^($|[/.])/.test(url)) return;
  const fix = /^[\w.-]+\.\w/.test(url) ? `Write https://${url}` : "Write an address that begins with https://";
  diagnostics.warn("FC114", pointer, `the server ${JSON.stringify(url)} is no address, and is left out`, fix);
}

/** An `http(s)` URL, or one that begins with a variable. */
function absoluteUrl(url: string, document: Document): string | undefined {
  if (/^(https?:\/\/|\{)/i.test(url)) return url;
  if (url.startsWith("//")) return `https:${url}`;
  if (document.url === undefined || !URL.canParse(url, document.url)) return undefined;
  return new URL(url, document.url).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

function readVariables(
  raw: unknown,
  url: string,
  pointer: string,
  { diagnostics }: Reading,
): Record<string, ServerVariable> {
  const declared = isRawObject(raw) ? raw : {};
  const names = [...url.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name as string);
  return Object.fromEntries(
    names.map((name) => {
      const variable = Object.hasOwn(declared, name) && isRawObject(declared[name]) ? declared[name] : {};
      const values = Array.isArray(variable.enum) ? variable.enum.map(String) : [];
      if (variable.default === undefined && values.length === 0) {
        const what = `the server's variable {${name}} has no default, and is empty where nobody gives it`;
        diagnostics.warn("FC114", pointer, what, `Give it one: variables: { ${name}: { default: … } }`);
      }
      const value = variable.default === undefined ? (values[0] ?? "") : String(variable.default);
      return [name, { default: value, ...(values.length > 0 && { enum: values }) }];
    }),
  );
}
