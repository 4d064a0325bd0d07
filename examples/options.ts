import { createKit } from "./pet-store.gen.ts";

interface Visitor {
  readonly token: string;
  readonly isKeeper: boolean;
}

const kit = createKit({
  baseUrl: "https://staging.petstore.example/v1",
  auth: { bearerAuth: (visitor: Visitor) => visitor.token },
  authorize: ({ effect, context }) =>
    effect === "read" || context.isKeeper || { reason: "only keepers may change pets" },
  headers: { "x-request-source": "assistant" },
  timeout: 10_000,
});

const visitor = { token: "visitor-token", isKeeper: false };
console.log(await kit.call("listPets", { status: "sold" }, { context: visitor }));
const toolCall = { id: "1", function: { name: "createPet", arguments: '{"name":"Tama","status":null}' } };
console.log((await kit.dispatch(toolCall, { context: visitor })).content);
