import { harmlessLines } from "./print.ts";

/** A request as HTTP has it. Each `mark` is followed by a variable that stands there in place of its value. */
export async function toHttp(request: Request, mark: string): Promise<string[]> {
  const { method, url } = request;
  const body = await bodyOf(request);
  const lines = [
    `${method} ${url}`,
    ...headersOf(request, body).map(([name, value]) => {
      const user = userOf(name, value, mark);
      return `${name}: ${user === undefined ? value : `Basic base64(${user})`}`;
    }),
    ...httpBody(body),
  ];
  return lines.map((line) => harmlessLines(line.replaceAll(mark, "$")));
}

function httpBody(body: Body): string[] {
  switch (body.kind) {
    case "none":
      return [];
    case "text":
      return ["", body.text];
    case "bytes":
      return ["", `(${body.length} bytes)`];
    case "parts":
      return ["", ...body.parts.map(([name, part]) => `${name}: ${typeof part === "string" ? part : describe(part)}`)];
  }
}

function describe({ size, type }: File): string {
  return `(${size} bytes${type === "" ? "" : `, ${type}`})`;
}

/**
 * A request as a command line. Variables in it are filled in by the shell, and nothing else is. Files are named after what
 * they are sent as, and have to be there.
 */
export async function toCurl(request: Request, mark: string): Promise<string[]> {
  const { method, url } = request;
  const body = await bodyOf(request);
  // Curl writes the type of a form in parts itself.
  const headers = headersOf(request, body).filter(([name]) => body.kind !== "parts" || name !== "content-type");
  const options = headers.map(([name, value]) => {
    const user = userOf(name, value, mark);
    return user === undefined ? `-H ${quote(`${name}: ${value}`, mark)}` : `-u ${quote(user, mark)}`;
  });
  // Curl itself takes brackets for lists of URLs.
  const plain = /[[\]{}]/.test(url) ? "curl -g" : "curl";
  const parts = [
    `${plain} -X ${/^[A-Z]+$/.test(method) ? method : quote(method, mark)} ${quote(url, mark)}`,
    ...options,
    ...curlBody(body, mark),
  ];
  return parts.map((part, index) => (index === 0 ? "" : "  ") + part + (index < parts.length - 1 ? " \\" : ""));
}

function curlBody(body: Body, mark: string): string[] {
  switch (body.kind) {
    case "none":
      return [];
    case "text":
      return [`--data-raw ${quote(body.text, mark)}`];
    case "bytes":
      return ["--data-binary @body"];
    case "parts":
      return body.parts.map(([name, part]) => {
        if (typeof part === "string") return `--form-string ${quote(`${name}=${part}`, mark)}`;
        const type = part.type === "" ? "" : `;type=${part.type}`;
        return `-F ${quote(`${name}=@${fileName(part)}${type}`, mark)}`;
      });
  }
}

/** In this folder: a document must not have curl send files of its choice. */
function fileName({ name }: File): string {
  return name.replaceAll(/[^\w.-]+/g, "_").replace(/^[._]+/, "") || "file";
}

type Body =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly length: number }
  | { readonly kind: "parts"; readonly parts: readonly (readonly [name: string, part: string | File])[] };

async function bodyOf(request: Request): Promise<Body> {
  if (request.headers.get("content-type")?.startsWith("multipart/form-data")) {
    return { kind: "parts", parts: [...(await request.formData())] };
  }
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length === 0) return { kind: "none" };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { kind: "bytes", length: bytes.length };
  }
}

/** Whoever sends a form in parts chooses the boundary. */
function headersOf({ headers }: Request, { kind }: Body): [name: string, value: string][] {
  const isForm = (name: string) => kind === "parts" && name === "content-type";
  return [...headers].map(([name, value]) => [name, isForm(name) ? value.replace(/;.*/, "") : value]);
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
