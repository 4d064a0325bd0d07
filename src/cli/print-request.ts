/** A request as HTTP has it. */
export async function toHttp(request: Request): Promise<string[]> {
  const { method, headers } = request;
  const body = await bodyText(request);
  return [
    `${method} ${readable(request.url)}`,
    ...[...headers].map(([name, value]) => {
      const user = userOf(name, value);
      return `${name}: ${user === undefined ? value : `Basic base64(${user})`}`;
    }),
    ...(body === "" ? [] : ["", body]),
  ];
}

/** A request as a command line. Variables in it are filled in by the shell. */
export async function toCurl(request: Request): Promise<string[]> {
  const body = await bodyText(request);
  const headers = [...request.headers].map(([name, value]) => {
    const user = userOf(name, value);
    return user === undefined ? `-H ${quote(`${name}: ${value}`)}` : `-u ${quote(user)}`;
  });
  const parts = [
    `curl -X ${request.method} ${quote(readable(request.url))}`,
    ...headers,
    ...(body === "" ? [] : [`--data-raw ${quote(body)}`]),
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

function readable(url: string): string {
  return url.replaceAll(/%24(FCTOOL_\w+)/g, "$$$1");
}

/** Of basic credentials the variables that they are made of. */
function userOf(name: string, value: string): string | undefined {
  const [, encoded] = name === "authorization" ? (/^Basic (.+)$/.exec(value) ?? []) : [];
  const user = encoded === undefined ? "" : atob(encoded);
  return /^\$FCTOOL_\w+:\$FCTOOL_\w+$/.test(user) ? user : undefined;
}

/** In double quotes where the shell has something to fill in, in single quotes everywhere else. */
function quote(text: string): string {
  const parts = text.split(/(\$FCTOOL_\w+)/).filter((part) => part !== "");
  const quoted = parts.map((part) =>
    /^\$FCTOOL_\w+$/.test(part) ? `"${part}"` : `'${part.replaceAll("'", `'\\''`)}'`,
  );
  return quoted.join("");
}
