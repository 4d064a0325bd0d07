import { harmlessLines } from "./print.ts";

/** A request as HTTP has it. Each `mark` is followed by a variable that stands there in place of its value. */
export async function toHttp(request: Request, mark: string): Promise<string[]> {
  const { method, url, headers } = request;
  const body = await bodyText(request);
  const lines = [
    `${method} ${url}`,
    ...[...headers].map(([name, value]) => {
      const user = userOf(name, value, mark);
      return `${name}: ${user === undefined ? value : `Basic base64(${user})`}`;
    }),
    ...(body === "" ? [] : ["", body]),
  ];
  return lines.map((line) => harmlessLines(line.replaceAll(mark, "$")));
}

/** A request as a command line. Variables in it are filled in by the shell, and nothing else is. */
export async function toCurl(request: Request, mark: string): Promise<string[]> {
  const { method, url, headers } = request;
  const body = await bodyText(request);
  const options = [...headers].map(([name, value]) => {
    const user = userOf(name, value, mark);
    return user === undefined ? `-H ${quote(`${name}: ${value}`, mark)}` : `-u ${quote(user, mark)}`;
  });
  // Curl itself takes brackets for lists of URLs.
  const plain = /[[\]{}]/.test(url) ? "curl -g" : "curl";
  const parts = [
    `${plain} -X ${/^[A-Z]+$/.test(method) ? method : quote(method, mark)} ${quote(url, mark)}`,
    ...options,
    ...(body === "" ? [] : [`--data-raw ${quote(body, mark)}`]),
  ];
  return parts.map((part, index) => (index === 0 ? "" : "  ") + part + (index < parts.length - 1 ? " \\" : ""));
}

async function bodyText(request: Request): Promise<string> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `(${bytes.length} bytes)`;
  }
}

/** Of basic credentials the variables that they are made of. */
function userOf(name: string, value: string, mark: string): string | undefined {
  const [, encoded = ""] = name === "authorization" ? (/^Basic (.+)$/.exec(value) ?? []) : [];
  const user = Buffer.from(encoded, "base64").toString();
  return user.startsWith(mark) ? user : undefined;
}

/** In double quotes where the shell has something to fill in, in single quotes everywhere else. */
function quote(text: string, mark: string): string {
  const [first = "", ...others] = text.split(mark);
  const variables = others.map((part) => {
    const [variable = ""] = /^\w*/.exec(part) ?? [];
    return `"$${variable}"${inSingleQuotes(part.slice(variable.length))}`;
  });
  return inSingleQuotes(first) + variables.join("");
}

/** What could steer the terminal is escaped, as shells have it. */
function inSingleQuotes(text: string): string {
  if (text === "") return "";
  if (harmlessLines(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${harmlessLines(text.replaceAll(/[\\']/g, "\\$&"))}'`;
}
