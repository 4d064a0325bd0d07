import type { Policy } from "fctool/runtime";
import { forTools, production, rateLimit } from "fctool/runtime/policies";
import { createKit } from "./pet-store.gen.ts";

interface Visitor {
  readonly name: string;
  readonly token: string;
}

const log: Policy = (next) => async (request, call) => {
  const response = await next(request, call);
  console.log(call.tool, response.status);
  return response;
};

const kit = createKit({
  auth: { bearerAuth: ({ token }: Visitor) => token },
  policies: [
    ...production<Visitor>({
      cache: { ttl: 30_000, identity: ({ context }) => context.name },
      fallback: { listPets: () => [] },
      redact: ["**.owner.email"],
      resultBudget: { limit: 8_000 },
      retry: { attempts: 5 },
    }),
    forTools(["createPet", "removePet"], rateLimit({ limit: 10, per: 60_000, maxWait: 5_000 })),
    log, // sees each request that is really sent
  ],
});

const ada = { name: "Ada", token: "ada-token" };
const bob = { name: "Bob", token: "bob-token" };
for (const context of [ada, ada, bob]) console.log(await kit.call("listPets", { status: "sold" }, { context }));
