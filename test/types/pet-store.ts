// A kit as fctool writes it, small enough to read beside the type tests.
import type { Api, Dispatcher, Executor, FunctionTool, Kit, KitOptions } from "../../src/runtime/index.ts";
import { executor, kit } from "../../src/runtime/index.ts";

export interface Auth {
  bearerAuth?: string;
  basicAuth?: { username: string; password: string };
}

const api: Api<Auth> = {
  server: "https://api.petstore.example/v1",
  securitySchemes: {
    bearerAuth: { type: "http", scheme: "bearer" },
    basicAuth: { type: "http", scheme: "basic" },
  },
};

export interface Pet {
  id: number;
  name: string;
  status?: "available" | "sold";
}

export interface GetPetArgs {
  petId: number;
}

export type GetPetResult = Pet;

export const getPetTool: FunctionTool = {
  type: "function",
  function: {
    name: "getPet",
    description: "One pet.",
    strict: true,
    parameters: {
      type: "object",
      properties: { petId: { type: "integer" } },
      required: ["petId"],
      additionalProperties: false,
    },
  },
};

export const getPet: Executor<GetPetArgs, GetPetResult, Auth> = /*@__PURE__*/ executor({
  api,
  tool: getPetTool,
  method: "GET",
  path: "/pets/{petId}",
  parameters: { petId: { in: "path" } },
  security: [["bearerAuth"]],
});

export interface ListPetsArgs {
  status?: "available" | "sold";
}

export type ListPetsResult = Pet[];

export const listPetsTool: FunctionTool = {
  type: "function",
  function: {
    name: "listPets",
    description: "All pets. null leaves a field out.",
    strict: true,
    parameters: {
      type: "object",
      properties: { status: { anyOf: [{ type: "string", enum: ["available", "sold"] }, { type: "null" }] } },
      required: ["status"],
      additionalProperties: false,
    },
  },
};

export const listPets: Executor<ListPetsArgs, ListPetsResult, Auth> = /*@__PURE__*/ executor({
  api,
  tool: listPetsTool,
  method: "GET",
  path: "/pets",
  parameters: { status: { in: "query" } },
  codec: { status: "optional" },
});

export const dispatcher = {
  getPet,
  listPets,
} as const satisfies Dispatcher;

export const tools: FunctionTool[] = [getPetTool, listPetsTool];

export function createKit<Context = unknown>(options?: KitOptions<Auth, Context>): Kit<typeof dispatcher, Context> {
  return kit({ api, dispatcher }, options);
}
