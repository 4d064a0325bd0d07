import { type AnyPolicy, defineTool } from "fctool/runtime";
import { cache, circuitBreaker, concurrency, production, rateLimit } from "fctool/runtime/policies";
import { expectTypeOf, test } from "vitest";
import { createKit } from "../../examples/pet-store.gen.ts";

interface User {
  token: string;
}

test("keys and identities know the context", () => {
  const byUser = ({ context }: { readonly context: User }) => context.token;
  createKit<User>({
    policies: [
      rateLimit({ key: byUser }),
      rateLimit<User>({ key: ({ context, tool }) => context.token + tool }),
      concurrency({ key: byUser }),
      circuitBreaker({ key: "tool" }),
      cache({ identity: byUser }),
      ...production<User>({
        rateLimit: { key: ({ context }) => context.token },
        cache: { identity: ({ context }) => context.token },
        fallback: { getPet: ({ petId }: { petId: number }, { context }) => ({ id: petId, of: context.token }) },
      }),
    ],
  });
  // @ts-expect-error no such field
  rateLimit<User>({ key: ({ context }) => context.tokken });
  // @ts-expect-error a key is a text
  rateLimit<User>({ key: () => 7 });
  // @ts-expect-error a misspelt option
  production({ rateLimits: { limit: 1 } });
});

test("functions take the same policies", () => {
  const tool = { name: "now", parameters: { type: "object" }, execute: () => "noon" } as const;
  defineTool(tool, { policies: production() });
  // @ts-expect-error what only requests have
  defineTool(tool, { baseUrl: "https://example.com" });
  expectTypeOf(rateLimit()).toExtend<AnyPolicy>();
});
