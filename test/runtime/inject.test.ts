import { expect, test } from "vitest";
import { executor, filledArgs, kit } from "../../src/runtime/index.ts";
import type { Executor } from "../../src/runtime/kit-types.ts";
import type { FunctionTool } from "../../src/runtime/types.ts";

const tool: FunctionTool = {
  type: "function",
  function: {
    name: "find",
    strict: true,
    parameters: {
      type: "object",
      properties: { q: { type: "string" } },
      required: ["q"],
      additionalProperties: false,
    },
  },
};
const find: Executor<{ q: string; tenant?: string; locale?: string }, unknown> = executor({
  api: { server: "https://a.example" },
  tool,
  method: "POST",
  path: "/{tenant}/find",
  parameters: { tenant: { in: "path" } },
  body: { mediaType: "application/json", args: ["q", "locale"] },
  injected: { tenant: "tenantId", locale: "locale" },
  uses: [filledArgs],
});

function setUp() {
  const sent: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(`${new URL(request.url).pathname} ${await request.text()}`);
    return Response.json({});
  };
  const inject = { tenantId: ({ tenant }: { tenant: string }) => tenant, locale: "de" };
  return {
    sent,
    kit: kit<{ find: typeof find }, unknown, { tenant: string }>({ api: {}, dispatcher: { find } }, { fetch, inject }),
  };
}

test("what the model does not see is filled in, and code may give it", async () => {
  const { sent, kit } = setUp();
  const context = { tenant: "acme" };
  await kit.dispatch({ id: "1", function: { name: "find", arguments: '{"q":"a"}' } }, { context });
  await kit.call("find", { q: "b", locale: "fr", tenant: "other" }, { context });
  expect(sent).toEqual(['/acme/find {"q":"a","locale":"de"}', '/other/find {"q":"b","locale":"fr"}']);
});

test("the model cannot give it", async () => {
  const { sent, kit } = setUp();
  const output = await kit.dispatch(
    { id: "1", function: { name: "find", arguments: '{"q":"a","tenant":"other"}' } },
    { context: { tenant: "acme" } },
  );
  expect(output).toMatchObject({ ok: false, error: { kind: "invalid_arguments" } });
  expect(sent).toEqual([]);
});
