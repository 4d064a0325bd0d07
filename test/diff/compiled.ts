import { type GenerateResult, generate } from "../../src/generate.ts";

export type Operations = { readonly [route: string]: object };

/** The kit of a document with these operations. */
export async function compiled(operations: Operations, rest: object = {}): Promise<GenerateResult> {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = route.split(" ");
    paths[path] = { ...paths[path], [method]: operation };
  }
  const document = {
    openapi: "3.0.3",
    info: { title: "Pets", version: "1" },
    servers: [{ url: "https://a.example" }],
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: "apiKey", in: "header", name: "K" }, admin: { type: "http", scheme: "bearer" } },
    },
    paths,
    ...rest,
  };
  return generate({ input: "a.json", text: JSON.stringify(document) });
}
