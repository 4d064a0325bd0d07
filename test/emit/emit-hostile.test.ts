import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Executor } from "../../src/runtime/kit-types.ts";

type Args = Record<string, unknown>;

const folder = new URL("../../fixtures/hostile/", import.meta.url);
const document = JSON.parse(await readFile(new URL("openapi.json", folder), "utf8"));
const { tools, dispatcher, createKit } = await import(new URL("expected/openapi.gen.ts", folder).pathname);
const [path, { post }] = Object.entries(document.paths)[0] as [string, { post: { parameters: Parameter[] } }];
const { name, schema } = post.parameters[2] as Parameter;
const [body] = Object.values(document.components.schemas) as { properties: object }[];
const [, field = ""] = Object.keys(body?.properties ?? {});
const scheme = Object.keys(document.components.securitySchemes)[1] as string;
const [executor] = Object.values(dispatcher) as [Executor<Args, unknown>];

interface Parameter {
  readonly name: string;
  readonly schema: { readonly enum: readonly string[] };
}

test("nothing in the document ran, and no prototype was set", () => {
  expect(globalThis).not.toHaveProperty("hit");
  expect(Object.keys(dispatcher)).toEqual(tools.map((tool: { function: { name: string } }) => tool.function.name));
  for (const value of parts(tools)) expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
});

test("the values of the document come back as they were", () => {
  const { properties, required } = executor.tool.function.parameters as { properties: Args; required: string[] };
  expect(required).toEqual(Object.keys(properties));
  expect([...parts(properties)]).toContainEqual({ type: "string", enum: schema.enum });
});

test("arguments from a model reach the wire under their real names", async () => {
  const strict = Object.fromEntries([
    ...Object.keys((executor.tool.function.parameters as { properties: Args }).properties).map((key) => [key, null]),
    ["__proto__", "pro/to"],
    ["globalThis_hit_1", "segment"],
    ["globalThis_hit_1_2", schema.enum[0]],
    ["body___proto__", "*/</script>\u2028"],
    ["globalThis_hit_1_script", [{ key: "__proto__", value: 1 }]],
  ]);
  const requests: Request[] = [];
  const fetch = async (input: unknown, init?: RequestInit) => {
    requests.push(new Request(input as Request, init));
    return new Response("{}", { headers: { "content-type": "application/json" } });
  };
  const kit = createKit({ baseUrl: "https://api.example", auth: { [scheme]: "secret" }, fetch });
  const call = { id: "1", function: { name: executor.tool.function.name, arguments: JSON.stringify(strict) } };
  expect(await kit.dispatch(call)).toMatchObject({ ok: true });

  const [request] = requests as [Request];
  const url = new URL(request.url);
  const wantedPath = path.replace("{__proto__}", "pro/to").replace("{globalThis.hit = 1}", "segment");
  expect(url.origin).toBe("https://api.example");
  expect(decodeURIComponent(url.pathname)).toBe(wantedPath);
  expect([...url.searchParams]).toEqual([[name, schema.enum[0]]]);
  expect(await request.json()).toEqual(
    JSON.parse(`{"__proto__":"*/</script>\\u2028",${JSON.stringify(field)}:{"__proto__":1}}`),
  );
  expect(globalThis).not.toHaveProperty("hit");
});

/** Every object and array in a value, the value included. */
function* parts(value: unknown): Generator<object> {
  if (typeof value !== "object" || value === null) return;
  yield value;
  for (const entry of Object.values(value)) yield* parts(entry);
}
